"""Rows as data frames: what type a column has, and what is kept beside it."""

from __future__ import annotations

import sys
from datetime import date

import pyoxigraph as ox
import pytest

import chinaspace
from chinaspace.errors import MissingPartError, ParameterError, UnknownQueryError
from chinaspace.frame import Frame, read_frame, things_in
from chinaspace.load import Loaded
from chinaspace.names import CSD
from conftest import WORLD
from live import serving

COLUMNS = {
    "IRI": (f"<{CSD}mission-one>", "text", CSD + "mission-one"),
    "whole": ("7", "whole", 7),
    "too much": ('"99999999999999999999"^^xsd:integer', "text", "99999999999999999999"),
    "decimal": ("1.5", "number", 1.5),
    "no number": ('"many"^^xsd:integer', "text", "many"),
    "truth": ("true", "truth", True),
    "no truth": ('"perhaps"^^xsd:boolean', "text", "perhaps"),
    "text": ('"嫦娥"@zh-Hans', "text", "嫦娥"),
    "no date": ('"2024-13-45"^^xsd:date', "text", "2024-13-45"),
}


def frame_of(values: str, labels: dict[str, str] | None = None) -> Frame:
    """Return the frame of a column ?it with *values*."""
    text = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?it {{ VALUES ?it {{ {values} }} }}"
    solutions = ox.Store().query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    return read_frame(solutions, labels)


@pytest.mark.parametrize(("written", "kind", "value"), COLUMNS.values(), ids=COLUMNS)
def test_a_column_has_the_type_of_its_cells(written: str, kind: str, value: object) -> None:
    """What all cells are is the type of the column; an empty cell is none."""
    (column,) = frame_of(f"{written} UNDEF").typed
    assert (column.name, column.type, column.values) == ("it", kind, (value, None))


def test_whole_numbers_and_others_are_numbers() -> None:
    """A column of integers and decimals has one type, and one of numbers and words is text."""
    assert frame_of("1 2.5").typed[0].values == (1.0, 2.5)
    assert frame_of('1 "two"').typed[0].values == ("1", "two")


@pytest.mark.parametrize(
    ("lexical", "earliest", "latest"),
    [
        ("2024-06-02", date(2024, 6, 2), date(2024, 6, 2)),
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
        ("2017-12/..", date(2017, 12, 1), None),
        ("202X", date(2020, 1, 1), date(2029, 12, 31)),
    ],
)
def test_a_date_is_an_interval(lexical: str, earliest: date | None, latest: date | None) -> None:
    """A date is kept as it was said, beside the first and the last day that it can mean."""
    edtf = "<http://id.loc.gov/datatypes/edtf/EDTF>"
    frame = frame_of(f'"{lexical}"^^{edtf} "2020-11-23T20:30:22Z"^^xsd:dateTime UNDEF')
    assert [column.name for column in frame.typed] == ["it", "it_earliest", "it_latest"]
    first, second, third = frame
    assert first == {"it": lexical, "it_earliest": earliest, "it_latest": latest}
    assert second["it_latest"] == date(2020, 11, 23)
    assert set(third.values()) == {None}


def test_a_thing_has_its_label_beside_its_iri() -> None:
    """Labels come in a column of their own, and the IRI stays."""
    frame = frame_of(f"<{CSD}mission-one> <{CSD}mission-two>", {CSD + "mission-one": "One"})
    assert things_in(frame) == [CSD + "mission-one", CSD + "mission-two"]
    assert list(frame) == [
        {"it": CSD + "mission-one", "it_label": "One"},
        {"it": CSD + "mission-two", "it_label": None},
    ]


def test_a_column_of_the_query_is_never_replaced() -> None:
    """Where the query has a column of the name that ours would have, it is the query's."""
    day = ox.Literal("2024-06-02", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    frame = Frame(("day", "day_latest"), ((day, ox.Literal("mine")),))
    assert list(frame) == [{"day": "2024-06-02", "day_earliest": date(2024, 6, 2), "day_latest": "mine"}]


def test_arrow_and_pandas_have_the_same_rows() -> None:
    """Both forms have the typed columns, with empty cells, and no number is made a float by one."""
    frame = frame_of("1 UNDEF 3")
    assert frame.to_arrow().to_pydict() == {"it": [1, None, 3]}
    shown = frame.to_pandas()
    assert str(shown["it"].dtype) == "Int64"
    assert shown["it"].sum() == 4


def test_days_of_pandas_make_an_interval() -> None:
    """The two columns of days are of a type that pandas makes intervals of."""
    import pandas as pd

    frame = frame_of('"2024-06-02"^^xsd:date').to_pandas()
    (interval,) = pd.arrays.IntervalArray.from_arrays(frame.it_earliest, frame.it_latest, closed="both")
    assert pd.Timestamp("2024-06-02") in interval


def test_an_empty_answer_has_its_columns() -> None:
    """Without rows there are still columns."""
    assert frame_of("").to_arrow().column_names == ["it"]
    assert len(frame_of("").to_pandas()) == 0


def test_the_page_of_a_frame_has_no_markup_of_its_cells() -> None:
    """What a cell says is text, and only an address becomes a link."""
    page = frame_of('"<script>" <https://example.org/?a=%22&b> <javascript:alert(1)>')._repr_html_()
    assert "<script>" not in page
    assert page.count("<a ") == 1
    assert 'href="https://example.org/?a=%22&amp;b"' in page


@pytest.mark.parametrize("package", ["pyarrow", "pandas"])
def test_a_package_that_is_not_there_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an optional package, the error tells how to install it."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPartError) as caught:
        frame_of("1").to_pandas()
    assert (caught.value.part, caught.value.package) == ("notebook", package)


@pytest.fixture
def small(world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have notebooks ask the small world."""
    monkeypatch.setattr("chinaspace.consult._opened", lambda store: world)


@pytest.mark.usefixtures("small")
def test_a_query_from_a_notebook() -> None:
    """A saved query gives rows whose things have labels."""
    frame = chinaspace.query("things")
    assert len(frame) > 0
    assert "thing_label" in frame.to_pandas().columns
    assert set(frame.columns) <= set(frame.to_arrow().column_names)


@pytest.mark.usefixtures("small")
def test_parameters_from_a_notebook() -> None:
    """A day of Python is a parameter, None is none, and what cannot be one is refused."""
    assert len(chinaspace.query("as-of", day=date(2030, 1, 1))) > 0
    assert len(chinaspace.query("slips", thing=None)) == len(chinaspace.query("slips"))
    for wrong in (["a"], True, object()):
        with pytest.raises(ParameterError):
            chinaspace.query("slips", thing=wrong)
    with pytest.raises(UnknownQueryError):
        chinaspace.query("no-such-query")


def test_a_notebook_asks_a_service(world: Loaded) -> None:
    """The same call asks a SPARQL service, which gives the same rows and labels."""
    with serving(WORLD) as live:
        there = chinaspace.query("missions", store=f"{live.address}sparql")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chinaspace.consult._opened", lambda store: world)
        here = chinaspace.query("missions")
    assert list(there) == list(here)
    assert there.labels == here.labels
    assert len(there) > 0
