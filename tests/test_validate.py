"""What stands in a new file is judged by what it says, and not by what is derived from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.errors import ReadError
from chinaspace.format import format_turtle
from chinaspace.names import CS, CSD, CSSH, prefixes
from chinaspace.validate import validate_files
from support import write_turtle

RDF_12 = [
    ('csd:a rdfs:label "x" {| rdfs:comment "c" |} .', 22),
    ('<< csd:a rdfs:label "x" >> rdfs:comment "c" .', 1),
    ('csd:a rdfs:label "x"@en--ltr .', 24),
]


def violations(path: Path) -> set[tuple[str, str, str | None]]:
    """Return shape, node and path of what is wrong in the graph with the file at *path*."""
    problems = [problem for problem in validate_files([path]) if problem.blocks]
    assert {problem.file for problem in problems} <= {str(path)}
    return {(problem.shape.removeprefix(CSSH), problem.node, problem.path) for problem in problems}


@pytest.mark.parametrize(("body", "column"), RDF_12)
def test_what_only_rdf_12_has(tmp_path: Path, body: str, column: int) -> None:
    """Annotations, triple terms and directed text are refused with their place, and never reach a tool of RDF 1.1."""
    path = write_turtle(tmp_path / "new.ttl", body)
    assert violations(path) == {("File-wellFormed", "", None)}
    (problem,) = validate_files([path])
    assert (problem.line, problem.column) == (len(prefixes()) + 1, column)
    with pytest.raises(ReadError):
        format_turtle(path)


def test_a_fact_typed_onto_a_described_thing(tmp_path: Path) -> None:
    """A statement on a thing is refused even where a claim says the same, once, and as it was written."""
    path = write_turtle(
        tmp_path / "new.ttl", 'csd:launch-mengtian cs:launchDate "2022-10-31T07:37:00Z"^^xsd:dateTime .'
    )
    assert violations(path) == {("Entity-statement", CSD + "launch-mengtian", CS + "launchDate")}


def test_a_thing_without_a_type(tmp_path: Path) -> None:
    """What has no type is not passed over, because no shape would look at it."""
    path = write_turtle(tmp_path / "new.ttl", "csd:mission-nosuch cs:operator csd:country-china .")
    node = CSD + "mission-nosuch"
    assert violations(path) == {("Entity-statement", node, CS + "operator"), ("Entity-type", node, None)}


def test_a_derived_value_that_is_typed(tmp_path: Path) -> None:
    """What the load derives is never written by hand."""
    claim = CSD + "claim-time-2022-mengtian-launch-date"
    path = write_turtle(tmp_path / "new.ttl", f'<{claim}> cs:earliest "2022-10-31"^^xsd:date .')
    assert violations(path) == {("Property-derived", claim, CS + "earliest")}


def test_a_number_of_a_narrow_type(tmp_path: Path) -> None:
    """A whole number is an xsd:integer, also where the store would take another type for it."""
    source = CSD + "source-nature-2017"
    path = write_turtle(tmp_path / "new.ttl", f'<{source}> skos:editorialNote "7"^^xsd:unsignedByte .')
    found = violations(path)
    assert ("Literal-number", source, "http://www.w3.org/2004/02/skos/core#editorialNote") in found


def test_only_turtle_is_laid_out(tmp_path: Path) -> None:
    """A file of another format is left alone: it would become Turtle under a wrong name."""
    path = tmp_path / "new.nt"
    path.write_text('<urn:a> <urn:b> "c" .\n', "utf-8")
    with pytest.raises(ReadError):
        format_turtle(path)
