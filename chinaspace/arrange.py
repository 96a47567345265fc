"""Arrange statements in an order, and under names of blank nodes, that depend on nothing but what they say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pyoxigraph as ox

from chinaspace.canonical import has_blank_node
from chinaspace.unite import union


def arrange(store: ox.Store, graphs: list[ox.DefaultGraph | ox.NamedNode | ox.BlankNode]) -> Iterator[ox.Quad]:
    """Yield the statements of *graphs*, one graph after the other, each sorted; blank nodes named by RDFC-1.0.

    Graphs whose names are blank nodes come last, as one.
    """
    found = (quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph))
    blank = ox.Dataset(quad for quad in found if has_blank_node(quad))
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    for graph in graphs:
        if not isinstance(graph, ox.BlankNode):
            plain = (quad for quad in store.quads_for_pattern(None, None, None, graph) if not has_blank_node(quad))
            yield from sorted(chain(plain, blank.quads_for_graph_name(graph)), key=str)
    yield from sorted((quad for quad in blank if isinstance(quad.graph_name, ox.BlankNode)), key=str)


def arrange_union(store: ox.Store) -> list[ox.Triple]:
    """Return the statements of all graphs, each once, sorted."""
    where = union(store)
    graphs = [where] if where else sorted(store.named_graphs(), key=str)
    return sorted({quad.triple for quad in arrange(store, [*graphs])}, key=str)
