"""The first and the last day that a date value can mean."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache, reduce
from importlib.metadata import version
from threading import Lock
from typing import Any

from chinaspace.errors import DateError
from chinaspace.names import EDTF, XSD
from chinaspace.remember import MOST, recall, retain

# Python also reads 20240602 and 2024-W23-7, which XML Schema does not.
_XSD_DATE = re.compile(r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?")
_XSD_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")

_SILENCE = Lock()

# Classes of the library for forms of EDTF dates.
_COMMON = ("Date", "DateAndTime", "Interval", "UncertainOrApproximate", "Unspecified", "Level1Interval")

# No date is written with more signs; and the library counts the zeros of a power of ten.
_LONGEST = 200
_FARTHEST = re.compile(r"[Ee]\d{3}")

DATE_TYPES = frozenset({XSD + "date", XSD + "dateTime", EDTF.value})


@dataclass(frozen=True)
class Span:
    """The days that a date value can mean; None is an open end."""

    earliest: date | None
    latest: date | None

    def meets(self, other: Span) -> bool:
        """Tell whether some day is a day of both spans."""
        starts = not (self.latest and other.earliest and self.latest < other.earliest)
        ends = not (other.latest and self.earliest and other.latest < self.earliest)
        return starts and ends

    def narrow(self, other: Span) -> Span:
        """Return the days of both spans, which must meet."""
        starts = [day for day in (self.earliest, other.earliest) if day]
        ends = [day for day in (self.latest, other.latest) if day]
        return Span(max(starts, default=None), min(ends, default=None))

    def cover(self, other: Span) -> Span:
        """Return the shortest span that contains both."""
        earliest = min(self.earliest, other.earliest) if self.earliest and other.earliest else None
        latest = max(self.latest, other.latest) if self.latest and other.latest else None
        return Span(earliest, latest)


def settle(spans: Iterable[Span]) -> Span:
    """Return the span of several dates for one thing, at least one, in whatever order they come.

    Dates that agree leave the days that fit them all, so the sharpest counts;
    those that exclude each other span from the first to the last.
    """
    first, *others = sorted(spans, key=lambda one: (one.earliest or date.min, one.latest or date.max))
    agreed = [first]
    for one in others:
        if agreed[-1].meets(one):
            agreed[-1] = agreed[-1].narrow(one)
        else:
            agreed.append(one)
    return reduce(Span.cover, agreed)


@lru_cache(maxsize=65536)
def span(lexical: str, datatype: str) -> Span:
    """Return the days that the literal can mean.

    *datatype* is the IRI of xsd:date, xsd:dateTime (taken in UTC) or edtf:EDTF.
    EDTF is ISO 8601-2:2019; "~" and "?" do not widen the span, because how far
    is nowhere defined. An open or unknown end gives None, and so does a year
    outside 1 to 9999, which Python's calendar does not have.

    Raises:
        DateError: *lexical* is not well-formed, or *datatype* is no date type.
    """
    try:
        if datatype == XSD + "date" and _XSD_DATE.fullmatch(lexical):
            day = date.fromisoformat(lexical[:10])
            return Span(day, day)
        if datatype == XSD + "dateTime" and _XSD_DATETIME.fullmatch(lexical):
            moment = datetime.fromisoformat(lexical)
            day = (moment.astimezone(UTC) if moment.tzinfo else moment).date()
            return Span(day, day)
    except (ValueError, OverflowError) as error:
        raise DateError(f'"{lexical}" is no date: {error}. Write for example 2024-06-02.') from error
    if datatype == EDTF.value:
        if len(lexical) > _LONGEST or _FARTHEST.search(lexical):
            raise DateError(
                f'"{lexical[:_LONGEST]}" is longer or farther away than dates are. Write for example "2025~".'
            )
        return _edtf_span(lexical)
    raise DateError(f'"{lexical}" of type {datatype} is no date. Write for example "2024-06-02"^^xsd:date.')


def retain_spans() -> None:
    """Let the next run have the spans that this one has worked out."""
    memory = _memory()
    if len(memory.spans) > memory.recalled:
        retain(
            memory.name, {lexical: [_shown(one.earliest), _shown(one.latest)] for lexical, one in memory.spans.items()}
        )


class _Memory:
    """The spans of EDTF dates, those of former runs with the same library among them."""

    def __init__(self) -> None:
        self.name = f"edtf-{version('edtf')}"
        self.spans = {lexical: one for lexical, value in recall(self.name).items() if (one := _recalled(value))}
        self.recalled = len(self.spans)


def _shown(day: date | None) -> str | None:
    return day.isoformat() if day else None


@cache
def _memory() -> _Memory:
    return _Memory()


def _recalled(value: object) -> Span | None:
    try:
        ends = [None if end is None else date.fromisoformat(str(end)) for end in value]  # type: ignore[attr-defined]
        return Span(*ends)
    except (TypeError, ValueError):
        return None


def _edtf_span(lexical: str) -> Span:
    # The library takes milliseconds for each, and a graph has hundreds, the same in every run.
    spans = _memory().spans
    found = spans.get(lexical) or _worked_out(lexical)
    if len(spans) < MOST:
        spans[lexical] = found
    return found


def _worked_out(lexical: str) -> Span:
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        # The library prints what it stumbles over, and stumbles with whatever error comes up. One at a time, because
        # a second thread would take the first one's silence for standard output, and put it back for good.
        with _SILENCE, redirect_stdout(io.StringIO()):
            value = _parse(lexical)
        found = Span(_day(value, "lower"), _day(value, "upper"))
        if found.earliest and found.latest and found.earliest > found.latest:
            raise ValueError("it ends before it starts")
        return found
    except (EDTFParseException, ValueError, TypeError, AttributeError) as error:
        raise DateError(
            f'"{lexical}" is no EDTF date. Write for example "2017-12/..", "2025~" or "202X" (ISO 8601-2).'
        ) from error


def _parse(lexical: str) -> Any:
    """Return what the library makes of an EDTF date.

    Its grammar tries every form of date on every value, which takes some
    milliseconds. The commonest forms are tried first here, one by one in its own
    order, in which the first that fits the whole value is the one it takes.
    """
    # Imported here because it takes a tenth of a second, and a graph of plain days needs none of it.
    import edtf
    from pyparsing import ParseException

    for name in _COMMON:
        with suppress(ParseException):
            return getattr(edtf, name).parser.parse_string(lexical.strip(), parse_all=True)[0]
    return edtf.parse_edtf(lexical)


def _day(value: Any, end: str) -> date | None:
    from edtf.parser.parser_classes import UnspecifiedIntervalSection

    # The library gives an unknown end ("/2030") the width of the known one; unknown is unknown here.
    if isinstance(getattr(value, end, None), UnspecifiedIntervalSection):
        return None
    bound = getattr(value, f"{end}_strict")()
    if isinstance(bound, float) or not 1 <= bound.tm_year <= 9999:
        return None
    return date(bound.tm_year, bound.tm_mon, bound.tm_mday)
