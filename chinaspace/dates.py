"""The first and the last day that a date value can mean."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from chinaspace.errors import DateError
from chinaspace.names import EDTF, XSD

# Python also reads 20240602 and 2024-W23-7, which XML Schema does not.
_XSD_DATE = re.compile(r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?")
_XSD_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")

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


def _edtf_span(lexical: str) -> Span:
    # Imported here because it takes a tenth of a second, and a graph of plain days needs none of it.
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        # The library prints what it stumbles over, and stumbles with whatever error comes up.
        with redirect_stdout(io.StringIO()):
            value = parse_edtf(lexical)
        found = Span(_day(value, "lower"), _day(value, "upper"))
        if found.earliest and found.latest and found.earliest > found.latest:
            raise ValueError("it ends before it starts")
        return found
    except (EDTFParseException, ValueError, TypeError, AttributeError) as error:
        raise DateError(
            f'"{lexical}" is no EDTF date. Write for example "2017-12/..", "2025~" or "202X" (ISO 8601-2).'
        ) from error


def _day(value: Any, end: str) -> date | None:
    from edtf.parser.parser_classes import UnspecifiedIntervalSection

    # The library gives an unknown end ("/2030") the width of the known one; unknown is unknown here.
    if isinstance(getattr(value, end, None), UnspecifiedIntervalSection):
        return None
    bound = getattr(value, f"{end}_strict")()
    if isinstance(bound, float) or not 1 <= bound.tm_year <= 9999:
        return None
    return date(bound.tm_year, bound.tm_mon, bound.tm_mday)
