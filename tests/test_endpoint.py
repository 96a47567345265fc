"""The SPARQL 1.1 Protocol at /sparql, read-only."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from chinaspace.load import Loaded
from chinaspace.names import FACTS

ASK = "ASK { ?thing a <https://w3id.org/chinaspace/ontology/Mission> }"
UPDATE = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
FORM = {"content-type": "application/x-www-form-urlencoded"}
QUERY = {"content-type": "application/sparql-query"}
SD = "http://www.w3.org/ns/sparql-service-description#"


def test_get(client: TestClient) -> None:
    """A query in the address is answered."""
    assert client.get("/sparql", params={"query": ASK}).json()["boolean"] is True


@pytest.mark.parametrize("media_type", [FORM["content-type"], "Application/X-WWW-Form-URLEncoded; charset=UTF-8"])
def test_post_of_a_form(client: TestClient, media_type: str) -> None:
    """A query in a form is answered, however its media type is spelt."""
    answer = client.post("/sparql", data={"query": ASK}, headers={"content-type": media_type})
    assert answer.json()["boolean"] is True


@pytest.mark.parametrize("media_type", [QUERY["content-type"], "application/sparql-query; charset=utf-8"])
def test_post_of_a_query(client: TestClient, media_type: str) -> None:
    """A query as the body is answered, in UTF-8."""
    query = 'ASK { FILTER ( STRLEN("嫦娥") = 2 ) }'
    answer = client.post("/sparql", content=query.encode(), headers={"content-type": media_type})
    assert answer.json()["boolean"] is True


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        ("text/csv;q=0.1, text/tab-separated-values", "text/tab-separated-values"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_the_form_of_an_answer(client: TestClient, accept: str, media_type: str) -> None:
    """The Accept header chooses the form, best first; a browser gets a page."""
    answer = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 1"}, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (f"update={UPDATE}", FORM),
        (f"query={ASK}&update={UPDATE}", FORM),
        (UPDATE, {"content-type": "application/sparql-update"}),
        (UPDATE, {"content-type": "Application/SPARQL-Update; charset=utf-8"}),
        (UPDATE, QUERY),
        (f"query={UPDATE}", FORM),
        (f"{ASK} ; {UPDATE}", QUERY),
    ],
)
def test_an_update_is_refused(client: TestClient, world: Loaded, content: str, headers: dict[str, str]) -> None:
    """An update is refused in each form of the protocol and as a query, and changes nothing."""
    before = len(world.store)
    assert client.post("/sparql", content=content, headers=headers).status_code in (400, 403)
    assert len(world.store) == before


@pytest.mark.parametrize("params", [{"update": UPDATE}, {"query": ASK, "update": UPDATE}, {"query": UPDATE}])
def test_an_update_in_the_address_is_refused(client: TestClient, params: dict[str, str]) -> None:
    """An update in the address is refused as well."""
    assert client.get("/sparql", params=params).status_code in (400, 403)
    assert client.post("/sparql", params=params, content=ASK, headers=QUERY).status_code in (400, 403)


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (ASK, {}, 415),
        (ASK, {"content-type": "text/plain"}, 415),
        ('{"query": "ASK {}"}', {"content-type": "application/json"}, 415),
        ("", FORM, 400),
        ("", QUERY, 400),
        ("other=1", FORM, 400),
        ("query=ASK{}&query=ASK{}", FORM, 400),
        (b"\xff\xfe", QUERY, 400),
        ("SELECT", QUERY, 400),
        ("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", QUERY, 400),
        ("ASK { # " + "a" * 100_000, QUERY, 413),
    ],
)
def test_wrong_requests(client: TestClient, content: str | bytes, headers: dict[str, str], status: int) -> None:
    """What the client did wrong is told with its status, as a problem report."""
    answer = client.post("/sparql", content=content, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_two_queries(client: TestClient) -> None:
    """Two queries in one request are refused, wherever they stand."""
    assert client.get("/sparql", params=[("query", ASK), ("query", ASK)]).status_code == 400
    assert client.post("/sparql", params={"query": ASK}, content=ASK, headers=QUERY).status_code == 400


def test_an_unacceptable_form(client: TestClient) -> None:
    """A form that cannot hold the answer is a 406."""
    assert client.get("/sparql", params={"query": ASK}, headers={"accept": "text/turtle"}).status_code == 406


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_no_other_method(client: TestClient, method: str) -> None:
    """Only GET and POST are answered."""
    assert client.request(method, "/sparql", params={"query": ASK}).status_code == 405


def test_no_service_is_called(client: TestClient, uncalled: str) -> None:
    """SERVICE is refused, and nobody is called."""
    answer = client.get("/sparql", params={"query": f"SELECT * {{ SERVICE <{uncalled}> {{ ?s ?p ?o }} }}"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("accept", "form"), [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("*/*", "turtle")]
)
def test_the_service_description(client: TestClient, world: Loaded, accept: str, form: str) -> None:
    """Without a query the service describes itself: its graphs, its size, its digest, and no federation."""
    answer = client.get("/sparql", headers={"accept": accept})
    found = Graph().parse(data=answer.text, format=form, publicID="http://127.0.0.1/sparql")
    assert list(found.subjects(RDF.type, URIRef(SD + "Service"))) == [URIRef("http://127.0.0.1/sparql")]
    assert (None, URIRef(SD + "feature"), URIRef(SD + "BasicFederatedQuery")) not in found
    assert (None, DCTERMS.identifier, Literal(world.digest)) in found
    named = {str(name) for name in found.objects(None, URIRef(SD + "name"))}
    assert named == {str(name).strip("<>") for name in world.store.named_graphs()}


def test_a_page_for_browsers(client: TestClient) -> None:
    """Without a query a browser gets a form to write one."""
    answer = client.get("/sparql", headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.headers["content-type"].startswith("text/html")
    assert 'name="query"' in answer.text


COUNT = "SELECT (COUNT(*) AS ?count) WHERE { ?subject ?predicate ?object }"
NAMED = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?subject ?predicate ?object } }"
GRAPHS = "https://w3id.org/chinaspace/graph/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_chosen_default_graph(client: TestClient, world: Loaded, method: str) -> None:
    """The default graph is the one that default-graph-uri names, whatever FROM says."""
    facts = sum(1 for _ in world.store.quads_for_pattern(None, None, None, FACTS))
    values = {"query": COUNT.replace("WHERE", "FROM <urn:none> WHERE"), "default-graph-uri": GRAPHS + "facts"}
    answer = client.get("/sparql", params=values) if method == "get" else client.post("/sparql", data=values)
    bindings = answer.json()["results"]["bindings"]
    assert [row["count"]["value"] for row in bindings] == [str(facts)]


def test_chosen_named_graphs(client: TestClient) -> None:
    """Only the graphs that named-graph-uri names can be asked for, and the default graph is empty then."""
    chosen = [GRAPHS + "facts", GRAPHS + "inferred"]
    answer = client.get("/sparql", params={"query": NAMED, "named-graph-uri": chosen}).json()
    assert sorted(row["graph"]["value"] for row in answer["results"]["bindings"]) == chosen
    answer = client.get("/sparql", params={"query": COUNT, "named-graph-uri": chosen}).json()
    assert answer["results"]["bindings"][0]["count"]["value"] == "0"


def test_a_graph_that_is_no_iri(client: TestClient) -> None:
    """A graph that is no IRI is a fault of the client."""
    assert client.get("/sparql", params={"query": COUNT, "default-graph-uri": "no iri"}).status_code == 400


@pytest.mark.parametrize("path", ["/sparql", "/healthz", "/queries", "/queries/things"])
def test_head(client: TestClient, path: str) -> None:
    """HEAD answers like GET, but for the body."""
    given = {"query": ASK} if path == "/sparql" else {}
    head, get = client.head(path, params=given), client.get(path, params=given)
    assert (head.status_code, head.headers["content-type"]) == (200, get.headers["content-type"])
