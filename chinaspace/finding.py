"""Find what stands with a node in a graph, and say that something is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.names import CSSH, RDF, Term, cs
from chinaspace.point import Fault, key
from chinaspace.report import Problem
from chinaspace.unite import union

# The nodes of which a change says something else than before; None stands for the whole graph.
Touched: TypeAlias = Set[Term] | None

_TYPE = ox.NamedNode(RDF + "type")
# A look-up costs as much as reading some ten statements of a column.
_FEW = 500


def finding(
    node: Term,
    shape: str,
    message: str,
    *,
    severity: str = "violation",
    predicates: Iterable[ox.NamedNode] = (),
    value: Term | None = None,
    beside: Iterable[Term] = (),
) -> Fault:
    """Return a fault of *node*, which stands at the triple with one of *predicates* and *value*.

    *shape* is the local name of the rule. *beside* are the nodes on the other
    side, whose places are told as well.
    """
    names = tuple(predicate.value for predicate in predicates)
    iri = node.value if isinstance(node, ox.NamedNode) else ""
    problem = Problem(None, None, None, severity, CSSH + shape, iri, names[0] if len(names) == 1 else None, message)
    others = tuple(finding(other, shape, message, predicates=predicates) for other in beside)
    return Fault(problem, names, None if value is None else key(value), beside=others)


def concerns(touched: Touched, *nodes: Term) -> bool:
    """Tell whether a change touches one of *nodes*."""
    return touched is None or not touched.isdisjoint(nodes)


def in_order(touched: Touched, one: Term, other: Term) -> tuple[Term, Term]:
    """Return two nodes, one that a change touches first, so that a problem stands at what is new."""
    first, second = sorted((one, other), key=str)
    return (second, first) if touched is not None and first not in touched else (first, second)


def value_of(store: ox.Store, node: Term, predicate: ox.NamedNode) -> Term | None:
    """Return the first of a node's values, by their order, or None where there is none."""
    return min(values_of(store, node, predicate), key=str, default=None)


def values_of(store: ox.Store, node: Term, predicate: ox.NamedNode) -> Iterator[Term]:
    """Yield the values of a node's property."""
    if isinstance(node, ox.NamedNode | ox.BlankNode):
        for quad in store.quads_for_pattern(node, predicate, None, union(store)):
            yield quad.object


def few(touched: Touched) -> Set[Term] | None:
    """Return the nodes that a change touches where they are so few that each is better looked up by itself."""
    return touched if touched is not None and len(touched) <= _FEW else None


def quads_of(store: ox.Store, nodes: Set[Term] | None, predicate: ox.NamedNode | None) -> Iterator[ox.Quad]:
    """Yield what is said of *nodes* by a property; None stands for all nodes, and for any property."""
    if nodes is None:
        yield from store.quads_for_pattern(None, predicate, None, union(store))
    for node in nodes or ():
        if isinstance(node, ox.NamedNode | ox.BlankNode):
            yield from store.quads_for_pattern(node, predicate, None, union(store))


def column(store: ox.Store, predicate: ox.NamedNode, nodes: Set[Term] | None = None) -> dict[Term, Term]:
    """Return a value of a property for each of *nodes*, or of all, that has one: of several the first, by order."""
    found: dict[Term, Term] = {}
    for quad in quads_of(store, nodes, predicate):
        node, value = quad.subject, quad.object
        if node not in found or str(value) < str(found[node]):
            found[node] = value
    return found


def claims(store: ox.Store, nodes: Set[Term] | None = None) -> set[Term]:
    """Return the claims among *nodes*, or all of a graph."""
    if nodes is not None:
        return {quad.subject for quad in quads_of(store, nodes, _TYPE) if quad.object == cs("Claim")}
    return {quad.subject for quad in store.quads_for_pattern(None, _TYPE, cs("Claim"), union(store))}
