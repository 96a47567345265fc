"""Trace the dates of things along a line of time: each that was announced, what became true, and the slip between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from chinaspace.names import Term
from chinaspace.recite import Claim
from chinaspace.translate import translate

# The line is so many units long; a mark is at least so wide.
WIDTH = 200
_LEAST = 4
_MARGIN = 6
# Properties whose values are spans of time that a plan was given, not its date.
_FRAME = "timeFrame"


@dataclass(frozen=True)
class Mark:
    """One claim on the line: where its date lies, from *left* to *right*, and *said*, where the day lies when it came.

    An end that is open goes to the end of the line. It is *actual* if it was
    asserted, and no other claim on the line has a better rank.
    """

    claim: Claim
    value: str
    left: float | None
    right: float | None
    said: float | None
    slip: str
    actual: bool

    @property
    def width(self) -> float:
        """Return how wide the mark is."""
        return max(_LEAST, (self.right or 0) - (self.left or 0))


@dataclass(frozen=True)
class Line:
    """The dates that one property of a thing was given, in the order in which they were told.

    *property* is nothing for the time frames of plans, which are of several things. *years* are the years that
    begin within the line, each with its place, and *actual* is where what
    became true lies.
    """

    subject: Term
    property: Term | None
    marks: tuple[Mark, ...]
    years: tuple[tuple[int, float], ...]
    actual: float | None


def trace(claims: Iterable[Claim]) -> list[Line]:
    """Return a line for each property of each thing that *claims* give a date, those with an outcome first."""
    groups: dict[tuple[str, str], list[Claim]] = {}
    dates = list(claims)
    known = {claim.node for claim in dates}
    for claim in dates:
        if claim.text("earliest") or claim.text("latest"):
            key = ("", "") if claim.several(_FRAME) else (claim.text("subject"), claim.text("predicate"))
            groups.setdefault(key, []).append(claim)
    if ("", "") in groups:
        groups["", ""] = _told_apart(groups["", ""])
    lines = [_line(sorted(group, key=lambda claim: claim.order), known) for group in groups.values()]
    return sorted(lines, key=lambda line: (line.property is None, line.actual is None, -len(line.marks)))


def _told_apart(frames: list[Claim]) -> list[Claim]:
    """Return of the plans for one time in one source the first: a sentence about a plan gives many claims."""
    first: dict[tuple[str, str], Claim] = {}
    for claim in sorted(frames, key=lambda claim: claim.order):
        first.setdefault((claim.text(_FRAME), claim.text("source")), claim)
    return list(first.values())


def is_outcome(claim: Claim) -> bool:
    """Tell whether a claim reports a date, and was not given up since."""
    return claim.modality == "asserted" and not claim.text("rank").endswith("/deprecated")


def _line(group: list[Claim], known: set[ox.NamedNode]) -> Line:
    spans = [
        # When an outcome was reported is no part of the story; when a plan was announced is.
        (_day(claim.text("earliest")), _day(claim.text("latest")), None if is_outcome(claim) else _day(claim.day))
        for claim in group
    ]
    days = [day for span in spans for day in span if day is not None]
    first, last = min(days), max(days)
    scale = (WIDTH - 2 * _MARGIN) / max(1, last - first)

    def place(day: int) -> float:
        return round(_MARGIN + (day - first) * scale, 1)

    best = {claim.node for claim in _best(group)}
    marks, actual = [], None
    for claim, (earliest, latest, said) in zip(group, spans, strict=True):
        left = None if earliest is None else place(earliest)
        right = None if latest is None else place(latest)
        value = claim.text(_FRAME) or claim.text("object")
        told = None if said is None else place(said)
        marks.append(Mark(claim, value, left, right, told, slip(claim, known), claim.node in best))
        if claim.node in best:
            actual = left if left is not None else right
    years = [(year, place(date(year, 1, 1).toordinal())) for year in range(_year(first) + 1, _year(last) + 1)]
    step = max(1, -(-len(years) // 5))
    head = group[0]
    return Line(
        head.one("subject") or head.node,
        None if head.several(_FRAME) else head.one("predicate"),
        tuple(marks),
        tuple(years[::step]),
        actual,
    )


def _best(group: list[Claim]) -> list[Claim]:
    """Return what the line takes for the date that came: asserted, no time frame, and of the best rank."""
    outcomes = [claim for claim in group if is_outcome(claim) and not claim.several(_FRAME)]
    return [claim for claim in outcomes if claim.text("rank").endswith("/preferred")] or outcomes


def slip(claim: Claim, known: set[ox.NamedNode]) -> str:
    """Return in words by how many days the outcome of a plan, if it is among the *known* claims, came later."""
    if not any(follower in known for follower in claim.several("followedBy")):
        return ""
    least, most = _number(claim.text("slipAtLeast")), _number(claim.text("slipAtMost"))
    if least is None and most is None:
        return ""
    if least is None:
        return translate("at most %(most)s days later") % {"most": most}
    if most is None:
        return translate("at least %(least)s days later") % {"least": least}
    if least == most:
        return translate("%(days)s days later") % {"days": least} if least else translate("on the day")
    return translate("%(least)s to %(most)s days later") % {"least": least, "most": most}


def _number(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdigit() else None


def _day(text: str) -> int | None:
    """Return the number of a day, or None where the text is none of the calendar of Python."""
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None


def _year(day: int) -> int:
    return date.fromordinal(day).year
