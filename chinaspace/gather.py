"""Gather the files that are to be checked into one store, each read once, and name those that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from chinaspace.derive import derive
from chinaspace.errors import DatasetError, DateError, ReadError
from chinaspace.locate import ONE_GRAPH, unread_from
from chinaspace.mappings import is_mapping_set
from chinaspace.names import CSSH, RDF
from chinaspace.point import at
from chinaspace.read import MOST_BLANK_NODES, MOST_TRIPLES, content_of, graph_name, read_claims, read_into, read_quads
from chinaspace.report import Problem
from chinaspace.unite import overlap, unite

_FIRST = ox.NamedNode(RDF + "first")

# Without one of these, a file in a syntax that escapes none of them has nothing of RDF 1.2, and no Python object
# need be made of each of its quads to see it. Dates such as "2021~/2022~" have the sign of a reifier before what cannot
# follow one, and links to a passage after what cannot go before it. Each pattern begins with a sign that is seldom,
# because that is found many times faster than one of several signs.
_DIRECTION = re.compile(rb"@[A-Za-z0-9-]*--")
_REIFIER = re.compile(rb'~(?!["/])')
_WRITTEN_OUT = re.compile(rb'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>')


@dataclass(frozen=True)
class Gathered:
    """A store with what files say and what follows from it, and where it comes from.

    As in any loaded graph, what a file says stands in the graph of the file,
    what is derived in csg:facts or csg:inferred. Take the union of all from
    :func:`chinaspace.unite.union`.
    """

    store: ox.Store
    files: tuple[Path, ...]
    bad_dates: tuple[tuple[ox.Quad, DateError], ...]


def read_all(
    files: Iterable[Path], new: Iterable[Path] = (), store: ox.Store | None = None
) -> tuple[ox.Store, list[Problem]]:
    """Return a store of what files say, and a problem for each that is malformed, or is *new* and holds nothing.

    What they say is added to *store* where one is given.

    Raises:
        ReadError: a file is missing.
    """
    store = ox.Store() if store is None else store
    problems, named = list[Problem](), set(new)
    for path in files:
        try:
            _read(store, path)
        except ReadError as error:
            if error.line is None and not path.is_file():
                raise
            problems.append(malformed(error))
        else:
            if _is_empty(store, path) and (path in named or not is_mapping_set(path)):
                remedy = "Name the file that you have written." if path in named else "Write it, or take it out."
                message = f"The file holds no triple, so nothing of it was checked. {remedy}"
                problems.append(at(path, Problem(None, 1, 1, "violation", CSSH + "File-content", "", None, message)))
    return store, problems


def gather(store: ox.Store, files: Iterable[Path] = (), distinct: Set[ox.NamedNode] = frozenset()) -> Gathered:
    """Complete *store*, which holds what *files* say with the vocabulary, by what follows.

    The graphs in *distinct* are known to have no triple in common.

    Raises:
        DatasetError: there is no quad.
    """
    if not len(store):
        raise DatasetError("The files hold no triple, so there is nothing to check. Name at least one with content.")
    if _overlap(store, distinct):
        unite(store)
    derived = derive(store)
    if derived.overlaps:
        unite(store)
    return Gathered(store, tuple(files), tuple(derived.bad_dates))


def _is_empty(store: ox.Store, path: Path) -> bool:
    """Tell whether a file that was read says nothing; one with graphs of its own may say it in these."""
    said = any(store.quads_for_pattern(None, None, None, graph_name(path)))
    return not said and not any(True for _ in read_quads(path))


def find_distinct(store: ox.Store) -> frozenset[ox.NamedNode]:
    """Return the graphs of a store if no triple stands in two of them; none if one does."""
    if overlap(store):
        return frozenset()
    return frozenset(graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))


def _overlap(store: ox.Store, distinct: Set[ox.NamedNode]) -> bool:
    others = [graph for graph in store.named_graphs() if graph not in distinct]
    if not distinct or not all(isinstance(graph, ox.NamedNode) for graph in others):
        return overlap(store)
    ask = "ASK {{ GRAPH {0} {{ ?s ?p ?o }} GRAPH ?other {{ ?s ?p ?o }} FILTER ( ?other != {0} ) }}"
    return any(bool(store.query(ask.format(graph))) for graph in others)


def _read(store: ox.Store, path: Path) -> None:
    content = content_of(path)
    if path.suffix.lower() not in ONE_GRAPH or _is_doubtful(content, path.suffix.lower() == ".ttl"):
        for _ in read_claims(path):
            pass
    read_into(store, path, content)
    items = store.quads_for_pattern(None, _FIRST, None, graph_name(path))
    if sum(1 for _ in islice(items, MOST_BLANK_NODES + 1)) > MOST_BLANK_NODES:
        for _ in read_claims(path):  # a list of so many items is refused there
            pass


def _is_doubtful(text: bytes, turtle: bool = True) -> bool:
    """Tell whether a file may have what :func:`read_claims` refuses, so that each of its quads is to be looked at."""
    blank = sum(map(text.count, (b"[", b"(", b"_:") if turtle else (b"_:",)))
    # A list of many items begins with one bracket, and an item takes two characters at least.
    long = turtle and len(text) > 2 * MOST_BLANK_NODES and _has_list(text)
    # A triple takes three signs at least.
    triples = 0 if len(text) < 3 * MOST_TRIPLES else sum(map(text.count, (b".", b";", b",")))
    return long or blank >= MOST_BLANK_NODES or triples >= MOST_TRIPLES or _is_newer(text, turtle)


def _has_list(text: bytes) -> bool:
    """Tell whether a bracket stands outside of texts and addresses; only the lines that have one are looked at."""
    place = text.find(b"(")
    while place >= 0:
        if b"(" in _bare_line(text, place):
            return True
        place = text.find(b"(", _end_of_line(text, place))
    return False


def _is_newer(text: bytes, turtle: bool) -> bool:
    """Tell whether a file may have anything of RDF 1.2, of which N-Triples have neither annotations nor reifiers."""
    if b"<<" in text or (b"--" in text and _DIRECTION.search(text)):
        return True
    if not turtle or b"{|" in text:
        return turtle
    doubtful = (found.start() for found in _REIFIER.finditer(text))
    return any(
        text[max(0, place - 2) : place] != b"#:" and _REIFIER.search(_bare_line(text, place)) for place in doubtful
    )


def _bare_line(text: bytes, place: int) -> bytes:
    """Return the line of a place without texts and addresses, which may hold any sign."""
    return _WRITTEN_OUT.sub(b"", text[text.rfind(b"\n", 0, place) + 1 : _end_of_line(text, place)])


def _end_of_line(text: bytes, place: int) -> int:
    end = text.find(b"\n", place)
    return end if end >= 0 else len(text)


def malformed(error: ReadError) -> Problem:
    """Return the problem that a file is which cannot be read, at the line and column where that begins."""
    path = error.path
    message = f"The file is not read: {error.fault}. Mend it; nothing else was checked."
    line, column = (error.line, error.column) if error.line else unread_from(path)
    return at(path, Problem(None, line, column, "violation", CSSH + "File-wellFormed", "", None, message))
