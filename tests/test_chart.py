"""Charts: legible at any width whatever the rows say, harmless in a page, and never a plan drawn as a fact."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chinaspace.canvas import COLOURS, PAPER
from chinaspace.cast import MOST_ROWS
from chinaspace.signs import STANDINGS
from drawn import check, drawing, fills, words_of

WORDS = st.one_of(
    st.sampled_from(
        ["Launch of Chang'e 5", "嫦娥五号从文昌发射场发射", "$x_1$ & <script>alert(1)</script>", "a" * 300]
    ),
    st.text(min_size=1, max_size=60),
    st.lists(st.sampled_from(["European", "Space", "Agency", "Lunar", "Station"]), min_size=1, max_size=12).map(
        " ".join
    ),
)
DATES = st.sampled_from(
    [None, "2017", "2017-12/..", "../2022", "202X", "2024-06-02", "0044-03-15", "9999-12-31", "2022-01/2027-01"]
)
NUMBERS = st.one_of(st.none(), st.integers(-50, 2000), st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), st.just(10**14))
MODALITIES = st.sampled_from([None, "asserted", "planned", "predicted", "alleged", "denied", "opinion", "estimated"])
PLACES = st.one_of(st.sampled_from(["China", "Pakistan", "France", "Luxembourg", "European Space Agency"]), WORDS)
ROLES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "timeline": {"label": WORDS, "start": DATES, "end": DATES, "kind": MODALITIES},
    "bar": {"x": WORDS, "y": NUMBERS, "group": st.one_of(MODALITIES, WORDS)},
    "line": {"x": st.one_of(DATES, NUMBERS), "y": NUMBERS, "group": MODALITIES},
    "map": {"place": PLACES, "latitude": st.integers(-95, 95), "longitude": st.integers(-190, 190), "kind": MODALITIES},
    "network": {"from": WORDS, "to": WORDS, "value": st.integers(0, 9), "kind": MODALITIES},
    "matrix": {"row": WORDS, "column": WORDS, "kind": st.sampled_from(["denies", "contradicts", "doubts", "ignores"])},
}


@pytest.mark.parametrize("kind", ROLES)
# A fault is told as it was found: to make it small takes longer than to find it.
@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_no_row_makes_a_chart_illegible(kind: str, data: st.DataObject) -> None:
    """Whatever cells say, no words are cut or on others, and nothing in the picture runs or comes from elsewhere."""
    row = st.fixed_dictionaries(ROLES[kind])
    rows = data.draw(st.lists(row, max_size=14))
    check(*drawing(kind, rows, data.draw(st.sampled_from([320, 400, 800, 1200]))))


@pytest.mark.parametrize("kind", ROLES)
def test_the_same_rows_give_the_same_bytes(kind: str) -> None:
    """A picture has no date, no chance and no order of a set in it."""
    cells = {"label": "One", "x": "One", "y": 3, "start": "2020", "place": "China"}
    cells |= {"from": "A", "to": "B", "row": "A", "column": "B"}
    needed = [{role: cells.get(role) for role in ROLES[kind]}] * 3
    for form in ("svg", "png"):
        assert drawing(kind, needed, form=form)[0] == drawing(kind, needed, form=form)[0]


def test_no_rows_are_a_picture() -> None:
    """An empty answer says so."""
    drawn, canvas = drawing("bar", [])
    check(drawn, canvas)
    assert "No row" in words_of(canvas)


def test_what_is_left_out_is_told() -> None:
    """A picture of the first rows says how many there are."""
    rows = [{"x": f"Speaker {number}", "y": 1} for number in range(MOST_ROWS + 700)]
    _, canvas = drawing("bar", rows)
    assert f"first {MOST_ROWS} of 1,200 rows" in words_of(canvas)
    assert "460 more with 460 in all." in words_of(canvas)


def test_a_bar_is_the_sum_of_its_rows() -> None:
    """Rows of one label are added up, and what has no number is no bar."""
    rows: list[dict[str, object]] = [
        {"x": "A", "y": 3},
        {"x": "A", "y": 4},
        {"x": "B", "y": None},
        {"x": "B", "y": 1.5},
    ]
    words = [words for words, _ in drawing("bar", rows)[1].words]
    assert {"7", "1.5"} <= set(words)


PLANS: dict[str, dict[str, object]] = {
    "timeline": {"label": "Launch", "start": "2027"},
    "bar": {"x": "Speaker", "y": 3},
    "line": {"x": "2020", "y": 3},
    "map": {"place": "Brazil"},
}


@pytest.mark.parametrize("kind", PLANS)
def test_a_plan_is_open(kind: str) -> None:
    """What is planned is drawn open, where the same that was reported is filled."""
    role = "group" if kind in ("bar", "line") else "kind"
    # The other part is there in both, because a chart of one part alone does not tell parts apart.
    others = [{**PLANS[kind], role: "alleged"}] if role == "group" else []
    open_, filled = (
        [fill for fill in fills(drawing(kind, [{**PLANS[kind], role: one}, *others])[0]) if fill == PAPER]
        for one in ("planned", "asserted")
    )
    hatched = [fill for fill in fills(drawing(kind, [{**PLANS[kind], role: "planned"}, *others])[0]) if "url" in fill]
    assert len(open_) + (len(hatched) if kind == "map" else 0) > len(filled)


def test_a_tie_that_is_planned_only_is_dashed() -> None:
    """A tie is solid as soon as one row reports it."""
    tie = {"from": "A", "to": "B"}
    assert b"stroke-dasharray" in drawing("network", [{**tie, "kind": "planned"}])[0]
    both = drawing("network", [{**tie, "kind": "planned"}, {**tie, "kind": "asserted"}])[0]
    assert b"stroke-dasharray" not in both


def test_a_newer_plan_is_no_outcome() -> None:
    """What followed a plan is filled only if it was reported."""
    row = {"label": "Launch", "start": "2020", "end": "2025-03-01"}
    filled = STANDINGS["reported"].fill
    assert filled == COLOURS[1]
    assert filled in fills(drawing("timeline", [{**row, "kind": "asserted"}])[0])
    assert filled not in fills(drawing("timeline", [{**row, "kind": "planned"}])[0])


def test_a_number_in_a_cell_counts_its_rows() -> None:
    """A matrix tells how often, and of which kind."""
    rows = [{"row": "A", "column": "B", "kind": kind} for kind in ("denies", "contradicts", "contradicts")]
    words = [words for words, _ in drawing("matrix", rows)[1].words]
    assert {"■2", "△1", "contradicts", "denies"} <= set(words)


def test_a_chart_is_told_to_those_who_do_not_see_it() -> None:
    """The description has the question and the values."""
    drawn = drawing("bar", [{"x": "嫦娥", "y": 3}])[0].decode()
    assert "<title" in drawn
    assert "What is it?" in drawn.partition("<desc")[2].partition("</desc>")[0]
    assert "嫦娥: 3" in drawn
