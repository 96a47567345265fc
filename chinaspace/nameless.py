"""Find what is mentioned and has no name in any language, so that nobody can tell what it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pyoxigraph as ox

from chinaspace.finding import Touched, claims, column, concerns, finding
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
