"""Lanes of a timeline: which plan stands beside which outcome, and how late that was."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from chinaspace.axis import axis
from chinaspace.dates import Span
from chinaspace.lanes import Lane, lanes, lateness
from drawn import rows_of

DAY = Span(date(2020, 11, 23), date(2020, 11, 23))
YEAR = Span(date(2017, 1, 1), date(2017, 12, 31))


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (1058, 1422, "2.9 to 3.9 years late"),
        (40, 40, "40 days late"),
        (1, 1, "1 day late"),
        (151, 334, "5 to 11 months late"),
        (2192, None, "at least 6 years late"),
        (None, 1088, "at most 3 years late"),
        (-30, 0, "not late"),
        (-1154, 702, "at most 23 months late"),
        (-60, -30, "30 to 60 days early"),
        (None, -30, "at least 30 days early"),
        (0, None, "perhaps late"),
        (None, None, ""),
    ],
)
def test_a_slip_in_words(least: float | None, most: float | None, words: str) -> None:
    """Bounds of a slip are told in the unit that people would take, and never as more than is known."""
    assert lateness(least, most) == words


def test_a_plan_stands_beside_what_came_of_it() -> None:
    """Each plan has its own outcome, and the slip is worked out where no role gives it."""
    rows = [{"label": "Launch", "start": "2017", "end": "2020-11-23", "kind": "asserted"}]
    assert lanes(rows_of("timeline", rows)) == {"Launch": [Lane(YEAR, ((DAY, "reported"),), "2.9 to 3.9 years late")]}


def test_a_given_slip_comes_first() -> None:
    """What the query says of a slip is told, not what could be worked out."""
    rows = [{"label": "Launch", "start": "2017", "end": "2020-11-23", "least": 5, "most": 9}]
    assert lanes(rows_of("timeline", rows))["Launch"][0].slip == "5 to 9 days late"


def test_an_outcome_within_the_plan_is_not_late() -> None:
    """A day of the planned time is no slip."""
    rows = [{"label": "Launch", "start": "2020", "end": "2020-11-23"}]
    assert lanes(rows_of("timeline", rows))["Launch"][0].slip == "within the plan"


def test_dates_by_their_modality() -> None:
    """Of dates with a modality, what was reported stands beside each plan, and things come in the order of days."""
    rows = [
        {"label": "Late", "start": "2030", "kind": "planned"},
        {"label": "Early", "start": "2017", "kind": "predicted"},
        {"label": "Early", "start": "2020-11-23", "kind": "asserted"},
        {"label": "Early", "start": "2020-11-23", "kind": "asserted"},
        {"label": "Nothing", "start": "no date", "kind": "asserted"},
    ]
    found = lanes(rows_of("timeline", rows))
    assert list(found) == ["Early", "Late"]
    assert found["Early"] == [Lane(YEAR, ((DAY, "reported"),))]


def test_a_plan_without_an_outcome_is_there() -> None:
    """Where a query has a column for outcomes and a plan has none, the plan is drawn all the same."""
    rows: list[dict[str, object]] = [
        {"label": "Launch", "start": "2017", "end": None},
        {"label": "Other", "start": "2017", "end": "2020-11-23"},
    ]
    assert lanes(rows_of("timeline", rows))["Launch"] == [Lane(YEAR)]


@pytest.mark.parametrize("last", [date(2020, 1, 2), date(2021, 5, 1), date(2060, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("width", [150, 1000])
def test_an_axis_has_room_for_its_ticks(last: date, width: float) -> None:
    """There are ticks, and they are far enough from each other."""
    found = axis([Span(date(2020, 1, 1), last)], 0, width)
    places = [found.x(day) for day, _ in found.ticks()]
    assert places == sorted(places)
    assert len(places) >= 1
    assert all(later - earlier > 30 for earlier, later in pairwise(places))
