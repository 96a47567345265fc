"""What of a query gets to a remote store: SPARQL 1.1, and no name or order that a client made up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient

from chinaspace.errors import QueryError
from chinaspace.names import CSD
from chinaspace.narrow import narrow
from told import GRAPH, JSON, Service, rows

SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
HEAD = f"BASE <{CSD}> "


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        (SELECT, None, None),
        (f"SELECT ?s FROM <{GRAPH}> WHERE {{ ?s ?p ?o }}", [GRAPH], ["none"]),
        ("PREFIX e: <https://example.org/> SELECT ?s FROM NAMED e:graph WHERE { ?s ?p ?o }", ["none"], [GRAPH]),
        ("SELECT ?s FROM <http://169.254.169.254/latest> WHERE { ?s ?p ?o }", ["none"], ["none"]),
        (
            "BASE <http://evil.example/> SELECT ?s\nFROM <x>\nFROM NAMED <file:///etc/passwd> WHERE { ?s ?p ?o }",
            ["none"],
            ["none"],
        ),
    ],
)
def test_graphs_that_are_not_there_are_not_named(
    query: str, default: list[str] | None, named: list[str] | None, service: Service, web: TestClient
) -> None:
    """FROM leaves the query; only graphs of the data set are named to the store, which could fetch any other."""
    service.answers(lambda handler: handler.send(rows()))
    assert web.get("/sparql", params={"query": query}, headers={"Accept": JSON}).status_code == 200
    (asked,) = service.asked
    assert "FROM" not in asked["query"][0]
    assert [name.rpartition("/")[2] for name in asked.get("default-graph-uri", [])] == [
        name.rpartition("/")[2] for name in default or []
    ]
    assert [name.rpartition("/")[2] for name in asked.get("named-graph-uri", [])] == [
        name.rpartition("/")[2] for name in named or []
    ]
    assert not any(word in str(asked) for word in ("169.254", "evil.example/x", "passwd"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) WHERE { }",
        "PREFIX b: <bif:> SELECT (b:file_to_string('/etc/passwd') AS ?x) WHERE { }",
        "PREFIX b: <BIF:> SELECT (b:concat('a') AS ?x) WHERE { }",
        r"PREFIX b: <\u0062if:> SELECT (b:concat('a') AS ?x) WHERE { }",
        "BASE <sql:x> SELECT (<rdf_load>('a') AS ?x) WHERE { }",
        "SELECT (<java:java.lang.Runtime>('a') AS ?x) WHERE { }",
        "DEFINE input:grab-all 'yes' SELECT ?s WHERE { ?s ?p ?o }",
        "define get:soft 'replacing' SELECT ?s FROM <http://127.0.0.1/> WHERE { ?s ?p ?o }",
        "SELECT ?s WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "LOAD <http://127.0.0.1/>",
        "SELECT ?s WHERE { ?s ?p ?o OPTION (TRANSITIVE) }",
    ],
)
def test_what_is_no_query_of_the_standard_stays_here(query: str, service: Service, web: TestClient) -> None:
    """Pragmas, functions that run code, SERVICE and updates are refused before anything is sent."""
    assert web.get("/sparql", params={"query": query}).status_code == 400
    assert service.asked == []


@pytest.mark.parametrize(
    ("query", "text", "limit"),
    [
        ("SELECT ?x # define get:soft\nWHERE {}", "SELECT ?x                  \nWHERE {}", None),
        ("SELECT ?from WHERE { ?from <http://a#b> 'FROM <x> # no' } LIMIT 5", None, 5),
        ('SELECT ?x WHERE { ?x ?y """a "FROM <x>" # \\" """ } LIMIT 7 OFFSET 2', None, 7),
        ("SELECT ?x WHERE { { SELECT ?x WHERE { ?x ?y ?z } LIMIT 3 } }", None, None),
        ("SELECT ?x WHERE { ?x from:a/a:from ?z . FILTER(?x<?z&&?z>1) }", None, None),
    ],
)
def test_only_clauses_and_comments_are_taken_out(query: str, text: str | None, limit: int | None) -> None:
    """What looks like a clause within a text, a name or an IRI stays as it is."""
    narrowed = narrow(query)
    assert narrowed.text.removeprefix(HEAD) == (text or query)
    assert narrowed.limit == limit
    assert narrowed.scope is None


@pytest.mark.parametrize(
    ("query", "head"),
    [
        ("SELECT ?p WHERE { <mission-lamp> ?p 'a' }", HEAD),
        ("BASE <urn:a> PREFIX a: <b> SELECT ?p WHERE { a:c ?p 'a' }", HEAD),
        (f"SELECT ?p WHERE {{ <{CSD}mission-lamp> ?p '<a>' }} # <a>", ""),
    ],
)
def test_relative_iris_have_the_base_of_our_own_stores(query: str, head: str) -> None:
    """A query whose IRIs are relative means the same to a remote store as to one of ours."""
    assert narrow(query).text.startswith(head + query[:20])


def test_a_graph_named_by_a_relative_iri() -> None:
    """The graph of a FROM clause is resolved like any IRI."""
    narrowed = narrow("ASK FROM <../graph/facts> { ?s ?p ?o }")
    assert narrowed.scope
    assert narrowed.scope.default == ("https://w3id.org/chinaspace/graph/facts",)


@pytest.mark.parametrize(
    "query", ["ASKFROM <http://a> { }", "ASK FROMNAMED <http://a> { }", "SELECT ?x WHERE { ?x ?y 'a }"]
)
def test_what_could_be_read_in_two_ways_is_refused(query: str) -> None:
    """A clause without its blanks, which some parsers take, and a text without its end are refused."""
    with pytest.raises(QueryError):
        narrow(query)


@pytest.mark.parametrize(
    "part",
    ["{", "}", "1-", "a.-", "true-", "a:", ":a", "<", "<a", "#\n", "''", '"', "'\\'", "?", "FROM <x> ", ":.", "a "],
)
def test_no_text_takes_long(part: str, within: Callable[[int], AbstractContextManager[None]]) -> None:
    """Whatever comes again and again takes time in proportion to the text."""
    with within(5), contextlib.suppress(QueryError):
        narrow("SELECT ?x WHERE { " + part * (100_000 // len(part)) + " }")
