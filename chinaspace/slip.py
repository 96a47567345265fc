"""Measure by how many days outcomes, or newer plans, come after the dates that were planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from chinaspace.columns import Columns, Pair, term
from chinaspace.dates import Span
from chinaspace.names import XSD

_UNKNOWN = Span(None, None)


def slips(
    columns: Columns, dated: set[bytes], spans: Mapping[bytes, Span], uttered: Mapping[bytes, Span]
) -> dict[bytes, list[Pair]]:
    """Return what came of each plan for a date: cs:followedBy, cs:slipAtLeast and cs:slipAtMost, and cs:lateness.

    *dated* are the claims that put a date to something, since where only a time
    frame is known, no day was promised; *spans* are the bounds of dates, and
    *uttered* of the days on which claims were made. A plan for a date is
    followed by the last dated claim that cs:resolves it; only where none does, by
    the newest that cs:supersedes it. Days count from any day that the plan can
    mean to any day that the outcome can mean, so vague dates give an interval; an
    open end gives no bound. A plan for a vague time is kept as long as that time
    lasts: it is late when the outcome comes after the plan's last day.
    """
    found: dict[bytes, list[Pair]] = defaultdict(list)
    for plan, later in _followers(columns, dated, spans, uttered).items():
        planned, actual = spans.get(plan, _UNKNOWN), spans.get(later, _UNKNOWN)
        found[term("followedBy")].append((plan, later))
        if actual.earliest and planned.latest:
            found[term("slipAtLeast")].append((plan, _days(actual.earliest, planned.latest)))
        if actual.latest and planned.earliest:
            found[term("slipAtMost")].append((plan, _days(actual.latest, planned.earliest)))
        lateness = _lateness(planned, actual)
        if lateness:
            found[term("lateness")].append((plan, term(lateness)))
    return found


def _followers(
    columns: Columns, dated: set[bytes], spans: Mapping[bytes, Span], uttered: Mapping[bytes, Span]
) -> dict[bytes, bytes]:
    """Return for each plan the dated claim that tells its outcome, else the newest dated one that replaced it."""

    def order(claim: bytes) -> tuple[date, date, bytes]:
        """Order claims by when they were said, then by the dates that they give."""
        said, given = uttered.get(claim, _UNKNOWN).latest, spans.get(claim, _UNKNOWN).latest
        return said or date.max, given or date.max, claim[1:-1]

    found: dict[bytes, bytes] = {}
    for link in ("resolves", "supersedes"):
        candidates: dict[bytes, list[bytes]] = defaultdict(list)
        for later, plan in columns.column(term(link)):
            if plan in dated and later in dated and plan not in found:
                candidates[plan].append(later)
        for plan, claims in candidates.items():
            found[plan] = max(claims, key=order)
    return found


def _lateness(planned: Span, actual: Span) -> str | None:
    if planned.latest is None:
        return None
    if actual.earliest and actual.earliest > planned.latest:
        return "certainlyLate"
    if actual.latest is None or actual.latest > planned.latest:
        return "possiblyLate"
    return "notLate"


def _days(actual: date, planned: date) -> bytes:
    return f'"{(actual - planned).days}"^^<{XSD}integer>'.encode()
