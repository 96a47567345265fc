"""Suggest what was meant by a misspelt term or thing: the nearest ones that there are."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.names import CS, CSD, CSSH, OWL, RDF, SH, SKOS, cs, shorten
from chinaspace.point import Fault
from chinaspace.unite import union

_TYPE = RDF + "type"
_CLASS = ox.NamedNode(OWL + "Class")
_CONCEPT = ox.NamedNode(SKOS + "Concept")
# The properties, of data and of shapes, whose values are properties, and those whose values are classes.
_FOR_PROPERTIES = {None, RDF + "predicate", SH + "path", SH + "targetSubjectsOf", SH + "targetObjectsOf"}
_FOR_CLASSES = {_TYPE, SH + "class", SH + "targetClass"}
# The names of a namespace, by what tells them from others: a property, and its value.
Known: TypeAlias = dict[tuple[ox.NamedNode, ox.NamedNode | None, str], dict[str, str]]

_MOST = 3
_LIKENESS = 0.8


def suggest(fault: Fault, store: ox.Store, known: Known | None = None) -> Fault:
    """Return *fault* with a question in its message that names what is spelt nearly like an unknown term or thing.

    Where a thing has no class that is known, the fault is the misspelt class.
    What is *known* is kept there from fault to fault, as long as the store does
    not change.
    """
    node = fault.problem.node
    if node and fault.problem.shape == f"{CSSH}Entity-type" and (unknown := _unknown_class(node, store)):
        fault = replace(fault, predicates=(_TYPE,), value=ox.NamedNode(unknown))
    path, value = fault.problem.path, fault.value
    known = {} if known is None else known
    said = _question(store, path, None, known) if path else ""
    if isinstance(value, ox.NamedNode):
        said += _question(store, value.value, next(iter(fault.predicates), ""), known)
    return replace(fault, problem=replace(fault.problem, message=fault.problem.message + said)) if said else fault


def nearest(store: ox.Store, iri: str, predicate: str | None, kept: Known | None = None) -> list[str]:
    """Return the IRIs whose local names are spelt most like that of *iri*, the nearest first.

    *predicate* is the property whose value *iri* is, None where *iri* is a
    property itself: a property is never suggested for a class, nor a thing
    for a concept.
    """
    namespace, local = _cut(iri)
    known = _candidates(store, namespace, predicate, {} if kept is None else kept)
    return [known[name] for name in get_close_matches(local, known, _MOST, _LIKENESS)]


def _question(store: ox.Store, iri: str, predicate: str | None, known: Known) -> str:
    if not iri.startswith((CS, CSD)) or _is_known(store, iri):
        return ""
    near = nearest(store, iri, predicate, known)
    return f" Did you mean {' or '.join(map(shorten, near))}?" if near else ""


def _unknown_class(node: str, store: ox.Store) -> str | None:
    types = store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(_TYPE), None, union(store))
    names = sorted(quad.object.value for quad in types if isinstance(quad.object, ox.NamedNode))
    return next((name for name in names if not _is_known(store, name)), None)


def _is_known(store: ox.Store, iri: str) -> bool:
    return any(store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(_TYPE), None, union(store)))


def _cut(iri: str) -> tuple[str, str]:
    """Return namespace and local name of an IRI."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:end], iri[end:]


def _candidates(store: ox.Store, namespace: str, predicate: str | None, kept: Known) -> dict[str, str]:
    """Return the IRIs of a namespace that can stand there by their local names."""
    key, value = ox.NamedNode(_TYPE), None
    if predicate in _FOR_PROPERTIES:
        key = cs("propertyRole")
    elif namespace != CSD:
        value = _CLASS if predicate in _FOR_CLASSES else _CONCEPT
    if (found := kept.get((key, value, namespace))) is None:
        quads = store.quads_for_pattern(None, key, value, union(store))
        names = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})
        found = kept[key, value, namespace] = {_cut(one)[1]: one for one in names if _cut(one)[0] == namespace}
    return found
