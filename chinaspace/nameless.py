"""Find what is mentioned and has no name in any language, so that nobody can tell what it is."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import chain

import pyoxigraph as ox

from chinaspace.finding import Touched, claims, column, concerns, few, finding, quads_of
from chinaspace.names import CSD, FACTS, INFERRED, RDF, RDFS, Term, cs, shorten
from chinaspace.point import Fault
from chinaspace.unite import union

_TYPE, _LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")
_DERIVED = (FACTS, INFERRED)


def nameless(store: ox.Store, touched: Touched = None) -> Iterator[Fault]:
    """Yield what is mentioned under an IRI of this graph, by what is no claim, and has no rdfs:label at all.

    Things that are described and what claims mention are left to the shapes,
    which say which class is due there.
    """
    near = few(touched)
    if near is not None:
        yield from _nameless_near(store, near)
        return
    spoken = claims(store)
    things = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, cs("Entity"), union(store))}
    named = column(store, _LABEL).keys() | spoken | things
    # What is derived mentions what its claims do, which is left to the shapes.
    stated = (graph for graph in store.named_graphs() if graph not in _DERIVED)
    for quad in chain.from_iterable(store.quads_for_pattern(None, None, None, graph) for graph in stated):
        thing = quad.object
        if not _is_thing(thing) or thing in named or quad.subject in spoken:
            continue
        if concerns(touched, thing, quad.subject):
            yield _unnamed(quad, thing)


def _nameless_near(store: ox.Store, nodes: Set[Term]) -> Iterator[Fault]:
    """Yield what *nodes* mention, and which of them are mentioned."""
    said = {quad.object for quad in quads_of(store, nodes, None)}
    things = {node for node in said | nodes if _is_thing(node) and not _is_named(store, node)}
    for thing in things:
        quads = [q for q in store.quads_for_pattern(None, None, thing) if isinstance(q.graph_name, ox.NamedNode)]
        told = [q for q in quads if q.graph_name not in _DERIVED and concerns(nodes, thing, q.subject)]
        spoken = claims(store, {quad.subject for quad in told})
        yield from (_unnamed(quad, thing) for quad in told if quad.subject not in spoken)


def _is_named(store: ox.Store, node: Term) -> bool:
    """Tell whether a node has a name, or is something that the shapes look at."""
    kinds = {quad.object for quad in quads_of(store, {node}, _TYPE)}
    return not kinds.isdisjoint((cs("Claim"), cs("Entity"))) or any(True for _ in quads_of(store, {node}, _LABEL))


def _is_thing(node: Term) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(CSD) and node.value != CSD


def _unnamed(quad: ox.Quad, thing: Term) -> Fault:
    name = shorten(getattr(thing, "value", ""))
    message = (
        f"{name} has no name in any language, and nothing says what it is. Describe it in the file of its kind, such "
        'as csd:institution-cnsa in data/institutions.ttl, with a type and an rdfs:label such as "CNSA"@en.'
    )
    return finding(
        quad.subject, "Entity-nameless", message, severity="warning", predicates=(quad.predicate,), value=thing
    )
