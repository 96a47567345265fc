"""What describes the graph to machines: VoID and DCAT, the feed, the list of pages, the interface."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from rdflib import DCAT, RDF, VOID, Graph, Literal, URIRef

from chinaspace.describe import UNION
from chinaspace.load import Loaded
from chinaspace.names import CS, CSD
from chinaspace.queries import saved_queries

VOID_AT = "/.well-known/void"
UNION_IRI = URIRef(UNION.value)
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BROWSER = {"accept": "text/html,*/*;q=0.8"}


@pytest.fixture(scope="module")
def described(client: TestClient) -> Graph:
    """Return the description of the world."""
    return Graph().parse(data=client.get(VOID_AT).text, format="turtle")


@pytest.mark.parametrize(
    ("media_type", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
    ],
)
def test_formats(client: TestClient, described: Graph, media_type: str, form: str) -> None:
    """The description comes in each format, and is the same."""
    answer = client.get(VOID_AT, headers={"accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert len(Graph().parse(data=answer.text, format=form)) == len(described)


def test_a_browser_and_a_stranger(client: TestClient) -> None:
    """A browser gets Turtle, and what takes none of the formats is told so."""
    assert client.get(VOID_AT, headers=BROWSER).headers["content-type"].startswith("text/turtle")
    assert client.get(VOID_AT, headers={"accept": "image/png"}).status_code == 406


def test_the_data_set(described: Graph, world: Loaded) -> None:
    """It is a data set of VoID and of DCAT, with its digest, its size, its licence and its service."""
    assert {VOID.Dataset, DCAT.Dataset} <= set(described.objects(UNION_IRI, RDF.type))
    assert described.value(UNION_IRI, VOID.triples) == Literal(world.triples)
    endpoint = described.value(UNION_IRI, VOID.sparqlEndpoint)
    assert str(endpoint) == "http://testserver/sparql"
    assert (endpoint, DCAT.servesDataset, UNION_IRI) in described


def test_partitions_count_what_there_is(client: TestClient, described: Graph) -> None:
    """Each partition has the number that a query counts, and no class or property is left out."""
    for partition, name, size, pattern in (
        (VOID.classPartition, VOID["class"], VOID.entities, "?s a ?t"),
        (VOID.propertyPartition, VOID.property, VOID.triples, "?s ?t ?o"),
    ):
        query = f"SELECT ?t (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?t"
        rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        counted = {row["t"]["value"]: int(row["n"]["value"]) for row in rows}
        parts = list(described.objects(UNION_IRI, partition))
        told = {str(described.value(part, name)): int(str(described.value(part, size))) for part in parts}
        assert told == counted
        assert len(parts) > 10


def test_linksets_count_links(client: TestClient, described: Graph) -> None:
    """The linksets of a property have as many links as there are."""
    exact = URIRef("http://www.w3.org/2004/02/skos/core#exactMatch")
    told = [described.value(part, VOID.triples) for part in described.subjects(VOID.linkPredicate, exact)]
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{exact}> ?o }}"
    (row,) = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert sum(int(str(one)) for one in told) == int(row["n"]["value"])


@pytest.mark.parametrize("host", ["example.org", "[::1]:8000"])
def test_addresses_are_those_of_the_client(client: TestClient, host: str) -> None:
    """Addresses in descriptions begin with what the client calls the server."""
    assert f"http://{host}/sitemap.xml" in client.get("/robots.txt", headers={"host": host}).text


@pytest.mark.parametrize("host", ['x"><b>', "a b", "x\\y"])
@pytest.mark.parametrize("path", [VOID_AT, "/feed.atom", "/sitemap.xml", "/robots.txt"])
def test_a_host_that_is_none_is_not_told(client: TestClient, host: str, path: str) -> None:
    """What no host can be called does not get into a description."""
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 200
    assert host not in answer.text


def test_the_feed(client: TestClient, world: Loaded) -> None:
    """The feed has the claims, the newest first, each with its address, day, speaker and source."""
    feed = ElementTree.fromstring(client.get("/feed.atom").content)
    entries = feed.findall(ATOM + "entry")
    days = [entry.findtext(ATOM + "updated") or "" for entry in entries]
    assert days == sorted(days, reverse=True)
    assert len({entry.findtext(ATOM + "id") for entry in entries}) == len(entries) > 5
    for entry in entries:
        claim = ox.NamedNode(entry.findtext(ATOM + "id") or "")
        gists = world.store.quads_for_pattern(claim, ox.NamedNode(CS + "gist"), None, ox.DefaultGraph())
        assert entry.findtext(ATOM + "title") in [
            quad.object.value for quad in gists if isinstance(quad.object, ox.Literal)
        ]
        link = entry.find(ATOM + "link")
        assert link is not None
        assert link.get("href") == f"http://testserver/id/{claim.value.removeprefix(CSD)}"
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.findtext(ATOM + "updated") == days[0]


def test_the_list_of_pages(client: TestClient) -> None:
    """The list names the saved queries, the terms and the things, and each once."""
    listed = ElementTree.fromstring(client.get("/sitemap.xml").content)
    addresses = [place.text or "" for place in listed.iter(MAP + "loc")]
    paths = {address.removeprefix("http://testserver") for address in addresses}
    assert len(addresses) == len(paths)
    assert {f"/queries/{name}?format=html" for name in saved_queries()} <= paths
    assert {"/", "/ontology/Claim", "/id/mission-lamp-1"} <= paths


def test_the_interface(client: TestClient) -> None:
    """The page of the interface has every path of its description, and loads nothing from elsewhere."""
    page = client.get("/docs", headers=BROWSER)
    for path in client.get("/openapi.json").json()["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!creativecommons)[^"]*"', page.text)
    assert "unsafe" not in page.headers["content-security-policy"]


def test_descriptions_are_not_sent_again(client: TestClient) -> None:
    """A description that holds is answered with 304."""
    for path in (VOID_AT, "/feed.atom", "/sitemap.xml"):
        tag = client.get(path).headers["etag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
        assert client.get(path, headers={"if-none-match": tag, "host": "example.org"}).status_code == 200


def test_the_card_for_search_engines(client: TestClient, world: Loaded) -> None:
    """The front page has a record in schema.org, with the digest and the licence."""
    page = client.get("/", headers=BROWSER).text
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    record = json.loads(text)
    assert (record["@type"], record["identifier"]) == ("Dataset", world.digest)
    assert record["license"]
