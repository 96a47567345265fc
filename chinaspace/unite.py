"""Take all graphs of a store as one: in the default graph where their union is stored, else when a query is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from itertools import islice
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.names import RDF, Node, Term

Statement: TypeAlias = tuple[Node, ox.NamedNode, Term]

_TYPE = ox.NamedNode(RDF + "type")

# So many are added at a time: what large transactions hold besides is never quite given back.
_BATCH = 1000

# What can hold the word FROM without meaning it: comments, IRIs, texts, variables and names with prefixes.
_FROM = re.compile(
    r"""
      \#[^\r\n]* | <[^\x00-\x20<>"{}|^`\\]*>
    | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
    | [?$:@][\w.-]+ | \b(from)(?=[\s<\#]) | \w[\w:.-]*
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def union(store: ox.Store) -> ox.DefaultGraph | None:
    """Return where the union of all graphs is found: what the store takes as the graph of a pattern.

    It is the default graph where something is stored in it, else None, which
    stands for any graph: such a store has each triple in one graph only.
    """
    default = ox.DefaultGraph()
    return None if next(iter(store.quads_for_pattern(None, None, None, default)), None) is None else default


def unite(store: ox.Store) -> None:
    """Copy all named graphs into the default graph."""
    for graph in list(store.named_graphs()):
        if isinstance(graph, ox.NamedNode):
            store.update(f"ADD {graph} TO DEFAULT")
        else:
            # SPARQL has no name for the graph of a blank node.
            quads = store.quads_for_pattern(None, None, None, graph)
            store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def overlap(store: ox.Store) -> bool:
    """Tell whether a triple stands in two named graphs of *store*."""
    rows = store.query("SELECT ?graph { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY DESC(COUNT(*))")
    assert isinstance(rows, ox.QuerySolutions)
    # A triple of the largest graph that stands in another one is met there.
    smaller = [row["graph"] for row in rows][1:]
    return any(
        any(other.graph_name != graph for other in store.quads_for_pattern(quad.subject, quad.predicate, quad.object))
        for graph in smaller
        for quad in store.quads_for_pattern(None, None, None, graph)
    )


def chooses_graphs(query: str) -> bool:
    """Tell whether a query has a FROM clause.

    Oxigraph's union at query time would override it. The word is looked for
    outside of what can hold it by chance; a query that hides one from this
    and yet has it sees the union of all graphs.
    """
    return any(found[1] for found in _FROM.finditer(query))


class Check(Enum):
    """What is looked for before statements are added: what some graph has already is left out; or noted; or absent."""

    KNOWN = auto()
    OVERLAP = auto()
    NOTHING = auto()


class Union:
    """All graphs of a store as one, to read from and to add to.

    *overlaps* tells, where the union is not stored, whether a statement was added
    to one graph that stands in another as well.
    """

    def __init__(self, store: ox.Store) -> None:
        """Read from *store*; whether its union is stored is settled now."""
        self._store, self._where = store, union(store)
        self.overlaps = False

    def quads(
        self, subject: Node | None = None, predicate: ox.NamedNode | None = None, value: Term | None = None
    ) -> Iterator[ox.Quad]:
        """Yield what is said with these terms, as it was when this was called; None stands for any."""
        return self._store.quads_for_pattern(subject, predicate, value, self._where)

    def values(self, subject: Node, predicate: ox.NamedNode) -> list[Term]:
        """Return the values of a property."""
        return [quad.object for quad in self.quads(subject, predicate)]

    def subjects(self, predicate: ox.NamedNode, value: Term | None = None) -> set[Node]:
        """Return what has a property, or this value of it."""
        return {quad.subject for quad in self.quads(None, predicate, value)}

    def add(self, graph: ox.NamedNode, statements: Iterable[Statement], check: Check = Check.OVERLAP) -> None:
        """Add statements to *graph*, and to the default graph where the union is stored."""
        quads = self._fresh(graph, statements, check)
        while batch := list(islice(quads, _BATCH)):
            self._store.extend(batch)

    def _fresh(self, graph: ox.NamedNode, statements: Iterable[Statement], check: Check) -> Iterator[ox.Quad]:
        stored = self._where is not None
        looks = check is Check.KNOWN or (check is Check.OVERLAP and not stored)
        # A property that nothing had before this step, or a class, needs no look at each of its statements.
        used: dict[ox.NamedNode | Term, bool] = {}
        for subject, predicate, value in statements:
            if looks:
                key = value if predicate == _TYPE else predicate
                if key not in used:
                    used[key] = next(self.quads(None, predicate, value if key is value else None), None) is not None
                if used[key]:
                    if check is Check.OVERLAP:
                        self._note(graph, subject, predicate, value)
                    elif next(self.quads(subject, predicate, value), None) is not None:
                        continue
            yield ox.Quad(subject, predicate, value, graph)
            if stored:
                yield ox.Quad(subject, predicate, value)

    def _note(self, graph: ox.NamedNode, subject: Node, predicate: ox.NamedNode, value: Term) -> None:
        found = self.quads(subject, predicate, value)
        self.overlaps = self.overlaps or any(quad.graph_name != graph for quad in found)
