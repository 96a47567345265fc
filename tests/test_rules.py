"""Nothing passes unseen: what is wrong with the shapes is told at its place, and so is what no shape looks at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chinaspace.errors import ShapesError
from chinaspace.names import CSSH, prefixes
from chinaspace.paths import ontology_files
from chinaspace.paths import shape_files as landed_shapes
from chinaspace.report import Report
from chinaspace.rules import read_rules
from chinaspace.validate import examine
from conftest import WORLD
from support import Command, write_turtle

LINES = len(prefixes())
PLAIN = 'sh:name "x"@en ; sh:message "Mend it."@en ; sh:severity sh:Violation'


@pytest.fixture
def with_shape(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the repository be the vocabulary and the world, and the shapes those that landed and one file more."""
    path = tmp_path / "more.ttl"
    monkeypatch.setattr("chinaspace.validate.graph_files", lambda: [*ontology_files(), WORLD])
    monkeypatch.setattr("chinaspace.rules.shape_files", lambda: [*landed_shapes(), path])
    return path


def told(report: Report, path: Path) -> set[tuple[str, int | None, int | None, str]]:
    """Return shape, line, column and severity of the problems in a file, lines counted from behind the prefixes."""
    return {
        (one.shape.removeprefix(CSSH), (one.line or 0) - LINES, one.column, one.severity)
        for one in report.problems
        if one.file == str(path)
    }


@pytest.mark.parametrize(
    ("body", "column", "meant"),
    [
        (f"cssh:X a sh:NodeShape ; sh:targetClass cs:Claim ; sh:mincount 1 ; {PLAIN} .", 51, "sh:minCount"),
        (f"cssh:X a sh:NodShape ; sh:targetClass cs:Claim ; {PLAIN} .", 10, "sh:NodeShape"),
        (f"cssh:X a sh:NodeShape ; sh:targetclass cs:Claim ; {PLAIN} .", 25, "sh:targetClass"),
        (f"cssh:X a sh:NodeShape ; sh:targetClass cs:Claim ; sh:nodeKind sh:Iri ; {PLAIN} .", 63, "sh:IRI"),
    ],
)
def test_a_misspelt_term(with_shape: Path, body: str, column: int, meant: str) -> None:
    """A term that SHACL does not have is a violation at its place, with what was meant."""
    write_turtle(with_shape, body)
    report = examine()
    assert ("Shape-wellFormed", 1, column, "violation") in told(report, with_shape)
    assert any(f"Did you mean {meant}?" in problem.message for problem in report.problems)


@pytest.mark.parametrize(
    "constraint",
    [
        'sh:property [ sh:path cs:gist ; sh:minCount "one" ]',
        'sh:property [ sh:path cs:gist ; sh:pattern "(" ]',
        "sh:property [ sh:path ( ) ; sh:minCount 1 ]",
        "sh:property [ sh:path [ sh:inversePath cs:gist ; sh:oneOrMorePath cs:gist ] ; sh:minCount 1 ]",
        "sh:property [ sh:path cs:gist ; sh:minCount 1 , 2 ]",
        "sh:in cs:gist",
        "sh:closed 1",
        "sh:qualifiedMinCount 1",
        "sh:node cssh:X",
        'sh:sparql [ sh:select "SELECT $this WHERE {" ]',
        'sh:sparql [ sh:select "SELECT ?that WHERE { ?that ?path ?value }" ]',
        'sh:sparql [ sh:select "SELECT $this WHERE { $this ?path ?value MINUS { $this a ?value } }" ]',
        'sh:sparql [ sh:select "SELECT $this WHERE { SERVICE <http://127.0.0.1/> { $this ?path ?value } }" ]',
        'sh:js [ sh:jsFunctionName "x" ]',
        "sh:rule [ ]",
    ],
)
def test_what_cannot_be_checked(with_shape: Path, constraint: str) -> None:
    """A part of a shape that is ill-formed or not supported is a violation, and never passed over."""
    write_turtle(with_shape, f"cssh:X a sh:NodeShape ; sh:targetClass cs:Claim ; {constraint} ; {PLAIN} .")
    problems = examine().problems
    assert problems
    assert {problem.shape for problem in problems} == {f"{CSSH}Shape-wellFormed"}
    assert all(problem.blocks and problem.file == str(with_shape) for problem in problems if problem.node)


def test_a_class_that_is_none(with_shape: Path) -> None:
    """A target that the vocabulary does not know is a violation, with what was meant."""
    write_turtle(with_shape, f"cssh:X a sh:NodeShape ; sh:targetClass cs:Misson ; sh:nodeKind sh:IRI ; {PLAIN} .")
    report = examine()
    assert told(report, with_shape) == {("Shape-term", 1, 40, "violation"), ("Shape-idle", 1, 40, "warning")}
    assert any("Did you mean cs:Mission?" in problem.message for problem in report.problems)


def test_shapes_that_look_at_nothing(with_shape: Path) -> None:
    """A shape without a node or without a target is told, and breaks nothing."""
    write_turtle(
        with_shape,
        f"""cssh:X a sh:NodeShape ; sh:targetClass cs:Constellation ; sh:nodeKind sh:IRI ; {PLAIN} .
        cssh:Y a sh:NodeShape ; sh:nodeKind sh:IRI ; {PLAIN} .""",
    )
    assert told(examine(), with_shape) == {("Shape-idle", 1, 40, "warning"), ("Shape-idle", 2, 9, "warning")}


