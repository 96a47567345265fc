"""Take all graphs of a store as one: in the default graph where their union is stored, else when a query is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from itertools import islice
from typing import Protocol, TypeAlias

import pyoxigraph as ox

from chinaspace.names import RDF, Node, Term

Statement: TypeAlias = tuple[Node, ox.NamedNode, Term]

_TYPE = ox.NamedNode(RDF + "type")

# So many are added at a time: what large transactions hold besides is never quite given back.
_BATCH = 1000


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


def sizes(store: ox.Store) -> dict[ox.NamedNode | ox.BlankNode, int]:
    """Return the named graphs with the number of their triples, the largest first."""
    rows = store.query("SELECT ?graph (COUNT(*) AS ?size) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph")
    assert isinstance(rows, ox.QuerySolutions)
    found = {row["graph"]: int(row["size"].value) for row in rows}
    return dict(sorted(found.items(), key=lambda one: (-one[1], str(one[0]))))


def overlap(store: ox.Store) -> bool:
    """Tell whether a triple stands in two named graphs of *store*."""
    # Oxigraph looks each triple up in half the time that Python takes to ask for it.
    found = store.query("ASK { GRAPH ?one { ?s ?p ?o } GRAPH ?other { ?s ?p ?o } FILTER ( ?one != ?other ) }")
    return bool(found)


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
