"""The programme as a line of time: every event with the dates that were announced for it and the one it had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response

from chinaspace.compose import LONGEST, Reader, compose, until
from chinaspace.lookup import Row, lookup
from chinaspace.names import cs
from chinaspace.serving import Serving

_ASSERTED, _DEPRECATED = cs("asserted"), cs("deprecated")
_KINDS = {"launches": ("Launch",), "landings": ("Landing",), "other": ("Event",)}
_MOST = 400
# No more years are drawn than can be told apart; what lies before stands at the edge.
_YEARS = 35


@dataclass(frozen=True)
class Mark:
    """A date on the line: *begin* and *end* in years from the start of the scale, *text* as it was said."""

    begin: float
    end: float
    text: str
    modality: ox.NamedNode
    claim: ox.NamedNode
    is_fact: bool


@dataclass
class Event:
    """An event with its marks; *when* sorts it."""

    node: ox.NamedNode
    marks: list[Mark] = field(default_factory=list)

    @property
    def happened(self) -> list[Mark]:
        """Return the dates that are reported as facts, each once, the sharpest first."""
        facts = {mark.text: mark for mark in self.marks if mark.is_fact}
        return sorted(facts.values(), key=lambda mark: mark.end - mark.begin)

    @property
    def announced(self) -> list[Mark]:
        """Return the dates that were planned, foretold or otherwise not reported as facts, each once."""
        return list({(mark.text, mark.modality): mark for mark in self.marks if not mark.is_fact}.values())

    @property
    def when(self) -> tuple[float, str]:
        """Return what sorts events: the sharpest fact, else the last announcement."""
        return self.happened[0].begin if self.happened else max(one.begin for one in self.marks), self.node.value


def add_chronicle(app: FastAPI, serving: Callable[[], Serving]) -> None:
    """Add the page."""

    @app.head("/timeline", include_in_schema=False)
    @app.get("/timeline", include_in_schema=False)
    async def timeline(request: Request) -> Response:
        """Show the events by year."""
        kind = request.query_params.get("kind", "")
        wanted = kind if kind in _KINDS else "launches"
        return await compose(request, serving(), lambda reader: _timeline(reader, wanted))


async def _timeline(reader: Reader, kind: str) -> tuple[str, dict[str, Any]]:
    (rows,) = await reader.rows(lookup("chronicle", LONGEST, kind=[cs(name) for name in _KINDS[kind]], day=until()))
    events: dict[ox.NamedNode, Event] = {}
    for row in rows:
        event, mark = row["event"], _mark(row)
        if mark and isinstance(event, ox.NamedNode) and row.get("rank") != _DEPRECATED:
            events.setdefault(event, Event(event)).marks.append(mark)
    if kind == "other":
        (others,) = await reader.rows(lookup("chronicle", LONGEST, kind=[cs("Launch"), cs("Landing")], day=until()))
        for row in others:
            if isinstance(event := row["event"], ox.NamedNode):
                events.pop(event, None)
    shown = sorted(events.values(), key=lambda event: event.when)[:_MOST]
    last = int(max((mark.end for event in shown for mark in event.marks), default=0)) + 1
    first = max(last - _YEARS, int(min((mark.begin for event in shown for mark in event.marks), default=0)))
    return "timeline.html", {"years": _by_year(shown), "first": first, "last": last, "kind": kind}


def _by_year(events: list[Event]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    for event in events:
        found.setdefault(int(event.when[0]), []).append(event)
    return found


def _mark(row: Row) -> Mark | None:
    """Return the mark of a date that is bounded at one side at least; an open side reaches one year."""
    begin, end = _year(row.get("earliest")), _year(row.get("latest"))
    claim, modality = row["claim"], row["modality"]
    if not (isinstance(claim, ox.NamedNode) and isinstance(modality, ox.NamedNode)):
        return None
    if begin is None and end is None:
        return None
    start = begin if begin is not None else (end or 0) - 1
    stop = end if end is not None else start + 1
    stop = stop + 1 / 366 if end is not None else stop
    text = str(getattr(row["value"], "value", ""))
    return Mark(start, max(start, stop), text, modality, claim, modality == _ASSERTED)


def _year(term: object) -> float | None:
    """Return a day as a number of years."""
    text = str(getattr(term, "value", ""))
    try:
        year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    except ValueError:
        return None
    return year + (month - 1) / 12 + (day - 1) / 366
