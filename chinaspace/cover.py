"""Cover: tell how many nodes each shape checked, and what no shape looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox

from chinaspace.demand import title
from chinaspace.explain import violation
from chinaspace.finding import few
from chinaspace.gather import Gathered
from chinaspace.judge import Judge
from chinaspace.names import CSD, CSG, RDF, Term, shorten
from chinaspace.paths import ontology_files
from chinaspace.point import Fault
from chinaspace.read import graph_name
from chinaspace.rules import Rules, anchored
from chinaspace.shape import Shape, sh
from chinaspace.walk import readings

_TYPE = ox.NamedNode(RDF + "type")
_DEFAULT = ox.DefaultGraph()
_STATED = f"""
SELECT ?property ( COUNT ( * ) AS ?times ) WHERE {{
  GRAPH ?graph {{ ?node ?property ?value }}
  FILTER ( ?graph NOT IN ( <{CSG}facts>, <{CSG}inferred> ) )
}} GROUP BY ?property ORDER BY DESC ( ?times ) ?property
"""


def checked(judge: Judge, shapes: Mapping[Term, Shape]) -> dict[str, int]:
    """Return how many nodes each shape checked, by its short name, sorted by name."""
    found: dict[str, int] = {}
    for term in shapes:
        name = title(term, shapes)
        found[name] = found.get(name, 0) + len(judge.checked.get(term, ()))
    return dict(sorted(found.items()))


def idle(rules: Rules, judge: Judge) -> Iterator[Fault]:
    """Yield the shapes that look at nothing in the whole graph: no node is a target, or nothing leads to them."""
    used = {part for shape in rules.shapes.values() for part in shape.parts}
    for term, shape in rules.shapes.items():
        if shape.targets and not judge.has_target(shape):
            target = shape.targets[0]
            message = f"No node is in sh:{target.kind} {shorten(_plain(target.term))}, so the shape checked nothing."
            message += " Correct the target, or add the first such thing."
            yield anchored(_warning(term, message, sh(target.kind), target.term), term, rules.store)
        elif not shape.targets and term not in used:
            message = "The shape has no target and no shape uses it, so it checked nothing. Give it one or take it out."
            yield anchored(_warning(term, message, None, None), term, rules.store)


def unseen(
    gathered: Gathered, judge: Judge, shapes: Mapping[Term, Shape], nodes: Iterable[Term] | None
) -> Iterator[Fault]:
    """Yield the nodes that files describe outside the vocabulary and that no shape is for.

    A blank node belongs to what points to it, and what has no type at all is
    told by another rule.
    """
    store, vocabulary = gathered.store, {graph_name(path) for path in ontology_files()}
    # A shape for whatever has a type is for no node in particular.
    targeted = [shape for shape in shapes.values() if any(target.term != _TYPE for target in shape.targets)]
    if nodes is None:
        graphs = [graph for graph in store.named_graphs() if graph not in vocabulary]
        nodes = {quad.subject for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)}
    nodes = set(nodes)
    if few(nodes) is None:  # then it takes less to look at all targets than at all shapes for each node
        nodes -= {node for shape in targeted for node in judge.targets(shape)}
        targeted = []
    for node in sorted(nodes, key=str):
        if isinstance(node, ox.Literal | ox.Triple) or any(judge.is_target(shape, node) for shape in targeted):
            continue
        graphs_of = {quad.graph_name for quad in store.quads_for_pattern(node, None, None)} - {_DEFAULT}
        if not graphs_of - vocabulary or (
            isinstance(node, ox.BlankNode) and any(store.quads_for_pattern(None, None, node))
        ):
            continue
        if node.value.startswith(CSD) and not judge.view.objects(node, _TYPE):
            continue
        message = (
            "No shape is for this node, so nothing of it was checked. Give it a type that has a shape, or take it out."
        )
        said = ((quad.predicate.value, quad.object) for quad in judge.view.outgoing(node))
        problem = violation("Node-unseen", node.value if isinstance(node, ox.NamedNode) else "", message)
        described = frozenset(said) if isinstance(node, ox.BlankNode) else frozenset()
        yield Fault(replace(problem, severity="warning"), described=described)


def unconstrained(gathered: Gathered, shapes: Mapping[Term, Shape]) -> dict[str, int]:
    """Return how often files state the properties that no path and no target of a shape names, the commonest first."""
    named: set[Term | None] = {
        one.step.predicate for shape in shapes.values() if shape.path for one in readings(shape.path)
    }
    named |= {target.term for shape in shapes.values() for target in shape.targets}
    rows = gathered.store.query(_STATED)
    assert isinstance(rows, ox.QuerySolutions)
    return {shorten(row["property"].value): int(row["times"].value) for row in rows if row["property"] not in named}


def _warning(term: Term, message: str, predicate: ox.NamedNode | None, value: Term | None) -> Fault:
    node = term.value if isinstance(term, ox.NamedNode) else ""
    problem = replace(violation("Shape-idle", node, message), severity="warning")
    return Fault(problem, (predicate.value,) if predicate else (), value)


def _plain(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
