"""Every store gives the same answers: memory, a folder, and remote services, each with its quirks."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from asked import OF_THE_WORLD
from chinaspace.ask import prepare
from chinaspace.export import export_file
from chinaspace.load import Loaded
from chinaspace.names import FACTS, XSD
from chinaspace.paths import ontology_files
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.store import Elsewhere, Served, named_graphs, open_store, solve
from chinaspace.web import create_app
from chinaspace.work import Limits
from conftest import WORLD, absent
from services import oxigraph, virtuoso
from virtuoso import installed

FILES = [*ontology_files(), WORLD]
REMOTE = ("oxigraph", "virtuoso")
JSON = "application/sparql-results+json"
NAME = ox.NamedNode("http://www.w3.org/ns/sparql-service-description#name")
NUMBERS = {XSD + "integer", XSD + "decimal"}
PREFIXES = (
    "PREFIX cs: <https://w3id.org/chinaspace/ontology/> PREFIX csd: <https://w3id.org/chinaspace/id/> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
# Queries that touch what engines differ in.
SELECTS = [
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "SELECT ?type (COUNT(*) AS ?n) WHERE { ?s a ?type } GROUP BY ?type",
    "SELECT ?s ?p ?o WHERE { ?s ?p ?o FILTER ( isIRI(?s) && isIRI(?o) ) } ORDER BY ?s ?p ?o LIMIT 50",
    "SELECT ?s ?o WHERE { GRAPH <https://w3id.org/chinaspace/graph/facts> { ?s cs:launchDate ?o } }",
    "SELECT ?s ?o FROM <https://w3id.org/chinaspace/graph/facts> WHERE { ?s cs:launchDate ?o }",
    "SELECT ?g ?s FROM NAMED <https://w3id.org/chinaspace/graph/facts> WHERE { GRAPH ?g { ?s cs:launchDate ?o } }",
    "SELECT ?s FROM NAMED <https://w3id.org/chinaspace/graph/facts> WHERE { ?s cs:launchDate ?o }",
    "SELECT ?s FROM <https://example.org/nothing> WHERE { ?s ?p ?o }",
    "SELECT ?s ?o WHERE { ?s ?p ?o FILTER ( DATATYPE(?o) = xsd:date ) }",
    "SELECT ?s ?o WHERE { ?s ?p ?o FILTER ( DATATYPE(?o) = <http://id.loc.gov/datatypes/edtf/EDTF> ) }",
    "SELECT ?s ?o WHERE { ?s ?p ?o FILTER ( DATATYPE(?o) = xsd:boolean ) }",
    "SELECT ?s ?o WHERE { ?s ?p ?o FILTER ( DATATYPE(?o) = xsd:decimal ) }",
    "SELECT ?s ?o WHERE { ?s cs:latest ?o FILTER ( ?o < '2021-01-01'^^xsd:date ) }",
    "SELECT ?s ?o WHERE { ?s rdfs:label ?o FILTER ( LANGMATCHES(LANG(?o), 'zh-Hans') ) }",
    "SELECT ?class WHERE { cs:Mission rdfs:subClassOf* ?class }",
    "SELECT ?s WHERE { ?s a cs:Claim FILTER NOT EXISTS { ?s cs:denies|^cs:denies ?other } }",
    "SELECT ?s ?o WHERE { VALUES (?s ?p) { (csd:mission-lamp-1 rdfs:label) (UNDEF cs:gist) } ?s ?p ?o }",
    "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 0",
    "SELECT ?s WHERE { ?s cs:nothing ?o }",
    "SELECT ?s # FROM <https://example.org/nothing>\nWHERE { ?s rdfs:label 'Lamp 1'@en }",
    "SELECT (COUNT(?o) AS ?n) WHERE { ?s ?p ?o FILTER ( isBlank(?o) ) }",
]
WORDS = ["ASK { ?s a cs:Claim }", "ASK { ?s cs:nothing ?o }"]
GRAPHS = [
    "CONSTRUCT { ?s rdfs:label ?o } WHERE { ?s a cs:Mission ; rdfs:label ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a cs:Claim ; ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s cs:nothing ?o ; ?p ?o }",
]
each_query = pytest.mark.parametrize("query", list(saved_queries().values()), ids=lambda query: query.name)


@pytest.fixture(scope="module", params=["folder", *REMOTE])
def other(request: pytest.FixtureRequest, world: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give the world in another store than memory."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "folder":
        yield open_store(str(folder), FILES)
        return
    if request.param == "virtuoso" and not installed():
        absent("There is no Virtuoso; install Debian's virtuoso-opensource-7-bin.")
    export = folder / "export.nq"
    export_file(world, "nquads", export)
    with (oxigraph if request.param == "oxigraph" else virtuoso)(folder, export) as address:
        yield open_store(address)


@pytest.fixture(scope="module")
def there(other: Served) -> Iterator[TestClient]:
    """Give a client of the web application over the other store."""
    # Virtuoso takes seconds to plan some queries, and more on a busy machine.
    with TestClient(create_app(other, Limits(60)), follow_redirects=False) as running:
        yield running


def normal(term: object) -> str:
    """Return a term so that equal values are equal: no service but Oxigraph keeps how a number was written."""
    if isinstance(term, ox.BlankNode):
        return "[]"
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        try:
            return str(Decimal(term.value).normalize())
        except InvalidOperation:
            return term.value
    return str(term or "")


def rows_of(body: bytes) -> Counter[tuple[str, ...]]:
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return Counter(tuple(map(normal, row)) for row in solutions)


def test_the_other_store_is_the_same_data_set(other: Served, world: Loaded) -> None:
    """Digest, numbers and graphs are those of the graph in memory."""
    assert (other.digest, other.triples, other.claims) == (world.digest, world.triples, world.claims)
    assert named_graphs(other) == named_graphs(world)
    assert named_graphs(other)[FACTS.value] > 0


@each_query
def test_saved_queries(query: SavedQuery, other: Served, there: TestClient, world: Loaded) -> None:
    """Each saved query gives the same rows on the command line and over HTTP, each as often."""
    given = OF_THE_WORLD.get(query.name, {})
    mine = Counter(tuple(map(normal, row)) for row in solve(world, prepare(world.store, query, given)))
    assert mine
    assert Counter(tuple(map(normal, row)) for row in solve(other, prepare(other.store, query, given))) == mine
    assert rows_of(there.get(f"/queries/{query.name}", params=given | {"format": "json"}).content) == mine


@pytest.mark.parametrize("query", SELECTS)
def test_rows(query: str, there: TestClient, client: TestClient) -> None:
    """A query gives the same rows, whatever the engines' quirks."""
    answers = [
        one.post("/sparql", data={"query": PREFIXES + query}, headers={"Accept": JSON}) for one in (client, there)
    ]
    assert [answer.status_code for answer in answers] == [200, 200], answers[1].text
    assert rows_of(answers[0].content) == rows_of(answers[1].content)


