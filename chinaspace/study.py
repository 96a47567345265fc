"""Study a shapes graph: make shapes of it, and name whatever could not be used, so that nothing passes unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import pyoxigraph as ox

from chinaspace.combine import LOGIC, qualified
from chinaspace.constrain import VALUES, truth
from chinaspace.errors import ShapesError
from chinaspace.names import RDF, RDFS, SH, Term
from chinaspace.probe import constrain_by, read_query
from chinaspace.relate import RELATIONS
from chinaspace.shape import Constraint, Flaw, Shape, Target, sh
from chinaspace.view import View
from chinaspace.walk import Path, read_path

_T = TypeVar("_T")

_TYPE = ox.NamedNode(RDF + "type")
_CLASSES = (ox.NamedNode(RDFS + "Class"), ox.NamedNode("http://www.w3.org/2002/07/owl#Class"))
_TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
_QUALIFIED = ("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint")
_ONCE = {"datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive"}
_ONCE |= {"maxInclusive", "minLength", "maxLength", "languageIn", "in", "uniqueLang", "closed", "path", "severity"}
_ONCE |= {"deactivated", "flags"}
# What describes a shape and judges nothing.
_DESCRIBING = {"name", "description", "order", "group", "defaultValue", "message", "flags", "ignoredProperties"}
_PLAIN = {*_DESCRIBING, *_QUALIFIED, *_TARGETS, "path", "severity", "deactivated", "property", "sparql"}
_MAKERS: dict[str, Callable[[View, Term, Term], Constraint | None]] = {**VALUES, **RELATIONS, **LOGIC}
_SHAPE_TERMS = {*_PLAIN, *_MAKERS}
_OTHER_TERMS = {
    "prefixes",
    "declare",
    "prefix",
    "namespace",
    "select",
    "inversePath",
    "alternativePath",
    "zeroOrMorePath",
    "oneOrMorePath",
    "zeroOrOnePath",
    "NodeShape",
    "PropertyShape",
    "Shape",
    "SPARQLConstraint",
    "PrefixDeclaration",
    "PropertyGroup",
    "Violation",
    "Warning",
    "Info",
    "IRI",
    "BlankNode",
    "Literal",
    "BlankNodeOrIRI",
    "BlankNodeOrLiteral",
    "IRIOrLiteral",
    "entailment",
    "suggestedShapesGraph",
    "shapesGraph",
}
TERMS = _SHAPE_TERMS | _OTHER_TERMS
# The terms of a report, which may stand beside shapes, as the W3C's tests have them.
_REPORT_TERMS = {"ValidationReport", "ValidationResult", "conforms", "result", "detail", "focusNode", "value"}
_REPORT_TERMS |= {"resultPath", "resultSeverity", "resultMessage", "sourceShape", "sourceConstraint"}
_REPORT_TERMS |= {"sourceConstraintComponent"}
_COMPONENT = "ConstraintComponent"


@dataclass
class Studied:
    """The shapes of a graph by their terms, and what in the graph cannot be used."""

    shapes: dict[Term, Shape] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


def study(store: ox.Store) -> Studied:
    """Return the shapes that the default graph of *store* describes."""
    view, studied = View(store), Studied()
    left = sorted(_declared(view), key=str)
    while left:
        term = left.pop()
        if term not in studied.shapes:
            studied.shapes[term] = _Reader(view, term, studied.flaws).shape()
            left += studied.shapes[term].parts
    studied.flaws += _unknown(view, studied.shapes)
    studied.flaws += _circles(studied.shapes)
    return studied


def _declared(view: View) -> set[Term]:
    """Return what is typed as a shape, has a target, or is used as one."""
    found = {node for kind in ("NodeShape", "PropertyShape") for node in view.subjects(_TYPE, sh(kind))}
    for name in _TARGETS:
        found |= view.column(sh(name)).keys()
    for name in ("property", "node", "not", "qualifiedValueShape"):
        found |= {one for values in view.column(sh(name)).values() for one in values}
    return found


def _unknown(view: View, shapes: Mapping[Term, Shape]) -> Iterator[Flaw]:
    """Yield the terms of SHACL that mean nothing where they stand: misspelt, not supported, or not for a shape."""
    plain = shapes.keys() - {one for found in view.column(sh("sparql")).values() for one in found}
    for quad in view.store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        known = _SHAPE_TERMS if quad.subject in plain else TERMS | _REPORT_TERMS
        if (name := _local(quad.predicate)) is not None and name not in known:
            yield Flaw(quad.subject, quad.predicate, None, f"sh:{name} is nothing that is checked here")
        name = _local(quad.object)
        told = name is None or name in TERMS | _REPORT_TERMS
        if not told and not (str(name).endswith(_COMPONENT) and quad.predicate != _TYPE):
            yield Flaw(quad.subject, quad.predicate, quad.object, f"sh:{name} is nothing that is checked here")


def _local(term: Term) -> str | None:
    """Return the name of a term of SHACL."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(SH):
        return term.value.removeprefix(SH)
    return None


