"""pySHACL can be asked instead of our own evaluator, and says the same."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.rules import rules_of
from chinaspace.validate import examine
from support import write_turtle

SHAPES = """
cssh:Claim-gist a sh:NodeShape ; sh:targetClass cs:Claim ; sh:severity sh:Warning ; sh:property cssh:Claim-gist-text .
cssh:Claim-gist-text a sh:PropertyShape ; sh:path cs:gist ; sh:minCount 1 ; sh:maxLength 10 ;
    sh:message "A short gist."@en .
"""
DATA = """
csd:claim-one a cs:Claim ; cs:gist "Short."@en .
csd:claim-two a cs:Claim ;
    cs:gist "Far too long for it."@en .
csd:claim-three a cs:Claim .
cs:Claim a owl:Class .
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a graph of three claims, with two shapes, the one that is checked."""
    data, shapes = write_turtle(tmp_path / "data.ttl", DATA), write_turtle(tmp_path / "shapes.ttl", SHAPES)
    store = ox.Store()
    store.load(path=shapes, format=ox.RdfFormat.TURTLE)
    monkeypatch.setattr("chinaspace.validate.graph_files", lambda: [data])
    monkeypatch.setattr("chinaspace.validate.read_rules", lambda: rules_of(store, [shapes]))
    return data


def test_both_say_the_same_at_the_same_places(files: Path) -> None:
    """Problems, places and words are the same, whoever judges."""
    ours, theirs = examine(whole=True), examine(reference=True)
    found = [one for one in ours.problems if one.shape.endswith("gist-text")]
    assert [one for one in theirs.problems if one.shape.endswith("gist-text")] == found
    assert len(found) == 2
    assert {one.file for one in found} == {str(files)}
    assert all(one.line for one in found)
