"""What the pages of things show: plans beside what came, conflicts, allegations, and what a day hides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chinaspace.extract import FORMS
from chinaspace.load import Loaded
from chinaspace.names import CSD, cs
from chinaspace.web import create_app
from paged import Page, page
from support import load_turtle

FAR = "csd:source-far a cs:Source ; rdfs:label 'Far'@en ; dcterms:issued '2020-05-01'^^xsd:date ."


@pytest.fixture(scope="module")
def served(graph: Loaded) -> Iterator[TestClient]:
    """Give a client of the pages of the built-in graph."""
    with TestClient(create_app(graph), follow_redirects=True) as running:
        yield running


def kinds(graph: Loaded) -> dict[str, str]:
    """Return for each class that files state one thing that has it."""
    found: dict[str, str] = {}
    query = (
        "SELECT ?class (MIN(STR(?thing)) AS ?one) (MAX(STR(?thing)) AS ?two) WHERE "
        f"{{ ?thing a ?class . FILTER ( STRSTARTS(STR(?thing), '{CSD}') ) }} GROUP BY ?class"
    )
    for kind, one, _ in graph.store.query(query, use_default_graph_as_union=True):  # type: ignore[union-attr]
        if kind.value.startswith(cs("").value):
            found[kind.value.removeprefix(cs("").value)] = one.value.removeprefix(CSD)
    return found


def test_every_kind_of_thing_has_a_page(served: TestClient, graph: Loaded) -> None:
    """One thing of each class is shown: with its name, its downloads and its description for machines, below 300 kB."""
    found = kinds(graph)
    assert len(found) >= 40
    for kind, slug in found.items():
        answer = served.get(f"/id/{slug}")
        assert answer.status_code == 200, (kind, slug)
        assert len(answer.content) < 300_000, (kind, slug)
        shown = Page(answer.text)
        assert [tag for tag, _ in shown.tags].count("h1") == 1
        identifiers = [found["id"] for found in shown.having("id")]
        assert len(identifiers) == len(set(identifiers)), (kind, slug)
        assert {f"/id/{slug}.{form}" for form in FORMS} <= {link["href"] for link in shown.having("href")}
        described = [json.loads(text) for text in shown.scripts if "schema.org" in text]
        assert [one["@id"] for one in described] == [CSD + slug]


def test_a_plan_stands_beside_what_became_of_it(served: TestClient) -> None:
    """The page of a mission has the dates of its launch: announced, actual, and the slip, each with its passage."""
    shown = page(served, "/id/mission-change-5")
    rows = {row["data-claim"]: row for tag, row in shown.tags if tag == "tr" and "data-claim" in row}
    assert rows["claim-nature-2017-box-change-5-date"]["data-modality"] == "planned"
    assert "data-actual" in rows["claim-gcat-launchlog-2024-12-change-5-date"]
    assert "data-actual" not in rows["claim-nature-2017-box-change-5-date"]
    assert "1058" in shown.text
    assert shown.having("data-slip")
    assert [link for link in shown.having("href") if "#:~:text=" in (link["href"] or "")]
    assert shown.having("href", "http://www.wikidata.org/entity/Q10944018")


def test_a_day_hides_what_was_not_known(served: TestClient) -> None:
    """As of a day before the launch there is the plan, and no outcome, slip or fact of later."""
    shown = page(served, "/as-of/2018-01-01/id/mission-change-5.html")
    claims = {row["data-claim"] for row in shown.having("data-claim")}
    assert "claim-nature-2017-box-change-5-date" in claims
    assert not [claim for claim in claims if "gcat" in str(claim)]
    assert not shown.having("data-slip")
    assert "2020-11-23" not in shown.text
    triples = served.get("/as-of/2018-01-01/id/launch-change-5.nt").text
    assert "planned" in triples
    assert "2020-11-23" not in triples


def test_conflicts_and_allegations_are_confronted(served: TestClient) -> None:
    """Conflicts are open or settled by a rule; allegations stand next to their denials, or are unanswered."""
    states = {found["data-state"] for found in page(served, "/id/country-china").having("data-state")}
    assert {"open", "answered", "unanswered"} <= states
    shown = page(served, "/id/country-china")
    assert shown.having("data-denial")


def test_a_settled_conflict_names_its_rule(tmp_path: Path) -> None:
    """Where a rule decided, it is named, and the preferred side is marked."""
    statement = (
        "rdf:subject csd:launch-a ; rdf:predicate cs:launchDate ; cs:source csd:source-far ; cs:modality cs:asserted"
    )
    body = (
        f"{FAR} csd:launch-a a cs:Launch ; rdfs:label 'A'@en . csd:person-x a cs:Person ; rdfs:label 'X'@en . "
        f"csd:claim-one a cs:Claim ; {statement} ; rdf:object '2020-01-01'^^xsd:date ; cs:gist 'One.'@en ; "
        "cs:statedBy csd:person-x ; cs:rank cs:preferred ; cs:rankRule cs:closerToTheEvent ; cs:rankReason 'A'@en . "
        f"csd:claim-two a cs:Claim ; {statement} ; rdf:object '2020-01-02'^^xsd:date ; cs:gist 'Two.'@en ; "
        "cs:statedBy csd:person-x ."
    )
    with TestClient(create_app(load_turtle(tmp_path, body))) as client:
        shown = page(client, "/id/launch-a")
    assert [found["data-state"] for found in shown.having("class", "conflict")] == ["settled"]
    assert shown.having("data-rule")
    kept = shown.having("class", "kept")
    assert [side["data-claim"] for side in kept] == ["claim-one"]


def test_a_source_tells_what_is_covered(served: TestClient) -> None:
    """The page of a source lists its claims in the order of the text, page by page."""
    lists = []
    for address in ("/id/source-nature-2017", "/id/source-nature-2017.html?covered=2"):
        found = re.search('<section id="covered">(.*?)</section>', served.get(address).text, re.DOTALL)
        assert found
        lists.append({row["data-claim"] for row in Page(found[1]).having("data-claim")})
    assert min(map(len, lists)) > 20
    assert not lists[0] & lists[1]
    assert page(served, "/id/source-nature-2017").having("class", "coverage")


def test_the_modality_of_each_claim_is_told(served: TestClient) -> None:
    """No claim is listed without the word for its modality."""
    text = served.get("/id/mission-change-6").text
    items = re.findall(
        r'<li data-claim="[^"]+" data-modality="([^"]+)">\s*<span class="tag" data-modality="([^"]+)">[^<]+', text
    )
    assert len(items) > 20
    assert all(one == other for one, other in items)