def test_shapes_without_names(with_shape: Path) -> None:
    """What is wrong in a shape without a name stands at its place, and what it finds is told under its user."""
    write_turtle(
        with_shape, "cssh:X a sh:NodeShape ; sh:targetNode csd:country-north ; sh:property [ sh:mincount 1 ] ."
    )
    assert ("Shape-wellFormed", 1, 73, "violation") in told(examine(), with_shape)
    body = (
        "cssh:X a sh:NodeShape ; sh:targetNode csd:country-north ; sh:property [ sh:path cs:voice ; sh:minCount 9 ] ."
    )
    write_turtle(with_shape, body)
    report = examine()
    (problem,) = (one for one in report.problems if one.shape == f"{CSSH}X")
    assert "cs:voice" in problem.message
    assert report.checked["cssh:X (cs:voice)"] == 1


def test_a_file_that_says_nothing(with_shape: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the graph with comments alone is refused, because nothing of it is checked."""
    write_turtle(with_shape, f"cssh:X a sh:NodeShape ; sh:targetClass cs:Claim ; sh:nodeKind sh:IRI ; {PLAIN} .")
    path = tmp_path / "empty.ttl"
    path.write_text("# to be written\n", "utf-8")
    files = [*ontology_files(), WORLD, path]
    monkeypatch.setattr("chinaspace.validate.graph_files", lambda: files)
    assert [(one.shape, one.line) for one in examine().problems] == [(f"{CSSH}File-content", 1)]


def test_each_shape_is_counted(with_shape: Path) -> None:
    """The report tells how many nodes each shape checked, those that it is put together from as well."""
    write_turtle(
        with_shape,
        f"""cssh:X a sh:NodeShape ; sh:targetNode csd:country-north , csd:country-south ;
          sh:property cssh:X-label ; {PLAIN} .
        cssh:X-label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ; {PLAIN} .""",
    )
    report = examine()
    assert report.whole
    assert (report.checked["cssh:X"], report.checked["cssh:X-label"]) == (2, 2)
    assert set(report.checked) >= {f"cssh:{path.stem}" for path in landed_shapes()} - {"cssh:Value", "cssh:Vocabulary"}
    assert "rdfs:label" not in report.unconstrained


def test_a_node_that_no_shape_is_for(with_shape: Path, tmp_path: Path) -> None:
    """A node of a type without a shape is a warning at its place."""
    write_turtle(with_shape, f"cssh:X a sh:NodeShape ; sh:targetClass cs:Claim ; sh:nodeKind sh:IRI ; {PLAIN} .")
    new = write_turtle(
        tmp_path / "new.ttl", "<urn:x:1> a <urn:x:Thing> .\n[] a <urn:x:Thing> ; rdf:value [ rdf:value 1 ] ."
    )
    for report in (examine([new]), examine([new], whole=True)):
        assert told(report, new) == {("Node-unseen", 1, 1, "warning"), ("Node-unseen", 2, 1, "warning")}


def test_coverage(with_shape: Path, chinaspace: Command) -> None:
    """The shapes are listed by nodes checked, with the properties that none names; programs get the same numbers."""
    write_turtle(
        with_shape, f"cssh:X a sh:NodeShape ; sh:targetNode csd:country-north ; sh:nodeKind sh:IRI ; {PLAIN} ."
    )
    lines = chinaspace("validate", "--coverage").out.splitlines()
    assert "       1  cssh:X" in lines
    facts = json.loads(chinaspace("validate", "--format", "json").out)
    assert facts["checked"]["cssh:X"] == 1
    assert facts["whole"] is True
    assert f"{facts['nodes']:,} nodes" in lines[-1]
    listed = lines[lines.index("Properties that no shape names:") + 1 : -1]
    assert [line.split()[1] for line in listed if line] == list(facts["unconstrained"])


def test_malformed_shapes(with_shape: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each malformed file of shapes is told like one of data: at its line and column, with the line."""
    other = tmp_path / "other.ttl"
    monkeypatch.setattr("chinaspace.rules.shape_files", lambda: [*landed_shapes(), with_shape, other])
    write_turtle(with_shape, "cssh:X a sh:NodeShape ;\n    sh:targetClass [ .")
    write_turtle(other, "cssh:Y a sh:NodeShape ; sh:name 'unclosed .")
    report = examine()
    assert told(report, with_shape) == {("File-wellFormed", 2, 22, "violation")}
    assert {(line, severity) for _, line, _, severity in told(report, other)} == {(1, "violation")}
    assert {one.source for one in report.problems if one.file == str(with_shape)} == {"    sh:targetClass [ ."}
    with pytest.raises(ShapesError):
        read_rules()


def test_no_shapes(with_shape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a shape that has a target nothing would be checked, which is an error."""
    monkeypatch.setattr("chinaspace.rules.shape_files", lambda: [with_shape])
    write_turtle(with_shape, "cssh:X a sh:NodeShape .")
    with pytest.raises(ShapesError):
        read_rules()
