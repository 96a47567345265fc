"""Ways in which people and programs break a claim: each takes a sound claim and spoils one thing in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.names import CSD, shorten


@dataclass(frozen=True)
class Claim:
    """A claim as it is written: its name behind csd:, and its predicates and objects, a line each.

    *faulty* holds the numbers of the lines at which the fault may be reported,
    counted from that of the subject, which is 0.
    """

    name: str
    lines: tuple[tuple[str, str], ...]
    faulty: frozenset[int] = frozenset()

    def has(self, predicate: str) -> bool:
        """Tell whether there is a line with *predicate*."""
        return any(one == predicate for one, _ in self.lines)

    def value(self, predicate: str) -> str:
        """Return the first object of *predicate*, or nothing."""
        return next((value for one, value in self.lines if one == predicate), "")

    def turtle(self) -> str:
        """Return the claim in Turtle."""
        return f"csd:{self.name}\n" + "".join(f"    {one} {value} ;\n" for one, value in self.lines) + ".\n"


Mutation: TypeAlias = Callable[[Claim], Claim | None]


def read_claims(quads: Iterable[ox.Quad]) -> Iterator[Claim]:
    """Yield the claims among the statements of a file, as they stand there."""
    said: dict[str, list[tuple[str, str]]] = {}
    for quad in quads:
        said.setdefault(str(quad.subject)[1:-1], []).append((_short(quad.predicate), _short(quad.object)))
    for node, lines in said.items():
        if ("a", "cs:Claim") in lines:
            yield Claim(node.removeprefix(CSD), tuple(lines))


def _short(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if not isinstance(term, ox.NamedNode):
        return str(term)
    name = shorten(term.value)
    return "a" if name == "rdf:type" else str(term) if name == term.value else name


def lacks(predicate: str) -> Mutation:
    """Leave out all lines with *predicate*: the fault is at the subject."""

    def mutate(claim: Claim) -> Claim | None:
        kept = tuple(line for line in claim.lines if line[0] != predicate)
        return replace(claim, lines=kept, faulty=frozenset({0})) if claim.has(predicate) else None

    return mutate


def says(predicate: str, *values: str, given: str = "", where: Callable[[Claim], bool] = lambda _: True) -> Mutation:
    """Write one of *values* for *predicate*, where *given* or that predicate is in the claim."""

    def mutate(claim: Claim) -> Claim | None:
        if not claim.has(given or predicate) or not where(claim):
            return None
        value = values[len(claim.name) % len(values)]
        kept = [line for line in claim.lines if line[0] != predicate]
        return replace(claim, lines=(*kept, (predicate, value)), faulty=frozenset({len(kept) + 1}))

    return mutate


def adds(predicate: str, *values: str, given: str = "a", where: Callable[[Claim], bool] = lambda _: True) -> Mutation:
    """Write one more line, where *given* is in the claim: any line with that predicate may be named."""

    def mutate(claim: Claim) -> Claim | None:
        value = values[len(claim.name) % len(values)]
        if not claim.has(given) or (predicate, value) in claim.lines or not where(claim):
            return None
        lines = (*claim.lines, (predicate, value))
        return replace(
            claim, lines=lines, faulty=frozenset(at for at, (one, _) in enumerate(lines, 1) if one == predicate)
        )

    return mutate


def turns(predicate: str, change: Callable[[str], str]) -> Mutation:
    """Change the object of *predicate*, where that makes a difference."""

    def mutate(claim: Claim) -> Claim | None:
        value = claim.value(predicate)
        return says(predicate, change(value))(claim) if value and change(value) != value else None

    return mutate


def renames(predicate: str, name: str) -> Mutation:
    """Write another predicate in the place of *predicate*."""

    def mutate(claim: Claim) -> Claim | None:
        if not claim.has(predicate):
            return None
        at = next(at for at, (one, _) in enumerate(claim.lines) if one == predicate)
        lines = (*claim.lines[:at], (name, claim.lines[at][1]), *claim.lines[at + 1 :])
        return replace(claim, lines=lines, faulty=frozenset({at + 1}))

    return mutate


def called(name: Callable[[str], str]) -> Mutation:
    """Give the claim another identifier: the fault is at the subject."""
    return lambda claim: replace(claim, name=name(claim.name), faulty=frozenset({0}))


def locates_twice(claim: Claim) -> Claim | None:
    """Give a locator to what has a passage already: any line of either may be named."""
    both = adds("cs:locator", '"Row 7 of the table"', given="cs:passageStart")(claim)
    places = {"cs:locator", "cs:passageStart", "cs:passageEnd", "cs:passageDigest"}
    lines = enumerate(both.lines, 1) if both else ()
    return replace(both, faulty=frozenset(at for at, (one, _) in lines if one in places)) if both else None


def links_itself(predicate: str) -> Mutation:
    """Link a claim to itself."""
    return lambda claim: adds(predicate, f"csd:{claim.name}")(claim)


def doubled(predicate: str) -> Mutation:
    """Make the first letter of the name in an object's identifier stand twice: a slip of the finger."""
    return turns(predicate, lambda value: re.sub(r"^(cs|csd):((?:[a-z]+-)?)(\w)", r"\1:\2\3\3", value))


def incomplete(mutate: Mutation) -> Mutation:
    """Take for a place of the fault the subject as well: what the mutation writes lacks something beside it."""

    def wrapped(claim: Claim) -> Claim | None:
        broken = mutate(claim)
        return replace(broken, faulty=broken.faulty | {0}) if broken else None

    return wrapped
