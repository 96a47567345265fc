"""The rows of a query that a change can reach are found by what changed; what is not read is not guessed at."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.anchor import bindings, restrict
from chinaspace.dissect import dissect
from chinaspace.hygiene import hygiene_queries
from chinaspace.names import Term
from chinaspace.rules import read_rules

P = "PREFIX x: <http://x/>\n"
NAMES = [ox.NamedNode(f"http://x/{name}") for name in "abcd"]
PREDICATES = [ox.NamedNode(f"http://x/{name}") for name in "pqr"]
QUERIES = [
    "SELECT $this WHERE { $this x:p ?v . }",
    "SELECT DISTINCT $this ?v WHERE { $this x:p ?v ; x:q ?w , ?v . FILTER ( ?v != x:a ) }",
    "SELECT $this ?o WHERE { $this x:p ?v . ?o x:p ?v . FILTER ( ?o != $this ) }",
    "SELECT $this WHERE { $this x:p ?v . FILTER NOT EXISTS { $this x:q ?w . ?w x:r x:a } }",
    "SELECT $this WHERE { $this x:p ?v . FILTER ( ?v = x:a || EXISTS { ?o x:q ?v } ) }",
    "SELECT $this ?v WHERE { $this ?path ?v . FILTER NOT EXISTS { ?path x:r ?any } }",
    "SELECT $this ?v WHERE { $this x:p|^x:q ?v . ?v (x:r)+ $this . }",
    "SELECT $this ?v WHERE { $this x:p ?v . FILTER NOT EXISTS { ?v x:q* ?w . ?w x:r ?u } }",
    "SELECT $this ?v WHERE { $this x:p/x:q ?v . OPTIONAL { ?v x:r ?w . BIND ( 1 AS ?is ) } FILTER ( !BOUND(?is) ) }",
    "SELECT $this WHERE { $this x:p $this . FILTER NOT EXISTS { ?a x:q ?b . FILTER NOT EXISTS { ?b x:r $this } } }",
    "SELECT $this ?w WHERE { $this x:p ?v . FILTER EXISTS { $this x:q ?u } FILTER NOT EXISTS { ?u x:r ?v } }",
    "SELECT $this ?v WHERE { $this a|x:p ?v . VALUES ?v { x:a x:b } }",
]


def drawn(seed: int) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """Return two graphs that share most of their triples."""
    random = Random(seed)

    def one() -> ox.Triple:
        return ox.Triple(random.choice(NAMES), random.choice(PREDICATES), random.choice(NAMES))

    common = {one() for _ in range(random.randint(0, 12))}
    return common | {one() for _ in range(2)}, common | {one() for _ in range(random.randint(0, 2))}


def rows(triples: set[ox.Triple], text: str) -> set[tuple[Term | None, ...]]:
    """Return the rows of a query over a graph."""
    store = ox.Store()
    store.extend(ox.Quad(*one) for one in triples)
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return set(map(tuple, found))


@pytest.mark.parametrize("query", QUERIES)
@given(seed=st.integers(0, 2**32))
def test_no_row_that_differs_is_missed(query: str, seed: int) -> None:
    """Each row that only one of two graphs gives has a term of what changed, and no row is made up."""
    text = P + query
    parts = dissect(text)
    assert parts
    old, new = drawn(seed)
    by_predicate = defaultdict(list)
    for triple in old ^ new:
        by_predicate[triple.predicate].append(triple)
    terms = bindings(parts, by_predicate)
    if terms is None:
        return
    for graph, other in ((old, new), (new, old)):
        asked = (restrict(text, parts.head, name, values) for name, values in terms.items())
        found = {row for one in asked for row in rows(graph, one)}
        assert rows(graph, text) - rows(other, text) <= found <= rows(graph, text)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { { $this x:p ?v } UNION { $this x:q ?v } }",
        "SELECT $this WHERE { $this x:p ?v . { SELECT $this { $this x:q ?w } } }",
        "SELECT $this WHERE { $this x:p ?v . GRAPH ?g { $this x:q ?v } }",
        "SELECT $this (COUNT(?v) AS ?n) WHERE { $this x:p ?v } GROUP BY $this",
        "SELECT $this WHERE { $this x:p ?v } LIMIT 3",
        "SELECT $this WHERE { $this x:p [ x:q ?v ] }",
        "SELECT $this WHERE { $this x:p _:b }",
        "SELECT $this WHERE { $this x:p 7 }",
        "SELECT $this WHERE { $this x:p ?v . MINUS { $this x:q ?v } }",
        "SELECT $this WHERE { $this !x:p ?v }",
        "SELECT $this WHERE { $this x:p? ?v }",
        "SELECT $this WHERE { $this x:p* ?v }",
        "BASE <http://x/> SELECT $this WHERE { $this <p> ?v }",
    ],
)
def test_what_is_not_read_is_not_guessed(query: str) -> None:
    """A query with anything else than what is read gives nothing."""
    assert dissect(P + query) is None


def test_a_triple_out_of_reach() -> None:
    """Where no variable that all rows bind stands at a triple that changed, any row can differ."""
    parts = dissect(P + "SELECT $this WHERE { $this x:p ?v . FILTER NOT EXISTS { ?a x:q ?b } }")
    assert parts
    assert bindings(parts, {PREDICATES[1]: [ox.Triple(NAMES[0], PREDICATES[1], NAMES[1])]}) is None
    assert bindings(parts, {PREDICATES[2]: [ox.Triple(NAMES[0], PREDICATES[2], NAMES[1])]}) == {}
    assert bindings(parts, {PREDICATES[0]: [ox.Triple(NAMES[0], PREDICATES[0], NAMES[1])]}) == {"this": {NAMES[0]}}


def test_all_queries_of_the_project_are_read() -> None:
    """Each constraint in SPARQL and each query of hygiene is asked for few rows where little changes."""
    shapes = read_rules().shapes.values()
    queries = {str(one.query.term): one.query.text for shape in shapes for one in shape.constraints if one.query}
    queries |= {query.name: query.text for query in hygiene_queries()}
    assert len(queries) > 40
    assert [name for name, text in queries.items() if dissect(text) is None] == []
