"""Items are inquired for at services elsewhere: here at a server of ours that holds what looks like Wikidata."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chinaspace.errors import AwayError, ChinaSpaceError, RemoteError, StoreError
from chinaspace.inquire import ask_endpoint, ask_service
from chinaspace.mappings import read_mappings
from chinaspace.match import Thing
from live import serving
from support import Command, write_turtle
from told import Service

WD = "http://www.wikidata.org/entity/"
DIRECT = "http://www.wikidata.org/prop/direct/"
ITEMS = f"""
<{WD}Q1> rdfs:label "Lamp 1"@en, "灯一号"@zh ; skos:altLabel "Lamp One"@en ; <{DIRECT}P31> <{WD}Q100> ;
    <{DIRECT}P619> "2018-05-20T00:00:00Z"^^xsd:dateTime .
<{WD}Q2> rdfs:label "Lamp 2"@en ; <{DIRECT}P31> <{WD}Q200> .
<{WD}Q3> rdfs:label "Lampe 1"@de .
"""
KINDS = {f"{WD}Q100": frozenset({"Spacecraft"}), f"{WD}Q200": frozenset({"Work"})}
THINGS = [Thing("a", (("Lamp 1", 0), ("灯一号", 1))), Thing("b", (("Lamp 2", 0),)), Thing("c", (("Bulb 7", 0),))]
# Nobody listens at the port that is reserved for this (RFC 863's, on a machine without it).
NOBODY = "http://127.0.0.1:9/sparql"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server with items."""
    path = write_turtle(tmp_path_factory.mktemp("items") / "items.ttl", ITEMS)
    with serving(path) as live:
        yield live.address


def test_endpoint(address: str) -> None:
    """An endpoint gives items by any of their names, with all of these, their kinds and the year of their launch."""
    found = {one.id: one for one in ask_endpoint(address + "sparql", THINGS, 30, KINDS)}
    assert set(found) == {f"{WD}Q1", f"{WD}Q2"}
    lamp = found[f"{WD}Q1"]
    assert {name for name, _ in lamp.names} == {"Lamp 1", "灯一号", "Lamp One"}
    assert (lamp.kinds, lamp.years) == (frozenset({"Spacecraft"}), (2018, 2018))
    assert found[f"{WD}Q2"].kinds == frozenset({"Work"})


def test_service(address: str) -> None:
    """A reconciliation service gives candidates, whose names are matched here."""
    found = {one.id: one for one in ask_service(address + "reconcile", THINGS, 30, KINDS)}
    assert {f"{WD}Q1", f"{WD}Q2"} <= set(found)
    assert found[f"{WD}Q1"].label == "Lamp 1"


@pytest.mark.parametrize("path", ["healthz", "style.css", "nothing"])
def test_no_such_service(address: str, path: str) -> None:
    """What is no reconciliation service is told so."""
    with pytest.raises(RemoteError):
        list(ask_service(address + path, THINGS, 30, KINDS))


@pytest.mark.parametrize("body", [b"[]", b"{", b"[" * 100_000, b'{"name": 1}', b"x" * (5 * 2**20)])
def test_odd_answers(service: Service, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """Whatever a service answers ends in an error of ours."""

    def do_get(self: object) -> None:
        self.send(body)  # type: ignore[attr-defined]

    monkeypatch.setattr(service.handler, "do_GET", do_get, raising=False)
    with pytest.raises(RemoteError):
        list(ask_service(service.address, THINGS, 5, KINDS))


def test_nobody_there() -> None:
    """A service that cannot be reached is away, and an address without encryption is none."""
    with pytest.raises(AwayError):
        list(ask_service(NOBODY, THINGS, 5, KINDS))
    with pytest.raises(ChinaSpaceError):
        list(ask_endpoint(NOBODY, THINGS, 5, {}))
    with pytest.raises(StoreError):
        list(ask_service("http://example.org/reconcile", THINGS, 5, KINDS))


FILE = "qid\tlabel\tkind\nQ7\tArgentina\tcountry\nQ8\tBrazil\tcountry\n"


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Return the options for a file of items and a folder of mapping sets."""
    (tmp_path / "places.tsv").write_text(FILE, "utf-8")
    return ["--from", str(tmp_path / "places.tsv"), "--links", str(tmp_path / "links")]


def test_list(chinaspace: Command, options: list[str], tmp_path: Path) -> None:
    """The command lists what it proposes with reasons, and writes nothing."""
    run = chinaspace("link", *options, "--format", "json")
    found = {row["thing"].rpartition("/")[2]: row for row in json.loads(run.out)}
    assert found["country-argentina"]["item"] == f"{WD}Q7"
    assert found["country-argentina"]["reasons"]
    assert not (tmp_path / "links").exists()


def test_auto(chinaspace: Command, options: list[str], tmp_path: Path) -> None:
    """What scores enough is accepted unasked, once."""
    assert chinaspace("link", *options, "--auto", "0.95").code == 0
    rows = read_mappings(tmp_path / "links" / "things-wikidata.sssom.tsv")
    assert {row.object_id for row in rows if row.linked} == {f"{WD}Q7", f"{WD}Q8"}
    assert json.loads(chinaspace("link", *options, "--format", "json").out) == []


def test_review(chinaspace: Command, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the terminal one link is refused for a reason, and the other left for later."""
    answers = iter(["r", "Another one.", "later"])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    chinaspace("link", *options, "--review")
    (row,) = read_mappings(tmp_path / "links" / "things-wikidata.sssom.tsv")
    assert (row.rejected, row.comment) == (True, "Another one.")
    assert len(json.loads(chinaspace("link", *options, "--format", "json").out)) == 1


def test_not_asked(chinaspace: Command, options: list[str]) -> None:
    """Files answer when a service does not, which is said, and is no success."""
    run = chinaspace("link", *options, "--service", NOBODY, "--endpoint", NOBODY)
    assert run.code == 2
    assert run.out.count("Not asked: ") == 2
    assert "country-argentina" in run.out
