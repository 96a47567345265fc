"""chinaspace link check and repair: an endpoint or a file is asked, replies are kept and replayed, links are mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chinaspace.mappings import NOT, Mapping, read_mappings
from chinaspace.names import CSD
from chinaspace.repair import repair
from chinaspace.tabulate import write_mappings
from services import oxigraph
from support import SOURCE, Command, one_sentence, write_turtle
from told import Service
from wikidata import LINKED, craft, item, launched, time, write_extract

WD = "http://www.wikidata.org/entity/"
EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
CURATED = "https://w3id.org/semapv/vocab/ManualMappingCuration"
DAY = '"2020-11-23"^^xsd:date'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a file with three craft, of which one is linked to an item that was merged and one to none."""
    body = craft("kite", "Q1") + launched("kite", DAY) + craft("merged", "Q2") + craft("gone", "Q7")
    return write_turtle(tmp_path / "own.ttl", SOURCE + LINKED + body)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """Return an extract in Wikidata's shape."""
    body = item("Q1") + time("Q1", "P619", "2020-01-01", 9) + "wd:Q2 owl:sameAs wd:Q3 .\n" + item("Q3")
    return write_extract(tmp_path / "extract.ttl", body)


def found(text: str) -> set[tuple[str, str, str]]:
    """Return thing, field and verdict of each row of a JSON answer."""
    return {(row["thing"].removeprefix(CSD), row["name"], row["verdict"]) for row in json.loads(text)}


EXPECTED = {
    ("spacecraft-kite", "launch date", "weAreSharper"),
    ("spacecraft-merged", "item", "linkRedirected"),
    ("spacecraft-gone", "item", "linkDeleted"),
}


def test_an_endpoint_is_asked_and_its_reply_replayed(
    chinaspace: Command, tmp_path: Path, own: Path, extract: Path
) -> None:
    """A real SPARQL server and what was recorded of it give the same rows as the file that it holds."""
    check = ("link", "check", "--dataset", own, "--format", "json")
    with oxigraph(tmp_path / "store", extract) as address:
        live = chinaspace(*check, "--endpoint", address, "--record", tmp_path / "reply.nt")
    assert live.code == 1
    assert found(live.out) >= EXPECTED
    for path in (extract, tmp_path / "reply.nt"):
        assert chinaspace(*check, "--dump", path).out == live.out


def test_a_kept_reply(chinaspace: Command, own: Path) -> None:
    """A reply that was recorded of an earlier version is still read, and gives what it gave."""
    reply = Path(__file__).parent / "replies" / "wikidata-shape.nt"
    run = chinaspace("link", "check", "--dataset", own, "--format", "json", "--dump", reply)
    assert (run.code, found(run.out) >= EXPECTED) == (1, True)


def test_nothing_is_asked_unasked(chinaspace: Command, own: Path, uncalled: str) -> None:
    """Without an endpoint or a file, and with both, nothing is compared; an endpoint elsewhere has to be https."""
    for options in ((), ("--endpoint", uncalled, "--dump", own), ("--endpoint", "http://example.org/sparql")):
        run = chinaspace("link", "check", "--dataset", own, *options)
        assert run.code == 2
        assert one_sentence(run)


def test_an_endpoint_that_fails(chinaspace: Command, own: Path, service: Service) -> None:
    """An endpoint that answers wrongly, with an error or not at all is "could not check", and never "deleted"."""
    service.answers(lambda handler: handler.send(b"<a> <b> ", content_type="application/n-triples"))
    assert chinaspace("link", "check", "--dataset", own, "--endpoint", service.address).code == 2
    service.answers(lambda handler: handler.send(b"no", 500))
    assert chinaspace("link", "check", "--dataset", own, "--endpoint", service.address).code == 2
    service.close()
    assert chinaspace("link", "check", "--dataset", own, "--endpoint", service.address).code == 2


def test_only_agreement_is_fine(chinaspace: Command, tmp_path: Path) -> None:
    """Where all agree or one is sharper the code is 0; agreement is shown if all is asked for."""
    own = write_turtle(tmp_path / "own.ttl", SOURCE + craft("kite", "Q1") + launched("kite", DAY))
    extract = write_extract(tmp_path / "extract.ttl", item("Q1") + time("Q1", "P619", "2020-11-23", 11))
    check = ("link", "check", "--dataset", own, "--format", "json", "--dump", extract)
    assert (chinaspace(*check).code, found(chinaspace(*check).out)) == (0, set())
    assert found(chinaspace(*check, "--all").out) == {("spacecraft-kite", "launch date", "linkAgrees")}


def row(slug: str, target: str, **more: Any) -> Mapping:
    """Return a row of a mapping set."""
    return Mapping(
        subject_id=CSD + slug, predicate_id=EXACT, object_id=WD + target, mapping_justification=CURATED, **more
    )


def test_links_to_merged_items_are_repaired(tmp_path: Path) -> None:
    """A link and a rejected candidate follow; where the new item is taken, the row stays, because one link is wrong."""
    path = tmp_path / "things.sssom.tsv"
    kept = row("mission-lamp-1", "Q5")
    rejected = row("mission-lamp-2", "Q2", predicate_modifier=NOT, comment="A film.")
    write_mappings(path, [row("spacecraft-kite", "Q2", other="label"), rejected, row("mission-lamp-3", "Q4"), kept])
    done = repair([path], {"Q2": "Q3", "Q4": "Q5"}, "2026-01-02")
    assert {(one.subject.removeprefix(CSD), one.new, bool(one.kept)) for one in done} == {
        ("spacecraft-kite", "Q3", False),
        ("mission-lamp-2", "Q3", False),
        ("mission-lamp-3", "Q5", True),
    }
    after = {one.subject_id.removeprefix(CSD): one for one in read_mappings(path)}
    assert {slug: one.object_id.removeprefix(WD) for slug, one in after.items()} == {
        "spacecraft-kite": "Q3",
        "mission-lamp-1": "Q5",
        "mission-lamp-2": "Q3",
        "mission-lamp-3": "Q4",
    }
    assert "Q2" in after["spacecraft-kite"].other
    assert after["mission-lamp-2"].rejected
    assert repair([path], {"Q2": "Q3"}, "2026-01-02") == []


def test_the_repair_of_a_graph(
    chinaspace: Command, tmp_path: Path, extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command asks about what is linked, mends the mapping sets of the graph, and a second run finds nothing."""
    links = tmp_path / "home" / "data" / "links"
    links.mkdir(parents=True)
    write_turtle(tmp_path / "home" / "data" / "things.ttl", 'csd:spacecraft-kite a cs:Satellite ; rdfs:label "K"@en .')
    write_mappings(links / "things.sssom.tsv", [row("spacecraft-kite", "Q2")])
    monkeypatch.setenv("CHINASPACE_HOME", str(tmp_path / "home"))
    assert chinaspace("link", "repair", "--dump", extract).code == 0
    assert [one.object_id for one in read_mappings(links / "things.sssom.tsv")] == [f"{WD}Q3"]
    assert chinaspace("link", "repair", "--dump", extract).out == ""
