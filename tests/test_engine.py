"""The engine answers SPARQL in the format that is asked for, reads no files, and survives what is thrown at it."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from chinaspace.engine import GRAPH_TYPES, RESULT_TYPES, Answer, UnacceptableError, answer, choose, select
from chinaspace.errors import QueryError
from chinaspace.load import Loaded

ROWS = "SELECT ?thing WHERE { ?thing a <https://w3id.org/chinaspace/ontology/Mission> } ORDER BY ?thing"
GRAPH = "CONSTRUCT WHERE { ?thing a <https://w3id.org/chinaspace/ontology/Mission> }"
ASK = "ASK { ?thing a <https://w3id.org/chinaspace/ontology/Mission> }"


@pytest.mark.parametrize("media_type", list(GRAPH_TYPES))
def test_each_type_of_a_graph(world: Loaded, media_type: str) -> None:
    """A graph is given in each media type that is offered, and its parser reads it."""
    found = answer(world.store, GRAPH, [media_type])
    assert found.media_type == media_type
    assert len(list(ox.parse(found.body, format=GRAPH_TYPES[media_type]))) == 2


@pytest.mark.parametrize("media_type", [name for name in RESULT_TYPES if name != "text/csv"])
def test_each_type_of_rows(world: Loaded, media_type: str) -> None:
    """Rows are given in each media type that is offered, and its parser reads them."""
    found = answer(world.store, ROWS, [media_type])
    assert found.media_type == media_type
    solutions = ox.parse_query_results(found.body, format=RESULT_TYPES[media_type])
    assert isinstance(solutions, ox.QuerySolutions)
    assert len(list(solutions)) == 2


def test_rows_in_each_type(world: Loaded) -> None:
    """The rows are the same in JSON, CSV and TSV."""
    rows = json.loads(answer(world.store, ROWS, ["application/sparql-results+json"]).body)["results"]["bindings"]
    iris = [row["thing"]["value"] for row in rows]
    assert len(iris) == 2
    assert answer(world.store, ROWS, ["text/csv"]).body.decode().split() == ["thing", *iris]
    tsv = answer(world.store, ROWS, ["text/tab-separated-values"]).body.decode().split()
    assert tsv == ["?thing", *(f"<{iri}>" for iri in iris)]


@pytest.mark.parametrize("media_type", ["text/csv", "text/tab-separated-values"])
@pytest.mark.parametrize(("query", "word"), [(ASK, b"true\n"), ("ASK { <urn:a> ?b ?c }", b"false\n")])
def test_ask_as_text(world: Loaded, media_type: str, query: str, word: bytes) -> None:
    """Yes or no as CSV or TSV is the bare word."""
    assert answer(world.store, query, [media_type]) == Answer(word, media_type)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ([], "text/csv"),
        (["*/*"], "text/csv"),
        (["text/*"], "text/csv"),
        (["application/*"], "application/json"),
        (["image/png", "application/json"], "application/json"),
        (["application/json", "text/csv"], "application/json"),
    ],
)
def test_the_first_acceptable_type(accept: list[str], expected: str) -> None:
    """What the client names first wins; a range takes the first type that is in it."""
    assert choose(accept, ["text/csv", "application/json"]) == expected


@pytest.mark.parametrize(("query", "accept"), [(ROWS, "text/turtle"), (GRAPH, "text/csv"), (ASK, "image/*")])
def test_no_acceptable_type(world: Loaded, query: str, accept: str) -> None:
    """A type that cannot hold this kind of answer is an error of its own."""
    with pytest.raises(UnacceptableError):
        answer(world.store, query, [accept])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT * { ?s ?p }",
        "SELECT ?x { ?s cs:gist ?x }",
        "SELECT (1 AS ?s) { ?s ?p ?o }",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "LOAD <file:///etc/passwd>",
        "ASK {} ; DROP ALL",
        "PREFIX a: <urn:a> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_what_is_no_query(world: Loaded, query: str) -> None:
    """A malformed query or an update is an error, and the graph stays as it is."""
    before = len(world.store)
    with pytest.raises(QueryError):
        answer(world.store, query, [])
    assert len(world.store) == before


@pytest.mark.parametrize("clause", ["FROM <file:///etc/passwd>", "FROM NAMED <file:///etc/passwd>", "FROM <ADDRESS>"])
@pytest.mark.parametrize("pattern", ["?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"])
def test_from_reads_nothing(world: Loaded, clause: str, pattern: str, uncalled: str) -> None:
    """FROM chooses among the graphs that are loaded: it reads no file and calls nobody."""
    query = f"SELECT * {clause.replace('ADDRESS', uncalled)} WHERE {{ {pattern} }}"
    assert json.loads(answer(world.store, query, []).body)["results"]["bindings"] == []


def test_from_chooses_a_graph(world: Loaded) -> None:
    """FROM with the name of a graph that is loaded asks that graph alone."""
    query = "SELECT DISTINCT ?p FROM <https://w3id.org/chinaspace/graph/tests/world> { ?s ?p ?o }"
    found = {row["p"].value for row in select(world.store, query)}
    assert "https://w3id.org/chinaspace/ontology/gist" in found
    assert "https://w3id.org/chinaspace/ontology/statedEarliest" not in found


def test_only_select_gives_rows(world: Loaded) -> None:
    """Rows cannot be asked for with another kind of query."""
    with pytest.raises(QueryError):
        select(world.store, ASK)
