"""Know the graph as it was before a change, read in a process beside the one that reads it as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import pyoxigraph as ox

from chinaspace.beside import Beside, can_fork
from chinaspace.change import State
from chinaspace.cover import idle
from chinaspace.errors import ReadError
from chinaspace.gather import Gathered, gather, read_all
from chinaspace.history import changed_since, read_old
from chinaspace.judge import Judge
from chinaspace.locate import SUFFIXES
from chinaspace.names import Term
from chinaspace.paths import home
from chinaspace.point import Fault
from chinaspace.read import graph_name
from chinaspace.rules import Rules, unknown_terms
from chinaspace.shape import Query, Row, Shape

R = TypeVar("R")
P = ParamSpec("P")
Read = tuple[Gathered, Set[ox.NamedNode]]


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

    def bound(self, query: Term, bindings: Mapping[str, Iterable[Term]]) -> set[Term]:
        """Return the nodes that have rows of an anchored constraint with one of the terms of *bindings*."""
        return self.judge.bound(self._query(query), bindings)

    def _query(self, term: Term) -> Query:
        shapes = self._rules.shapes.values()
        return next(one.query for shape in shapes for one in shape.constraints if one.query and one.query.term == term)

    def flaws(self) -> set[Fault]:
        """Return what was wrong with the shapes."""
        return {*unknown_terms(self._rules, self.judge.view.store), *idle(self._rules, self.judge)}


class Earlier:
    """The graph as it was: what is asked of it is answered by a process beside this one, if there can be one."""

    def __init__(self, files: Sequence[Path], new: Iterable[Path], since: str | None, rules: Rules) -> None:
        """Begin to read what *files* said without *new* ones and before the changes *since* a commit."""
        gone = set(new)
        self._beside: Beside[Past] | None = None
        self._here: Past | None = None
        if can_fork():
            self._beside = Beside(lambda: Past(_read(files, gone, since), rules).prepare())
        else:
            self._here = Past(_read(files, gone, since), rules)

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

    def bound(self, query: Query, bindings: Mapping[str, Iterable[Term]]) -> set[Term]:
        """Return the nodes that have rows of an anchored constraint with one of the terms of *bindings*."""
        return self._ask(Past.bound, query.term, bindings)

    def flaws(self) -> set[Fault]:
        """Return what was wrong with the shapes."""
        return self._ask(Past.flaws)

    def close(self) -> None:
        """Let it go."""
        if self._beside:
            self._beside.close()


def _read(files: Sequence[Path], gone: Set[Path], since: str | None) -> Read | None:
    """Return the graph before the change, and the graphs of unchanged files; None where all is to be checked."""
    changed = {} if since is None else changed_since(since)
    kept = [path for path in files if path not in gone and path not in changed]
    try:
        store, unread = read_all(kept)
        for path, content in changed.items():
            if path.parent == home() / "shapes" or path.name == "prefixes.ttl":
                return None  # the rules were others
            store.extend(read_old(path, content) if content is not None else ())
    except ReadError:
        return None  # what was malformed has no problems to compare with
    if unread or not len(store):
        return None
    # A format with graphs can speak in the graph of any file.
    plain = all(path.suffix.lower() in SUFFIXES for path in {*gone, *changed})
    return gather(store, kept), {graph_name(path) for path in kept} if plain else set()
