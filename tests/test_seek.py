"""Search finds things by a part of a name, in either script, in pinyin, and in spite of a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from chinaspace import seek
from chinaspace.names import CSD
from chinaspace.seek import Finder, finder
from chinaspace.web import create_app
from support import load_turtle

NAMES = """
csd:mission-heron-5 a cs:Mission ; rdfs:label "Heron 5"@en , "苍鹭五号"@zh-Hans ; skos:altLabel "HR-5"@en .
csd:launch-heron-5 a cs:Launch ; rdfs:label "Launch of Heron 5"@en .
csd:mission-heron-15 a cs:Mission ; rdfs:label "Heron 15"@en , "苍鹭十五号"@zh-Hans .
csd:institution-green a cs:Institution ; rdfs:label "Green Institute"@en , "绿色研究所"@zh-Hans .
csd:country-etoile a cs:Country ; rdfs:label "Étoile"@en .
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Give a client over a few names."""
    with TestClient(create_app(load_turtle(tmp_path_factory.mktemp("names"), NAMES))) as running:
        yield running


def slugs(client: TestClient, typed: str) -> list[str]:
    """Return the slugs of what is offered, in order."""
    offers = client.get("/search.json", params={"q": typed}).json()
    return [one["address"].removeprefix("/id/") for one in offers]


@pytest.mark.parametrize(
    "typed",
    [
        "heron 5",
        "HERON-5",
        "hr5",
        "hr",
        "苍鹭5",
        "苍鹭五号",
        "canglu wu hao",
        "cāng lù 5",
        "canglu5",
        "cl5h",
        "5 heron launch",
        "Hreon 5",
    ],
)
def test_a_mission_by_any_way_to_write_it(names: TestClient, typed: str) -> None:
    """Case, signs, script, pinyin with or without tones, initials, order of words and slips make no difference."""
    expected = "launch-heron-5" if "launch" in typed else "mission-heron-5"
    assert slugs(names, typed)[0] == expected


def test_the_best_comes_first(names: TestClient) -> None:
    """A whole name goes before one that begins like it, and this before one that holds it."""
    assert slugs(names, "heron 5")[:2] == ["mission-heron-5", "launch-heron-5"]
    assert slugs(names, "heron")[-1] == "launch-heron-5"


@pytest.mark.parametrize(
    ("typed", "slug"), [("lüse", "green"), ("luse yan", "green"), ("绿", "green"), ("etoile", "etoile")]
)
def test_accents_are_no_matter(names: TestClient, typed: str, slug: str) -> None:
    """What has an accent is found without it."""
    assert slugs(names, typed)[0].endswith(slug)


@pytest.mark.parametrize("typed", ["", "   ", "qqqqqq", "'", "\u200b", ".*", "%"])
def test_nothing_is_found_for_nothing(names: TestClient, typed: str) -> None:
    """What is in no name finds nothing, and is no fault."""
    assert slugs(names, typed) == []
    assert names.get("/search", params={"q": typed}).status_code == 200


def test_an_offer_has_both_scripts_and_the_kind(names: TestClient) -> None:
    """What is offered tells what it is, in the language of the visit, and leads on in it."""
    offer = names.get("/search.json", params={"q": "HR-5"}).json()[0]
    assert (offer["label"], offer["other"], offer["kind"]) == ("Heron 5", "苍鹭五号", "mission")
    chinese = names.get("/zh/search.json", params={"q": "HR-5"}).json()[0]
    assert (chinese["label"], chinese["other"], chinese["address"]) == ("苍鹭五号", "Heron 5", "/zh/id/mission-heron-5")


def test_a_search_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many names there are, a search is over when its time is, with what it has met by then."""
    many = [(f"heron{number}", ox.NamedNode(f"{CSD}mission-{number}"), 0) for number in range(50_000)]
    slow = Finder(many)
    assert len(slow.find("heron", 5)) == 5
    monkeypatch.setattr(seek, "_PATIENCE", -1)
    assert slow.find("heron", 5) == []


def test_all_of_the_vocabulary_comes_last(tmp_path: Path) -> None:
    """A thing goes before a term of the vocabulary with the same name."""
    store = load_turtle(tmp_path, 'csd:mission-mission a cs:Mission ; rdfs:label "mission"@en .').store
    found = finder(store).find("mission", 60)
    assert found[0].value == f"{CSD}mission-mission"
    assert len(found) > 1
