"""Recite claims: what each says, who said it, when and where, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from chinaspace.lead import leads_out
from chinaspace.lookup import Row, look_up, lookup
from chinaspace.names import CS, RDF, Term
from chinaspace.serving import Serving

# So many claims a query, which must not become longer than the engine takes.
_AT_ONCE = 250


@dataclass
class Claim:
    """A claim as a page shows it; *said* has the values of its properties, *links* what became of it."""

    node: ox.NamedNode
    said: dict[str, list[Term]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def one(self, name: str) -> Term | None:
        """Return the value of a property of claims, the first if there are several."""
        return next(iter(self.said.get(CS + name) or self.said.get(RDF + name) or ()), None)

    def several(self, name: str) -> list[Term]:
        """Return the values of a property of claims."""
        return self.said.get(CS + name, [])

    def text(self, name: str) -> str:
        """Return a value as it is written, "" where there is none."""
        found = self.one(name)
        return found.value if isinstance(found, ox.Literal | ox.NamedNode) else ""

    @property
    def modality(self) -> str:
        """Return the local name of the modality, such as "planned"."""
        return self.text("modality").removeprefix(CS)

    @property
    def passage(self) -> str:
        """Return the address that opens the passage, if it is one of the web."""
        address = self.text("passageAddress")
        return address if leads_out(address) else ""

    @property
    def day(self) -> str:
        """Return the last day on which it can have been said, as YYYY-MM-DD."""
        return self.text("statedLatest")[:10]

    @property
    def order(self) -> tuple[str, str]:
        """Return what sorts claims by the time at which they were made."""
        return self.day, self.node.value

    def terms(self) -> Iterator[Term]:
        """Yield what a page calls by its name."""
        for values in self.said.values():
            yield from values
        for link in self.links:
            yield link.property


@dataclass(frozen=True)
class Link:
    """One claim's link to *other*, or, *back*, of the other to it; *name* is that of the property."""

    name: str
    back: bool
    other: Claim

    @property
    def property(self) -> ox.NamedNode:
        """Return the property."""
        return ox.NamedNode(CS + self.name)


async def recite(serving: Serving, client: str, claims: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, Claim]:
    """Return *claims* by their IRIs, without their links.

    Raises:
        ChinaSpaceError: as for :func:`chinaspace.lookup.look_up`.
    """
    wanted = list(dict.fromkeys(claims))
    parts = [wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)]
    found = {claim: Claim(claim) for claim in wanted}
    for rows in await look_up(serving, client, *(lookup("details", claim=part) for part in parts)):
        for row in rows:
            claim, said = row["claim"], row["property"]
            if isinstance(claim, ox.NamedNode) and isinstance(said, ox.NamedNode):
                found[claim].said.setdefault(said.value, []).append(row["value"])
    return found


async def follow(serving: Serving, client: str, claims: Iterable[Claim], day: str) -> None:
    """Tell *claims* what became of them until *day*, YYYY-MM-DD or "": their links, with the claims at the other end.

    Raises:
        ChinaSpaceError: as for :func:`chinaspace.lookup.look_up`.
    """
    own = {claim.node: claim for claim in claims}
    nodes = list(own)
    parts = [nodes[start : start + _AT_ONCE] for start in range(0, len(nodes), _AT_ONCE)]
    answers = await look_up(serving, client, *(lookup("links", claim=part) for part in parts))
    rows = [row for answer in answers for row in answer]
    others = await recite(serving, client, (one for row in rows if isinstance(one := row["other"], ox.NamedNode)))
    for row in rows:
        _link(row, own, others, day)


def _link(row: Row, own: dict[ox.NamedNode, Claim], others: dict[ox.NamedNode, Claim], day: str) -> None:
    claim, link, other = row["claim"], row["link"], row["other"]
    if not (isinstance(claim, ox.NamedNode) and isinstance(link, ox.NamedNode) and isinstance(other, ox.NamedNode)):
        return
    found = others[other]
    if found.said and (not day or found.day <= day):
        own[claim].links.append(Link(link.value.removeprefix(CS), "back" in row, found))
