"""Things under their own names: which form is sent to whom, and where unknown and old names lead."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from chinaspace.extract import FORMS
from chinaspace.web import create_app
from paged import Page
from support import load_turtle, thing

LAMP = "/id/mission-lamp-1"
FAR = "csd:source-far a cs:Source ; rdfs:label 'Far'@en ; dcterms:issued '2020-05-01'^^xsd:date ."
ACCEPTS = {
    "text/html": "html",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "html",
    "*/*": "html",
    "": "html",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "text/turtle;q=0.5, application/rdf+xml;q=0.9": "rdf",
}


@pytest.mark.parametrize(("accept", "form"), ACCEPTS.items())
def test_a_thing_leads_to_a_document(client: TestClient, accept: str, form: str) -> None:
    """Nobody can send a mission, so its address leads to what describes it in the form that the client likes best."""
    answer = client.get(LAMP, headers={"accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LAMP}.{form}")
    assert "accept" in answer.headers["vary"].lower()


def test_the_form_can_be_named(client: TestClient) -> None:
    """What "format" names goes before what the client accepts; other parameters are kept."""
    answer = client.get(f"{LAMP}?format=nt&page=1", headers={"accept": "text/html"})
    assert answer.headers["location"] == f"{LAMP}.nt?page=1"
    assert client.get(f"{LAMP}?format=doc").status_code == 400
    assert client.get(LAMP, headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("name", "form"), [("turtle", "ttl"), ("ntriples", "nt"), ("jsonld", "jsonld"), ("rdfxml", "rdf")]
)
def test_a_form_has_the_name_that_it_has_elsewhere(client: TestClient, name: str, form: str) -> None:
    """A form of RDF can be named as for a query or a term."""
    assert client.get(f"{LAMP}?format={name}").headers["location"] == f"{LAMP}.{form}"
    assert client.get(f"/ontology?format={name}").status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(client: TestClient, form: str) -> None:
    """Each form holds the thing and the claims that concern it, as the engine reads it back."""
    answer = client.get(f"{LAMP}.{form}")
    assert answer.headers["content-type"].partition(";")[0] == FORMS[form][1]
    found = {quad.triple for quad in ox.parse(answer.content, format=FORMS[form][0])}
    assert found == {quad.triple for quad in ox.parse(client.get(f"{LAMP}.nt").content, format=FORMS["nt"][0])}
    subjects = {triple.subject for triple in found}
    assert {thing("mission-lamp-1"), thing("claim-gazette-2020-lamp-1-leader")} <= subjects
    assert 'rel="alternate"; type="text/html"' in answer.headers["link"]


def test_a_copy_that_holds_is_not_sent_again(client: TestClient) -> None:
    """Each document has a tag of its own: by form, language, day and page."""
    tags = []
    for address in (f"{LAMP}.html", f"/zh{LAMP}.html", f"/as-of/2020-06-01{LAMP}.html", f"{LAMP}.ttl"):
        tags.append(client.get(address).headers["etag"])
        assert client.get(address, headers={"if-none-match": tags[-1]}).status_code == 304
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("name", ["mission-lamp-11", "mission-lamp-11.html", "mission-lamp-11.ttl", "a b", "%00"])
def test_an_unknown_name_is_not_found(client: TestClient, name: str) -> None:
    """What nothing is called is a 404."""
    assert client.get(f"/id/{name}").status_code == 404


def test_the_nearest_names_are_told(client: TestClient) -> None:
    """Who mistypes a name is led to the thing, on the page and in the problem report."""
    links = page_of_missing(client).having("href", LAMP)
    assert links
    report = client.get("/id/mission-lamp-11.ttl").json()
    assert "mission-lamp-1" in {one["name"] for one in report["candidates"]}


def page_of_missing(client: TestClient) -> Page:
    return Page(client.get("/id/mission-lamp-11.html").text)


def test_what_was_replaced_points_on(tmp_path: Path) -> None:
    """A thing that was merged into another leads there, and its documents say so."""
    body = (
        f"{FAR} csd:mission-old a cs:Mission ; rdfs:label 'Old'@en ; dcterms:isReplacedBy csd:mission-new . "
        "csd:mission-new a cs:Mission ; rdfs:label 'New'@en ."
    )
    with TestClient(create_app(load_turtle(tmp_path, body)), follow_redirects=False) as client:
        answer = client.get("/id/mission-old?format=ttl")
        assert (answer.status_code, answer.headers["location"]) == (301, "/id/mission-new?format=ttl")
        assert Page(client.get("/id/mission-old.html").text).having("href", "/id/mission-new")


def test_a_page_that_is_none_is_refused(client: TestClient) -> None:
    """The number of a page is a whole one from 1 on."""
    for number in ("0", "-1", "x", "²", "9" * 400):
        assert client.get(f"{LAMP}.html?about={number}").status_code == 400
