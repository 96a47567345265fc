"""What follows is worked out on text, and is the same whatever the text holds."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.columns import Check, Columns, iri, is_iri, is_node, quad, read
from chinaspace.errors import DatasetError
from chinaspace.load import load
from chinaspace.names import CSD, FACTS, INFERRED, cs
from support import SOURCE, claim, write_turtle

A, B, C = (iri(f"https://example.org/{name}") for name in "abc")
ONE, OTHER = (ox.NamedNode(f"https://example.org/{name}") for name in ("one", "other"))
ABSTRACT = ox.NamedNode("http://purl.org/dc/terms/abstract")
LONG = 9_000_000


def store_of(**graphs: str) -> ox.Store:
    """Return a store with graphs of these triples."""
    store = ox.Store()
    for name, text in graphs.items():
        store.load(text, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"https://example.org/{name}"))
    return store


def texts(store: ox.Store, graph: ox.NamedNode) -> set[str]:
    """Return the triples of a graph."""
    return {str(one.triple) for one in store.quads_for_pattern(None, None, None, graph)}


@pytest.mark.parametrize(
    "value",
    [
        '"a .\\n _:b <https://example.org/b> \\"c\\" ."',
        '"\\u6708\\u0001\\r\\t\\b\\\\"@zh',
        '"1"^^<https://example.org/unit>',
        "_:x",
        "-5",
        "1.50",
        "1e5",
        "true",
        '"INF"^^<http://www.w3.org/2001/XMLSchema#double>',
        '"x"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '<<( <a:a> <a:b> "\\n" )>>',
        "<<( <a:a> <a:b> 5 )>>",
    ],
)
def test_values_stay_what_they_are(value: str) -> None:
    """Whatever a value holds, it is read as it stands and added as it was read, blank nodes too."""
    store = store_of(one=f"<https://example.org/a> <https://example.org/b> {value} .")
    (before,) = store
    with Columns(store) as columns:
        columns.add(OTHER, C, columns.column(B))
    (after,) = store.quads_for_pattern(None, None, None, OTHER)
    assert (after.subject, after.object) == (before.subject, before.object)
    assert after.predicate.value == C[1:-1].decode()


def test_what_is_added_is_in_its_column_at_once() -> None:
    """A column has what files say and what was added since, whether it was read before or not."""
    store = store_of(one="<https://example.org/a> <https://example.org/b> 1 .")
    with Columns(store) as columns:
        columns.add(OTHER, B, [(B, A)])
        columns.add(OTHER, C, [(A, A)])
        assert columns.values(B) == {A: (b'"1"^^<http://www.w3.org/2001/XMLSchema#integer>',), B: (A,)}
        assert columns.subjects(C, A) == {A}
        assert set(columns.graph(OTHER)) == {(B, B, A), (A, C, A)}


@pytest.mark.parametrize(("check", "expected"), [(Check.KNOWN, 1), (Check.OVERLAP, 2), (Check.NOTHING, 2)])
def test_what_is_known_can_be_left_out(check: Check, expected: int) -> None:
    """What some graph has already is left out, or noted, or not looked for."""
    store = store_of(one="<https://example.org/a> <https://example.org/b> <https://example.org/c> .")
    with Columns(store) as columns:
        columns.add(OTHER, B, [(A, C), (A, A), (A, A)], check)
    assert len(texts(store, OTHER)) == expected
    assert columns.overlaps is (check is Check.OVERLAP)


def test_what_stands_in_its_own_graph_already_is_no_overlap() -> None:
    """A triple that is added to the graph that has it stands in one graph as before."""
    store = store_of(one="<https://example.org/a> <https://example.org/b> <https://example.org/c> .")
    with Columns(store) as columns:
        columns.add(ONE, B, [(A, C)])
    assert not columns.overlaps


def test_kinds_of_terms_are_told_apart() -> None:
    """An IRI is none of a triple, a blank node and a literal."""
    terms = [A, b"_:x", b'"<a>"', b"<<( <a:a> <a:b> <a:c> )>>"]
    assert [is_iri(text) for text in terms] == [True, False, False, False]
    assert [is_node(text) for text in terms] == [True, True, False, False]
    assert read(b'"a\\nb"@en') == ox.Literal("a\nb", language="en")
    assert quad(b"_:x", B, C).subject == ox.BlankNode("x")


def test_a_claim_without_a_name_counts_as_others_do(tmp_path: Path) -> None:
    """Claims that are blank nodes make facts and conflicts, and what follows is said of these nodes."""
    named = SOURCE + claim("a", 'csd:launch-one cs:launchDate "2020-05-03"^^xsd:date')
    other = claim("b", 'csd:launch-one cs:launchDate "2020-05-04"^^xsd:date').replace("csd:claim-b", "_:b")
    loaded = load([write_turtle(tmp_path / "blank.ttl", named + other)], lean=True)
    assert (loaded.facts, loaded.conflicts) == (2, 1)
    link = cs("conflictsWith")
    ends = {(one.subject, one.object) for one in loaded.store.quads_for_pattern(None, link, None, INFERRED)}
    node = ox.NamedNode(CSD + "claim-a")
    ((blank, _),) = [pair for pair in ends if pair[0] != node]
    assert ends == {(node, blank), (blank, node)}
    assert any(loaded.store.quads_for_pattern(blank, cs("source"), None, None))
    assert len(texts(loaded.store, FACTS)) == loaded.facts


def test_a_value_that_is_too_long_to_be_told_again(tmp_path: Path) -> None:
    """A text of which nothing can be derived is an error of the data set."""
    text = claim("a", "csd:launch-one cs:launchDate 1") + 'csd:claim-a cs:gist """' + "\n" * LONG + '""" .'
    with pytest.raises(DatasetError):
        load([write_turtle(tmp_path / "long.ttl", SOURCE + text)])


def test_wider_properties_hold_values_of_narrower_ones(tmp_path: Path) -> None:
    """A gist with the sign of a blank node in it is an abstract all the same."""
    text = claim("a", 'csd:launch-one cs:launchDate "2020-05-03"^^xsd:date') + 'csd:claim-a cs:gist "_:x . _:y"@en .'
    store = load([write_turtle(tmp_path / "gist.ttl", SOURCE + text)], lean=True).store
    values = {one.object for one in store.quads_for_pattern(ox.NamedNode(CSD + "claim-a"), ABSTRACT, None, INFERRED)}
    assert ox.Literal("_:x . _:y", language="en") in values
