"""Know the graph as it was before a change, read in a process beside the one that reads it as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import pyoxigraph as ox

from chinaspace.beside import Beside, has_fork
from chinaspace.change import State
from chinaspace.cover import idle
from chinaspace.errors import ReadError
from chinaspace.gather import Gathered, find_distinct, gather, read_all
from chinaspace.history import changed_since, read_old
from chinaspace.judge import Judge
from chinaspace.locate import SUFFIXES
from chinaspace.names import Term
from chinaspace.paths import shapes_folder
from chinaspace.point import Fault
from chinaspace.read import graph_name
from chinaspace.report import Problem
from chinaspace.rules import Rules, unknown_terms
from chinaspace.shape import Query, Row, Shape

R = TypeVar("R")
P = ParamSpec("P")
Read = tuple[Gathered, Set[ox.NamedNode]]


@dataclass(frozen=True)
class Common:
    """What a change leaves as it was: files, read into a store, and the problems of those that could not be read.

    *old* are the files that changed since a commit, with what they held there.
    No triple stands in two of the graphs *distinct*, and *graphs* are those that
    are as they were.
    """

    files: Sequence[Path]
    old: Mapping[Path, bytes | None]
    store: ox.Store
    unread: list[Problem]
    distinct: Set[ox.NamedNode]
    graphs: Set[ox.NamedNode]


class Past:
    """The graph as it was, which may not be known: then everything is to be checked."""

    def __init__(self, read: Read | None, rules: Rules) -> None:
        """Hold what was read."""
        self._read, self._rules = read, rules

    @cached_property
    def state(self) -> State:
        """Return it as far as it is compared."""
        assert self._read
        return State(*self._read)

    def prepare(self) -> Past:
        """Work out what will be asked for, while nobody waits."""
        if self._read:
            self.stated()
            self.derived()
        return self

    @cached_property
    def judge(self) -> Judge:
        """Return what judges it."""
        assert self._read
        return Judge(self._read[0].store, self._rules.shapes)

    def unchanged(self) -> Set[ox.NamedNode] | None:
        """Return the graphs that are as they were; None where nothing is known of the past."""
        return self._read[1] if self._read else None

    def stated(self) -> set[ox.Quad]:
        """Return the quads of the files that may have changed."""
        return self.state.stated()

    def derived(self) -> set[int]:
        """Return a hash of each line of what was derived."""
        return self.state.derived()

    def lines(self, hashes: set[int]) -> list[bytes]:
        """Return the lines that have *hashes*."""
        return self.state.lines(hashes)

    def holds(self, triples: Sequence[ox.Triple]) -> list[bool]:
        """Tell of each of *triples* whether any graph held it."""
        return self.state.holds(triples)

    def targets(self, shape: Term) -> set[Term]:
        """Return the nodes that a shape was for."""
        return self.judge.targets(self._rules.shapes[shape])

    def rows(self, query: Term, nodes: Sequence[Term] | None) -> Mapping[Term, Sequence[Row]]:
        """Return the rows of a SPARQL constraint by node: of *nodes*, of all where that is None."""
        return self.judge.rows(self._query(query), nodes)

    def bound(self, query: Term, terms: Mapping[str, Iterable[Term]]) -> set[Term]:
        """Return the nodes that have rows of a constraint with one of *terms* by variable."""
        return self.judge.bound(self._query(query), terms)

    def _query(self, term: Term) -> Query:
        shapes = self._rules.shapes.values()
        return next(one.query for shape in shapes for one in shape.constraints if one.query and one.query.term == term)

    def flaws(self) -> set[Fault]:
        """Return what was wrong with the shapes."""
        return {*unknown_terms(self._rules, self.judge.view.store), *idle(self._rules, self.judge)}


class Earlier:
    """The graph as it was: what is asked of it is answered by a process beside this one, if there can be one."""

    def __init__(self, common: Common, rules: Rules) -> None:
        """Begin to work out what the graph was, of which *common* is still there."""
        self._beside: Beside[Past] | None = None
        self._here: Past | None = None
        if has_fork():
            self._beside = Beside(lambda: Past(_read(common, common.store), rules).prepare())
        else:
            self._here = Past(_read(common, read_all(common.files)[0]), rules)

    def _ask(self, question: Callable[Concatenate[Past, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        if self._beside:
            return self._beside.ask(question, *args, **kwargs)
        assert self._here
        return question(self._here, *args, **kwargs)

    def unchanged(self) -> Set[ox.NamedNode] | None:
        """Return the graphs that are as they were; None where nothing is known of the past.

        Raises:
            HistoryError: there is no such commit.
        """
        return self._ask(Past.unchanged)

    def stated(self) -> set[ox.Quad]:
        """Return the quads of the files that may have changed."""
        return self._ask(Past.stated)

    def derived(self) -> set[int]:
        """Return a hash of each line of what was derived."""
        return self._ask(Past.derived)

    def lines(self, hashes: Iterable[int]) -> list[bytes]:
        """Return the lines that have *hashes*."""
        return self._ask(Past.lines, set(hashes))

    def holds(self, triples: Sequence[ox.Triple]) -> list[bool]:
        """Tell of each of *triples* whether any graph held it."""
        return self._ask(Past.holds, triples)

    def targets(self, shape: Shape) -> set[Term]:
        """Return the nodes that a shape was for."""
        return self._ask(Past.targets, shape.term)

    def rows(self, query: Query, nodes: Sequence[Term] | None) -> Mapping[Term, Sequence[Row]]:
        """Return the rows of a SPARQL constraint by node: of *nodes*, of all where that is None."""
        return self._ask(Past.rows, query.term, nodes)

    def bound(self, query: Query, terms: Mapping[str, Iterable[Term]]) -> set[Term]:
        """Return the nodes that have rows of a constraint with one of *terms* by variable."""
        return self._ask(Past.bound, query.term, terms)

    def flaws(self) -> set[Fault]:
        """Return what was wrong with the shapes."""
        return self._ask(Past.flaws)

    def close(self) -> None:
        """Let it go."""
        if self._beside:
            self._beside.close()


def in_common(files: Sequence[Path], new: Iterable[Path], since: str | None) -> Common | None:
    """Read what *files* said without *new* ones, and without those that changed *since* a commit.

    None means that the rules were others then, so that all is to be checked.

    Raises:
        HistoryError: there is no such commit.
        ReadError: a file is missing.
    """
    old, gone = {} if since is None else changed_since(since), set(new)
    if any(path.is_relative_to(shapes_folder()) or path.name == "prefixes.ttl" for path in old):
        return None
    kept = [path for path in files if path not in gone and path not in old]
    store, unread = read_all(kept)
    # A format with graphs can speak in the graph of any file.
    plain = all(path.suffix.lower() in SUFFIXES for path in {*gone, *old})
    graphs = {graph_name(path) for path in kept} if plain else set[ox.NamedNode]()
    return Common(kept, old, store, unread, find_distinct(store), graphs)


def _read(common: Common, store: ox.Store) -> Read | None:
    """Return the graph before the change, and the graphs of unchanged files; None where nothing is known of it."""
    try:
        for path, content in common.old.items():
            store.extend(read_old(path, content) if content is not None else ())
    except ReadError:
        return None  # what was malformed has no problems to compare with
    return (gather(store, common.files, common.distinct), common.graphs) if len(store) else None
