"""Pictures of answers: those of all saved queries, over HTTP and on the command line, and how they are drawn."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from fastapi.testclient import TestClient

from asked import OF_THE_GRAPH
from chinaspace import depict as module
from chinaspace.ask import solve
from chinaspace.cast import cast
from chinaspace.chart import Sketch, lay_out
from chinaspace.chart_map import world as countries
from chinaspace.depict import depict
from chinaspace.errors import BusyError, DeadlineError, KilledError, ParameterError
from chinaspace.frame import read_frame
from chinaspace.load import Loaded
from chinaspace.names import CS, RDF, RDFS
from chinaspace.picture import read_width
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.translate import messages
from drawn import check, drawing, rows_of, words_of
from support import Command

CHARTS = [query for query in saved_queries().values() if query.chart]
SKETCH = Sketch("some-query", "Some query", "What?", "bar", 1)
ROWS = rows_of("bar", [{"x": "A", "y": 1}])

each_chart = pytest.mark.parametrize("query", CHARTS, ids=lambda query: query.name)


def test_the_charts_that_are_wanted() -> None:
    """Each kind of chart is drawn by a saved query."""
    assert {query.chart.kind for query in CHARTS if query.chart} == {
        "timeline", "bar", "line", "map", "network", "matrix"
    }  # fmt: skip


@each_chart
@pytest.mark.parametrize("width", [1200, 400])
def test_a_chart_of_the_graph(graph: Loaded, query: SavedQuery, width: int) -> None:
    """The chart of each saved query is legible on a screen and on a telephone."""
    assert query.chart
    frame = read_frame(solve(graph.store, query, OF_THE_GRAPH.get(query.name, {})))
    sketch = Sketch(query.name, query.summary, query.question, query.chart.kind, len(frame))
    drawn, canvas = lay_out(sketch, cast(frame, query.chart.kind, query.chart.roles), "svg", width)
    assert len(frame) >= query.min_rows
    check(drawn, canvas)


def test_every_country_of_the_graph_is_on_the_map(graph: Loaded) -> None:
    """The outlines have each country that is described, by its name."""
    rows = graph.store.query(f"SELECT ?name {{ ?c <{RDF}type> <{CS}Country> ; <{RDFS}label> ?name }}")
    names = {row["name"].value for row in rows if row["name"].language == "en"}  # type: ignore[union-attr]
    assert len(names) > 40
    assert not [name for name in names if name.casefold() not in countries()[1]]


def test_where_a_place_is_on_the_map() -> None:
    """A place is a country by its item or name, a point by its coordinates, or else listed below the map."""
    rows: list[dict[str, object]] = [
        {"place": "A name of our own", "item": "http://www.wikidata.org/entity/Q155"},
        {"place": "Wenchang", "latitude": 19.6, "longitude": 110.95},
        {"place": "Jiuquan", "geometry": "POINT(100.3 40.96)"},
        {"place": "Nowhere", "latitude": 91, "longitude": 0},
    ]
    words = words_of(drawing("map", rows)[1])
    there = [words.index(name) for name in ("A name of our own", "Wenchang", "Jiuquan")]
    assert words.index("Not on the map:") > max(there)
    assert words.index("Not on the map:") < words.index("Nowhere")
    assert "Not on the map:" not in words_of(drawing("map", rows[:3])[1])


def test_a_picture_over_http(client: TestClient) -> None:
    """A picture has its type, its width and an entity tag, as other forms have."""
    found = client.get("/queries/slips?format=svg&width=400")
    assert found.headers["content-type"] == "image/svg+xml"
    assert Xml.fromstring(found.content).get("width") == "400"
    again = client.get("/queries/slips?format=svg&width=400", headers={"if-none-match": found.headers["etag"]})
    assert again.status_code == 304
    other = client.get("/queries/slips?format=svg&width=500")
    assert other.headers["etag"] != found.headers["etag"]
    assert client.get("/queries/slips", headers={"accept": "image/png"}).content.startswith(b"\x89PNG")


def test_a_picture_in_chinese(client: TestClient) -> None:
    """On Chinese pages pictures say what is ours in Chinese, and a copy in one language is none in the other."""
    english, chinese = (client.get(f"{root}/queries/slips?format=svg") for root in ("", "/zh"))
    titles = [Xml.fromstring(found.content)[0].text for found in (english, chinese)]
    assert titles == ["How late plans came true", messages()["How late plans came true"]]
    assert messages()["some day in this time"] in chinese.text
    asked = client.get("/queries/slips?format=svg", headers={"accept-language": "zh-CN"})
    assert asked.text == chinese.text
    assert asked.headers["etag"] != english.headers["etag"]
    assert "accept-language" in ", ".join(asked.headers.get_list("vary"))


@pytest.mark.parametrize("address", ["/queries/slips?format=svg&width=4", "/queries/slips?format=png&width=wide"])
def test_a_wrong_width_over_http(client: TestClient, address: str) -> None:
    """A width at which nothing can be read is refused."""
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("text", ["319", "2401", "-5", "1e3", "", "\uff14\uff10\uff10", "9" * 40])
def test_a_wrong_width(text: str) -> None:
    """Only a whole number of pixels within bounds is a width."""
    with pytest.raises(ParameterError):
        read_width(text)


def test_a_picture_on_the_command_line(chinaspace: Command, tmp_path: Path) -> None:
    """The command line writes the picture into a file, whose ending tells the form."""
    path = tmp_path / "slips.png"
    assert chinaspace("query", "slips", "--output", path, "--width", "400").code == 0
    assert path.read_bytes()[16:24] == (400).to_bytes(4, "big") + path.read_bytes()[20:24]


def test_another_process_draws_the_same() -> None:
    """What is drawn in a process of its own is what is drawn here, and is drawn once."""
    drawn = depict(SKETCH, ROWS, "svg", 400)
    assert drawn == lay_out(SKETCH, ROWS, "svg", 400)[0]
    assert depict(SKETCH, ROWS, "svg", 400) is drawn


def test_a_drawing_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes too long is ended, and the next one is drawn."""
    monkeypatch.setattr(module, "_SECONDS", 0.01)
    with pytest.raises(DeadlineError):
        depict(SKETCH, ROWS, "svg", 401)
    monkeypatch.undo()
    assert depict(SKETCH, ROWS, "svg", 401)


def test_a_drawing_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process ends early, nobody gets half a picture."""
    monkeypatch.setattr(module, "_CALL", "import os; os._exit(9)")
    with pytest.raises(KilledError):
        depict(SKETCH, ROWS, "svg", 402)


def test_where_there_is_no_process_to_draw_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that gives no process has the client come again, and is no fault of the server."""
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(BusyError):
        depict(SKETCH, ROWS, "svg", 403)


@pytest.mark.parametrize(("lane", "patience"), [("_GATE", 0.01), ("_QUEUE", 60)])
def test_few_draw_at_once(lane: str, patience: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """While others draw, whoever comes later waits a little, or is told at once to ask again if many wait."""
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(module, "_PATIENCE", patience)
    monkeypatch.setattr(module, lane, taken)
    start = time.monotonic()
    with pytest.raises(BusyError):
        depict(SKETCH, ROWS, "svg", 403)
    assert time.monotonic() - start < 5
