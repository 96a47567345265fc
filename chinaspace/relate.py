"""Relate values to each other, to those of another property, and to the shape: the other components of SHACL Core."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.constrain import members, truth
from chinaspace.names import Term
from chinaspace.reckon import unordered
from chinaspace.shape import Constraint, Finding, Judging, Rows, Shape, sh
from chinaspace.view import View
from chinaspace.walk import HERE, Reading, Step

# Nodes with their values, and the values of another property.
Compared: TypeAlias = list[tuple[Term, Sequence[Term], Sequence[Term]]]
Maker: TypeAlias = Callable[[View, Term, Term], Constraint | None]

_IGNORED = sh("ignoredProperties")


def _unique_lang(shapes: View, shape: Term, given: Term) -> Constraint | None:
    if not truth(given, "uniqueLang"):
        return None

    def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        for node, values in rows:
            tags = Counter(one.language.lower() for one in values if isinstance(one, ox.Literal) and one.language)
            yield from (Finding(node) for number in tags.values() if number > 1)

    return Constraint("UniqueLang", "sh:uniqueLang true", check)


def _has_value(shapes: View, shape: Term, given: Term) -> Constraint:
    def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        yield from (Finding(node) for node, values in rows if given not in values)

    return Constraint("HasValue", f"sh:hasValue {given}", check)


def _pair(name: str, wrong: Callable[[Compared], Iterable[Finding]]) -> Maker:
    """Return the maker of a constraint that compares values with those of another property of the node."""

    def make(shapes: View, shape: Term, given: Term) -> Constraint:
        if not isinstance(given, ox.NamedNode):
            raise ValueError(f"sh:{name} takes a property")

        def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
            yield from wrong([(node, values, judge.view.objects(node, given)) for node, values in rows])

        component = name[0].upper() + name[1:]
        return Constraint(component, f"sh:{name} {given}", check, beside=(Reading(HERE, Step(given)),))

    return make


def _unequal(compared: Compared) -> Iterator[Finding]:
    for node, values, others in compared:
        yield from (Finding(node, one) for one in values if one not in others)
        yield from (Finding(node, one) for one in others if one not in values)


def _shared(compared: Compared) -> Iterator[Finding]:
    return (Finding(node, one) for node, values, others in compared for one in values if one in others)


def _less(operator: str) -> Callable[[Compared], Iterable[Finding]]:
    def wrong(compared: Compared) -> Iterator[Finding]:
        pairs = [(node, one, other) for node, values, others in compared for one in values for other in others]
        places = unordered([(one, other) for _, one, other in pairs], operator)
        yield from (Finding(*pairs[place][:2]) for place in sorted(places))

    return wrong


def _closed(shapes: View, shape: Term, given: Term) -> Constraint | None:
    if not truth(given, "closed"):
        return None
    ignored = [members(shapes, head, "ignoredProperties") for head in shapes.objects(shape, _IGNORED)]
    inner = shapes.objects(shape, sh("property"))
    paths = {path for one in inner for path in shapes.objects(one, sh("path"))}
    allowed = paths | {term for one in ignored for term in one}

    def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        for node, values in rows:
            for value in values:
                for quad in judge.view.outgoing(value):
                    if quad.predicate not in allowed:
                        yield Finding(node, quad.object, quad.predicate)

    return Constraint("Closed", "sh:closed true", check, readings=(Reading(HERE, Step(None)),))


RELATIONS: dict[str, Maker] = {
    "uniqueLang": _unique_lang,
    "hasValue": _has_value,
    "equals": _pair("equals", _unequal),
    "disjoint": _pair("disjoint", _shared),
    "lessThan": _pair("lessThan", _less("<")),
    "lessThanOrEquals": _pair("lessThanOrEquals", _less("<=")),
    "closed": _closed,
}
