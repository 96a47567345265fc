"""Saved queries over HTTP: their forms, and what is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from asked import OF_THE_GRAPH
from chinaspace.cli import app as command
from chinaspace.forms import FORMS, MEDIA_TYPES
from chinaspace.load import Loaded
from chinaspace.queries import SavedQuery, find_query, read_query, saved_queries
from chinaspace.web import create_app

ASKED = "/queries/who-said-what?thing=mission-lamp-1"
EVERYWHERE = [name for name, form in FORMS.items() if form.fits(find_query("who-said-what"))]

each_query = pytest.mark.parametrize("query", list(saved_queries().values()), ids=lambda query: query.name)


def test_the_list_of_queries(client: TestClient) -> None:
    """The list has each query with its parameters."""
    listed = {query["name"]: query for query in client.get("/queries").json()["queries"]}
    assert list(listed) == list(saved_queries())
    for query in saved_queries().values():
        given = [(one["name"], one["type"], one["default"]) for one in listed[query.name]["parameters"]]
        assert given == [(one.name, one.type, one.default) for one in query.parameters]


@pytest.mark.parametrize("form", EVERYWHERE)
def test_a_form_by_name_and_by_header(client: TestClient, form: str) -> None:
    """The form that "format" names is the one that its media type asks for."""
    by_name = client.get(f"{ASKED}&format={form}")
    media_type = by_name.headers["content-type"].partition(";")[0]
    assert by_name.status_code == 200
    assert MEDIA_TYPES[media_type] == form
    assert client.get(ASKED, headers={"accept": media_type}).content == by_name.content


@each_query
def test_the_same_as_on_the_command_line(
    graph: Loaded, query: SavedQuery, everything: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP and on the command line the answer is the same, to the byte, in every form."""
    monkeypatch.setattr("chinaspace.store.open_store", lambda where: graph)  # else each query would load it anew
    given = OF_THE_GRAPH.get(query.name, {})
    options = [part for key, value in given.items() for part in ("--param", f"{key}={value}")]
    for form in EVERYWHERE if query.name == "who-said-what" else ["csv"]:
        printed = CliRunner().invoke(command, ["query", query.name, "--format", form, *options])
        assert printed.exit_code == 0
        answer = everything.get(f"/queries/{query.name}", params={**given, "format": form})
        assert answer.content == printed.stdout_bytes


@pytest.fixture(scope="module")
def everything(graph: Loaded) -> Iterator[TestClient]:
    """Give a client over the real graph."""
    with TestClient(create_app(graph), follow_redirects=False) as running:
        yield running


def test_a_form_that_this_query_has_not(client: TestClient) -> None:
    """A form that only other queries have is a 400 by name, and is not chosen by a header."""
    assert client.get(f"{ASKED}&format=geojson").status_code == 400
    assert client.get(ASKED, headers={"accept": "application/geo+json"}).status_code == 406


def test_a_part_that_is_not_installed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow its forms are refused in a sentence that tells what to install, and all others are there."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = client.get(f"{ASKED}&format=arrow")
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert "pyarrow" in answer.json()["detail"]
    assert client.get(f"{ASKED}&format=csv").status_code == 200


