"""Point to where a problem stands: the file, line and column of the triple at fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from chinaspace.locate import ONE_GRAPH, SUFFIXES, locate
from chinaspace.mappings import is_mapping_set
from chinaspace.names import XSD, Term
from chinaspace.paths import home
from chinaspace.place import Place, Placed
from chinaspace.read import graph_name, read_quads, read_text
from chinaspace.report import Problem, Spot

# How near a place comes to the triple at fault; only places of one kind are the same in two files.
_ABSENT, _MENTIONED, _LINKED, _SUBJECT, _PREDICATE, _VALUE = range(6)
_NOWHERE = Place(0, 0)
_PLAIN = XSD + "string"


@dataclass(frozen=True)
class Fault:
    """A problem that has no place yet, and what tells where it stands.

    *predicates* are those of the triple at fault, *value* its object. A blank
    node has another name in each reading of its file, so *described* holds
    what is said of it. *beside* is what else is at fault, where two sides are:
    their places are told as well.
    """

    problem: Problem
    predicates: tuple[str, ...] = ()
    value: Term | None = None
    described: frozenset[tuple[str, Term]] = frozenset()
    beside: tuple[Fault, ...] = ()


def point(faults: Iterable[Fault], store: ox.Store, files: Iterable[Path]) -> list[Problem]:
    """Return the problems with their places, sorted by them; of several files that hold a triple the last one wins.

    Only the files that name the node of a problem are read again, so where
    nothing is wrong nothing is read.
    """
    pages = _Pages([_Page(path) for path in files])
    valued = (replace(one, problem=replace(one.problem, value=_written(one.value))) for one in faults)
    placed = [_place_both(fault, store, pages) for fault in valued]
    return sorted(placed, key=lambda problem: problem.order)


def at(path: Path, problem: Problem) -> Problem:
    """Return *problem*, whose line and column are known, as one of the file at *path*."""
    return replace(problem, file=relative(path), source=_Page(path).line(problem.line))


def relative(path: Path) -> str:
    """Return the path of a file as it is shown: inside the project, from the working folder or the project's on."""
    resolved = path.resolve()
    for folder in (Path.cwd(), home()):
        if home().is_relative_to(folder) and resolved.is_relative_to(folder):
            return str(resolved.relative_to(folder))
    return str(path)


def key(term: Term) -> Term:
    """Return a term of a file as the store has it, which brings numbers and times into one form."""
    if isinstance(term, ox.Literal) and (term.language or term.datatype.value != _PLAIN):
        store = ox.Store()
        store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), term))
        term = next(iter(store)).object
    return term


def _written(value: Term | None) -> str | None:
    """Return a value in N-Triples; a blank node has no name that means anything outside its file."""
    return str(value) if isinstance(value, ox.NamedNode | ox.Literal) else None


class _Page:
    """A file, read as far as it was asked."""

    def __init__(self, path: Path) -> None:
        self.path, self.graph = path, graph_name(path)

    @cached_property
    def name(self) -> str:
        """Return the path as it is shown."""
        return relative(self.path)

    @cached_property
    def lines(self) -> list[str]:
        return read_text(self.path).split("\n") if self.path.is_file() else []

    @cached_property
    def triples(self) -> list[Placed]:
        """Return the triples with their places, which are not known in JSON-LD."""
        if self.path.suffix.lower() in SUFFIXES:
            return list(locate(self.path))
        places = (_NOWHERE, _NOWHERE, _NOWHERE)
        return [Placed(quad.subject, quad.predicate, quad.object, *places) for quad in read_quads(self.path)]

    @cached_property
    def by_subject(self) -> dict[str, list[Placed]]:
        found: dict[str, list[Placed]] = defaultdict(list)
        for triple in self.triples:
            found[str(triple.subject)].append(triple)
        return found

    @cached_property
    def mentions(self) -> dict[str, Place]:
        """Return where each term is first an object."""
        found: dict[str, Place] = {}
        for triple in self.triples:
            found.setdefault(str(triple.object), triple.object_at)
        return found

    @cached_property
    def blank_nodes(self) -> dict[str, set[tuple[str, Term]]]:
        """Return what is said of each blank node, other blank nodes left out."""
        return {
            node: {
                (one.predicate.value, key(one.object)) for one in triples if not isinstance(one.object, ox.BlankNode)
            }
            for node, triples in self.by_subject.items()
            if node.startswith("_:")
        }

    def spot(self, place: Place) -> Spot:
        return Spot(self.name, place.line or None, place.column or None)

    def line(self, number: int | None) -> str | None:
        return self.lines[number - 1].rstrip("\r") if number and number <= len(self.lines) else None


