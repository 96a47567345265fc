"""The ways in: front page, browsing, timeline, cooperation and registers, on the small world and on hostile data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chinaspace.load import Loaded
from chinaspace.moment import moment
from chinaspace.web import create_app
from support import claim, load_turtle
from visitor import Visitor

PAGES = [
    "/",
    "/search",
    "/search?q=lamp",
    "/browse",
    "/browse?kind=cs:Mission",
    "/browse?year=2021",
    "/browse?to=country-north",
    "/timeline",
    "/timeline?kind=landings",
    "/timeline?kind=other",
    "/cooperation",
    "/plans",
    "/allegations",
    "/conflicts",
    "/conflicts?state=open",
    "/changes",
    "/changes?from=2020-01-01&to=2021-12-31",
]
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
MOST_BYTES = 300_000
each_page = pytest.mark.parametrize("address", PAGES)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Give a client over a graph whose names, gists, values and addresses would run something."""
    text = MARKUP.replace('"', '\\"')
    names = "".join(
        f'csd:{slug} a cs:{kind} ; rdfs:label "{text} {slug}"@en , "嫦{text}"@zh-Hans .\n'
        for slug, kind in (("mission-x", "Mission"), ("launch-x", "Launch"), ("country-x", "Country"))
    )
    said = f'cs:gist "{text}"@en ; cs:statedBy csd:country-x ; cs:passageAddress "javascript:alert(1)"^^xsd:anyURI'
    claims = claim("plan", 'csd:launch-x cs:launchDate "2020-01-01"^^xsd:date', said, "cs:planned")
    claims += claim("fact", 'csd:launch-x cs:launchDate "2021-01-01"^^xsd:date', f"{said} ; cs:resolves csd:claim-plan")
    claims += claim("other", f'csd:launch-x cs:name "{text}"', f"{said} ; cs:contradicts csd:claim-fact", "cs:alleged")
    source = (
        f'csd:source-one a cs:Source ; rdfs:label "{text}"@en ; dcterms:issued "2020-05-01"^^xsd:date ; '
        'schema:url "javascript:alert(1)"^^xsd:anyURI .\n'
    )
    loaded = load_turtle(tmp_path_factory.mktemp("hostile"), source + names + claims)
    with TestClient(create_app(loaded), follow_redirects=False) as running:
        yield running


@each_page
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_page(client: TestClient, address: str, language: str) -> None:
    """A page comes in both languages, small, with one heading of the first rank, and says which part of it is main."""
    answer = client.get(f"/{language}{address}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert len(answer.content) < MOST_BYTES
    assert len(re.findall("<h1[ >]", answer.text)) == 1
    assert len(re.findall("<main[ >]", answer.text)) == 1
    assert " style=" not in answer.text
    assert not re.search(r"<[^>]+ on[a-z]+=", answer.text)


@each_page
def test_what_is_hostile_stays_text(hostile: TestClient, address: str) -> None:
    """Names, gists, values and addresses out of the graph run nothing."""
    answer = hostile.get(address.replace("country-north", "country-x"), headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert 'href="javascript:' not in answer.text


@pytest.mark.parametrize(
    "address", ["/search", "/search.json", "/browse?kind={}", "/browse?to={}", "/conflicts?state={}"]
)
def test_what_is_typed_stays_text(client: TestClient, address: str) -> None:
    """What stands in an address runs nothing on the page."""
    answer = client.get(address.partition("?")[0], params={address.partition("?")[2].partition("=")[0] or "q": MARKUP})
    assert answer.status_code in (200, 400)
    if answer.headers["content-type"].startswith("text/html"):
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/changes?from=2018-02-30",
        "/changes?to=soon",
        "/browse?year=20x1",
        "/browse?year=0000",
        "/browse?kind=%3Cnothing%3E",
        "/conflicts?page=0",
        "/plans?page=-1",
        f"/search?q={'a' * 201}",
    ],
)
def test_what_means_nothing_is_refused(client: TestClient, address: str) -> None:
    """A parameter that means nothing is a fault of the request, and said to be one."""
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.json()["detail"]


@each_page
def test_a_copy_holds_until_the_data_change(client: TestClient, address: str) -> None:
    """A page has a tag, and is not sent again to who has it; in another language it is another page."""
    answer = client.get(address, headers={"accept-language": "en"})
    again = client.get(address, headers={"accept-language": "en", "if-none-match": answer.headers["etag"]})
    other = client.get(address, headers={"accept-language": "zh", "if-none-match": answer.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 200)


def test_nothing_is_known_before_it_is_said(client: TestClient) -> None:
    """As of a day before all sources there are no claims, events, conflicts or allegations."""
    for path in ("timeline", "conflicts", "allegations", "plans", "cooperation", "changes"):
        text = client.get(f"/as-of/1990-01-01/{path}").text.partition("<main")[2].partition("</main")[0]
        assert "/id/claim-" not in text, path


def test_a_plan_is_told_from_a_fact(client: TestClient) -> None:
    """What was announced has its modality beside it on the timeline, and is drawn otherwise."""
    text = client.get("/timeline").text
    assert re.search('<rect class="plan"', text)
    assert re.search('<rect class="fact"', text)
    assert 'data-modality="planned"' in text


def test_an_allegation_and_its_denial(tmp_path: Path) -> None:
    """An allegation stands beside what answers it, and one that nothing answers says so."""
    said = "cs:statedBy csd:country-x ; cs:gist"
    body = 'csd:source-one a cs:Source ; rdfs:label "One"@en ; dcterms:issued "2020-05-01"^^xsd:date .\n'
    body += claim("first", "csd:a cs:pursues csd:b", f'{said} "They spy."@en', "cs:alleged")
    body += claim("second", "csd:a cs:pursues csd:c", f'{said} "They steal."@en', "cs:alleged")
    body += claim("no", "csd:a cs:pursues csd:b", f'{said} "We do not."@en ; cs:denies csd:claim-first', "cs:denied")
    with TestClient(create_app(load_turtle(tmp_path, body))) as client:
        visitor = Visitor(client).click("Allegations")
        assert "We do not." in visitor.block("They spy.")
        assert "unanswered" in visitor.block("They steal.")


def test_an_empty_graph_has_pages(tmp_path: Path) -> None:
    """Where nothing is known, each page says so instead of failing."""
    with TestClient(create_app(load_turtle(tmp_path, ""))) as client:
        for address in PAGES:
            assert client.get(address, headers={"accept": "text/html"}).status_code == 200, address


def test_two_conflicting_claims(client: TestClient, world: Loaded) -> None:
    """Each pair of claims that stand against each other is one entry, open or settled."""
    text = client.get("/conflicts").text
    assert len(re.findall("<article", text)) >= world.conflicts
    counts = [client.get(f"/conflicts?state={state}").text.count("<article") for state in ("open", "settled", "all")]
    assert counts[0] + counts[1] == counts[2]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2020-11-23T20:30:22Z", "2020-11-23, 20:30 UTC"),
        ("2017-12/..", "2017-12 or later"),
        ("../2021", "2021 or before"),
        ("2022-01/2027-01", "2022-01 to 2027-01"),
        ("2025~", "about 2025"),
        ("202X", "2020s"),
        ("19XX", "1900s"),
        ("2017", "2017"),
        ("24/7", "24/7"),
        ("and/or", "and/or"),
        (None, ""),
    ],
)
def test_dates_in_words(value: str | None, words: str) -> None:
    """The commoner forms of a date are said in words, and what is no date stays."""
    assert moment(value) == words
