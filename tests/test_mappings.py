"""Mapping sets: tables that are read with their places, written in one layout, and loaded as triples."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.errors import ReadError
from chinaspace.load import load
from chinaspace.locate import locate
from chinaspace.mappings import NO_TERM, NOT, Mapping, read_mappings
from chinaspace.names import CS, CSD, CSL
from chinaspace.read import graph_name, read_quads
from chinaspace.tabulate import format_mappings, write_mappings
from chinaspace.triple import node_of

SKOS = "http://www.w3.org/2004/02/skos/core#"
EXACT = f"{SKOS}exactMatch"
CURATED = "https://w3id.org/semapv/vocab/ManualMappingCuration"
WD = "http://www.wikidata.org/entity/"

LINK = Mapping(
    subject_id=f"{CSD}mission-lamp-1",
    subject_label="Lamp 1",
    predicate_id=EXACT,
    object_id=f"{WD}Q1",
    object_label='Lamp "1"',
    object_category=f"{CS}Mission",
    mapping_justification=CURATED,
    author_id=f"{CSL}editors",
    object_source=f"{CSL}wikidata",
    object_source_version="labels of 2025-09-26",
    mapping_date="2026-11-21",
    confidence=0.95,
    other="label 'Lamp 1'; 灯一号",
)
REJECTED = Mapping(
    subject_id=LINK.subject_id,
    predicate_id=EXACT,
    predicate_modifier=NOT,
    object_category="film: a story",
    object_id=f"{WD}Q2",
    mapping_justification=CURATED,
    comment="A film.",
)
MISSING = Mapping(
    subject_id=f"{CSD}mission-lamp-2",
    predicate_id=EXACT,
    object_id=NO_TERM,
    mapping_justification=CURATED,
    object_source=f"{CSL}wikidata",
)
HEAD = '#curie_map:\n#  wd: "http://www.wikidata.org/entity/"\n#  csd: https://w3id.org/chinaspace/id/\n'
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
ROW = "csd:a\tskos:exactMatch\twd:Q1\tsemapv:ManualMappingCuration\t0.5\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lamps.sssom.tsv"


def test_what_is_written_is_read(path: Path) -> None:
    """Rows survive the way through a file, whatever characters their cells hold, and stand sorted, each once."""
    write_mappings(path, [REJECTED, MISSING, LINK, LINK])
    assert set(read_mappings(path)) == {LINK, REJECTED, MISSING}
    assert len(read_mappings(path)) == 3
    assert format_mappings(path) == path.read_text("utf-8")


def test_the_header_is_kept(path: Path) -> None:
    """To write rows anew loses nothing that the header says."""
    path.write_text('#comment: "one \\"two\\""\n#license: https://example.org/mine\n' + HEAD + COLUMNS + ROW, "utf-8")
    write_mappings(path, read_mappings(path))
    head = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    assert {'#comment: "one \\"two\\""', '#license: "https://example.org/mine"'} <= set(head)


def test_a_field_of_the_header_holds_for_all_rows(path: Path) -> None:
    """What SSSOM lets a header say once is read into each row."""
    path.write_text("#mapping_date: 2026-11-21\n" + HEAD + COLUMNS + ROW, "utf-8")
    assert [one.mapping_date for one in read_mappings(path)] == ["2026-11-21"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (HEAD + COLUMNS + "csd:a\twd:Q1\n", 5, 1),
        (HEAD + COLUMNS + ROW + ROW.replace("wd:Q1", "wp:Q1"), 6, 23),
        (HEAD + COLUMNS + ROW.replace("wd:Q1", "wd:"), 5, 23),
        (HEAD + COLUMNS + ROW.replace("wd:Q1", "wd:Q 1"), 5, 23),
        (HEAD + COLUMNS + ROW.replace("wd:Q1", ""), 5, 23),
        (HEAD + COLUMNS + ROW.replace("0.5", "half"), 5, 58),
        (HEAD + COLUMNS + ROW.replace("0.5", '"0.5'), 5, 58),
        (HEAD + COLUMNS.replace("object_id", "object") + ROW, 4, 1),
        (HEAD + COLUMNS.replace("confidence", "object_id") + ROW, 4, 1),
        ("#nothing\n" + HEAD + COLUMNS + ROW, 1, 1),
        (HEAD.replace("http://www.wikidata.org/entity/", "no iri ") + COLUMNS + ROW, 2, 1),
        (HEAD, 4, 1),
        ("", 1, 1),
    ],
)
def test_a_broken_table_is_named_at_its_place(path: Path, text: str, line: int, column: int) -> None:
    """Whatever is wrong with a table is an error with line and column, and nothing of it is loaded."""
    path.write_text(text, "utf-8")
    with pytest.raises(ReadError) as raised:
        load([path])
    assert (raised.value.line, raised.value.column) == (line, column)


def test_other_tables_are_refused(tmp_path: Path) -> None:
    """A table that is no mapping set by its name is not read."""
    path = tmp_path / "lamps.tsv"
    path.write_text(HEAD + COLUMNS + ROW, "utf-8")
    with pytest.raises(ReadError):
        load([path])


def test_links_become_triples(path: Path) -> None:
    """Links are triples; what was rejected or not found is told by a row of its own alone."""
    write_mappings(path, [LINK, REJECTED, MISSING])
    store = load([path]).store
    exact = store.quads_for_pattern(None, ox.NamedNode(EXACT), None, graph_name(path))
    link = (ox.NamedNode(LINK.subject_id), ox.NamedNode(LINK.object_id))
    assert [(quad.subject, quad.object) for quad in exact] == [link]
    rows = store.query("SELECT ?row WHERE { ?row a <https://w3id.org/sssom/Mapping> }")
    assert isinstance(rows, ox.QuerySolutions)
    assert {row["row"].value for row in rows} == {node_of(one) for one in (LINK, REJECTED, MISSING)}


def test_triples_stand_at_their_cells(path: Path) -> None:
    """Each triple of a table is found again at line and column of the cell that says it."""
    path.write_text(HEAD + COLUMNS + ROW, "utf-8")
    link = next(one for one in locate(path) if one.predicate.value == EXACT)
    assert (*link.subject_at, *link.predicate_at, *link.object_at) == (5, 1, 5, 7, 5, 23)
    said = {(quad.subject, quad.predicate, quad.object) for quad in read_quads(path)}
    assert {(one.subject, one.predicate, one.object) for one in locate(path)} == said


def test_a_column_that_would_be_lost_is_not_laid_out(path: Path) -> None:
    """To lay out a table never drops a column."""
    path.write_text(HEAD + COLUMNS.replace("confidence", "mood") + ROW, "utf-8")
    with pytest.raises(ReadError) as raised:
        format_mappings(path)
    assert raised.value.line == 4


def test_an_iri_without_a_prefix_is_not_written(path: Path) -> None:
    """A table has CURIEs only, so an IRI that no prefix fits is an error, and nothing is written."""
    with pytest.raises(ReadError):
        write_mappings(path, [Mapping(**{**vars(LINK), "object_id": "urn:x"})])
    assert not path.exists()


def test_one_row_has_one_name() -> None:
    """The IRI of a row depends on what it compares, and not on its evidence."""
    assert node_of(LINK) == node_of(Mapping(**{**vars(LINK), "other": "", "line": 7}))
    assert len({node_of(one) for one in (LINK, REJECTED, MISSING)}) == 3