@pytest.mark.parametrize("query", WORDS)
@pytest.mark.parametrize("accept", [JSON, "application/sparql-results+xml", "text/csv"])
def test_words(query: str, accept: str, there: TestClient, client: TestClient) -> None:
    """ASK is answered by a word, in each form."""
    answers = [
        one.get("/sparql", params={"query": PREFIXES + query}, headers={"Accept": accept}) for one in (client, there)
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["content-type"] == answers[1].headers["content-type"]


@pytest.mark.parametrize("query", GRAPHS)
@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_graphs(query: str, accept: str, there: TestClient, client: TestClient) -> None:
    """CONSTRUCT gives the same graph in each form."""
    sizes, graphs = [], []
    for one in (client, there):
        answer = one.get("/sparql", params={"query": PREFIXES + query}, headers={"Accept": accept})
        quads = list(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(accept)))
        graphs.append({tuple(map(normal, quad.triple)) for quad in quads})
        sizes.append(len(quads))
    assert graphs[0] == graphs[1]


@pytest.mark.parametrize("form", ["csv", "tsv", "xml", "md", "html"])
def test_forms(form: str, there: TestClient, client: TestClient) -> None:
    """Each form of a saved query is the same to the letter, once rows are sorted."""
    answers = [one.get("/queries/timeline", params={"format": form}) for one in (client, there)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sorted(answers[0].text.splitlines()) == sorted(answers[1].text.splitlines())


@pytest.mark.parametrize(
    "thing", ["mission-lamp-1", "csd:mission-lamp-1", "Lamp 1", "lamp-1", "no such thing", "claim-none"]
)
def test_names(thing: str, there: TestClient, client: TestClient) -> None:
    """Names are looked up alike, and what is wrong with one is told alike."""
    answers = [one.get("/queries/who-said-what", params={"thing": thing, "format": "csv"}) for one in (client, there)]
    assert answers[0].status_code == answers[1].status_code
    tables = [sorted(csv.reader(io.StringIO(answer.text))) for answer in answers]
    assert tables[0] == tables[1]


def test_offers(there: TestClient, client: TestClient) -> None:
    """The form of a query offers the same names."""
    assert client.get("/queries/who-said-what?format=html").text == there.get("/queries/who-said-what?format=html").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT ?s WHERE { ?s ?p ?o", 400),
        ("DELETE WHERE { ?s ?p ?o }", 400),
        ("SELECT ?s WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
        ("DEFINE get:soft 'soft' SELECT ?s WHERE { ?s ?p ?o }", 400),
        ("SELECT ?s WHERE { ?s undeclared:p ?o }", 400),
    ],
)
def test_faults(query: str, status: int, there: TestClient, client: TestClient) -> None:
    """A query that is refused is refused with the same words."""
    answers = [one.get("/sparql", params={"query": query}) for one in (client, there)]
    assert [answer.status_code for answer in answers] == [status, status]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


@pytest.mark.parametrize("values", [{"default-graph-uri": FACTS.value}, {"named-graph-uri": FACTS.value}])
def test_graphs_of_the_protocol(values: dict[str, str], there: TestClient, client: TestClient) -> None:
    """Graphs that a request chooses override those of the query."""
    query = (
        "SELECT ?g ?s ?p ?o FROM <https://example.org/nothing> WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    )
    answers = [
        one.get("/sparql", params=values | {"query": query}, headers={"Accept": JSON}) for one in (client, there)
    ]
    assert rows_of(answers[0].content) == rows_of(answers[1].content)
    assert rows_of(answers[0].content)


def test_an_answer_is_never_cut(there: TestClient, client: TestClient, other: Served) -> None:
    """Beyond the row cap of a store an answer is an error, or whole; a query that asks for less is answered."""
    query = PREFIXES + "SELECT ?s ?t WHERE { ?s a ?x . ?t a cs:Claim }"
    mine, theirs = (one.get("/sparql", params={"query": query}, headers={"Accept": JSON}) for one in (client, there))
    number = sum(rows_of(mine.content).values())
    assert number > 10_000
    if theirs.status_code == 200:
        assert rows_of(theirs.content) == rows_of(mine.content)
    else:
        assert theirs.status_code == 502
        assert isinstance(other, Elsewhere)
    limited = there.get("/sparql", params={"query": f"{query} LIMIT 10000"}, headers={"Accept": JSON})
    assert sum(rows_of(limited.content).values()) == 10_000


def test_health(there: TestClient, world: Loaded) -> None:
    """The health of the server names the data set."""
    assert there.get("/healthz").json()["digest"] == world.digest


def test_the_description_names_each_graph(there: TestClient, client: TestClient) -> None:
    """The service description lists the named graphs of the store."""
    answers = [one.get("/sparql", headers={"Accept": "text/turtle"}).content for one in (client, there)]
    names = [
        {
            str(quad.object)
            for quad in ox.parse(answer, format=ox.RdfFormat.TURTLE, base_iri="http://localhost/")
            if quad.predicate == NAME
        }
        for answer in answers
    ]
    assert names[0] == names[1]
    assert str(FACTS) in names[0]
