"""A misspelt term or thing is answered with the nearest one that there is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.load import Loaded
from chinaspace.names import CS, CSD, CSSH, RDF
from chinaspace.point import Fault
from chinaspace.report import Problem
from chinaspace.suggest import nearest, suggest
from support import load_turtle

PROBLEM = Problem(None, None, None, "violation", f"{CSSH}Entity-property", CSD + "mission-lamp-1", None, "Mend it.")


@pytest.mark.parametrize(
    ("iri", "predicate", "expected"),
    [
        (CS + "lauchDate", None, CS + "launchDate"),
        (CS + "launchdate", RDF + "predicate", CS + "launchDate"),
        (CS + "Mision", RDF + "type", CS + "Mission"),
        (CS + "plannd", CS + "modality", CS + "planned"),
        (CSD + "misson-lamp-1", RDF + "subject", CSD + "mission-lamp-1"),
    ],
)
def test_the_nearest_comes_first(world: Loaded, iri: str, predicate: str | None, expected: str) -> None:
    """A property is suggested for a property, a class for a class, a concept for a value, a thing for a thing."""
    assert nearest(world.store, iri, predicate)[0] == expected


@pytest.mark.parametrize("predicate", [None, RDF + "type", CS + "modality"])
def test_what_is_like_nothing(world: Loaded, predicate: str | None) -> None:
    """Nothing is suggested where nothing is near, nor from another namespace."""
    assert nearest(world.store, CS + "xylophoneConcerto", predicate) == []
    assert nearest(world.store, "urn:x/Mission", predicate) == []


def test_only_what_is_unknown_is_asked_about(world: Loaded) -> None:
    """A path or a value that is there is no misspelling, and neither is a literal or an IRI of others."""
    known = Fault(replace(PROBLEM, path=CS + "modality"), (CS + "modality",), ox.NamedNode(CS + "planned"))
    foreign = Fault(PROBLEM, (CS + "modality",), ox.NamedNode("urn:x:plannd"))
    assert [suggest(fault, world.store) for fault in (known, foreign)] == [known, foreign]


def test_path_and_value(world: Loaded) -> None:
    """The message ends in a question with the short name."""
    path = suggest(Fault(replace(PROBLEM, path=CS + "statdBy"), (CS + "statdBy",)), world.store)
    assert "cs:statedBy" in path.problem.message.removeprefix("Mend it.")
    value = suggest(Fault(PROBLEM, (CS + "modality",), ox.NamedNode(CS + "asertd")), world.store)
    assert "cs:asserted" in value.problem.message.removeprefix("Mend it.")


def test_a_misspelt_class_is_the_fault(tmp_path: Path) -> None:
    """Where a thing has no known class, the place is that of the class."""
    store = load_turtle(tmp_path, "csd:mission-a a cs:Mision . csd:claim-a a cs:Claim .").store
    problem = replace(PROBLEM, shape=f"{CSSH}Entity-type", node=CSD + "mission-a")
    found = suggest(Fault(problem), store)
    assert (found.predicates, found.value) == ((RDF + "type",), ox.NamedNode(CS + "Mision"))
    assert "cs:Mission" in found.problem.message
