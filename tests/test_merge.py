"""Several graphs as one default graph: each triple counts once, whoever chooses them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from chinaspace.engine import answer
from chinaspace.merge import read_dataset
from chinaspace.scope import Scope

A, B, C = (ox.NamedNode(f"urn:{name}") for name in "abc")
COUNT = "SELECT (COUNT(*) AS ?n) %s WHERE { ?s ?p ?o }"


@pytest.fixture
def store() -> ox.Store:
    """Return a store with one triple in two graphs, and one in a third."""
    made = ox.Store()
    for graph in (A, B):
        made.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("both"), graph))
    made.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("one"), C))
    return made


def ask(store: ox.Store, query: str, scope: Scope | None = None) -> str:
    """Return the rows of a query as CSV."""
    return answer(store, query, ["text/csv"], scope).body.decode().replace("\r\n", " ").strip()


@pytest.mark.parametrize(
    ("clauses", "rows"),
    [
        ("FROM <urn:a>", "n 1"),
        ("FROM <urn:a> FROM <urn:b>", "n 1"),
        ("from <urn:a>\n#FROM <urn:none>\nFrom <urn:b> FROM <urn:c>", "n 2"),
        ("FROM <urn:a> FROM <urn:b> FROM NAMED <urn:c>", "n 1"),
        ("FROM NAMED <urn:a> FROM NAMED <urn:b>", "n 0"),
        ("FROM <urn:none> FROM <urn:c>", "n 1"),
    ],
)
def test_from(store: ox.Store, clauses: str, rows: str) -> None:
    """FROM clauses make a default graph without doubles."""
    assert ask(store, COUNT % clauses) == rows


def test_prefixes(store: ox.Store) -> None:
    """A graph may be named by a prefixed name."""
    assert ask(store, "PREFIX u: <urn:> " + COUNT % "FROM u:a FROM u:b") == "n 1"


def test_named_graphs_stay(store: ox.Store) -> None:
    """The graphs that are named beside the default graph can be asked for, and no other."""
    query = "SELECT ?g FROM <urn:a> FROM <urn:b> FROM NAMED <urn:c> WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert ask(store, query) == "g urn:c"


def test_the_protocol_overrides(store: ox.Store) -> None:
    """What the request chooses goes before what the query says."""
    query = COUNT % "FROM <urn:none> FROM <urn:nothing>"
    assert ask(store, query, Scope(("urn:a", "urn:b", "urn:c"))) == "n 2"
    assert ask(store, query, Scope((), ("urn:a",))) == "n 0"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { ?from ?b 'FROM <urn:a> FROM <urn:b>' }",
        'SELECT * WHERE { ?a <urn:FROM> """from <urn:a> " from <urn:b>""" }',
        "PREFIX from: <urn:from> SELECT * WHERE { from:a ?from from:b }",
        "SELECT * FROM <urn:a> WHERE { ?s ?p 'FROM <urn:b>' } # FROM <urn:c>",
        "BASE <urn:> SELECT * FROM <a> FROM <b> WHERE { ?s ?p ?o }",
        "SELECT * FROM <urn:\\u0061> FROM <urn:b> WHERE { ?s ?p ?o }",
    ],
)
def test_what_is_left_to_the_engine(query: str) -> None:
    """The word elsewhere means nothing, and what only the engine can read is left to it."""
    assert read_dataset(query) is None
