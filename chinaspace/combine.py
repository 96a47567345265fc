"""Combine shapes: the constraint components of SHACL Core that hold values against other shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chinaspace.constrain import each_value, members, truth, whole
from chinaspace.names import Term
from chinaspace.shape import Constraint, Finding, Judging, Rows, Shape, sh
from chinaspace.view import View


def _node(shapes: View, shape: Term, given: Term) -> Constraint:
    made = each_value("Node", f"sh:node {given}", lambda judge, values: judge.failing(given, values))
    return _with_parts(made, (given,))


def _not(shapes: View, shape: Term, given: Term) -> Constraint:
    made = each_value("Not", f"sh:not {given}", lambda judge, values: values - judge.failing(given, values))
    return _with_parts(made, (given,))


def _with_parts(made: Constraint, parts: tuple[Term, ...]) -> Constraint:
    return Constraint(made.component, made.words, made.check, parts=parts)


def _several(name: str, wrong: Callable[[int, int], bool]) -> Callable[[View, Term, Term], Constraint]:
    """Return the maker of a constraint on how many of its shapes a value conforms to."""

    def make(shapes: View, shape: Term, given: Term) -> Constraint:
        parts = tuple(members(shapes, given, name))

        def test(judge: Judging, values: set[Term]) -> set[Term]:
            failing = [judge.failing(part, values) for part in parts]
            return {one for one in values if wrong(sum(one not in some for some in failing), len(parts))}

        words = f"sh:{name} ({' '.join(map(str, parts))})"
        return _with_parts(each_value(name[0].upper() + name[1:], words, test), parts)

    return make


def qualified(shapes: View, shape: Term) -> Iterator[Constraint]:
    """Yield the constraints of a shape on how many values conform to its sh:qualifiedValueShape.

    What is wrong with them is a ValueError.
    """
    given = shapes.objects(shape, sh("qualifiedValueShape"))
    limits = [(name, whole(one, name)) for name in _LIMITS for one in shapes.objects(shape, sh(name))]
    if bool(given) != bool(limits) or len(given) > 1 or len(limits) > len({name for name, _ in limits}):
        raise ValueError("sh:qualifiedValueShape goes with sh:qualifiedMinCount or sh:qualifiedMaxCount, each once")
    for part in given:
        apart = any(truth(one, _APART) for one in shapes.objects(shape, sh(_APART)))
        others = tuple(_siblings(shapes, shape) - {part}) if apart else ()
        for name, limit in limits:
            yield _qualified(part, others, name, limit)


def _qualified(part: Term, others: tuple[Term, ...], name: str, limit: int) -> Constraint:
    def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        every = {value for _, values in rows for value in values}
        wrong = judge.failing(part, every).union(*(every - judge.failing(other, every) for other in others))
        for node, values in rows:
            number = sum(value not in wrong for value in values)
            if number < limit if name == "qualifiedMinCount" else number > limit:
                yield Finding(node)

    return Constraint(name[0].upper() + name[1:], f"sh:{name} {limit}", check, parts=(part, *others))


def _siblings(shapes: View, shape: Term) -> set[Term]:
    """Return the qualified shapes of all properties that stand beside this one in any shape."""
    parents = shapes.subjects(sh("property"), shape)
    beside = {one for parent in parents for one in shapes.objects(parent, sh("property"))}
    return {part for one in beside for part in shapes.objects(one, sh("qualifiedValueShape"))}


_APART = "qualifiedValueShapesDisjoint"
_LIMITS = ("qualifiedMinCount", "qualifiedMaxCount")

LOGIC: dict[str, Callable[[View, Term, Term], Constraint]] = {
    "node": _node,
    "not": _not,
    "and": _several("and", lambda number, most: number < most),
    "or": _several("or", lambda number, most: number == 0),
    "xone": _several("xone", lambda number, most: number != 1),
}
