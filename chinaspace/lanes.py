"""Sort what was planned and what was reported of each thing into lanes of a timeline, with the slip between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from chinaspace.cast import PLANNED, Row
from chinaspace.dates import Span

# Says our own words in the language of a drawing, as :meth:`chinaspace.canvas.Canvas.say` does.
Say = Callable[..., str]
# Units with their days, their digits after the point, and up to how many of it they are taken.
_UNITS = ((1.0, "day", None, 90.0), (30.44, "month", None, 24.0), (365.25, "year", 1, float("inf")))


def english(message: str, **values: object) -> str:
    """Return our own words as they are, with *values* where they name them."""
    return message % values if values else message


@dataclass(frozen=True)
class Lane:
    """A plan beside what came of it, each in its standing; either may be missing. *slip* tells how late it came."""

    plan: Span | None
    marks: tuple[tuple[Span, str], ...] = ()
    slip: str = ""

    @property
    def spans(self) -> list[Span]:
        """Return all days that it speaks of."""
        return [*([self.plan] if self.plan else []), *(days for days, _ in self.marks)]


@dataclass
class _Thing:
    """The lanes of a thing: with what came of each plan, and without."""

    known: dict[Lane, None] = field(default_factory=dict)
    plans: dict[Span, None] = field(default_factory=dict)
    marks: dict[tuple[Span, str], None] = field(default_factory=dict)


def lanes(rows: Sequence[Row], say: Say = english) -> dict[str, list[Lane]]:
    """Return the lanes of each thing, the thing with the first day first; *say* puts slips into words.

    A row has the roles "planned" and "actual", where "modality" is that of the
    latter, because a plan may have been followed by another plan; or it has
    "date" with "modality". Its slip is what the roles "least" and "most" say in
    days, or else the days between the two.
    """
    things: dict[str, _Thing] = {}
    for row in rows:
        if row.words.get("label") and row.spans:
            _add(things.setdefault(row.words["label"], _Thing()), row, say)
    found = {name: _lanes(thing) for name, thing in things.items()}
    return dict(sorted(found.items(), key=lambda pair: (_first(pair[1]), pair[0])))


def _add(thing: _Thing, row: Row, say: Say) -> None:
    planned, actual = row.spans.get("planned"), row.spans.get("actual")
    if planned and actual:
        thing.known[Lane(planned, ((actual, row.standing),), _slip(row, planned, actual, say))] = None
    elif planned:
        thing.plans[planned] = None
    days = None if planned else actual or row.spans.get("date")
    if days and row.standing == PLANNED:
        thing.plans[days] = None
    elif days:
        thing.marks[days, row.standing] = None


def lateness(least: float | None, most: float | None, say: Say = english) -> str:
    """Return in words by how many days, at least and at most, something came late; negative days are early."""
    if least is None and most is None:
        return ""
    if least is not None and least > 0:
        time = _between(least, most, say)
        return say("at least %(time)s late", time=time) if most is None else say("%(time)s late", time=time)
    if most is not None and most < 0:
        time = _between(-most, None if least is None else -least, say)
        return say("at least %(time)s early", time=time) if least is None else say("%(time)s early", time=time)
    if most is not None:
        return say("at most %(time)s late", time=_between(most, most, say)) if most else say("not late")
    return say("perhaps late")


def _slip(row: Row, planned: Span, actual: Span, say: Say) -> str:
    if _within(actual, planned):
        return say("within the plan")
    if "least" in row.numbers or "most" in row.numbers:
        return lateness(row.numbers.get("least"), row.numbers.get("most"), say)
    return lateness(_apart(planned.latest, actual.earliest), _apart(planned.earliest, actual.latest), say)


def _within(days: Span, plan: Span) -> bool:
    """Tell whether all of the days are days of a plan that has both ends."""
    if not (days.earliest and days.latest and plan.earliest and plan.latest) or plan.earliest == plan.latest:
        return False
    return plan.earliest <= days.earliest and days.latest <= plan.latest


def _apart(first: date | None, second: date | None) -> float | None:
    return float((second - first).days) if first and second else None


def _lanes(thing: _Thing) -> list[Lane]:
    """Return the lanes by their days; what was reported stands beside each plan that nothing is known of."""
    marks = tuple(thing.marks)
    told = {lane.plan for lane in thing.known}
    lonely = [Lane(plan, marks) for plan in thing.plans if plan not in told]
    if marks and not lonely:
        lonely = [Lane(None, marks)]
    return sorted([*thing.known, *lonely], key=lambda lane: [_order(days) for days in lane.spans])


def _first(found: list[Lane]) -> date:
    return min(_order(days)[0] for lane in found for days in lane.spans)


def _order(days: Span) -> tuple[date, date]:
    return days.earliest or days.latest or date.max, days.latest or date.max


def _between(least: float, most: float | None, say: Say) -> str:
    """Return "2 to 4 months", in the unit that people would take for the longer of the two."""
    size, unit, digits = next(one for one in _UNITS if (most or least) < one[0] * one[3])[:3]
    first, last = round(least / size, digits), None if most is None else round(most / size, digits)
    number = f"{first:g}"
    if last is not None and first != last:
        number = say("%(first)s to %(last)s", first=number, last=f"{last:g}")
    several = (last or first) != 1
    words = {
        "day": say("%(number)s days", number=number) if several else say("1 day"),
        "month": say("%(number)s months", number=number) if several else say("1 month"),
        "year": say("%(number)s years", number=number) if several else say("1 year"),
    }
    return words[unit]