def test_places_as_geojson(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows with coordinates are features, by a point in well-known text or by two columns; others have no place."""
    values = [
        ('"POINT(110.95 19.61)"^^geo:wktLiteral', "1", [110.95, 19.61]),
        ('"<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (-1 2)"^^geo:wktLiteral', "2", [-1, 2]),
        ('"POINT(1 99)"^^geo:wktLiteral', "3", None),
        ('"POLYGON((1 2, 3 4, 1 2))"^^geo:wktLiteral', "4", None),
        ("UNDEF", "UNDEF", None),
    ]
    rows = " ".join(f"( {point} {number} )" for point, number, _ in values)
    path = tmp_path / "points.rq"
    head = "#+ column: point wkt -- where\nPREFIX geo: <http://www.opengis.net/ont/geosparql#>\n"
    path.write_text(f"{head}SELECT ?point ?number\nWHERE {{\n  VALUES ( ?point ?number ) {{ {rows} }}\n}}\n", "utf-8")
    monkeypatch.setattr("chinaspace.rest.find_query", lambda name: read_query(path, own=True))
    answer = client.get("/queries/points", headers={"accept": "application/geo+json"})
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert [one["geometry"] and one["geometry"]["coordinates"] for one in features] == [want for _, _, want in values]
    assert [one["properties"]["number"] for one in features] == [1, 2, 3, 4, None]


def test_empty_parameters_are_not_given(client: TestClient) -> None:
    """A field that was left empty is as if it were not there."""
    assert client.get("/queries/facts?thing=&format=csv").content == client.get("/queries/facts?format=csv").content


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/queries/cooperations?actor=Southland", 200),
        ("/queries/cooperations?actor=mission-lamp-1", 400),
        ("/queries/no-such-query", 404),
        ("/queries/no-such-query?format=html", 404),
        ("/nowhere", 404),
        ("/queries/who-said-what?thing=mission-nowhere", 400),
        ("/queries/who-said-what?thing=a%20b", 400),
        ("/queries/who-said-what?thing=mission-nowhere&format=html", 400),
        ("/queries/facts?nothing=1", 400),
        ("/queries/plans-as-of?day=soon", 400),
        ("/queries/facts?format=pdf", 400),
        ("/queries/facts?format=", 400),
        ("/queries?format=pdf", 400),
        ("/queries?format=csv", 400),
        ("/queries?nothing=1", 400),
        ("/queries?q=a&q=b", 400),
        ("/queries/facts?limit=0", 400),
        ("/queries/facts?limit=-1", 400),
        ("/queries/facts?limit=1.5", 400),
        ("/queries/facts?limit=100001", 400),
        ("/queries/facts?limit=9999999999", 400),
        ("/queries/facts?limit=\u0661", 400),
        ("/queries/facts?limit=5%00", 400),
        ("/queries/facts?limit=5%7D%20LIMIT%201", 400),
        ("/queries/facts?offset=-1", 400),
        ("/queries/facts?offset=all", 400),
        ("/queries/facts?limit=5&limit=5", 400),
        ("/queries/facts?limit=&offset=", 200),
        ("/queries/facts?width=400", 400),
        ("/queries/slips?width=400", 200),
        ("/queries/slips?width=0", 400),
        ("/queries/slips?width=wide&format=html", 400),
        ("/queries/facts?limit=5&format=html", 200),
        ("/queries/facts?limit=0&format=html", 400),
    ],
)
def test_wrong_requests(client: TestClient, address: str, status: int) -> None:
    """What the client did wrong is told with a status of the 400s."""
    assert client.get(address).status_code == status


def test_a_fault_is_a_problem_report(client: TestClient) -> None:
    """A fault is told in the form of RFC 9457."""
    answer = client.get("/queries/no-such-query")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
    assert answer.json()["detail"]


@pytest.mark.parametrize("address", ["?thing=mission-nowhere", "?thing=a&thing=b", "?nothing=1", "?day=soon"])
def test_a_wrong_parameter_comes_with_the_list(client: TestClient, address: str) -> None:
    """What is wrong with a parameter is told with the parameters that there are, and their help."""
    report = client.get(f"/queries/plans-as-of{address}").json()
    assert [(one["name"], one["help"]) for one in report["parameters"]] == [
        (one.name, one.help) for one in find_query("plans-as-of").parameters
    ]


def test_json_is_what_sparql_calls_json(client: TestClient) -> None:
    """The JSON of a saved query is the SPARQL results format."""
    body = json.loads(client.get(ASKED).content)
    assert body["head"]["vars"][0] == "gist"
    assert all("value" in row["gist"] for row in body["results"]["bindings"])
