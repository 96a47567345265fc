"""Whatever a label, a name, a parameter or an address of the data holds, it stays text on the pages of things."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from chinaspace.lead import lead, leads_out
from chinaspace.web import create_app
from paged import Page
from support import load_turtle

MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\\\"'{{ 7*7 }}<!--"
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://example.org",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//example.org/x",
    "https:",
    'https://example.org/\\"onclick=\\"alert(1)',
]


def world() -> str:
    """Return a graph in which every text is markup and every address wants to run."""
    links = "".join(
        f"csd:claim-{number} a cs:Claim ; cs:source csd:source-evil ; cs:modality cs:alleged ; "
        f'cs:gist "{MARKUP}"@en ; cs:statedBy csd:person-evil ; cs:locator "{MARKUP}" ; '
        f'rdf:subject csd:mission-evil ; rdf:predicate cs:purpose ; rdf:object "{MARKUP}"@en ; '
        f'cs:passageAddress "{address}"^^xsd:anyURI ; skos:editorialNote "{MARKUP}"@en .\n'
        for number, address in enumerate(ADDRESSES)
    )
    return (
        f'csd:mission-evil a cs:Mission ; rdfs:label "{MARKUP}"@en , "{MARKUP}"@zh-Hans ; skos:altLabel "{MARKUP}" ; '
        "skos:exactMatch <javascript:alert(1)> .\n"
        f'csd:person-evil a cs:Person ; rdfs:label "{MARKUP}"@en .\n'
        f'csd:source-evil a cs:Source ; rdfs:label "{MARKUP}"@en ; dcterms:issued "2020-01-01"^^xsd:date ; '
        f'schema:url "javascript:alert(1)"^^xsd:anyURI ; dcterms:title "{MARKUP}"@en .\n{links}'
    )


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Give a client of that graph."""
    loaded = load_turtle(tmp_path_factory.mktemp("evil"), world())
    with TestClient(create_app(loaded), follow_redirects=True) as running:
        yield running


def assert_harmless(text: str) -> None:
    """Let a page pass that has no element, no attribute and no address of the data's making."""
    shown = Page(text)
    assert [tag for tag, _ in shown.tags if tag in ("img", "b onclick", "iframe", "object")] == []
    scripts = [attributes for tag, attributes in shown.tags if tag == "script"]
    assert all(
        one.get("type") == "application/ld+json" or str(one.get("src")).startswith("/static/") for one in scripts
    )
    for _, attributes in shown.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")]
        for name in ("href", "src", "action"):
            address = attributes.get(name) or ""
            assert address.startswith(("/", "#", "?", "https://", "http://")) or not address, address
            assert not address.startswith("//")
    assert "49" not in shown.text


@pytest.mark.parametrize("name", ["mission-evil", "person-evil", "source-evil", "claim-0", "claim-6"])
def test_texts_of_the_data_stay_texts(evil: TestClient, name: str) -> None:
    """Markup in labels, gists, values and notes is shown as it is written, in both languages."""
    for address in (f"/id/{name}", f"/zh/id/{name}"):
        answer = evil.get(address)
        assert answer.status_code == 200
        assert_harmless(answer.text)
        assert "alert(1)" in Page(answer.text).text
        description = [text for text in Page(answer.text).scripts if "schema.org" in text]
        assert json.loads(description[0])["@context"] == "https://schema.org"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' OR 1", "{{ 7*7 }}"]
)
def test_what_is_typed_stays_text(evil: TestClient, typed: str) -> None:
    """A name or a parameter with markup comes back as text, if at all."""
    for address in (f"/id/{quote(typed, safe='')}", f"/id/mission-evil.html?about={quote(typed)}&x={quote(typed)}"):
        answer = evil.get(address)
        assert answer.status_code in (400, 404)
        if answer.headers["content-type"].startswith("text/html"):
            assert_harmless(answer.text)
        else:
            assert answer.headers["content-type"] in ("application/problem+json", "application/json")


def test_only_addresses_of_the_web_are_followed() -> None:
    """What could run, or names no host, leads nowhere; neither does a name that is more than a name."""
    for address in ADDRESSES:
        assert not leads_out(address.replace("\\", ""))
        assert not lead(address.replace("\\", ""))
    assert lead("https://example.org/x#:~:text=a") == "https://example.org/x#:~:text=a"
    assert lead("csd:mission-lamp-1") == "/id/mission-lamp-1"
    assert lead("cs:launchDate") == "/ontology/launchDate"
    assert lead("plain words") == lead("csd:../x") == lead(7) == ""
