"""Portray a thing: gather from the graph what its page shows, in few rounds of short queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from chinaspace.caption import Captions, caption
from chinaspace.confront import Allegation, Conflict, allegations, conflicts
from chinaspace.gauge import Coverage, gauge
from chinaspace.lookup import Row, look_up, lookup, until
from chinaspace.names import CS, FACTS, INFERRED, RDF, Term, cs
from chinaspace.paginate import Sheet, paginate
from chinaspace.recite import Claim, follow, recite
from chinaspace.serving import Serving
from chinaspace.sum_up import Fact, sum_up
from chinaspace.trace import Line, trace

# The lists of claims that are leafed through.
LISTS = ("about", "said", "covered")
_TYPE = RDF + "type"
# What is said of a thing that is called the same is told on its own page as well, so its facts are not repeated.
_SAME = cs("sameThingAs")


@dataclass
class Portrait:
    """What a page shows of *thing*.

    *stated* has what files say of it, *classes* all its types, *own* those that
    files state, and *kin* what is told apart from it but read with it.
    """

    thing: ox.NamedNode
    stated: dict[str, list[Term]]
    classes: set[str]
    own: list[Term]
    kin: dict[ox.NamedNode, Term] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    allegations: list[Allegation] = field(default_factory=list)
    partners: dict[Term, list[Claim]] = field(default_factory=dict)
    pointing: dict[Term, list[Term]] = field(default_factory=dict)
    about: Sheet = field(default_factory=Sheet)
    said: Sheet = field(default_factory=Sheet)
    covered: Sheet = field(default_factory=Sheet)
    coverage: Coverage | None = None
    itself: Claim | None = None
    captions: Captions = field(default_factory=lambda: Captions(()))

    def of(self, name: str) -> list[Term]:
        """Return what files state by a property, given by its IRI."""
        return self.stated.get(name, [])

    def is_a(self, name: str) -> bool:
        """Tell whether the thing belongs to a class of the vocabulary."""
        return CS + name in self.classes

    @property
    def subjects(self) -> list[ox.NamedNode]:
        """Return the thing and its kin."""
        return [self.thing, *self.kin]


async def describe(serving: Serving, client: str, thing: ox.NamedNode) -> Portrait | None:
    """Return what files state of *thing*; nothing where they state nothing.

    Raises:
        ChinaSpaceError: as for :func:`chinaspace.lookup.look_up`.
    """
    (rows,) = await look_up(serving, client, lookup("described", thing=thing))
    found = Portrait(thing, {}, set(), [])
    for row in rows:
        said, value, graph = row["property"], row["value"], row.get("graph")
        if not isinstance(said, ox.NamedNode) or graph == FACTS:
            continue
        if said.value == _TYPE and isinstance(value, ox.NamedNode):
            found.classes.add(value.value)
            found.own += [] if graph == INFERRED or value in found.own else [value]
        elif graph != INFERRED and value not in found.stated.setdefault(said.value, []):
            found.stated[said.value].append(value)
    return found if rows else None


async def portray(serving: Serving, client: str, found: Portrait, day: str, pages: dict[str, int]) -> None:
    """Complete a portrait that :func:`describe` began, as of *day*, YYYY-MM-DD or "" for now.

    *pages* tells which page of its lists is shown: "about", "said" and "covered", from 1.

    Raises:
        ChinaSpaceError: as for :func:`chinaspace.lookup.look_up`.
    """
    if found.is_a("Claim"):
        await _portray_claim(serving, client, found, day)
        return
    (kin,) = await look_up(serving, client, lookup("kin", thing=found.thing))
    for row in kin:
        member = row["member"]
        if isinstance(member, ox.NamedNode) and member != found.thing:
            found.kin.setdefault(member, row["how"])
    asked = _questions(found, day)
    answers = dict(zip(asked, await look_up(serving, client, *asked.values()), strict=True))
    sheets = {name: paginate(answers.get(name, []), pages.get(name, 1), name == "about") for name in LISTS}
    claims = await recite(serving, client, _claims(answers, sheets.values()))
    listed = [node for sheet in sheets.values() for node in sheet.nodes] + _listed(answers, "allegations", "alleged")
    await follow(serving, client, [claims[node] for node in dict.fromkeys(listed)], day)
    _fill(found, answers, claims)
    found.about, found.said, found.covered = (sheets[name].shown(claims) for name in LISTS)
    found.captions = await caption(serving, client, _terms(found, claims.values()))


def _questions(found: Portrait, day: str) -> dict[str, str]:
    """Return what is asked about a thing, by the part of the page that it is for."""
    asof = until(day)
    thing, all_of_it = found.thing, found.subjects
    own = [thing, *(member for member, how in found.kin.items() if how != _SAME)]
    asked = {
        "about": lookup("claims", thing=all_of_it, day=asof),
        "dates": lookup("dates", thing=all_of_it, day=asof),
        "facts": lookup("facts", subject=own, day=asof),
        "conflicts": lookup("conflicts", thing=all_of_it, day=asof),
        "allegations": lookup("allegations", thing=all_of_it, day=asof),
        "partners": lookup("partners", thing=all_of_it, day=asof),
        "pointing": lookup("pointing", thing=thing),
    }
    if found.is_a("Actor"):
        asked["contested"] = lookup("contested", thing=thing, day=asof)
        asked["alleged"] = lookup("alleged", thing=thing, day=asof)
        asked["said"] = lookup("said", thing=thing, day=asof)
    else:
        asked["frames"] = lookup("frames", thing=all_of_it, day=asof)
    if found.is_a("Arrangement"):
        asked["parties"] = lookup("parties", thing=thing, day=asof)
    if found.is_a("Source"):
        asked["covered"] = lookup("covered", thing=thing, day=asof)
    return asked


def _fill(found: Portrait, answers: dict[str, list[Row]], claims: dict[ox.NamedNode, Claim]) -> None:
    """Put the answers into the portrait."""
    if found.is_a("Source"):
        found.coverage = gauge(answers["covered"], _number(found.of(CS + "textLength")))
    found.facts = sum_up(answers["facts"])
    dated = _listed(answers, "dates", "frames")
    # When a text came out is told beside it: nobody announced it.
    found.lines = [] if found.is_a("Work") else trace([claims[node] for node in dict.fromkeys(dated)])
    found.conflicts = conflicts(answers["conflicts"] + answers.get("contested", []), claims)
    found.allegations = allegations(_listed(answers, "allegations", "alleged"), claims)
    for node in dict.fromkeys(_listed(answers, "parties", "partners")):
        subject = claims[node].one("subject")
        if subject is not None:
            found.partners.setdefault(subject, []).append(claims[node])
    for row in answers["pointing"]:
        found.pointing.setdefault(row["property"], []).append(row["other"])


async def _portray_claim(serving: Serving, client: str, found: Portrait, day: str) -> None:
    claims = await recite(serving, client, [found.thing])
    found.itself = claims[found.thing]
    await follow(serving, client, [found.itself], day)
    found.captions = await caption(serving, client, _terms(found, [found.itself]))


def _listed(answers: dict[str, list[Row]], *names: str) -> list[ox.NamedNode]:
    """Return the claims of some of the answers."""
    rows = [row for name in names for row in answers.get(name, [])]
    return [node for row in rows if isinstance(node := row["claim"], ox.NamedNode)]


def _claims(answers: dict[str, list[Row]], sheets: Iterable[Sheet]) -> Iterator[ox.NamedNode]:
    """Yield the claims of all answers that are shown, those of both sides of a conflict."""
    for sheet in sheets:
        yield from sheet.nodes
    yield from _listed(answers, *(name for name in answers if name not in (*LISTS, "facts", "pointing")))
    for name in ("conflicts", "contested"):
        yield from (node for row in answers.get(name, []) if isinstance(node := row["other"], ox.NamedNode))


def _number(terms: list[Term]) -> int:
    values = [term.value for term in terms if isinstance(term, ox.Literal)]
    return int(values[0]) if values and values[0].isascii() and values[0].isdigit() else 0


def _terms(found: Portrait, claims: Iterable[Claim]) -> Iterator[object]:
    """Yield whatever the page calls by a name."""
    yield from (found.thing, *found.kin, *found.kin.values(), *found.own)
    for said, values in found.stated.items():
        yield ox.NamedNode(said)
        yield from values
    for fact in found.facts:
        yield from (fact.subject, fact.property, *(value for value, _ in fact.values))
    for group in found.about.contents:
        yield group.property
    for pointed, others in found.pointing.items():
        yield from (pointed, *others)
    for claim in claims:
        yield from claim.terms()
        for link in claim.links:
            yield from link.other.terms()
