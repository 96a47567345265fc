"""Walk property paths: from a node to its values, and back to the nodes that a triple is read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.errors import ShapesError
from chinaspace.names import RDF, SH, Term
from chinaspace.view import View


@dataclass(frozen=True)
class Step:
    """One property, or any where *predicate* is None; *inverse* leads from value to node."""

    predicate: ox.NamedNode | None
    inverse: bool = False


@dataclass(frozen=True)
class Chain:
    """Paths one after the other; none at all stays where it is."""

    parts: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Any one of several paths."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Repeat:
    """A path that is taken any number of times: from once on, or from none on, or at most once."""

    part: Path
    none: bool
    many: bool


Path: TypeAlias = Step | Chain | Choice | Repeat

HERE = Chain()
_NIL = ox.NamedNode(RDF + "nil")


@dataclass(frozen=True)
class Reading:
    """A kind of triple that is read in judging a node, and the way from the node to it.

    *step* is taken from where *way* ends; a triple of its property can change
    what is read there.
    """

    way: Path
    step: Step


def read_path(shapes: View, head: Term, depth: int = 0) -> Path:
    """Return the path that a shapes graph describes at *head*.

    Raises:
        ShapesError: it describes none, or one in itself.
    """
    if isinstance(head, ox.NamedNode) and head != _NIL:
        return Step(head)
    forms = {name: shapes.objects(head, ox.NamedNode(SH + name)) for name in _FORMS}
    given = [(name, inner[0]) for name, inner in forms.items() if len(inner) == 1]
    members = shapes.items(head)
    if depth > 50 or len(given) + bool(members) != 1 or sum(map(len, forms.values())) != len(given):
        raise ShapesError("sh:path is a property, a list, or a node with one of sh:inversePath, sh:alternativePath, …")
    if members:
        return Chain(tuple(read_path(shapes, one, depth + 1) for one in members))
    name, inner = given[0]
    if name != "alternativePath":
        path = read_path(shapes, inner, depth + 1)
        return turn(path) if name == "inversePath" else Repeat(path, *_FORMS[name])
    choices = shapes.items(inner)
    if not choices:
        raise ShapesError("sh:alternativePath takes a list of paths.")
    return Choice(tuple(read_path(shapes, one, depth + 1) for one in choices))


_FORMS = {
    "inversePath": (False, False),
    "alternativePath": (False, False),
    "zeroOrMorePath": (True, True),
    "oneOrMorePath": (False, True),
    "zeroOrOnePath": (True, False),
}


def turn(path: Path) -> Path:
    """Return the path that leads back."""
    if isinstance(path, Step):
        return Step(path.predicate, not path.inverse)
    if isinstance(path, Chain):
        return Chain(tuple(turn(part) for part in reversed(path.parts)))
    if isinstance(path, Choice):
        return Choice(tuple(turn(part) for part in path.parts))
    return Repeat(turn(path.part), path.none, path.many)


def then(path: Path, *more: Path) -> Path:
    """Return *path* with others behind it."""
    head = path.parts if isinstance(path, Chain) else (path,)
    return Chain((*head, *more))


def values(view: View, node: Term, path: Path) -> list[Term]:
    """Return the nodes at the end of a path, each once."""
    if isinstance(path, Step):
        return list(_step(view, node, path))
    return list(dict.fromkeys(reach(view, [node], path)))


def _step(view: View, node: Term, step: Step) -> Iterable[Term]:
    if step.predicate is None:
        return [] if step.inverse else dict.fromkeys(quad.object for quad in view.outgoing(node))
    return view.subjects(step.predicate, node) if step.inverse else view.objects(node, step.predicate)


def reach(view: View, nodes: Iterable[Term], path: Path) -> Iterable[Term]:
    """Return the nodes at the end of a path from any of *nodes*, each way walked once."""
    if isinstance(path, Step):
        return dict.fromkeys(end for node in nodes for end in _step(view, node, path))
    if isinstance(path, Chain):
        for part in path.parts:
            nodes = reach(view, nodes, part)
        return nodes
    if isinstance(path, Choice):
        nodes = list(nodes)
        return dict.fromkeys(end for part in path.parts for end in reach(view, nodes, part))
    nodes = list(nodes)
    found = dict.fromkeys(nodes) if path.none else {}
    fresh = list(dict.fromkeys(reach(view, nodes, path.part)))
    while fresh := [node for node in fresh if node not in found]:
        found.update(dict.fromkeys(fresh))
        fresh = list(reach(view, fresh, path.part)) if path.many else []
    return found


def readings(path: Path, way: Path = HERE) -> Iterator[Reading]:
    """Yield what is read in walking *path* from where *way* ends."""
    if isinstance(path, Step):
        yield Reading(way, path)
    elif isinstance(path, Chain):
        for part in path.parts:
            yield from readings(part, way)
            way = then(way, part)
    elif isinstance(path, Choice):
        for part in path.parts:
            yield from readings(part, way)
    else:
        yield from readings(path.part, then(way, Repeat(path.part, True, True)))


def first_predicates(path: Path) -> tuple[str, ...]:
    """Return the properties with which a path can begin at its node, and none if it begins backwards."""
    if isinstance(path, Step):
        return () if path.inverse or path.predicate is None else (path.predicate.value,)
    if isinstance(path, Chain):
        return first_predicates(path.parts[0]) if path.parts else ()
    if isinstance(path, Choice):
        return tuple(name for part in path.parts for name in first_predicates(part))
    return first_predicates(path.part)


def to_sparql(path: Path) -> str:
    """Return a path as SPARQL writes it."""
    if isinstance(path, Step):
        return f"{'^' * path.inverse}{path.predicate}"
    if isinstance(path, Chain):
        return "(" + "/".join(map(to_sparql, path.parts)) + ")"
    if isinstance(path, Choice):
        return "(" + "|".join(map(to_sparql, path.parts)) + ")"
    return f"({to_sparql(path.part)}){'?' if not path.many else '*' if path.none else '+'}"
