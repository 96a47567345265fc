"""What a change can affect is checked, and nothing else: the results are those of a full run, and those of pySHACL.

`CHINASPACE_EDITS=1000 CHINASPACE_REFERENCE_EDITS=1000 pytest tests/test_affect.py` makes so many random edits.
pySHACL takes a second for each without the SPARQL constraints, and most of a minute with them on rdflib; these are
compared for the nodes that an edit touches.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from chinaspace.gather import Gathered
from chinaspace.judge import Judge
from chinaspace.names import CSSH, SH, Term
from chinaspace.paths import ontology_files
from chinaspace.rules import Rules, read_rules
from chinaspace.shape import Shape
from conftest import WORLD
from edits import (
    SPARQL,
    Edit,
    Pools,
    apply,
    changed,
    difference,
    edits,
    gathered,
    graph_of,
    plain,
    read_in,
    reference,
    run,
    without,
)

EDITS = int(os.environ.get("CHINASPACE_EDITS", "20"))
REFERENCE_EDITS = int(os.environ.get("CHINASPACE_REFERENCE_EDITS", "3"))
VOCABULARY = {"Class", "Concept", "Property", "Term"}
STATEMENT = f"{CSSH}Entity-statement"  # is answered from the files


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_rules()


@pytest.fixture(scope="module")
def shapes(rules: Rules) -> Mapping[Term, Shape]:
    return without(rules, STATEMENT)


@pytest.fixture(scope="module")
def small() -> dict[Path, list[ox.Quad]]:
    """Return the quads of the vocabulary and, last, of the world."""
    return read_in([*ontology_files(), WORLD])


@pytest.fixture(scope="module")
def landed(small: dict[Path, list[ox.Quad]]) -> Gathered:
    return gathered(small)


@settings(max_examples=EDITS, suppress_health_check=list(HealthCheck))
@given(earlier=st.one_of(st.just(list[Edit]()), edits), changes=edits)
def test_any_edit(
    earlier: list[Edit],
    changes: list[Edit],
    shapes: Mapping[Term, Shape],
    small: dict[Path, list[ox.Quad]],
    landed: Gathered,
) -> None:
    """The results before, less those of affected nodes, with what they have now, are the results after."""
    pools = Pools(small)
    old = apply(small, pools, earlier)
    new = apply(old, pools, changes)
    before, after = (gathered(old) if earlier else landed), gathered(new)
    change = changed(old, new, before, after)
    gone, come = difference(shapes, before, after, change)
    _, told = difference(shapes, before, after, change, mended=False)
    then, now = run(Judge(before.store, shapes), shapes), run(Judge(after.store, shapes), shapes)
    assert not gone - then
    assert then - gone + come == now
    assert now - then <= told <= now


@settings(max_examples=REFERENCE_EDITS, suppress_health_check=list(HealthCheck))
@given(changes=edits)
def test_the_reference_agrees(
    changes: list[Edit], rules: Rules, shapes: Mapping[Term, Shape], small: dict[Path, list[ox.Quad]], landed: Gathered
) -> None:
    """A full run finds what pySHACL finds, and the rules in SPARQL find it on the nodes that an edit touches."""
    new = apply(small, Pools(small), changes)
    after = gathered(new)
    judge = Judge(after.store, shapes)
    ours = plain(run(judge, shapes))
    core, queries = shapes_for_reference(rules)
    asked = {one for one in ours if one.component.endswith("SPARQLConstraintComponent")}
    vocabulary = {one for one in ours if is_of_vocabulary(one.shape)}
    assert reference(after.store, core) == ours - asked - vocabulary
    touched = {one.value for one in changed(small, new, landed, after).touched if isinstance(one, ox.NamedNode)}
    nodes = sorted(touched)[:5]
    if nodes:
        assert reference(after.store, queries, nodes) == {one for one in asked if one.node in nodes}


@cache
def shapes_for_reference(rules: Rules) -> tuple[Graph, Graph]:
    """Return the shapes in SHACL Core but for those of the vocabulary, and the shapes in SPARQL."""
    core, queries = ox.Store(), ox.Store()
    in_sparql = {quad.subject for quad in rules.store.quads_for_pattern(None, SPARQL, None)}
    for quad in rules.store:
        target = quad.predicate.value.startswith(f"{SH}target")
        if not (target and is_of_vocabulary(str(quad.subject).strip("<>"))) and quad.predicate != SPARQL:
            core.add(quad)
        if not (target and quad.subject not in in_sparql) and quad.subject != ox.NamedNode(STATEMENT):
            queries.add(quad)
    return graph_of(core), graph_of(queries)


def is_of_vocabulary(shape: str) -> bool:
    return shape.removeprefix(CSSH).split("-")[0] in VOCABULARY
