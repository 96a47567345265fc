"""Tell in words what the shapes prescribe for a term, for those who read about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from chinaspace.errors import ShapesError
from chinaspace.names import RDFS, SH, shorten
from chinaspace.rules import read_rules

_COMMENT = ox.NamedNode(RDFS + "comment")
_WARNING = ox.NamedNode(SH + "Warning")
# The constraints that are said in a word or two, beside the message of their shape.
_LIMITS = (
    "minCount",
    "maxCount",
    "class",
    "datatype",
    "nodeKind",
    "pattern",
    "minInclusive",
    "maxInclusive",
    "minLength",
)
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")


@dataclass(frozen=True)
class Rule:
    """What one shape asks: in words, why, of which classes, and how often or of which kind a value is.

    *limits* has pairs such as ("minCount", "1") and ("class", "cs:Source").
    """

    shape: str
    name: str
    message: str
    reason: str
    warning: bool
    targets: tuple[str, ...]
    limits: tuple[tuple[str, str], ...]


@cache
def prescribe() -> dict[str, tuple[Rule, ...]]:
    """Return the rules of each class and each property, by its IRI; none where there are no shapes."""
    try:
        shapes = read_rules().store
    except ShapesError:
        return {}
    rules: dict[str, dict[str, Rule]] = {}
    for shape in {quad.subject for quad in shapes.quads_for_pattern(None, _sh("message"), None)}:
        if not isinstance(shape, ox.NamedNode):
            continue
        rule = _read(shapes, shape)
        for term in _terms(shapes, shape):
            rules.setdefault(term, {})[rule.shape] = rule
    return {term: tuple(found[name] for name in sorted(found)) for term, found in rules.items()}


def _read(shapes: ox.Store, shape: ox.NamedNode) -> Rule:
    limits = tuple((name, shorten(value)) for name in _LIMITS for value in _values(shapes, shape, _sh(name)))
    return Rule(
        shape=shorten(shape.value),
        name=_text(shapes, shape, _sh("name")),
        message=_text(shapes, shape, _sh("message")),
        reason=_text(shapes, shape, _COMMENT),
        warning=_WARNING.value in _values(shapes, shape, _sh("severity")),
        targets=tuple(sorted({shorten(target) for target in _targets(shapes, shape)})),
        limits=limits,
    )


def _terms(shapes: ox.Store, shape: ox.NamedNode) -> Iterator[str]:
    """Yield what a shape is about: the property of its path, or else the classes and properties that it targets."""
    paths = [quad.object for quad in shapes.quads_for_pattern(shape, _sh("path"), None)]
    yield from (path.value for path in paths if isinstance(path, ox.NamedNode))
    yield from _targets(shapes, shape)


def _targets(shapes: ox.Store, shape: ox.NamedNode) -> Iterator[str]:
    owners = [quad.subject for quad in shapes.quads_for_pattern(None, _sh("property"), shape)]
    for node in (shape, *(owner for owner in owners if isinstance(owner, ox.NamedNode))):
        for name in _TARGETS:
            yield from _values(shapes, node, _sh(name))


def _values(shapes: ox.Store, node: ox.NamedNode, name: ox.NamedNode) -> list[str]:
    found = [quad.object for quad in shapes.quads_for_pattern(node, name, None)]
    return sorted(value.value for value in found if isinstance(value, ox.NamedNode | ox.Literal))


def _text(shapes: ox.Store, node: ox.NamedNode, name: ox.NamedNode) -> str:
    return next(iter(_values(shapes, node, name)), "")


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)
