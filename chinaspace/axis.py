"""Put days on an axis: where each is, and which ones are written below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chinaspace.canvas import GREY, Canvas
from chinaspace.dates import Span
from chinaspace.fonts import extent

_YEARS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
_MONTHS = (1, 2, 3, 6)
_SIZE = 11.0


@dataclass(frozen=True)
class Axis:
    """Days from *first* to *last*, day numbers of Python, between two places."""

    first: int
    last: int
    left: float
    right: float

    def x(self, day: date) -> float:
        """Return the place of a day."""
        return self.left + (day.toordinal() - self.first) / (self.last - self.first) * (self.right - self.left)

    def ticks(self) -> list[tuple[date, str]]:
        """Return the days to be written, as many as have room, with their words."""
        first, last = date.fromordinal(self.first), date.fromordinal(self.last)
        for months in _MONTHS:
            room = (self.right - self.left) / ((self.last - self.first) / 30.5 / months)
            if room > extent("2000-00", _SIZE) + 14:
                days = [date(year, month, 1) for year in _years(first, last, 1) for month in range(1, 13, months)]
                return [(day, f"{day:%Y-%m}") for day in days if first <= day <= last]
        for step in _YEARS:
            if (self.right - self.left) / ((self.last - self.first) / 365.25 / step) > extent("2000", _SIZE) + 14:
                break
        days = [date(year, 1, 1) for year in _years(first, last, step)]
        return [(day, str(day.year)) for day in days if first <= day <= last]

    def words(self, canvas: Canvas) -> None:
        """Write the ticks at *y*, which moves on."""
        canvas.y += 14
        for day, words in self.ticks():
            half = extent(words, _SIZE) / 2
            x = min(max(self.x(day), self.left + half), self.right - half)
            canvas.text(x, canvas.y, words, size=_SIZE, anchor="center", colour=GREY)
        canvas.y += 6

    def grid(self, canvas: Canvas, top: float, bottom: float) -> None:
        """Draw a line for each tick."""
        for day, _ in self.ticks():
            canvas.rule((self.x(day), top), (self.x(day), bottom))


def axis(spans: list[Span], left: float, right: float) -> Axis:
    """Return the axis that has room for the ends of all *spans*, at least a month of days."""
    ends = [day.toordinal() for days in spans for day in (days.earliest, days.latest) if day]
    low, high = min(ends, default=date(2020, 1, 1).toordinal()), max(ends, default=date(2020, 12, 31).toordinal())
    pad = max(15, round(0.03 * (high - low)))
    return Axis(max(1, low - pad), min(date.max.toordinal(), high + pad), left, right)


def _years(first: date, last: date, step: int) -> list[int]:
    """Return the years of a time that *step* divides."""
    return [year for year in range(first.year - first.year % step, last.year + 1, step) if year]
