"""Arrange statements in an order, and under names of blank nodes, that depend on nothing but what they say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pyoxigraph as ox

from chinaspace.unite import union


def arrange(store: ox.Store, graphs: list[ox.DefaultGraph | ox.NamedNode | ox.BlankNode]) -> Iterator[ox.Quad]:
    """Yield the statements of *graphs*, one graph after the other, each sorted; blank nodes named by RDFC-1.0."""
    named = [quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph) if _has_blank(quad)]
    blank = ox.Dataset(named)
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    for graph in graphs:
        plain = (quad for quad in store.quads_for_pattern(None, None, None, graph) if not _has_blank(quad))
        yield from sorted(chain(plain, blank.quads_for_graph_name(graph)), key=str)


def arrange_union(store: ox.Store) -> list[ox.Triple]:
    """Return the statements of all graphs, each once, sorted."""
    where = union(store)
    graphs = [where] if where else sorted(store.named_graphs(), key=str)
    return sorted({quad.triple for quad in arrange(store, [*graphs])}, key=str)


def _has_blank(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
