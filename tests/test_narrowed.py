"""A check that looks at the nodes of a change alone finds what it finds of them when it looks at the whole graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

from chinaspace import finding
from chinaspace.gather import Gathered
from chinaspace.names import CS, CSD, CSG, RDF, RDFS, XSD, Term
from chinaspace.paths import ontology_files
from chinaspace.point import Fault
from chinaspace.typed import narrow_numbers
from chinaspace.validate import CHECKS
from conftest import WORLD
from edits import Pools, apply, drawn, gathered, read_in

ODD = f"""
@prefix cs: <{CS}> .
@prefix csd: <{CSD}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <{RDFS}> .
@prefix xsd: <{XSD}> .
csd:mission-odd a cs:Mission ; dcterms:relation csd:nowhere ; cs:earliest "2020-01-01"^^xsd:date .
csd:person-odd a cs:Person ; dcterms:issued "2021-02-30"^^xsd:date .
csd:source-odd a cs:Source ; dcterms:issued "1999-01-01"^^xsd:date .
csd:claim-odd-1 a cs:Claim ; rdf:subject csd:launch-odd ; rdf:predicate cs:launchDate ; cs:modality cs:asserted ;
  rdf:object "1900-01-01"^^xsd:date ; cs:source csd:source-odd .
csd:claim-odd-2 a cs:Claim ; rdf:subject csd:launch-odd ; rdf:predicate cs:launchDate ; cs:modality cs:asserted ;
  rdf:object "2150-01-01"^^xsd:date ; cs:source csd:source-odd .
csd:claim-odd-3 a cs:Claim ; cs:supersedes csd:claim-odd-4 .
csd:claim-odd-4 a cs:Claim ; cs:supersedes csd:claim-odd-3 .
csd:person-same-1 a cs:Person ; rdfs:label "Same Name"@en .
csd:person-same-2 a cs:Person ; rdfs:label "same name"@en .
"""


@pytest.fixture(scope="module")
def broken() -> Gathered:
    """Return the world with many faults, those of twins and of what has no name among them."""
    read = read_in([*ontology_files(), WORLD])
    pools = Pools(read)
    read = apply(read, pools, [edit for seed in range(60) for edit in drawn(seed)])
    *_, data = read
    twins = []
    for quad in read[data]:
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(CSD):
            twins.append(
                ox.Quad(ox.NamedNode(f"{quad.subject.value}-twin"), quad.predicate, quad.object, quad.graph_name)
            )
    place = ox.NamedNode(f"{CSG}data/missions")
    parsed = ox.parse(ODD, format=ox.RdfFormat.TURTLE)
    odd = [ox.Quad(quad.subject, quad.predicate, quad.object, place) for quad in parsed]
    return gathered({**read, data: [*read[data], *twins], Path("odd.ttl"): odd})


@pytest.fixture(scope="module")
def faulty(broken: Gathered) -> set[str]:
    """Return the nodes that something is wrong with."""
    return {fault.problem.node for check in CHECKS for fault in check(broken, None)}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("seed", range(12))
def test_of_few_nodes(
    check: Callable[[Gathered, Set[Term] | None], Iterable[Fault]],
    seed: int,
    broken: Gathered,
    faulty: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a handful of nodes the same faults are found by looking each up and by reading everything."""
    nodes = sorted({quad.subject for quad in broken.store if isinstance(quad.subject, ox.NamedNode)}, key=str)
    likely = [node for node in nodes if node.value in faulty]
    touched = frozenset(Random(seed).sample(nodes, 1 + 4 * seed) + Random(seed).sample(likely, 3 * seed))
    few = set(check(broken, touched))
    monkeypatch.setattr(finding, "_FEW", -1)
    assert few == set(check(broken, touched))


def test_there_is_something_to_find(broken: Gathered) -> None:
    """Each check finds faults in the graph that it is compared over, but for one that looks at files, and at all."""
    assert [check for check in CHECKS if not any(True for _ in check(broken, None))] == [narrow_numbers]
