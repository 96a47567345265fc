"""Settle where things stand: each in the file of its kind, and each claim in the file of its source."""

from __future__ import annotations

from collections.abc import Iterator, Set

import pyoxigraph as ox

from chinaspace.draft import Kind, kinds
from chinaspace.explain import violation
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
    for graph in store.named_graphs():
        name = graph.value.removeprefix(_DATA)
        if graph.value == name:
            continue
        for quad in store.quads_for_pattern(None, _TYPE, None, graph):
            kind = by_class.get(quad.object.value) if isinstance(quad.object, ox.NamedNode) else None
            if kind is None or not isinstance(quad.subject, ox.NamedNode):
                continue
            if touched is not None and quad.subject not in touched:
                continue
            right = _right_file(store, quad.subject, kind)
            taken = name in files or (name.startswith("claims/") and _is_source(store, name.removeprefix("claims/")))
            if name != right and taken:
                message = f"This belongs into data/{right}.ttl, and stands in data/{name}.ttl. Move the block there."
                yield Fault(violation("File-place", quad.subject.value, message))


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
