"""The pages of the vocabulary, and the vocabulary as RDF."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from chinaspace.load import Loaded, load
from chinaspace.names import CS, RDFS
from chinaspace.paths import ontology_files
from chinaspace.prescribe import prescribe
from chinaspace.web import create_app

BROWSER = {"accept": "text/html,*/*;q=0.8"}
FORMATS = ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
DEFINED = ox.NamedNode(RDFS + "isDefinedBy")


def written() -> set[ox.Triple]:
    """Return the triples of the vocabulary's files that have no blank node."""
    store = ox.Store()
    for path in ontology_files():
        store.load(path=str(path))
    return {quad.triple for quad in store if not {type(quad.subject), type(quad.object)} & {ox.BlankNode}}


def names() -> list[str]:
    return sorted(str(triple.subject.value).removeprefix(CS) for triple in written() if triple.predicate == DEFINED)  # type: ignore[union-attr]


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_vocabulary_as_it_is_written(client: TestClient, media_type: str) -> None:
    """As RDF the vocabulary has every triple of its files, whatever the format."""
    answer = client.get("/ontology", headers={"accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    found = {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type))}
    assert written() <= found
    assert {one.subject for one in found if isinstance(one.subject, ox.NamedNode)} == {one.subject for one in written()}


@pytest.mark.parametrize("name", ["Claim", "launchDate", "planned", "modalities", "DateValue"])
@pytest.mark.parametrize("media_type", FORMATS)
def test_a_term_as_rdf(client: TestClient, name: str, media_type: str) -> None:
    """A term comes as its triples, and those of no other."""
    answer = client.get(f"/ontology/{name}", headers={"accept": media_type})
    found = {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type))}
    assert {one for one in written() if one.subject == ox.NamedNode(CS + name)} <= found
    assert {one.subject for one in found if isinstance(one.subject, ox.NamedNode)} == {ox.NamedNode(CS + name)}


def test_without_a_word_it_is_rdf(client: TestClient) -> None:
    """Who does not ask for a page gets Turtle."""
    assert client.get("/ontology").headers["content-type"].startswith("text/turtle")
    assert client.get("/ontology", headers={"accept": "image/png"}).status_code == 406


def test_the_list_has_every_term(client: TestClient) -> None:
    """The page leads to each term."""
    page = client.get("/ontology", headers=BROWSER).text
    assert set(names()) <= set(re.findall(r'href="/ontology/([^"#]+)"', page))


def test_each_term_has_a_page(client: TestClient) -> None:
    """The page of a term has both labels and the definition."""
    for name in names()[::9]:
        answer = client.get(f"/ontology/{name}", headers=BROWSER)
        assert answer.status_code == 200
        for triple in written():
            if triple.subject == ox.NamedNode(CS + name) and triple.predicate.value.endswith(("#label", "#definition")):
                assert isinstance(triple.object, ox.Literal)
                assert triple.object.value.replace("'", "&#39;").replace('"', "&#34;") in answer.text


def test_a_page_has_rules_uses_and_examples(client: TestClient, world: Loaded) -> None:
    """The page of a term tells its rules, how often it is used, and examples from the graph."""
    page = client.get("/ontology/Claim", headers=BROWSER).text
    assert "cssh:Claim-gist" in page
    assert f"{world.claims} things" in page
    assert 'href="/id/claim-' in page


def test_rules_in_words() -> None:
    """A rule has its message, why, and its limits; of a property it is found by the path of the shape."""
    (rule,) = [rule for rule in prescribe()[CS + "source"] if rule.shape == "cssh:Claim-source"]
    assert rule.message
    assert rule.reason
    assert set(rule.limits) == {("minCount", "1"), ("maxCount", "1"), ("class", "cs:Source")}
    assert rule.targets == ("cs:Claim",)


@pytest.mark.parametrize("name", ["nothing", "a%20b", "x%3E%7D%20DROP", "%3Cscript%3E", "Claim%0A"])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_no_such_term(client: TestClient, name: str, accept: str) -> None:
    """A term that there is not is a 404, whatever its name holds."""
    answer = client.get(f"/ontology/{name}", headers={"accept": accept})
    assert answer.status_code == 404
    assert ("html" in answer.headers["content-type"]) == (accept == "text/html")
    assert "<script>" not in answer.text or accept != "text/html"


def test_a_graph_without_this_vocabulary(tmp_path: Path) -> None:
    """A graph that has another vocabulary has no terms of this one, and no fault."""
    path = tmp_path / "foreign.ttl"
    path.write_text("<http://example.org/a> <http://example.org/b> 1 .", "utf-8")
    with TestClient(create_app(load([path]))) as foreign:
        assert foreign.get("/ontology", headers=BROWSER).status_code == 200
        assert foreign.get("/ontology/Claim", headers=BROWSER).status_code == 404
        assert foreign.get("/.well-known/void").status_code == 200


def test_a_page_is_not_sent_again(client: TestClient) -> None:
    """A page that holds is answered with 304, and its tag is not that of the RDF."""
    page = client.get("/ontology/Claim", headers=BROWSER)
    data = client.get("/ontology/Claim")
    assert page.headers["etag"] != data.headers["etag"]
    same = {**BROWSER, "if-none-match": page.headers["etag"]}
    assert client.get("/ontology/Claim", headers=same).status_code == 304
