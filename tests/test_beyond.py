"""What no shape can see is in the report of a validation, with the places of both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.beyond import CHECKS, beyond
from chinaspace.load import Loaded
from chinaspace.nameless import nameless
from chinaspace.names import CSD, CSSH, prefixes
from chinaspace.paths import ontology_files
from chinaspace.report import Problem, Spot
from chinaspace.validate import validate_files
from conftest import WORLD
from support import load_turtle, thing, write_turtle

FIRST = len(prefixes()) + 1  # line of a body behind the prefixes


@pytest.fixture
def small_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the repository be the vocabulary and the world."""
    monkeypatch.setattr("chinaspace.validate.graph_files", lambda: [*ontology_files(), WORLD])


def problems(folder: Path, body: str, shape: str, texts: Path | None = None) -> list[Problem]:
    """Return what one rule says about a new file."""
    path = write_turtle(folder / "new.ttl", body)
    return [one for one in validate_files([path], texts) if one.shape == CSSH + shape and one.file == str(path)]


@pytest.mark.usefixtures("small_graph")
def test_both_sides_have_a_place(tmp_path: Path) -> None:
    """A twin is told at its name, and the name of the other side besides."""
    body = 'csd:mission-a a cs:Mission ;\n rdfs:label "Glow"@en .\ncsd:mission-b skos:altLabel\n "GLOW"@en .'
    (problem,) = problems(tmp_path, body, "Entity-twin")
    assert (problem.line, problem.column, problem.severity) == (FIRST + 1, 13, "warning")
    assert problem.also == (Spot(problem.file or "", FIRST + 2, 15),)


@pytest.mark.usefixtures("small_graph")
def test_two_things_that_are_meant(tmp_path: Path) -> None:
    """owl:differentFrom is taken on a thing, and settles what two have in common."""
    body = 'csd:mission-a a cs:Mission ; rdfs:label "Glow"@en ; owl:differentFrom csd:mission-b .\n'
    path = write_turtle(tmp_path / "new.ttl", body + 'csd:mission-b a cs:Mission ; rdfs:label "glow"@en .')
    found = {one.shape.removeprefix(CSSH) for one in validate_files([path]) if one.file == str(path)}
    assert found <= {"Hygiene-unmentioned-things"}


@pytest.mark.usefixtures("small_graph")
def test_passages_are_compared_where_texts_are_given(tmp_path: Path) -> None:
    """With the folder of the texts a source without its text is a problem, and without it none."""
    body = "csd:claim-x a cs:Claim ; cs:source csd:source-x ; cs:passageStart 1 .\ncsd:source-x a cs:Source ."
    assert problems(tmp_path, body, "Source-textUnread") == []
    (problem,) = problems(tmp_path, body, "Source-textUnread", tmp_path)
    assert (problem.line, problem.column) == (FIRST + 1, 1)


def test_what_is_mentioned_and_has_no_name(tmp_path: Path) -> None:
    """It is told where it is mentioned, unless a shape asks for it or it has a name in some language."""
    body = (
        "csd:source-x a cs:Source ; dcterms:publisher csd:institution-a , csd:institution-b . "
        'csd:institution-b rdfs:label "B"@fr . '
        "csd:claim-x a cs:Claim ; cs:modality cs:asserted ; rdf:subject csd:mission-a ; rdf:predicate cs:operator ; "
        "rdf:object csd:institution-c ."
    )
    store = load_turtle(tmp_path, body).store
    (fault,) = nameless(store)
    assert (fault.problem.node, fault.value) == (CSD + "source-x", thing("institution-a"))
    assert len(list(nameless(store, {thing("institution-a")}))) == 1
    assert list(nameless(store, {thing("institution-b")})) == []


def test_the_graph(graph: Loaded) -> None:
    """The real graph has nothing of the kind, by as many checks as there are."""
    assert len(CHECKS) >= 6
    assert list(beyond(graph.store)) == []
