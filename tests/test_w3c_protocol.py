"""What the W3C tests of the SPARQL 1.1 Protocol ask of the query side, and that updates are refused.

The names are those of the working group's manifest, data-sparql11/protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph

from chinaspace.load import load
from chinaspace.web import create_app

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ONE, TWO, THREE = (f"https://example.org/data{number}" for number in (1, 2, 3))
NAMED = "GRAPH ?a {{ <{0}> a ?x }} GRAPH ?b {{ <{1}> a ?y }}"
IN_DEFAULT = f"ASK {{ <{ONE}> a ?x . <{TWO}> a ?y }}"
IN_NAMED = f"ASK {{ {NAMED.format(ONE, TWO)} FILTER ( ?a != ?b ) }}"
IN_BOTH = f"ASK {{ <{THREE}> a ?z . {NAMED.format(ONE, TWO)} }}"
WITH_FROM = f"ASK FROM <{THREE}> {{ <{ONE}> a ?x . FILTER NOT EXISTS {{ <{THREE}> a ?y }} }}"
RDF_TYPES = {"application/rdf+xml": "xml", "text/turtle": "turtle", "application/n-triples": "nt"}
PATHS = pytest.mark.parametrize("path", ["/sparql", "/sparql/"])


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Give a client of three graphs with one triple each."""
    path = tmp_path_factory.mktemp("three") / "three.nq"
    document = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document>"
    path.write_text("".join(f"<{name}> {document} <{name}> .\n" for name in (ONE, TWO, THREE)), "utf-8")
    with TestClient(create_app(load([path])), follow_redirects=False) as running:
        yield running


def graphs(default: list[str] | None = None, named: list[str] | None = None) -> str:
    """Return the parameters that choose graphs."""
    return urlencode({"default-graph-uri": default or [], "named-graph-uri": named or []}, doseq=True)


@PATHS
@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("ASK {}", graphs(["https://example.org/data0"])),  # query_get, query_post_form, query_post_direct
        (IN_DEFAULT, graphs([ONE, TWO])),  # query_dataset_default_graphs
        (IN_NAMED, graphs([], [ONE, TWO])),  # query_dataset_named_graphs
        (IN_BOTH, graphs([THREE], [ONE, TWO])),  # query_dataset_full
        (WITH_FROM, graphs([ONE, TWO])),  # query_multiple_dataset
    ],
)
def test_a_dataset(three: TestClient, path: str, query: str, chosen: str) -> None:
    """A query finds what it asks for in the graphs of the request, whichever way it comes."""
    alone, encoded = {"content-type": QUERY}, urlencode({"query": query})
    ways = [
        three.get(f"{path}?{encoded}&{chosen}"),
        three.post(f"{path}?{chosen}", content=query, headers=alone),
        three.post(f"{path}?{chosen}", content=encoded, headers={"content-type": FORM}),
        three.post(path, content=f"{encoded}&{chosen}", headers={"content-type": FORM}),
        three.post(f"{path}?{chosen}", content=query.encode(), headers={"content-type": f'{QUERY}; charset="UTF-8"'}),
    ]
    assert [answer.json()["boolean"] for answer in ways] == [True] * len(ways)


def test_a_graph_that_was_not_chosen(three: TestClient) -> None:
    """What is in another graph than the chosen ones is not found, so that the tests above can fail."""
    assert three.get("/sparql", params={"query": IN_DEFAULT, "default-graph-uri": ONE}).json()["boolean"] is False
    assert three.get("/sparql", params={"query": IN_NAMED, "named-graph-uri": ONE}).json()["boolean"] is False


@pytest.mark.parametrize("accept", ["", "*/*"])
@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("SELECT (1 AS ?value) {}", ("application/sparql-results+json", "application/sparql-results+xml")),
        ("ASK {}", ("application/sparql-results+json", "application/sparql-results+xml")),
        ("DESCRIBE <http://example.org/>", tuple(RDF_TYPES)),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", tuple(RDF_TYPES)),
    ],
)
def test_the_type_that_nobody_asked_for(three: TestClient, accept: str, query: str, types: tuple[str, ...]) -> None:
    """query_content_type_*: who asks for no type gets one that everybody knows the answer by."""
    answer = three.post("/sparql", content=query, headers={"content-type": QUERY, "accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] in types


def test_a_relative_iri(three: TestClient) -> None:
    """A query without BASE has the things of the graph for its base; one with BASE has its own."""
    query = "CONSTRUCT { <mission-lamp> <p> 1 } WHERE {}"
    found = Graph().parse(data=three.get("/sparql", params={"query": query}).text, format="turtle")
    assert [str(name) for name in found.subjects()] == ["https://w3id.org/chinaspace/id/mission-lamp"]
    ask = "BASE <https://example.org/x> ASK { <data1> a ?type }"
    assert three.get("/sparql", params={"query": ask}).json()["boolean"] is True
    ask = f"BASE <{ONE}> ASK FROM <data1> FROM <data2> {{ <data2> a ?type }}"
    assert three.get("/sparql", params={"query": ask}).json()["boolean"] is True


@PATHS
@pytest.mark.parametrize(
    ("method", "address", "content_type", "body"),
    [
        ("PUT", "?query=ASK%20%7B%7D", "", b""),  # bad_query_method
        ("GET", "?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", "", b""),  # bad_multiple_queries
        ("POST", "", "text/plain", b"ASK {}"),  # bad_query_wrong_media_type
        ("POST", "", "", b"query=ASK%20%7B%7D"),  # bad_query_missing_form_type
        ("POST", "", "", b"ASK {}"),  # bad_query_missing_direct_type
        ("POST", "", f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")),  # bad_query_non_utf8
        ("POST", "", QUERY, "ASK {}".encode("utf-16")),
        ("GET", "?query=ASK%20%7B", "", b""),  # bad_query_syntax
        ("GET", "?update=CLEAR%20NAMED", "", b""),  # bad_update_get
        ("POST", "", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),  # bad_multiple_updates
        ("POST", "", "text/plain", b"CLEAR NAMED"),  # bad_update_wrong_media_type
        ("POST", "", "", b"update=CLEAR%20NAMED"),  # bad_update_missing_form_type
        ("POST", "", f"{UPDATE}; charset=UTF-16", "CLEAR NAMED".encode("utf-16")),  # bad_update_non_utf8
        ("POST", "", FORM, b"update=CLEAR%20XYZ"),  # bad_update_syntax
        ("POST", f"?{urlencode({'using-graph-uri': ONE})}", FORM, b"update=CLEAR%20ALL"),  # bad_update_dataset_conflict
        ("POST", f"?{urlencode({'using-named-graph-uri': ONE})}", UPDATE, b"CLEAR ALL"),
        ("POST", "", UPDATE, b"INSERT DATA { <urn:a> <urn:b> 1 }"),  # update_post_direct
        ("POST", "", FORM, b"update=INSERT+DATA+%7B+%3Curn:a%3E+%3Curn:b%3E+1+%7D"),  # update_post_form
    ],
)
def test_what_is_refused(
    three: TestClient, path: str, method: str, address: str, content_type: str, body: bytes
) -> None:
    """bad_*: what is no query in a form of the protocol, and every update, is the fault of the client."""
    headers = {"content-type": content_type} if content_type else {}
    answer = three.request(method, path + address, content=body, headers=headers)
    assert 400 <= answer.status_code < 500
