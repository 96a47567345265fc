"""Read values in the shape of Wikidata's RDF: times with their precision, and the best ranked of all others."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from chinaspace.confer import CLAIM, DIRECT, PRECISION, RANK, TIME, VALUE, WIKIBASE
from chinaspace.dates import Span, span
from chinaspace.errors import DateError
from chinaspace.names import EDTF, WIKIDATA, XSD, Term

# https://www.wikidata.org/wiki/Help:Dates#Precision, and so many signs of a date say as much: a decade, which EDTF
# writes as 202X, a year, a month, a day.
_LENGTHS = {8: 3, 9: 4, 10: 7, 11: 10}
_DAY = 11


def values_of(store: ox.Store, item: str, codes: Iterable[str]) -> list[Term]:
    """Return the best ranked values of some properties of an item, as P137; none where the value is unknown."""
    node = ox.NamedNode(WIKIDATA + item)
    found = [
        quad.object
        for code in codes
        for quad in store.quads_for_pattern(node, ox.NamedNode(DIRECT + code), None)
        if not isinstance(quad.object, ox.BlankNode)
    ]
    return list(dict.fromkeys(found))


def spans_of(store: ox.Store, item: str, code: str) -> list[tuple[str, Span]]:
    """Return the best ranked times of a property, each as it is written and as the days that it can mean.

    Where only direct values are told, as in Wikidata's "truthy" files, their
    precision is lost: the first of January may stand for a year, and the first
    of a month for that month, so they are taken for no more.
    """
    found = [(day, precision) for day, precision in _full(store, item, code)] or [
        (value.value, _guess(value.value)) for value in values_of(store, item, [code]) if isinstance(value, ox.Literal)
    ]
    spans = (_span(day, precision) for day, precision in found)
    return [one for one in dict.fromkeys(spans) if one]


def _full(store: ox.Store, item: str, code: str) -> list[tuple[str, int]]:
    ranked: dict[str, list[tuple[str, int]]] = {}
    for quad in store.quads_for_pattern(ox.NamedNode(WIKIDATA + item), ox.NamedNode(CLAIM + code), None):
        statement = quad.object
        if not isinstance(statement, ox.NamedNode):
            continue
        rank = _first(store, statement, RANK) or f"{WIKIBASE}NormalRank"
        for value in store.quads_for_pattern(statement, ox.NamedNode(VALUE + code), None):
            if isinstance(value.object, ox.NamedNode):
                day, precision = _first(store, value.object, TIME), _first(store, value.object, PRECISION)
                if day:
                    exact = int(precision) if precision and precision.isdecimal() else _DAY
                    ranked.setdefault(rank, []).append((day, exact))
    return ranked.get(f"{WIKIBASE}PreferredRank") or ranked.get(f"{WIKIBASE}NormalRank") or []


def _first(store: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode) -> str | None:
    found = sorted(
        quad.object.value
        for quad in store.quads_for_pattern(node, predicate, None)
        if isinstance(quad.object, ox.NamedNode | ox.Literal)
    )
    return found[0] if found else None


def _guess(day: str) -> int:
    return 9 if day[4:10] == "-01-01" else 10 if day[7:10] == "-01" else _DAY


def _span(day: str, precision: int) -> tuple[str, Span] | None:
    """Return a time as it is written and its days; None for what is vaguer than a decade or no year of our calendar."""
    if precision not in _LENGTHS and precision < _DAY:
        return None
    text = day.lstrip("+")[: _LENGTHS[min(precision, _DAY)]]
    written = f"{text}X" if len(text) == 3 else text
    try:
        return written, span(written, XSD + "date" if len(text) == 10 else EDTF.value)
    except DateError:
        return None
