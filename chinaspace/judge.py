"""Judge nodes by shapes: SHACL Core and SPARQL constraints on a store, each constraint for all nodes at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import pyoxigraph as ox

from chinaspace.beside import share
from chinaspace.demand import demand
from chinaspace.names import RDF, Term
from chinaspace.probe import ask, bound
from chinaspace.shape import Constraint, Finding, Query, Row, Shape, Target
from chinaspace.view import View
from chinaspace.walk import Step, values

T = TypeVar("T")

_TYPE = ox.NamedNode(RDF + "type")


class Result(NamedTuple):
    """One validation result of SHACL.

    *path* is as the shapes graph names it, *component* the name of the
    constraint component; *value* is None where the report gives none.
    """

    node: Term
    path: Term | None
    value: Term | None
    component: str
    shape: Term
    severity: ox.NamedNode
    messages: tuple[str, ...]


class Judge:
    """Judges the nodes of one store, which must not change meanwhile."""

    def __init__(self, store: ox.Store, shapes: Mapping[Term, Shape]) -> None:
        """Judge the default graph of *store* by *shapes*, which must be free of circles."""
        self.view = View(store)
        self.checked: dict[Term, set[Term]] = defaultdict(set)
        self._shapes = shapes
        self._verdicts: dict[Term, dict[Term, bool]] = defaultdict(dict)
        self._rows: dict[Term, dict[Term, list[Row]]] = {}

    def ask_ahead(self, but: Term | None = None, beside: Sequence[Callable[[], list[T]]] = ()) -> list[T]:
        """Have what is asked about all nodes at once answered now, by two processes if there can be two.

        The queries of the shape *but* are left out. What the functions
        *beside* return, which are called in the same way, is returned.
        """
        constraints = (one for shape in self._shapes.values() if shape.term != but for one in shape.constraints)
        queries = {one.query.term: one.query for one in constraints if one.query and one.query.at_once}
        asked = [partial(ask, self.view.store, query, None) for query in queries.values()]
        tasks: list[Callable[[], Any]] = [*beside, *asked]
        found = share(tasks)
        self._rows.update(zip(queries, found[len(beside) :], strict=True))
        return [one for part in found[: len(beside)] for one in part]

    def targets(self, shape: Shape) -> set[Term]:
        """Return the nodes that a shape is for."""
        return {node for target in shape.targets for node in self._targeted(target)}

    def has_target(self, shape: Shape) -> bool:
        """Tell whether there is any node that a shape is for."""
        return any(self._has_any(target) for target in shape.targets)

    def is_target(self, shape: Shape, node: Term) -> bool:
        """Tell whether a shape is for a node."""
        return any(self._is_targeted(target, node) for target in shape.targets)

    def results(self, shape: Shape, nodes: Iterable[Term]) -> Iterator[Result]:
        """Yield what is wrong with *nodes* by a shape and the property shapes in it."""
        nodes = list(nodes)
        self.checked[shape.term].update(nodes)
        rows = self._valued(shape, nodes)
        for constraint in shape.constraints:
            for finding in constraint.check(self, shape, rows):
                yield _result(shape, constraint, finding)
        for part in shape.properties:
            yield from self.results(self._shapes[part], [value for _, found in rows for value in found])

    def failing(self, shape: Term, nodes: set[Term]) -> set[Term]:
        """Return those of *nodes* that do not conform to a shape."""
        known = self._verdicts[shape]
        if fresh := [node for node in nodes if node not in known]:
            wrong = self._fail(self._shapes[shape], fresh)
            known.update((node, node in wrong) for node in fresh)
        return {node for node in nodes if known[node]}

    def rows(self, query: Query, nodes: Sequence[Term] | None) -> Mapping[Term, Sequence[Row]]:
        """Return the rows of a SPARQL constraint by node: of *nodes*, of all where that is None."""
        if query.term in self._rows:
            return self._rows[query.term]
        found = ask(self.view.store, query, nodes)
        if nodes is None:
            self._rows[query.term] = found
        return found

    def bound(self, query: Query, terms: Mapping[str, Iterable[Term]]) -> set[Term]:
        """Return the nodes that have rows of a constraint with one of *terms* by variable."""
        return {row["this"] for row in bound(self.view.store, query, terms)}

    def _fail(self, shape: Shape, nodes: Sequence[Term]) -> set[Term]:
        self.checked[shape.term].update(nodes)
        rows = self._valued(shape, nodes)
        wrong = {finding.node for one in shape.constraints for finding in one.check(self, shape, rows)}
        for part in shape.properties:
            failing = self.failing(part, {value for _, found in rows for value in found})
            wrong |= {node for node, found in rows if not failing.isdisjoint(found)} if failing else set()
        return wrong

    def _valued(self, shape: Shape, nodes: Sequence[Term]) -> list[tuple[Term, Sequence[Term]]]:
        """Return each node with its values, which of a node shape is the node itself."""
        path, view = shape.path, self.view
        if path is None:
            return [(node, (node,)) for node in nodes]
        if isinstance(path, Step) and path.predicate is not None and not path.inverse:
            return [(node, view.objects(node, path.predicate)) for node in nodes]
        return [(node, values(view, node, path)) for node in nodes]

    def _has_any(self, target: Target) -> bool:
        if target.kind == "targetNode":
            return True
        if target.kind == "targetClass":
            return any(self.view.has(_TYPE, kind) for kind in self.view.narrower(target.term))
        return isinstance(target.term, ox.NamedNode) and self.view.has(target.term)

    def _is_targeted(self, target: Target, node: Term) -> bool:
        if target.kind == "targetNode":
            return target.term == node
        if target.kind == "targetClass":
            return self.view.is_a(node, target.term)
        if not isinstance(target.term, ox.NamedNode):
            return False
        if target.kind == "targetSubjectsOf":
            return bool(self.view.objects(node, target.term))
        return bool(self.view.subjects(target.term, node))

    def _targeted(self, target: Target) -> Iterable[Term]:
        if target.kind == "targetNode":
            return (target.term,)
        if target.kind == "targetClass":
            return self.view.instances(target.term)
        if not isinstance(target.term, ox.NamedNode):
            return ()
        column = self.view.column(target.term)
        if target.kind == "targetSubjectsOf":
            return column.keys()
        return {value for found in column.values() for value in found}


def _result(shape: Shape, constraint: Constraint, finding: Finding) -> Result:
    default = demand(constraint.component, constraint.words, shape.path_term)
    return Result(
        node=finding.node,
        path=finding.path or shape.path_term,
        value=finding.value,
        component=constraint.component,
        shape=shape.term,
        severity=shape.severity,
        messages=finding.messages or shape.messages or (default,),
    )
