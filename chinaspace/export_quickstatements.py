"""Export facts on linked things as QuickStatements, by which a person can bring them into Wikidata."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import IO

import pyoxigraph as ox

from chinaspace.attest import known_better
from chinaspace.collate import CLOSE, Told, collate, items
from chinaspace.compare import compatible
from chinaspace.dates import DATE_TYPES, span
from chinaspace.errors import DateError
from chinaspace.load import Loaded
from chinaspace.names import DCTERMS, OWL, RDF, SCHEMA, XSD, Node, Term, cs
from chinaspace.unite import Union

_TITLE, _ISSUED = (ox.NamedNode(f"{DCTERMS}{name}") for name in ("title", "issued"))
_URL = ox.NamedNode(SCHEMA + "url")
_TYPE = ox.NamedNode(RDF + "type")
_FUNCTIONAL = ox.NamedNode(OWL + "FunctionalProperty")
# P247 is the COSPAR identifier; references have the address (854), the title (1476) and the date (577) of the source.
_DESIGNATOR, _STATED_IN, _ADDRESS, _NAME, _DATE = "P247", "S248", "S854", "S1476", "S577"
_PRECISIONS = {4: 9, 7: 10, 10: 11}  # a year, a month, a day, by the length of the date
_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def write_quickstatements(loaded: Loaded, out: IO[bytes]) -> None:
    """Write statements in the format of QuickStatements V1, sorted, one a line: item, property, value, reference.

    Only what can stand in Wikidata without a second look is written: facts on
    things that are exactly one item, with a property that is exactly one of
    Wikidata's, whose value can be said there; asserted, in no conflict, by an
    official or public source with an address. Of dates that agree the sharpest
    is written, in its own precision. If the graph holds a comparison with
    Wikidata (``chinaspace link check``), only what it found us to know better.
    """
    graph = Union(loaded.store)
    linked, near, better = items(graph), items(graph, CLOSE), known_better(graph)
    groups: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for told in collate(loaded.store, linked):
        # Ours says of a launch what Wikidata's property says of the craft: close, and the same once told of the craft.
        code = linked.get(told.predicate) or (near.get(told.predicate, "") if told.launched else "")
        code = _DESIGNATOR if told.predicate == cs("locator") else code
        worth = better.get((told.thing.value, code), not better)
        if code.startswith("P") and linked[told.thing].startswith("Q") and worth:
            groups[linked[told.thing], code].append(told)
    for (item, code), found in sorted(groups.items(), key=lambda one: (_number(one[0][0]), _number(one[0][1]))):
        lines = {
            "\t".join((item, code, value, *reference))
            for told in _settled(graph, found)
            if (value := written(told.value, linked)) and (reference := _reference(graph, told.claim, linked))
        }
        out.write("".join(f"{line}\n" for line in sorted(lines)).encode())


def written(value: Term, linked: Mapping[Node, str]) -> str | None:
    """Return a value as QuickStatements takes it; None if Wikidata could only hold something else.

    Times have the precision of the source, and a day at most: /9 is a year, /10
    a month, /11 a day. Numbers are left out, because their units have no item.
    """
    if not isinstance(value, ox.Literal):
        item = linked.get(value, "")
        return item if item.startswith("Q") else None
    if value.datatype.value in DATE_TYPES:
        return _time(value)
    if value.language:
        return f"{value.language.lower()}:{_quoted(value.value)}"
    return _quoted(value.value) if value.datatype.value == XSD + "string" else None


def _time(value: ox.Literal) -> str | None:
    day = value.value[:10] if value.datatype.value.startswith(XSD) else value.value
    if not _ISO.fullmatch(day):
        return None  # an interval, an open end, or "about"
    if value.datatype.value == XSD + "dateTime":
        try:
            day = str(span(value.value, value.datatype.value).earliest)
        except DateError:
            return None
    return f"+{day}{'-00' * ((10 - len(day)) // 3)}T00:00:00Z/{_PRECISIONS[len(day)]}"


def _quoted(text: str) -> str:
    return f'"{_CONTROL.sub(" ", text).strip()}"'


def _settled(graph: Union, found: list[Told]) -> list[Told]:
    """Return the facts on one property of one item that nothing stands against, only the sharpest of dates."""
    if any(True for told in found for _ in graph.quads(told.claim, cs("conflictsWith"))):
        return []
    functional = all(_FUNCTIONAL in graph.values(told.predicate, _TYPE) for told in found)
    values = {told.value for told in found}
    if functional and not all(compatible(one, other) for one, other in combinations(values, 2)):
        return []
    return [told for told in found if not any(_is_sharper(other, told.value) for other in values)]


def _is_sharper(one: Term, other: Term) -> bool:
    """Tell whether *one* is a date that lies within *other*, which leaves more days open."""
    dates = [value for value in (one, other) if isinstance(value, ox.Literal) and value.datatype.value in DATE_TYPES]
    if len(dates) < 2:
        return False
    try:
        inner, outer = (span(value.value, value.datatype.value) for value in dates)
    except DateError:
        return False
    return inner != outer and inner.meets(outer) and inner.narrow(outer) == inner


def _reference(graph: Union, claim: ox.NamedNode, linked: Mapping[Node, str]) -> list[str]:
    """Return where a claim stands, as parts of a line; nothing if it stands where Wikidata should not point to.

    That is a source without an address, one that is a leak or a mirror, or a conclusion of our own.
    """
    if cs("inferredIdentity") in graph.values(claim, cs("identityBasis")) or graph.values(claim, cs("exactness")):
        return []
    for source in graph.values(claim, cs("source")):
        if isinstance(source, ox.Literal) or cs("unofficialStanding") in graph.values(source, cs("sourceStanding")):
            continue
        addresses = sorted(term.value for term in graph.values(source, _URL) if isinstance(term, ox.Literal))
        if not addresses:
            continue
        item = linked.get(source, "")
        stated = [_STATED_IN, item] if item.startswith("Q") else []
        return [*stated, _ADDRESS, _quoted(addresses[0]), *_when_and_what(graph, source)]
    return []


def _when_and_what(graph: Union, source: Node) -> list[str]:
    titles = [term for term in graph.values(source, _TITLE) if isinstance(term, ox.Literal) and term.language]
    title = min(titles, key=lambda term: (term.language != "en", str(term)), default=None)
    dates = [day for term in graph.values(source, _ISSUED) if isinstance(term, ox.Literal) and (day := _time(term))]
    named = [_NAME, f"{str(title.language).lower()}:{_quoted(title.value)}"] if title else []
    return [*named, *([_DATE, min(dates)] if dates else [])]


def _number(identifier: str) -> tuple[str, int]:
    """Return what sorts Q9 before Q10."""
    return identifier[:1], int(identifier[1:]) if identifier[1:].isdecimal() else 0
