"""Measure by how many days outcomes, or newer plans, come after the dates that were planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pyoxigraph as ox

from chinaspace.dates import DATE_TYPES, Span
from chinaspace.names import INFERRED, RDF, XSD, Term, cs
from chinaspace.unite import Statement, union

_OBJECT = ox.NamedNode(RDF + "object")


def slips(store: ox.Store) -> Iterator[Statement]:
    """Yield what came of each plan for a date: cs:followedBy, cs:slipAtLeast and cs:slipAtMost, and cs:lateness.

    *store* must hold the bounds of dates in csg:inferred. A plan for a date is
    followed by the last dated claim that cs:resolves it; only where none does, by
    the newest that cs:supersedes it. Days count from any day that the plan can
    mean to any day that the outcome can mean, so vague dates give an interval; an
    open end gives no bound. A plan for a vague time is kept as long as that time
    lasts: it is late when the outcome comes after the plan's last day.
    """
    for plan, later in _followers(store).items():
        planned, actual = _bounds(store, plan), _bounds(store, later)
        yield plan, cs("followedBy"), later
        if actual.earliest and planned.latest:
            yield plan, cs("slipAtLeast"), _days(actual.earliest, planned.latest)
        if actual.latest and planned.earliest:
            yield plan, cs("slipAtMost"), _days(actual.latest, planned.earliest)
        lateness = _lateness(planned, actual)
        if lateness:
            yield plan, cs("lateness"), cs(lateness)


def _followers(store: ox.Store) -> dict[ox.NamedNode, ox.NamedNode]:
    """Return for each plan the dated claim that tells its outcome, else the newest dated one that replaced it."""
    found: dict[ox.NamedNode, ox.NamedNode] = {}
    where = union(store)
    for link in ("resolves", "supersedes"):
        candidates: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
        for quad in store.quads_for_pattern(None, cs(link), None, where):
            plan, later = _dated(store, quad.object, where), _dated(store, quad.subject, where)
            if plan and later and plan not in found:
                candidates[plan].append(later)
        for plan, claims in candidates.items():
            found[plan] = max(claims, key=lambda claim: _order(store, claim))
    return found


def _dated(store: ox.Store, claim: Term, where: ox.DefaultGraph | None) -> ox.NamedNode | None:
    """Return *claim* if it puts a date to something: where only a time frame is known, no day was promised."""
    if not isinstance(claim, ox.NamedNode):
        return None
    values = (quad.object for quad in store.quads_for_pattern(claim, _OBJECT, None, where))
    dated = any(isinstance(value, ox.Literal) and value.datatype.value in DATE_TYPES for value in values)
    return claim if dated else None


def _order(store: ox.Store, claim: ox.NamedNode) -> tuple[date, date, str]:
    """Order claims by when they were said, then by the dates that they give."""
    said, given = _day(store, claim, "statedLatest"), _day(store, claim, "latest")
    return said or date.max, given or date.max, claim.value


def _lateness(planned: Span, actual: Span) -> str | None:
    if planned.latest is None:
        return None
    if actual.earliest and actual.earliest > planned.latest:
        return "certainlyLate"
    if actual.latest is None or actual.latest > planned.latest:
        return "possiblyLate"
    return "notLate"


def _bounds(store: ox.Store, claim: ox.NamedNode) -> Span:
    return Span(_day(store, claim, "earliest"), _day(store, claim, "latest"))


def _day(store: ox.Store, claim: ox.NamedNode, bound: str) -> date | None:
    for quad in store.quads_for_pattern(claim, cs(bound), None, INFERRED):
        if isinstance(quad.object, ox.Literal):
            return date.fromisoformat(quad.object.value)
    return None


def _days(actual: date, planned: date) -> ox.Literal:
    return ox.Literal(str((actual - planned).days), datatype=ox.NamedNode(XSD + "integer"))
