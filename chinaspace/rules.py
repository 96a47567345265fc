"""Read the rules: the shapes of shapes/, and what is wrong with them, so that none is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from chinaspace.errors import MalformedShapesError, ReadError, ShapesError
from chinaspace.explain import violation
from chinaspace.load import add_quads
from chinaspace.names import CS, RDF, SH, Term, shorten
from chinaspace.paths import prefix_file, shape_files, shapes_folder
from chinaspace.point import Fault
from chinaspace.read import read_quads
from chinaspace.shape import Flaw, Shape
from chinaspace.study import TERMS, study
from chinaspace.unite import union

_TYPE = ox.NamedNode(RDF + "type")
_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, eq=False)
class Rules:
    """The shapes, the store and the files that they were read from, and what of them cannot be used."""

    store: ox.Store
    shapes: Mapping[Term, Shape]
    flaws: tuple[Flaw, ...]
    files: tuple[Path, ...] = ()


def read_rules() -> Rules:
    """Return all shapes of shapes/, with the prefixes that their queries use.

    Raises:
        MalformedShapesError: files are malformed.
        ShapesError: there is none.
    """
    files = shape_files()
    if not files:
        raise ShapesError(
            f"No shape in {shapes_folder()}, so nothing would be checked. Name a folder that holds Turtle."
        )
    store, unread = ox.Store(), list[ReadError]()
    for path in (*files, prefix_file()):
        try:
            add_quads(store, read_quads(path))
        except ReadError as error:
            unread.append(error)
    if unread:
        raise MalformedShapesError(unread)
    return rules_of(store, files)


def rules_of(store: ox.Store, files: Iterable[Path] = ()) -> Rules:
    """Return the shapes in the default graph of *store*, which stand in *files*.

    Raises:
        ShapesError: there is none, so that nothing would be checked.
    """
    studied = study(store)
    if not any(shape.targets for shape in studied.shapes.values()):
        raise ShapesError("There is no shape with a target, so nothing would be checked. Look into shapes/.")
    return Rules(store, studied.shapes, tuple(studied.flaws), tuple(files))


def usable(rules: Rules) -> Mapping[Term, Shape]:
    """Return the shapes.

    Raises:
        ShapesError: something in them cannot be used, so that the answer would be half of one.
    """
    for flaw in rules.flaws:
        fault = broken(flaw, rules.store)
        raise ShapesError(f"{shorten(fault.problem.node)}: {fault.problem.message} Look into shapes/.")
    return rules.shapes


def broken(flaw: Flaw, store: ox.Store) -> Fault:
    """Return the fault that a flaw of the shapes in *store* is; the rest of the shape is used all the same."""
    term = flaw.value or flaw.predicate
    near = []
    if isinstance(term, ox.NamedNode) and term.value.startswith(SH):
        named = {name.lower(): name for name in sorted(TERMS)}
        near = [named[one] for one in get_close_matches(term.value.removeprefix(SH).lower(), named, 1, 0.7)]
    fault = flaw.fault[0].upper() + flaw.fault[1:] if flaw.fault.startswith("the") else flaw.fault
    message = f"{fault}, so this part of the shape checks nothing. Correct it or take it out."
    message += "".join(f" Did you mean sh:{name}?" for name in near)
    node = flaw.shape.value if isinstance(flaw.shape, ox.NamedNode) else ""
    problem = replace(violation("Shape-wellFormed", node, message), path=flaw.predicate.value)
    return anchored(Fault(problem, (flaw.predicate.value,), flaw.value), flaw.shape, store)


def anchored(fault: Fault, shape: Term, store: ox.Store) -> Fault:
    """Return a fault of a shape in *store* so that it is found: by what is said of one without a name, or uses it."""
    seen = set[Term]()
    while isinstance(shape, ox.BlankNode) and shape not in seen:
        seen.add(shape)
        quads = store.quads_for_pattern(shape, None, None, _DEFAULT)
        said = ((quad.predicate.value, quad.object) for quad in quads)
        if described := frozenset(pair for pair in said if isinstance(pair[1], ox.NamedNode | ox.Literal)):
            return replace(fault, described=described)
        users = store.quads_for_pattern(None, None, shape, _DEFAULT)
        if (user := next(users, None)) is None:
            break
        shape, fault = user.subject, replace(fault, predicates=(user.predicate.value,), value=None)
    if isinstance(shape, ox.NamedNode) and not fault.problem.node:
        return replace(fault, problem=replace(fault.problem, node=shape.value))
    return fault


def unknown_terms(rules: Rules, data: ox.Store) -> Iterator[Fault]:
    """Yield the terms of ours that the shapes use and the vocabulary does not describe: they never match."""
    for quad in rules.store.quads_for_pattern(None, None, None, _DEFAULT):
        term = quad.object
        if not isinstance(term, ox.NamedNode) or not term.value.startswith(CS) or isinstance(quad.subject, ox.Triple):
            continue
        if not any(data.quads_for_pattern(term, _TYPE, None, union(data))):
            message = f"{shorten(term.value)} is no term of the vocabulary, so the shape never fires. Correct the name."
            name = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            fault = Fault(violation("Shape-term", name, message), (quad.predicate.value,), term)
            yield anchored(fault, quad.subject, rules.store)
