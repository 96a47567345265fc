"""The links of this graph: one item for a thing, one thing for an item, each with its evidence; faults have rows."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.load import Loaded
from chinaspace.mappings import NO_TERM, NOT, Mapping, read_mappings
from chinaspace.names import CS, CSD, CSL, CSSH
from chinaspace.paths import graph_files, home, ontology_files
from chinaspace.report import Problem
from chinaspace.tabulate import format_mappings, write_mappings
from chinaspace.unite import union
from chinaspace.validate import validate_files
from conftest import WORLD

SKOS = "http://www.w3.org/2004/02/skos/core#"
EXACT = f"{SKOS}exactMatch"
WD = "http://www.wikidata.org/entity/"
SETS = sorted((home() / "data" / "links").glob("*.sssom.tsv"))
LEAST_ITEMS = 180
# The kinds of things that other data sets describe; the rest, claims of numbers and the like, are ours alone.
LINKED = {"agreement", "constellation", "country", "dataset", "instrument", "institution", "launch", "law", "mission"}
LINKED |= {"person", "place", "platform", "programme", "spacecraft", "vehicle"}

LINK = Mapping(
    subject_id=f"{CSD}mission-lamp-1",
    predicate_id=EXACT,
    object_id=f"{WD}Q18346001",
    object_category=f"{CS}Mission",
    mapping_justification="https://w3id.org/semapv/vocab/ManualMappingCuration",
    author_id=f"{CSL}editors",
    object_source=f"{CSL}wikidata",
    object_source_version="labels of 2025-09-26",
    mapping_date="2026-11-21",
    confidence=0.95,
    other="label 'Lamp 1'",
)
FAULTS = {
    "Mapping-subjectDescribed": [replace(LINK, subject_id=f"{CSD}mission-lamp-11")],
    "Mapping-predicate": [replace(LINK, predicate_id="http://www.w3.org/2002/07/owl#sameAs")],
    "Mapping-justification": [replace(LINK, mapping_justification="https://w3id.org/sssom/Guess")],
    "Mapping-confidence": [replace(LINK, confidence=95)],
    "Mapping-author": [replace(LINK, author_id="")],
    "Mapping-date": [replace(LINK, mapping_date="")],
    "Mapping-source": [replace(LINK, object_source=f"{CSL}memory")],
    "Mapping-version": [replace(LINK, object_source_version="")],
    "Mapping-evidence": [replace(LINK, other="")],
    "Mapping-reason": [replace(LINK, predicate_modifier=NOT)],
    "Mapping-categoryGiven": [replace(LINK, object_category="")],
    "Mapping-category": [replace(LINK, object_category=f"{CS}LaunchVehicle")],
    "Mapping-contradicted": [LINK, replace(LINK, predicate_modifier=NOT, comment="Another one.")],
    "Entity-wikidataOnce": [LINK, replace(LINK, object_id=f"{WD}Q1")],
    "Entity-exactMatchOnce": [LINK, replace(LINK, subject_id=f"{CSD}mission-lamp-2")],
}


@pytest.fixture(scope="module")
def rows() -> list[Mapping]:
    return [row for path in SETS for row in read_mappings(path)]


def problems_of(path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[Mapping]) -> list[Problem]:
    """Return what is wrong with a mapping set of these rows beside the small world."""
    sets = home() / "data" / "links" / "sets.ttl"
    monkeypatch.setattr("chinaspace.validate.graph_files", lambda: [*ontology_files(), WORLD, sets])
    write_mappings(path, rows)
    return validate_files([path])


def test_a_sound_link_is_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with all that it needs passes, and so do rows that reject a candidate or found none."""
    rejected = replace(LINK, object_id=f"{WD}Q1", predicate_modifier=NOT, comment="A film.", object_category="film")
    missing = replace(LINK, subject_id=f"{CSD}mission-lamp-2", object_id=NO_TERM, object_category="", other="")
    assert problems_of(tmp_path / "more.sssom.tsv", monkeypatch, [LINK, rejected, missing]) == []


@pytest.mark.parametrize("shape", FAULTS)
def test_a_fault_is_named_at_its_row(shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of fault in a link is found by its shape, in the file and at a line that holds such a row."""
    path = tmp_path / "more.sssom.tsv"
    found = problems_of(path, monkeypatch, FAULTS[shape])
    assert shape in {problem.shape.removeprefix(CSSH) for problem in found}
    lines = {row.line for row in read_mappings(path)}
    assert all(problem.file == str(path) and problem.line in lines and problem.column for problem in found)


def test_links_stand_in_mapping_sets_alone() -> None:
    """No link is written without its evidence: Turtle of the data has none."""
    turtle = [path for path in graph_files() if path.suffix == ".ttl" and "data" in path.parts]
    assert [path.name for path in turtle if re.search(r"skos:\w+Match\b", path.read_text("utf-8"))] == []


def test_one_item_for_a_thing_and_one_thing_for_an_item(rows: list[Mapping]) -> None:
    """No thing is the same as two items, and no item the same as two things."""
    pairs = {(row.subject_id, row.object_id) for row in rows if row.linked and row.predicate_id == EXACT}
    items = [(subject, item) for subject, item in pairs if item.startswith(WD)]
    assert len(items) >= LEAST_ITEMS
    assert [thing for thing, count in Counter(subject for subject, _ in items).items() if count > 1] == []
    assert [item for item, count in Counter(item for _, item in pairs).items() if count > 1] == []


def test_each_thing_is_linked_or_was_looked_for(rows: list[Mapping], graph: Loaded) -> None:
    """Whatever another data set may have is linked, or a row tells where and when it was not found."""
    told = {row.subject_id for row in rows if row.linked or row.missing}
    entity, kind = ox.NamedNode(f"{CS}Entity"), ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    things = {quad.subject.value for quad in graph.store.quads_for_pattern(None, kind, entity, union(graph.store))}  # type: ignore[union-attr]
    due = {thing for thing in things if thing.removeprefix(CSD).split("-")[0] in LINKED}
    assert len(due) > 300
    assert due - told == set()


def test_each_row_has_its_evidence(rows: list[Mapping]) -> None:
    """Links name what they rest on, rejected candidates a reason, and all of them a day and a state."""
    for row in rows:
        assert row.mapping_date
        assert row.object_source_version
        assert row.missing or row.other
        assert row.comment or not row.rejected


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name)
def test_the_sssom_package_reads_the_same(path: Path, tmp_path: Path) -> None:
    """The package of the SSSOM community finds nothing wrong with a set, reads its rows, and writes them back alike."""
    if "CI" not in os.environ:
        pytest.importorskip("sssom", reason="the package sssom is not installed")
    from sssom.constants import DEFAULT_VALIDATION_TYPES
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate
    from sssom.writers import write_table

    theirs = parse_sssom_table(path)
    reports = validate(theirs, DEFAULT_VALIDATION_TYPES)
    assert [result.message for report in reports.values() for result in report.results] == []
    copy = tmp_path / path.name
    with copy.open("w", encoding="utf-8") as file:
        write_table(theirs, file)
    names = [one.name for one in fields(Mapping) if one.name != "line"]
    ours, again = ([tuple(getattr(row, name) for name in names) for row in read_mappings(one)] for one in (path, copy))
    assert sorted(map(str, ours)) == sorted(map(str, again))
    assert format_mappings(path) == path.read_text("utf-8")
