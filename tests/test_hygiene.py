"""Defects that no shape can see: a query each, over the real graph, and every row is a defect."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.errors import ShapesError
from chinaspace.finding import Touched
from chinaspace.hygiene import hygiene, hygiene_queries
from chinaspace.load import Loaded
from chinaspace.names import CSSH
from chinaspace.point import Fault
from support import SOURCE, claim, load_turtle

QUERIES = hygiene_queries()
LEAST_QUERIES = 11

# For each query a graph that has its defect: a check that never fires checks nothing.
PLAN = claim("plan", 'csd:launch-one cs:launchDate "2021"^^edtf:EDTF', 'cs:gist "A plan."@en', "cs:planned")
FACT = claim("fact", 'csd:launch-one cs:launchDate "2020"^^edtf:EDTF', 'cs:gist "A fact."@en')
DEFECTS = {
    "answers-before-the-question": PLAN + 'csd:claim-a cs:resolves csd:claim-plan ; cs:statedOn "2019"^^edtf:EDTF .',
    "idle-denials": "csd:claim-no cs:modality cs:denied .",
    "links-to-itself": "csd:claim-plan cs:denies csd:claim-plan .",
    "long-gists": f'csd:claim-plan cs:gist "{"a" * 301}"@en .',
    "long-passages": "csd:claim-plan cs:passageStart 100 ; cs:passageEnd 501 .",
    "offices-of-things": "csd:claim-plan cs:speakerRole csd:office-one ; cs:statedBy csd:country-one .",
    "outcomes-before-the-plan": claim(
        "out", 'csd:launch-one cs:launchDate "2019"^^edtf:EDTF', "cs:resolves csd:claim-plan"
    ),
    "repeated-gists": FACT + 'csd:claim-other cs:source csd:source-one ; cs:gist "A fact."@en .',
    "same-labels": 'csd:launch-a a cs:Launch ; rdfs:label "A"@en . csd:mission-a a cs:Mission ; rdfs:label "A"@en .',
    "subjects-in-about": FACT + "csd:claim-fact cs:about csd:launch-one .",
    "unmentioned-things": "csd:mission-one a cs:Mission ; cs:about csd:mission-one .",
}

each_query = pytest.mark.parametrize("name", [query.name for query in QUERIES])


def defects(loaded: Loaded, name: str, touched: Touched = None) -> list[Fault]:
    """Return what one query finds."""
    return [one for one in hygiene(loaded.store, touched) if one.problem.shape == f"{CSSH}Hygiene-{name}"]


def test_there_are_queries() -> None:
    """The queries are found, and each has a graph that it fires on."""
    assert len(QUERIES) >= LEAST_QUERIES
    assert {query.name for query in QUERIES} == set(DEFECTS)


def test_the_graph_has_no_defect(graph: Loaded) -> None:
    """The real graph has none of these defects."""
    assert list(hygiene(graph.store)) == []


@each_query
def test_a_defect_is_found(name: str, tmp_path: Path) -> None:
    """The query finds its defect where there is one, and only there, at a property that the node has."""
    plain = defects(load_turtle(tmp_path, SOURCE + PLAN), name)
    loaded = load_turtle(tmp_path, SOURCE + PLAN + DEFECTS[name])
    found = defects(loaded, name)
    assert len(found) == len(plain) + 1
    assert name == "unmentioned-things" or plain == []
    for fault in found:
        node = ox.NamedNode(fault.problem.node)
        assert any(list(loaded.store.quads_for_pattern(node, ox.NamedNode(one), None)) for one in fault.predicates)
        assert defects(loaded, name, {node})
        assert defects(loaded, name, {ox.NamedNode("urn:x:other")}) == []


def test_a_header_that_lacks_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query without severity, properties, remedy or summary, and a folder without queries, are errors."""
    monkeypatch.setattr("chinaspace.hygiene.shapes_folder", lambda: tmp_path / "shapes")
    monkeypatch.setattr("chinaspace.hygiene.built_in", lambda: tmp_path)
    hygiene_queries.cache_clear()
    try:
        with pytest.raises(ShapesError):
            hygiene_queries()
        (tmp_path / "shapes" / "hygiene").mkdir(parents=True)
        (tmp_path / "shapes" / "hygiene" / "idle.rq").write_text("#+ summary: Idle\nSELECT ?wrong ?node {}\n", "utf-8")
        with pytest.raises(ShapesError):
            hygiene_queries()
    finally:
        hygiene_queries.cache_clear()
