"""Export the graph with its claims as reifiers of RDF 1.2: what is said is named, and not stated by being named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

from chinaspace.arrange import arrange_union
from chinaspace.load import Loaded
from chinaspace.names import RDF, Node, prefixes
from chinaspace.unite import Union

_REIFIES = ox.NamedNode(RDF + "reifies")
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))


def write_rdf12(loaded: Loaded, out: IO[bytes]) -> None:
    """Write the union of all graphs as Turtle 1.2, with rdf:reifies in place of each claim's subject and predicate.

    The reifier is the claim itself, so that all that is said of the claim is
    said of it. A triple term states nothing: a plan stays a plan. A claim that
    is no whole triple, an opinion for instance, keeps what it has.
    """
    triples = sorted(_triples(loaded.store), key=str)
    ox.serialize(triples, out, format=ox.RdfFormat.TURTLE, prefixes=prefixes())


def _triples(store: ox.Store) -> Iterator[ox.Triple]:
    graph = Union(store)
    # A claim that is a blank node keeps what it has: it has another name in the order of the export.
    claims = (node for node in graph.subjects(_SUBJECT) if isinstance(node, ox.NamedNode))
    said = {claim: found for claim in claims if (found := _statement(graph, claim))}
    for triple in arrange_union(store):
        if triple.subject not in said or triple.predicate not in (_SUBJECT, _PREDICATE, _OBJECT):
            yield triple
    for subject, statement in said.items():
        yield ox.Triple(subject, _REIFIES, statement)


def _statement(graph: Union, claim: Node) -> ox.Triple | None:
    """Return the triple that a claim says, if it says exactly one."""
    subjects, predicates, objects = (graph.values(claim, part) for part in (_SUBJECT, _PREDICATE, _OBJECT))
    if len(subjects) != 1 or len(predicates) != 1 or len(objects) != 1:
        return None
    if isinstance(subjects[0], ox.Literal) or not isinstance(predicates[0], ox.NamedNode):
        return None
    return ox.Triple(subjects[0], predicates[0], objects[0])
