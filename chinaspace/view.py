"""View a store as one graph: the values of a property, by node or for all nodes at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from chinaspace.names import RDF, RDFS, Term
from chinaspace.unite import union

_TYPE = ox.NamedNode(RDF + "type")
_SUB_CLASS = ox.NamedNode(RDFS + "subClassOf")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))

# A look-up costs as much as reading some ten triples of a column, and few properties have a long one.
_LOOK_UPS = 200


class View:
    """All graphs of a store as one, which must not change while it is viewed.

    Whatever is looked up often is read whole: a property that is asked for
    many nodes becomes a dictionary, one that is asked for few stays in the
    store.
    """

    def __init__(self, store: ox.Store) -> None:
        """View *store*."""
        self.store, self.graph = store, union(store)
        self._asked: dict[tuple[ox.NamedNode, bool], int] = defaultdict(int)
        self._columns: dict[tuple[ox.NamedNode, bool], dict[Term, list[Term]]] = {}
        self._narrower: dict[Term, frozenset[Term]] = {}

    def objects(self, node: Term, predicate: ox.NamedNode) -> Sequence[Term]:
        """Return the values of a node's property."""
        key = (predicate, False)
        column = self._columns.get(key)
        if column is not None:
            return column.get(node, ())
        if isinstance(node, ox.Literal):
            return ()
        if self._often(key):
            return self.column(predicate).get(node, ())
        return [quad.object for quad in self.store.quads_for_pattern(node, predicate, None, self.graph)]

    def subjects(self, predicate: ox.NamedNode, value: Term) -> Sequence[Term]:
        """Return the nodes that have *value* as a value of a property."""
        key = (predicate, True)
        column = self._columns.get(key)
        if column is None and self._often(key):
            column = self._column(predicate, True)
        if column is not None:
            return column.get(value, ())
        return [quad.subject for quad in self.store.quads_for_pattern(None, predicate, value, self.graph)]

    def column(self, predicate: ox.NamedNode) -> dict[Term, list[Term]]:
        """Return the values of a property by node."""
        return self._column(predicate, False)

    def has(self, predicate: ox.NamedNode, value: Term | None = None) -> bool:
        """Tell whether any node has a property, or one value of it."""
        return any(True for _ in self.store.quads_for_pattern(None, predicate, value, self.graph))

    def outgoing(self, node: Term) -> Iterable[ox.Quad]:
        """Return the triples of a node."""
        return () if isinstance(node, ox.Literal) else self.store.quads_for_pattern(node, None, None, self.graph)

    def narrower(self, kind: Term) -> frozenset[Term]:
        """Return a class with all classes below it."""
        if kind not in self._narrower:
            found, left = {kind}, [kind]
            while left:
                below = set(self.subjects(_SUB_CLASS, left.pop())) - found
                found |= below
                left += below
            self._narrower[kind] = frozenset(found)
        return self._narrower[kind]

    def is_a(self, node: Term, kind: Term) -> bool:
        """Tell whether a node is an instance of a class or of one below it, as SHACL means it."""
        return not self.narrower(kind).isdisjoint(self.objects(node, _TYPE))

    def instances(self, kind: Term) -> set[Term]:
        """Return the instances of a class and of those below it."""
        return {node for one in self.narrower(kind) for node in self.subjects(_TYPE, one)}

    def holds(self, triple: ox.Triple) -> bool:
        """Tell whether a triple is in the graph."""
        found = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, self.graph)
        return any(True for _ in found)

    def items(self, head: Term) -> list[Term] | None:
        """Return the members of a list, or None where *head* is no well-formed list."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            first, rest = self.objects(head, _FIRST), self.objects(head, _REST)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                return None
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return found

    def _often(self, key: tuple[ox.NamedNode, bool]) -> bool:
        self._asked[key] += 1
        return self._asked[key] > _LOOK_UPS

    def _column(self, predicate: ox.NamedNode, turned: bool) -> dict[Term, list[Term]]:
        key = (predicate, turned)
        if key not in self._columns:
            column: dict[Term, list[Term]] = defaultdict(list)
            for quad in self.store.quads_for_pattern(None, predicate, None, self.graph):
                if turned:
                    column[quad.object].append(quad.subject)
                else:
                    column[quad.subject].append(quad.object)
            self._columns[key] = dict(column)
        return self._columns[key]
