"""Find the nodes whose verdict a change can affect: through targets, paths, classes, nested shapes and queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import pyoxigraph as ox

from chinaspace.anchor import bindings
from chinaspace.change import Change
from chinaspace.judge import Judge
from chinaspace.names import RDF, RDFS, Term
from chinaspace.shape import Query, Row, Shape, Target
from chinaspace.walk import HERE, Path, Reading, Repeat, Step, reach, readings, then, turn

_TYPE = Step(ox.NamedNode(RDF + "type"))
_SUB_CLASS = Step(ox.NamedNode(RDFS + "subClassOf"))
_KINDS = then(HERE, _TYPE, Repeat(_SUB_CLASS, none=True, many=True))


class Judged(Protocol):
    """What tells of a graph which nodes a shape is for, and what a query about all nodes finds."""

    def targets(self, shape: Shape) -> set[Term]:
        """Return the nodes that a shape is for."""
        ...

    def rows(self, query: Query, nodes: Sequence[Term] | None) -> Mapping[Term, Sequence[Row]]:
        """Return the rows of a SPARQL constraint by node: of *nodes*, of all where that is None."""
        ...

    def bound(self, query: Query, terms: Mapping[str, Iterable[Term]]) -> set[Term]:
        """Return the nodes that have rows of a constraint with one of *terms* by variable."""
        ...


class Affected:
    """The nodes that a change can affect, by shape.

    What a shape reads of a node are triples at the end of ways from it. Where
    one of them changed, the first changed triple on such a way is reached from
    the node by triples that are in both graphs, so walking back from it in
    the graph as it is now finds the node.
    """

    def __init__(
        self, before: Judged, after: Judge, shapes: Mapping[Term, Shape], change: Change, mended: bool = True
    ) -> None:
        """Compare what *before* and *after* read; *shapes* are those of both.

        Without *mended*, nodes may be left out of which a SPARQL constraint had
        something to say before and has nothing now: then most constraints need
        not be asked of what was before.
        """
        self._before, self._after, self._shapes, self._change = before, after, shapes, change
        self._mended = mended
        self._differing: dict[tuple[Term, Term | None], set[Term]] = {}

    def nodes(self, shape: Shape) -> set[Term]:
        """Return the nodes whose results by *shape* can differ, whether it is for them or not."""
        found: set[Term] = set()
        for way, query in self._queries(shape, HERE):
            if not query.at_once:
                return self._before.targets(shape) | self._after.targets(shape)
            found |= self._back(way, self._differ(query, shape if way == HERE else None))
        for reading in {*self._readings(shape, HERE), *self._targeted(shape)}:
            found |= self._back(reading.way, self._starts(reading.step))
        return found

    def _starts(self, step: Step) -> Iterator[Term]:
        """Yield the nodes from which a changed triple is read by *step*."""
        change = self._change
        triples: Iterable[ox.Triple] = change.triples
        if step.predicate is not None:
            triples = change.by_predicate.get(step.predicate, ())
        for triple in triples:
            yield triple.object if step.inverse else triple.subject

    def _back(self, way: Path, starts: Iterable[Term]) -> set[Term]:
        return set(reach(self._after.view, set(starts), turn(way)))

    def _targeted(self, shape: Shape) -> Iterator[Reading]:
        for target in shape.targets:
            yield from _selecting(target)

    def _readings(self, shape: Shape, way: Path) -> Iterator[Reading]:
        """Yield what judging a node by a shape reads, *way* leading from the node that it began with."""
        end = way
        if shape.path is not None:
            yield from readings(shape.path, way)
            end = then(way, shape.path)
        for constraint in shape.constraints:
            yield from (Reading(then(end, one.way), one.step) for one in constraint.readings)
            yield from (Reading(then(way, one.way), one.step) for one in constraint.beside)
        for part in shape.parts:
            yield from self._readings(self._shapes[part], end)

    def _queries(self, shape: Shape, way: Path) -> Iterator[tuple[Path, Query]]:
        """Yield the SPARQL constraints of a shape and its parts, with the way to the nodes that they ask about."""
        end = way if shape.path is None else then(way, shape.path)
        yield from ((way, one.query) for one in shape.constraints if one.query)
        for part in shape.parts:
            yield from self._queries(self._shapes[part], end)

    def _differ(self, query: Query, shape: Shape | None) -> set[Term]:
        """Return the nodes for which a query has other rows than before.

        What it says of nodes that *shape* is not for need not be known, if it is asked about the nodes of that shape.
        """
        key = query.term, shape.term if shape else None
        if key not in self._differing:
            nodes = self._doubtful(query, shape)
            new = self._after.rows(query, nodes) if nodes != [] else {}
            old = self._before.rows(query, nodes) if nodes != [] else {}
            among = {*old, *new} if nodes is None else nodes
            self._differing[key] = {one for one in among if _as_set(old, one) != _as_set(new, one)}
        return self._differing[key]

    def _doubtful(self, query: Query, shape: Shape | None) -> list[Term] | None:
        """Return the nodes of which a query may say something else than before, None for any node."""
        gone = self._mended or shape is None  # whether what it says no more is to be known, too
        terms = bindings(query.parts, self._change.by_predicate) if query.parts else None
        new = set(self._after.rows(query, None)) if terms is None else self._after.bound(query, terms)
        if gone:
            return None if terms is None else [*(new | self._before.bound(query, terms))]
        assert shape
        return [node for node in new if self._after.is_target(shape, node)]


def _as_set(rows: Mapping[Term, Sequence[Row]], node: Term) -> set[frozenset[tuple[str, Term]]]:
    return {frozenset(row.items()) for row in rows.get(node, ())}


def _selecting(target: Target) -> Iterator[Reading]:
    """Yield what is read to tell whether a node is a target."""
    if target.kind == "targetClass":
        yield Reading(HERE, _TYPE)
        yield Reading(_KINDS, _SUB_CLASS)
    elif target.kind != "targetNode" and isinstance(target.term, ox.NamedNode):
        yield Reading(HERE, Step(target.term, inverse=target.kind == "targetObjectsOf"))
