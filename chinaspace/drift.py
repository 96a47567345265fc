"""Drift: compare what we hold on linked things with what their items say by now, field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.collate import collate, items
from chinaspace.confer import Fields, redirect
from chinaspace.dates import Span, settle, span
from chinaspace.errors import DateError
from chinaspace.foreign import spans_of, values_of
from chinaspace.names import RDF, WIKIDATA, Node, Term, cs, shorten
from chinaspace.unite import Union

_TYPE = ox.NamedNode(RDF + "type")


class Verdict(StrEnum):
    """What a comparison comes to; each is a concept of cs:linkVerdicts."""

    AGREE = "linkAgrees"
    OURS = "weAreSharper"
    THEIRS = "theyAreSharper"
    DIFFER = "linkDiffers"
    REDIRECTED = "linkRedirected"
    DELETED = "linkDeleted"
    UNCLEAR = "notComparable"


# What somebody has to look at.
TROUBLE = frozenset({Verdict.DIFFER, Verdict.REDIRECTED, Verdict.DELETED})


@dataclass(frozen=True)
class Row:
    """One field of one thing: *field* is the property of Wikidata, as P619, or empty where the item itself is judged.

    *ours* and *theirs* are written for people; *theirs* of a redirected item is the item it was merged into.
    """

    thing: str
    item: str
    field: str
    name: str
    ours: str
    theirs: str
    verdict: Verdict


@dataclass(frozen=True)
class Field:
    """A field: how it is called, the properties of Wikidata that say it, the first for all, and those of ours."""

    name: str
    codes: tuple[str, ...]
    predicates: tuple[str, ...]


# https://www.wikidata.org: P619 time of spacecraft launch, P247 COSPAR ID, P137 operator, P127 owned by, P375 space
# launch vehicle, P17 country, P495 country of origin. Catalogues give one party as the owner or operator, without
# telling which it is.
DATE = Field("launch date", ("P619",), ("launchDate",))
DESIGNATOR = Field("COSPAR id", ("P247",), ("locator",))
OPERATOR = Field("operator", ("P137", "P127"), ("operator", "owner"))
VEHICLE = Field("vehicle", ("P375",), ("launchVehicle",))
COUNTRY = Field("country", ("P17", "P495"), ("country",))
FIELDS = (DATE, DESIGNATOR, OPERATOR, VEHICLE, COUNTRY)
ASKED = Fields(
    plain=tuple(code for field in FIELDS if field is not DATE for code in field.codes),
    times=DATE.codes,
)


def linked_items(store: ox.Store) -> dict[Node, str]:
    """Return the things that are linked to exactly one item, with its identifier, such as Q405."""
    return {thing: item for thing, item in items(Union(store)).items() if item.startswith("Q")}


def compare_all(store: ox.Store, theirs: ox.Store) -> list[Row]:
    """Compare each linked thing in *store* with its item, as *theirs* tells of it, in the shape of Wikidata's RDF.

    A field of which neither side says anything has no row. Where one side alone
    says something, it is the sharper one.
    """
    linked = linked_items(store)
    held = _held(store, linked)
    rows: list[Row] = []
    for thing, item in sorted(linked.items(), key=lambda one: str(one[0])):
        if not isinstance(thing, ox.NamedNode):
            continue
        target = final(theirs, item)
        if target != item:
            rows.append(Row(thing.value, item, "", "item", item, target, Verdict.REDIRECTED))
        if next(theirs.quads_for_pattern(ox.NamedNode(WIKIDATA + target), None, None), None) is None:
            rows.append(Row(thing.value, item, "", "item", item, "", Verdict.DELETED))
            continue
        for field in FIELDS:
            compare = _date if field is DATE else _designator if field is DESIGNATOR else _item
            found = compare(held[thing, field.name], theirs, target, field, linked)
            if found:
                rows.append(Row(thing.value, item, field.codes[0], field.name, *found))
    return rows


def final(theirs: ox.Store, item: str) -> str:
    """Return the item that *item* was merged into in the end, or itself."""
    passed = [item]
    while (target := redirect(theirs, passed[-1])) and target not in passed:
        passed.append(target)
    return passed[-1]


Compared: TypeAlias = tuple[str, str, Verdict] | None


def _held(store: ox.Store, linked: Mapping[Node, str]) -> dict[tuple[Node, str], list[Term]]:
    """Return our values by thing and name of the field."""
    held: dict[tuple[Node, str], list[Term]] = defaultdict(list)
    for told in collate(store, linked):
        for field in FIELDS:
            if told.predicate in map(cs, field.predicates) and told.value not in held[told.thing, field.name]:
                held[told.thing, field.name].append(told.value)
    graph = Union(store)
    for thing in linked:
        owners = [other for other in held[thing, OPERATOR.name] if not isinstance(other, ox.Literal)]
        held[thing, COUNTRY.name] = _countries(graph, [thing, *owners])
    return held


def _countries(graph: Union, nodes: Iterable[Node]) -> list[Term]:
    """Return the countries that the nodes belong to, or are, the thing itself aside."""
    thing, *owners = nodes
    own = graph.values(thing, cs("country"))
    if own:
        return own
    found: list[Term] = []
    for owner in owners:
        is_country = next(graph.quads(owner, _TYPE, cs("Country")), None)
        found += [owner] if is_country else graph.values(owner, cs("country"))
    return list(dict.fromkeys(found))


def _date(held: list[Term], theirs: ox.Store, item: str, field: Field, _: Mapping[Node, str]) -> Compared:
    shown = " / ".join(sorted(value.value for value in held if isinstance(value, ox.Literal)))
    ours, other = _our_span(held), spans_of(theirs, item, field.codes[0])
    if ours is None and not other:
        return None
    told = " / ".join(sorted(text for text, _ in other))
    if ours is None or not other:
        return shown, told, Verdict.OURS if ours else Verdict.THEIRS
    return shown, told, _of_spans(ours, settle(one for _, one in other))


def _our_span(held: list[Term]) -> Span | None:
    found = []
    for value in held:
        if isinstance(value, ox.Literal):
            try:
                found.append(span(value.value, value.datatype.value))
            except DateError:
                continue
    return settle(found) if found else None


def _of_spans(ours: Span, theirs: Span) -> Verdict:
    """Compare two dates as vague as they are: who leaves fewer days open, within those of the other, is sharper."""
    if not ours.meets(theirs):
        return Verdict.DIFFER
    common = ours.narrow(theirs)
    if ours == theirs or common not in (ours, theirs):
        return Verdict.AGREE
    return Verdict.OURS if common == ours else Verdict.THEIRS


def _designator(held: list[Term], theirs: ox.Store, item: str, field: Field, _: Mapping[Node, str]) -> Compared:
    ours = sorted(value.value for value in held if isinstance(value, ox.Literal))
    other = sorted(value.value for value in values_of(theirs, item, field.codes) if isinstance(value, ox.Literal))
    if not ours and not other:
        return None
    return " / ".join(ours), " / ".join(other), _of_names(ours, other)


def _of_names(ours: list[str], theirs: list[str]) -> Verdict:
    """Compare designators: one without the letter of the piece is vaguer than one with it."""
    if not theirs or not ours:
        return Verdict.OURS if ours else Verdict.THEIRS
    if set(ours) & set(theirs):
        return Verdict.AGREE
    pairs = [(one, other) for one in ours for other in theirs]
    if any(one.startswith(other) for one, other in pairs):
        return Verdict.OURS
    return Verdict.THEIRS if any(other.startswith(one) for one, other in pairs) else Verdict.DIFFER


def _item(held: list[Term], theirs: ox.Store, item: str, field: Field, linked: Mapping[Node, str]) -> Compared:
    ours = sorted({linked.get(value, "") for value in held if not isinstance(value, ox.Literal)} - {""})
    other = {value.value for value in values_of(theirs, item, field.codes) if isinstance(value, ox.NamedNode)}
    told = sorted(iri.removeprefix(WIKIDATA) for iri in other)
    if not held and not told:
        return None
    names = (linked.get(value) or shorten(value.value) for value in held if isinstance(value, ox.NamedNode))
    shown = " / ".join(sorted(names))
    if not told or not held:
        verdict = Verdict.OURS if held else Verdict.THEIRS
    elif set(ours) & set(told):
        verdict = Verdict.AGREE
    else:
        # Without an item of its own, ours may well be theirs.
        verdict = Verdict.DIFFER if len(ours) == len(held) else Verdict.UNCLEAR
    return shown, " / ".join(told), verdict