class _Pages:
    """All files, in their order, and which of them is which graph."""

    def __init__(self, pages: list[_Page]) -> None:
        self.all = pages
        self._of: dict[object, list[int]] = defaultdict(list)
        for number, page in enumerate(pages):
            self._of[page.graph if page.path.suffix.lower() in ONE_GRAPH else None].append(number)

    def of(self, graphs: Iterable[object]) -> list[_Page]:
        """Return the files that are one of *graphs*, and those that hold several."""
        return [self.all[number] for number in sorted(n for graph in {*graphs, None} for n in self._of.get(graph, ()))]


def _holding(fault: Fault, store: ox.Store, pages: _Pages) -> list[_Page]:
    """Return the files that may hold the node of a problem."""
    if fault.described:
        return pages.all  # a blank node has another name in the store
    if not fault.problem.node:
        return []
    node = ox.NamedNode(fault.problem.node)
    quads = chain(store.quads_for_pattern(node, None, None), store.quads_for_pattern(None, None, node))
    return pages.of(quad.graph_name for quad in quads)


def _place_both(fault: Fault, store: ox.Store, pages: _Pages) -> Problem:
    """Return the problem at its place, with the places of the other sides of it."""
    problem = _place(fault, _holding(fault, store, pages))
    sides = [_place(side, _holding(side, store, pages)) for side in fault.beside]
    spots = (Spot(side.file, side.line, side.column) for side in sides if side.file)
    return replace(problem, also=(*problem.also, *spots)) if fault.beside else problem


def _place(fault: Fault, pages: Iterable[_Page]) -> Problem:
    """Return the problem at the nearest place to its fault, with the same places in other files."""
    found = [(*_nearest(fault, page), page) for page in pages]
    best = max((rank for rank, _, _ in found), default=_ABSENT)
    if best == _ABSENT:
        return fault.problem
    *others, (place, page) = [(place, page) for rank, place, page in found if rank == best]
    spot = page.spot(place)
    return replace(
        fault.problem,
        file=spot.file,
        line=spot.line,
        column=spot.column,
        also=tuple(page.spot(place) for place, page in others) if best >= _PREDICATE else (),
        source=page.line(spot.line),
    )


def _nearest(fault: Fault, page: _Page) -> tuple[int, Place]:
    """Return how near the nearest place in one file comes to the fault, and that place."""
    node = f"<{fault.problem.node}>"
    triples = _described(fault, page) if fault.described else page.by_subject.get(node, [])
    named = [one for one in triples if one.predicate.value in fault.predicates] if fault.predicates else []
    if fault.value is not None:
        for one in named if fault.predicates else triples:
            if key(one.object) == fault.value:
                return _VALUE, one.object_at
    if named:
        return _PREDICATE, named[0].predicate_at
    if triples:
        # A row of a mapping set links a thing; what is missing belongs to where the thing is described.
        return (_LINKED if is_mapping_set(page.path) else _SUBJECT), triples[0].subject_at
    place = page.mentions.get(node)
    return (_MENTIONED, place) if place else (_ABSENT, _NOWHERE)


def _described(fault: Fault, page: _Page) -> list[Placed]:
    """Return the triples of the blank node of which most of the description is said, and nothing besides."""
    fitting = [(len(said), node) for node, said in page.blank_nodes.items() if said and said <= fault.described]
    return page.by_subject[max(fitting)[1]] if fitting else []
