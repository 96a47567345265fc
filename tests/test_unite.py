"""The union of all graphs: stored, or taken when a query is asked, with the same answers."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.bind import bind
from chinaspace.engine import JSON, Scope, evaluate, select
from chinaspace.load import Loaded, load
from chinaspace.names import CSG, FACTS
from chinaspace.paths import ontology_files
from chinaspace.queries import saved_queries
from chinaspace.resolve import NameIndex
from chinaspace.unite import chooses_graphs, overlap, union
from conftest import WORLD
from support import SOURCE, claim, write_turtle

EX = "<https://example.org/"
COUNT = "SELECT (COUNT(*) AS ?count) %s { ?s ?p ?o }"


@pytest.fixture(scope="module")
def lean() -> Loaded:
    """Return the world without a stored union."""
    return load([*ontology_files(), WORLD], lean=True)


def count(store: ox.Store, dataset: str = "", scope: Scope | None = None) -> int:
    """Return how many triples a query sees."""
    rows = evaluate(store, COUNT % dataset, scope)
    assert isinstance(rows, ox.QuerySolutions)
    return int(next(rows)["count"].value)


def dataset(folder: Path, **graphs: str) -> Path:
    """Return a file with graphs of these triples."""
    path = folder / "graphs.trig"
    path.write_text("".join(f"{EX}{name}> {{ {body} }}\n" for name, body in graphs.items()), "utf-8")
    return path


def test_a_lean_store_has_each_triple_once(world: Loaded, lean: Loaded) -> None:
    """It has the same named graphs, digest and counts, and nothing in the default graph."""
    assert union(lean.store) is None
    assert union(world.store) == ox.DefaultGraph()
    assert len(lean.store) == lean.triples == world.triples == len(world.store) / 2
    assert lean.digest == world.digest
    assert (lean.things, lean.claims, lean.facts, lean.conflicts) == (
        world.things,
        world.claims,
        world.facts,
        world.conflicts,
    )


@pytest.mark.parametrize("name", sorted(saved_queries()))
def test_saved_queries_answer_alike(world: Loaded, lean: Loaded, name: str) -> None:
    """Each saved query has the same rows over either union."""
    query = saved_queries()[name]
    given = {one.name: "csd:nothing" for one in query.parameters if one.required}
    text = bind(query, given, lambda parameter, value: "https://example.org/nothing")
    answers = [select(store, text).serialize(format=JSON) for store in (world.store, lean.store)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", ["Lamp 1", "lamp-1"])
def test_names_are_found_alike(world: Loaded, lean: Loaded, name: str) -> None:
    """Names stand for the same things over either union."""
    asked = [one for query in saved_queries().values() for one in query.parameters if one.type == "iri"]
    offers = [NameIndex(store).offer(asked[0].classes) for store in (world.store, lean.store)]
    assert offers[0] == offers[1]
    assert offers[0]


@pytest.mark.parametrize("clause", [f"FROM <{CSG}facts>", f"from\n<{CSG}facts>", f"FROM NAMED <{CSG}facts>"])
def test_from_chooses_graphs_alike(world: Loaded, lean: Loaded, clause: str) -> None:
    """A query that chooses its graphs sees those and no others."""
    assert count(lean.store, clause) == count(world.store, clause) < lean.triples


def test_a_client_chooses_graphs_alike(world: Loaded, lean: Loaded) -> None:
    """Graphs that the protocol chooses are seen, and no others."""
    for scope in (Scope(default=(FACTS.value,)), Scope(named=(FACTS.value,))):
        assert count(lean.store, "", scope) == count(world.store, "", scope) < lean.triples


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", True),
        ("PREFIX a: <urn:> SELECT * FROM a:b { ?s ?p ?o }", True),
        ("SELECT * FROM # here\n <urn:a> { ?s ?p ?o }", True),
        ("CONSTRUCT { ?s ?p '{' } FROM NAMED <urn:a> { ?s ?p ?o }", True),
        ("SELECT ?from { ?from ?p ?o }", False),
        ("SELECT * { ?s ?p 'from <urn:a>' }", False),
        ('SELECT * { ?s ?p """a " from <urn:a> """ }', False),
        ("SELECT * { ?s <urn:from> ?o } # FROM <urn:a>", False),
        ("PREFIX from: <urn:> SELECT * { ?s from:a ?o ; a:from ?x }", False),
        ("SELECT * { ?s ?p ?o FILTER ( ?o < 5 ) }", False),
    ],
)
def test_a_from_clause_is_told_from_its_word(query: str, expected: bool) -> None:
    """The word counts where it is a keyword, and not in a text, a comment, an IRI or a name."""
    assert chooses_graphs(query) is expected


def test_a_triple_in_two_graphs_counts_once(tmp_path: Path) -> None:
    """Where graphs share a triple their union is stored after all."""
    shared = dataset(tmp_path, one=f"{EX}a> {EX}b> 1 , 2 .", two=f"{EX}a> {EX}b> 2 .")
    loaded = load([shared], lean=True)
    assert overlap(loaded.store)
    assert (loaded.triples, count(loaded.store), union(loaded.store)) == (2, 2, ox.DefaultGraph())
    apart = load([dataset(tmp_path, one=f"{EX}a> {EX}b> 1 .", two=f"{EX}a> {EX}b> 2 .")], lean=True)
    assert not overlap(apart.store)
    assert (apart.triples, count(apart.store), union(apart.store)) == (2, 2, None)


@pytest.mark.parametrize(
    "typed",
    [
        'csd:launch-one cs:launchDate "2020-05-03"^^xsd:date .',
        'csd:claim-a cs:earliest "2020-05-03"^^xsd:date .',
        "csd:claim-a cs:concerns csd:launch-one . csd:launch-one a cs:Launch .",
    ],
)
def test_a_derived_triple_that_is_typed_counts_once(tmp_path: Path, typed: str) -> None:
    """Where a file states what is derived as well, the union is stored after all."""
    body = SOURCE + claim("a", 'csd:launch-one cs:launchDate "2020-05-03"^^xsd:date') + typed
    path = write_turtle(tmp_path / "typed.ttl", body)
    full, lean = load([path]), load([path], lean=True)
    assert union(lean.store) == ox.DefaultGraph()
    assert lean.digest == full.digest
    assert count(lean.store) == lean.triples == full.triples
