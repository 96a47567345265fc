"""The engine answers SPARQL in the format that is asked for, reads no files, and survives what is thrown at it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from chinaspace.engine import GRAPH_TYPES, RESULT_TYPES, Answer, Engine, UnacceptableError, answer, choose, select
from chinaspace.errors import QueryError
from chinaspace.load import Loaded

ROWS = "SELECT ?thing WHERE { ?thing a <https://w3id.org/chinaspace/ontology/Mission> } ORDER BY ?thing"
GRAPH = "CONSTRUCT WHERE { ?thing a <https://w3id.org/chinaspace/ontology/Mission> }"
ASK = "ASK { ?thing a <https://w3id.org/chinaspace/ontology/Mission> }"

# Each is about as long as a query may be, and would overflow an ordinary stack in the parser.
DEEP = {
    "groups": "'ASK ' + '{' * 20000 + '}' * 20000",
    "groups of the greatest length": "'ASK ' + '{' * 49900 + '}' * 49900",
    "groups that are never closed": "'ASK ' + '{' * 99900",
    "brackets": "'ASK { FILTER(' + '(' * 49900 + '1' + ')' * 49900 + ') }'",
    "brackets that are never closed": "'ASK { FILTER(' + '(' * 99900",
    "negations": "'ASK { FILTER(' + '!' * 99900 + '1) }'",
    "subqueries": "'ASK { ' + '{SELECT*{' * 9000 + '}}' * 9000 + ' }'",
    "optional groups": "'ASK { ' + 'OPTIONAL{' * 9900 + '}' * 9900 + ' }'",
    "blank nodes": "'ASK{?s?p' + '[a' * 49900",
    "paths": "'ASK { ?s ' + '(' * 49900 + 'a' + ')' * 49900 + ' ?o }'",
}


@pytest.fixture(scope="module")
def engine(world: Loaded) -> Iterator[Engine]:
    running = Engine(world.store)
    yield running
    running.close()


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


def test_the_engine_answers_and_refuses(engine: Engine) -> None:
    """A query in a thread gives the same answer, and its faults come back as errors."""
    assert engine.submit(ASK, ["text/csv"]).result(timeout=20).body == b"true\n"
    with pytest.raises(QueryError):
        engine.submit("SELECT", []).result(timeout=20)
    with pytest.raises(UnacceptableError):
        engine.submit(ASK, ["image/png"]).result(timeout=20)


def test_queries_at_once(engine: Engine) -> None:
    """More queries than there are threads are all answered."""
    answers = [engine.submit(ROWS, ["text/csv"]) for _ in range(40)]
    assert len({future.result(timeout=20) for future in answers}) == 1


@pytest.mark.parametrize("name", sorted(DEEP))
def test_no_nesting_ends_the_process(name: str) -> None:
    """However deep a query is nested, it is answered or refused, and the next one is answered."""
    code = (
        "import pyoxigraph as ox\n"
        "from chinaspace.engine import Engine\n"
        "from chinaspace.errors import QueryError\n"
        "engine = Engine(ox.Store())\n"
        "try:\n"
        f"    engine.submit({DEEP[name]}, []).result(timeout=50)\n"
        "except QueryError:\n"
        "    pass\n"
        "print(engine.submit('ASK {}', ['text/csv']).result(timeout=50).body)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout) == (0, "b'true\\n'\n"), run.stderr
