"""Settle where things stand: each in the file of its kind, and each claim in the file of its source."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import chain

import pyoxigraph as ox

from chinaspace.draft import Kind, kinds
from chinaspace.explain import violation
from chinaspace.finding import concerns, few
from chinaspace.gather import Gathered
from chinaspace.names import CSD, CSG, RDF, Term, cs
from chinaspace.point import Fault
from chinaspace.unite import union

_TYPE = ox.NamedNode(RDF + "type")
_DATA = CSG + "data/"


def misplaced(gathered: Gathered, touched: Set[Term] | None) -> Iterator[Fault]:
    """Yield what stands in the file of another kind or another source; a file of neither is nobody's.

    The file of a kind is the cs:dataFile of its class, that of a claim is named by its source.
    """
    store = gathered.store
    by_class = {kind.iri: kind for kind in kinds(store).values()}
    files = {kind.file for kind in by_class.values()}
    for quad in _typed(store, few(touched)):
        name = getattr(quad.graph_name, "value", "").removeprefix(_DATA)
        kind = by_class.get(quad.object.value) if isinstance(quad.object, ox.NamedNode) else None
        if kind is None or not isinstance(quad.subject, ox.NamedNode) or not concerns(touched, quad.subject):
            continue
        right = _right_file(store, quad.subject, kind)
        taken = name in files or (name.startswith("claims/") and _is_source(store, name.removeprefix("claims/")))
        if name != right and taken:
            message = f"This belongs into data/{right}.ttl, and stands in data/{name}.ttl. Move the block there."
            yield Fault(violation("File-place", quad.subject.value, message))


def _typed(store: ox.Store, nodes: Set[Term] | None) -> Iterator[ox.Quad]:
    """Yield what files of data/ say of the classes of *nodes*, or of anything."""
    if nodes is not None:
        quads = chain.from_iterable(store.quads_for_pattern(one, _TYPE, None) for one in _subjects(nodes))
        yield from (quad for quad in quads if getattr(quad.graph_name, "value", "").startswith(_DATA))
        return
    for graph in store.named_graphs():
        if graph.value.startswith(_DATA):
            yield from store.quads_for_pattern(None, _TYPE, None, graph)


def _subjects(nodes: Set[Term]) -> Iterator[ox.NamedNode]:
    return (node for node in nodes if isinstance(node, ox.NamedNode))


def _right_file(store: ox.Store, node: ox.NamedNode, kind: Kind) -> str:
    """Return the file in which a thing belongs, without data/ and the ending."""
    if kind.iri != cs("Claim").value:
        return kind.file
    sources = store.quads_for_pattern(node, cs("source"), None, union(store))
    slugs = sorted(
        quad.object.value.removeprefix(f"{CSD}source-") for quad in sources if isinstance(quad.object, ox.NamedNode)
    )
    return f"claims/{next(iter(slugs), 'SOURCE')}"


def _is_source(store: ox.Store, slug: str) -> bool:
    return any(store.quads_for_pattern(ox.NamedNode(f"{CSD}source-{slug}"), None, None, union(store)))
