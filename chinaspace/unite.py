"""Take all graphs of a store as one: in the default graph where their union is stored, else when a query is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeAlias

import pyoxigraph as ox

from chinaspace.names import Node, Term

Name: TypeAlias = ox.NamedNode | ox.BlankNode


class Graph(Protocol):
    """What statements are looked up in: a store, or what is known here of one that is elsewhere."""

    def __hash__(self) -> int:
        """Tell it from others."""
        ...

    def __contains__(self, quad: ox.Quad, /) -> bool:
        """Tell whether it holds a statement."""
        ...

    def quads_for_pattern(
        self,
        subject: Node | None,
        predicate: ox.NamedNode | None,
        object: Term | None,  # noqa: A002 - the name that pyoxigraph gives it
        graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """Return the statements of a pattern, where None stands for anything."""
        ...


def union(store: Graph) -> ox.DefaultGraph | None:
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


def sizes(store: ox.Store) -> dict[Name, int]:
    """Return the named graphs with the number of their triples, the largest first."""
    rows = store.query("SELECT ?graph (COUNT(*) AS ?size) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph")
    assert isinstance(rows, ox.QuerySolutions)
    found = {row["graph"]: int(row["size"].value) for row in rows}
    return largest_first(found)


def largest_first(found: Mapping[Name, int]) -> dict[Name, int]:
    """Return the sizes of graphs with the largest first; those of one size are sorted by name."""
    return dict(sorted(found.items(), key=lambda one: (-one[1], str(one[0]))))


def size(store: ox.Store, graph: ox.NamedNode | None = None) -> int:
    """Return how many triples a graph has, or the default graph."""
    where = f"GRAPH {graph} {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    rows = store.query(f"SELECT (COUNT(*) AS ?size) {{ {where} }}")
    assert isinstance(rows, ox.QuerySolutions)
    return int(next(rows)["size"].value)


def overlap(store: ox.Store, known: Mapping[Name, int] | None = None) -> bool:
    """Tell whether a triple stands in two named graphs of *store*, whose sizes may be *known*."""
    # Of two graphs one is not the largest, which often has nearly all there is. Oxigraph looks each triple of the
    # others up in half the time that Python takes to ask for it.
    _, *others = known or sizes(store) or (None,)
    # SPARQL has no name for the graph of a blank node.
    nameless = any(isinstance(graph, ox.BlankNode) for graph in others)
    among = "" if nameless else f"VALUES ?one {{ {' '.join(map(str, others))} }}"
    found = store.query(
        f"ASK {{ {among} GRAPH ?one {{ ?s ?p ?o }} GRAPH ?other {{ ?s ?p ?o }} FILTER ( ?one != ?other ) }}"
    )
    return bool(found)


class Union:
    """All graphs of a store as one, to read from."""

    def __init__(self, store: ox.Store) -> None:
        """Read from *store*; whether its union is stored is settled now."""
        self._store, self._where = store, union(store)

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
