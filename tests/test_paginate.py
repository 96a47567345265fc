"""A thing with thousands of claims: its page stays small, and leafing through loses none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from chinaspace.lookup import Row
from chinaspace.names import cs
from chinaspace.paginate import LENGTH, paginate
from chinaspace.web import create_app
from support import SOURCE, load_turtle, thing

CLAIMS = 2000
PROPERTIES = ("purpose", "leader", "launchDate", "fundedBy", "partOf")
MODALITIES = ("asserted", "planned", "alleged", "denied", "opinion", "predicted", "estimated")


def claim(number: int) -> str:
    """Return one of very many claims, each in words, with a property, a modality and an address of its own."""
    said = PROPERTIES[number % len(PROPERTIES)]
    value = f'"20{number % 90 + 10}-05-01"^^xsd:date' if said == "launchDate" else "csd:person-p"
    subject = "csd:launch-big" if said == "launchDate" else "csd:mission-big"
    return (
        f"csd:claim-{number} a cs:Claim ; cs:source csd:source-one ; cs:statedBy csd:person-p ; "
        f"cs:about csd:mission-big ; cs:modality cs:{MODALITIES[number % len(MODALITIES)]} ; "
        f"rdf:subject {subject} ; rdf:predicate cs:{said} ; "
        f'rdf:object {value} ; cs:gist "Sentence {number} of the very many that were said of this thing so far."@en ; '
        f'cs:passageAddress "https://example.org/one#:~:text=sentence%20{number},has%20had%20said"^^xsd:anyURI ; '
        f"cs:passageStart {number * 100} ; cs:passageEnd {number * 100 + 60} ."
    )


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Give a client of a graph with one thing that very many claims concern."""
    things = (
        "csd:mission-big a cs:Mission ; rdfs:label 'Big'@en . "
        "csd:launch-big a cs:Launch ; rdfs:label 'Launch of Big'@en . "
        "csd:person-p a cs:Person ; rdfs:label 'P'@en . "
    )
    body = "\n".join([SOURCE, things, *map(claim, range(CLAIMS))])
    with TestClient(create_app(load_turtle(tmp_path_factory.mktemp("big"), body)), follow_redirects=True) as running:
        yield running


@pytest.mark.parametrize("sort", [True, False])
def test_leafing_through_loses_nothing(sort: bool) -> None:
    """Each claim stands on one page, in the group that its property begins, and what says nothing in terms is last."""
    rows: list[Row] = []
    for number in range(1000):
        rows.append({"claim": thing(f"claim-{number}"), "said": ox.Literal("2020-05-01")})
        if number % 7:
            rows[-1]["property"] = cs(PROPERTIES[number % 5])
    sheets = [paginate(rows, page, sort) for page in range(1, -(-len(rows) // LENGTH) + 1)]
    seen = [node for sheet in sheets for node in sheet.nodes]
    assert len(seen) == len(set(seen)) == len(rows)
    assert {sheet.total for sheet in sheets} == {len(rows)}
    assert not paginate(rows, len(sheets) + 1, sort).nodes
    begins = {group.property: group.first for group in sheets[0].contents}
    for said, first in begins.items():
        assert said in {group.property for group in sheets[first - 1].groups}
    if sort:
        assert list(begins)[-1] is None


@pytest.mark.parametrize(("name", "part"), [("mission-big", "about"), ("person-p", "said"), ("source-one", "covered")])
def test_every_page_of_a_long_list_is_small(crowded: TestClient, name: str, part: str) -> None:
    """The first page, one within and the last have claims of their own, and stay below 300 kB."""
    last = -(-CLAIMS // LENGTH)
    seen: list[str] = []
    for number, least in ((1, LENGTH), (2, LENGTH), (last, 1)):
        answer = crowded.get(f"/id/{name}.html?{part}={number}")
        assert answer.status_code == 200
        assert len(answer.content) < 300_000
        anchor = "claims" if part == "about" else part
        section = re.search(f'<section id="{anchor}">(.*?)</section>', answer.text, re.DOTALL)
        assert section
        found = re.findall(r'<li data-claim="(claim-\d+)"', section[1])
        assert LENGTH >= len(found) >= least
        seen += found
    assert len(seen) == len(set(seen))


def test_each_property_leads_to_its_page(crowded: TestClient) -> None:
    """The list of properties leads to the page on which the claims of each begin."""
    first = crowded.get("/id/mission-big").text
    links = re.findall(r'<a href="(?:\?about=(\d+))?#p-(\w+)">', first)
    assert {name for _, name in links} >= set(PROPERTIES)
    number, name = links[-1]
    assert f'id="p-{name}"' in crowded.get(f"/id/mission-big.html?about={number}").text


def test_triples_come_in_parts(crowded: TestClient) -> None:
    """What is too much for one document goes on in the next, which the head names."""
    found: set[str] = set()
    address = "/id/mission-big.nt"
    while address:
        answer = crowded.get(address)
        found |= set(re.findall(r"^<[^>]*/(claim-\d+)> <[^>]*#type> <[^>]*/Claim>", answer.text, re.MULTILINE))
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
        address = following[1] if following else ""
    assert len(found) == CLAIMS
    assert crowded.get("/id/mission-big.nt?page=9").status_code == 400