def _circles(shapes: dict[Term, Shape]) -> Iterator[Flaw]:
    """Yield the shapes that are held against themselves, which SHACL leaves undefined."""
    left = {term: set(shape.parts) for term, shape in shapes.items()}
    while free := [term for term, parts in left.items() if not parts & left.keys()]:
        for term in free:
            del left[term]
    for term in left:
        yield Flaw(term, _TYPE, None, "the shape is put together from itself, by way of others or not")


class _Reader:
    """Reads one shape; what cannot be read is noted and left out."""

    def __init__(self, view: View, term: Term, flaws: list[Flaw]) -> None:
        self._view, self._term, self._flaws = view, term, flaws
        self._path: Path | None = None
        # Read at once, because most of the terms that are asked for stand on no shape.
        self._said: dict[str, list[Term]] = defaultdict(list)
        for quad in view.outgoing(term):
            if (name := _local(quad.predicate)) is not None:
                self._said[name].append(quad.object)

    def shape(self) -> Shape:
        for name in _ONCE:
            if len(values := self._values(name)) > 1:
                self._note(name, values[1], f"sh:{name} stands at most once on a shape")
        if any(
            self._try("deactivated", value, lambda one: truth(one, "deactivated"))
            for value in self._values("deactivated")
        ):
            return Shape(self._term, path_term=next(iter(self._values("path")), None))
        path_term = next(iter(self._values("path")), None)
        if path_term is not None:
            self._path = self._try("path", path_term, lambda one: read_path(self._view, one))
        severities = [one for one in self._values("severity") if isinstance(one, ox.NamedNode)]
        return Shape(
            term=self._term,
            path=self._path,
            path_term=path_term,
            severity=severities[0] if severities else sh("Violation"),
            messages=tuple(sorted(one.value for one in self._values("message") if isinstance(one, ox.Literal))),
            targets=tuple(self._targets()),
            constraints=tuple(self._constraints()),
            properties=tuple(self._values("property")),
        )

    def _values(self, name: str) -> list[Term]:
        return self._said.get(name, [])

    def _targets(self) -> Iterator[Target]:
        for name in _TARGETS:
            yield from (Target(name, value) for value in self._values(name))
        if not set(_CLASSES).isdisjoint(self._view.objects(self._term, _TYPE)):
            yield Target("targetClass", self._term)

    def _constraints(self) -> Iterator[Constraint]:
        for name, make in _MAKERS.items():
            for value in self._values(name):
                made = self._try(name, value, partial(make, self._view, self._term))
                if made is not None:
                    yield made
        for name in ("qualifiedValueShape", *_QUALIFIED[1:3]):
            if values := self._values(name):
                yield from self._try(name, values[0], lambda one: list(qualified(self._view, self._term))) or []
                break
        for value in self._values("sparql"):
            if not any(one == _TRUE for one in self._view.objects(value, sh("deactivated"))):
                query = self._try("sparql", value, lambda one: read_query(self._view, self._term, self._path, one))
                if query is not None:
                    yield constrain_by(query)

    def _try(self, name: str, value: Term, read: Callable[[Term], _T]) -> _T | None:
        try:
            return read(value)
        except (ValueError, ShapesError) as error:
            self._note(name, value, str(error))
            return None

    def _note(self, name: str, value: Term | None, fault: str) -> None:
        self._flaws.append(Flaw(self._term, sh(name), value, fault))


_TRUE = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
