"""Judge dates by what can be: nothing flew before the first satellite, and nobody reports what is yet to come."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pyoxigraph as ox

from chinaspace.dates import DATE_TYPES, Span, span
from chinaspace.errors import DateError
from chinaspace.finding import Touched, claims, column, concerns, few, finding, quads_of, values_of
from chinaspace.names import RDF, Term, cs, shorten
from chinaspace.point import Fault
from chinaspace.unite import union

_PREDICATE, _OBJECT = ox.NamedNode(RDF + "predicate"), ox.NamedNode(RDF + "object")
_ISSUED = ox.NamedNode("http://purl.org/dc/terms/issued")
_SAID, _SOURCE = cs("statedOn"), cs("source")

_FIRST_SATELLITE = date(1957, 10, 4)
_FLIGHTS = frozenset(map(cs, ("launchDate", "landingDate", "dockingDate")))
# What happens on a day; the end of a contract, say, is known before it comes.
_EVENTS = _FLIGHTS | frozenset(
    map(cs, ("enactmentDate", "establishmentDate", "eventDate", "publicationDate", "signatureDate"))
)
# Nobody plans for longer, and few sources quote what is older: a digit too many or in the wrong place is likelier.
_YEARS = 100
_MOST_YEARS = 500
# Where it is already tomorrow, and where a day in UTC is the one before.
_ELSEWHERE = timedelta(days=1)


class _Dated(NamedTuple):
    """A claim with a date for its object."""

    claim: Term
    predicate: Term
    value: ox.Literal
    span: Span
    asserted: bool
    source: Span | None


def untimely(store: ox.Store, touched: Touched = None, today: date | None = None) -> Iterator[Fault]:
    """Yield the dates that cannot be, or hardly: of flights, of what is asserted, of utterances and of sources.

    *today* is the day in UTC unless it is given.
    """
    latest = (today or datetime.now(UTC).date()) + _ELSEWHERE
    yield from _future(store, touched, latest)
    near = _near(store, few(touched))
    sources = column(store, _SOURCE, near)
    told = column(store, _ISSUED, None if near is None else {*sources.values()})
    issued = {node: found for node, value in told.items() if (found := _span(value))}
    dated = column(store, _OBJECT, near)
    predicates, modalities = column(store, _PREDICATE, near), column(store, cs("modality"), near)
    for claim in sorted(claims(store, near), key=str):
        source = sources.get(claim)
        if not concerns(touched, claim, *([source] if source else [])):
            continue
        about = issued.get(source) if source else None
        value = dated.get(claim)
        if isinstance(value, ox.Literal) and (found := _span(value)):
            asserted = modalities.get(claim) == cs("asserted")
            yield from _wrong(_Dated(claim, predicates.get(claim, claim), value, found, asserted, about))
        yield from _long_ago(store, claim, about)


def _near(store: ox.Store, nodes: Set[Term] | None) -> Set[Term] | None:
    """Return *nodes* with the claims of those that are sources."""
    if nodes is None:
        return None
    return {*nodes, *(q.subject for node in nodes for q in store.quads_for_pattern(None, _SOURCE, node, union(store)))}


def _wrong(one: _Dated) -> Iterator[Fault]:
    if one.predicate in _FLIGHTS and one.span.latest and one.span.latest < _FIRST_SATELLITE:
        message = (
            f"Nothing flew on {one.value.value}: the first satellite was launched on 1957-10-04. "
            'Read the date in the source again, and write it such as "2020-11-23"^^xsd:date.'
        )
        yield finding(one.claim, "Claim-dateBeforeFlight", message, predicates=(_OBJECT,), value=one.value)
    if one.source is None:
        return
    if one.predicate in _EVENTS and one.asserted and _after(one.span, one.source, _ELSEWHERE):
        message = (
            f"{one.value.value} is after the source, of {_shown(one.source)}, and nobody reports what is yet to come. "
            "Correct the date, or make the claim cs:planned or cs:predicted."
        )
        yield finding(one.claim, "Claim-dateAfterSource", message, predicates=(_OBJECT,), value=one.value)
    elif _after(one.span, one.source, timedelta(days=366 * _YEARS)):
        message = (
            f"{one.value.value} is more than {_YEARS} years after the source, of {_shown(one.source)}. "
            'Count the digits of the year; a plan for the twenty-forties is "204X"^^edtf:EDTF.'
        )
        severity = _severity(one.span, one.source)
        yield finding(one.claim, "Claim-dateFarOff", message, severity=severity, predicates=(_OBJECT,), value=one.value)


def _long_ago(store: ox.Store, claim: Term, source: Span | None) -> Iterator[Fault]:
    """Yield an utterance that is much older than the source that tells of it."""
    for value in values_of(store, claim, _SAID):
        said = _span(value)
        if said and source and _after(source, said, timedelta(days=366 * _YEARS)):
            message = (
                f"Said more than {_YEARS} years before the source, of {_shown(source)}, which tells of it. "
                'Count the digits of the year; cs:statedOn is a day such as "2013-11-26"^^xsd:date.'
            )
            severity = _severity(source, said)
            yield finding(claim, "Claim-statedLongAgo", message, severity=severity, predicates=(_SAID,), value=value)


def _severity(later: Span, earlier: Span) -> str:
    """Return how grave the distance of two dates is: what a mistake explains alone is refused."""
    return "violation" if _after(later, earlier, timedelta(days=366 * _MOST_YEARS)) else "warning"


def _future(store: ox.Store, touched: Touched, latest: date) -> Iterator[Fault]:
    """Yield what was said or published on a day that is yet to come."""
    for predicate in (_SAID, _ISSUED):
        for quad in quads_of(store, few(touched), predicate):
            found = _span(quad.object) if concerns(touched, quad.subject) else None
            if found and found.earliest and found.earliest > latest:
                value = getattr(quad.object, "value", "")
                message = (
                    f"{shorten(predicate.value)} is {value}, which is yet to come. Nothing is said or published "
                    "before its day: correct the date. A plan for a later day is the object of a "
                    "claim that is cs:planned."
                )
                yield finding(quad.subject, "Date-future", message, predicates=(predicate,), value=quad.object)


def _after(one: Span, other: Span, by: timedelta) -> bool:
    """Tell whether all of one span is later than all of the other, by more than *by*."""
    return bool(one.earliest and other.latest and one.earliest - other.latest > by)


def _span(value: Term) -> Span | None:
    """Return the days that a date can mean, None for what is no date: that is told elsewhere."""
    if not isinstance(value, ox.Literal) or value.datatype.value not in DATE_TYPES:
        return None
    try:
        return span(value.value, value.datatype.value)
    except DateError:
        return None


def _shown(found: Span) -> str:
    days = [day.isoformat() if day else "" for day in (found.earliest, found.latest)]
    return days[0] if days[0] == days[1] else "/".join(days)
