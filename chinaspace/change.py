"""Tell what changed between two gathered graphs: each triple that only one of them has, derived ones as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import pyoxigraph as ox

from chinaspace.gather import Gathered
from chinaspace.names import FACTS, INFERRED, Term
from chinaspace.view import View


@dataclass(frozen=True)
class Change:
    """The triples that were added or taken away, and the quads of files that were.

    A triple that stands in two files, or follows from a claim, is unchanged
    where one of them goes; *stated* holds the subjects of what changed in a
    file, even so. Of *forsaken* nodes other ones spoke before, and none does now.
    """

    triples: frozenset[ox.Triple]
    stated: frozenset[Term]
    forsaken: frozenset[Term] = frozenset()

    @cached_property
    def by_predicate(self) -> dict[ox.NamedNode, list[ox.Triple]]:
        """Return the triples by their predicate."""
        found: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        for triple in self.triples:
            found[triple.predicate].append(triple)
        return found

    @cached_property
    def touched(self) -> frozenset[Term]:
        """Return the nodes of which something else is said than before, by themselves or by others."""
        return self.stated | self.forsaken | {triple.subject for triple in self.triples}


class State:
    """A gathered graph as far as it is compared: *unchanged* are the graphs that the other one has as well."""

    def __init__(self, gathered: Gathered, unchanged: Set[ox.NamedNode]) -> None:
        """Compare *gathered* with another."""
        self._store, self._unchanged = gathered.store, unchanged

    def stated(self) -> set[ox.Quad]:
        """Return the quads of the files that may have changed."""
        return self._stated

    @cached_property
    def _stated(self) -> set[ox.Quad]:
        same = {*self._unchanged, FACTS, INFERRED}
        graphs = (graph for graph in self._store.named_graphs() if graph not in same)
        return {quad for graph in graphs for quad in self._store.quads_for_pattern(None, None, None, graph)}

    def derived(self) -> set[int]:
        """Return a hash of each line of what is derived, which takes less to send than the lines."""
        return set(self._lines)

    def lines(self, hashes: Iterable[int]) -> list[bytes]:
        """Return the lines that have *hashes*."""
        return [self._lines[one] for one in hashes if one in self._lines]

    @cached_property
    def _lines(self) -> dict[int, bytes]:
        # Oxigraph writes lines sooner than Python makes objects of what they say.
        form = ox.RdfFormat.N_TRIPLES
        texts = (self._store.dump(format=form, from_graph=graph) or b"" for graph in (FACTS, INFERRED))
        return {hash(line): line for text in texts for line in text.splitlines()}

    def holds(self, triples: Sequence[ox.Triple]) -> list[bool]:
        """Tell of each of *triples* whether any graph holds it."""
        view = View(self._store)
        return [view.holds(one) for one in triples]

    def forsaken(self, nodes: Iterable[Term]) -> set[Term]:
        """Return those of *nodes* that no triple has for its object."""
        return {node for node in nodes if not any(True for _ in self._store.quads_for_pattern(None, None, node))}


class Comparable(Protocol):
    """What can be compared, be it in this process or in another."""

    def stated(self) -> set[ox.Quad]:
        """Return the quads of the files that may have changed."""
        ...

    def derived(self) -> set[int]:
        """Return a hash of each line of what is derived; a process that was forked has the same for the same line."""
        ...

    def lines(self, hashes: Iterable[int]) -> list[bytes]:
        """Return the lines that have *hashes*."""
        ...

    def holds(self, triples: Sequence[ox.Triple]) -> list[bool]:
        """Tell of each of *triples* whether any graph holds it."""
        ...


def compare(before: Comparable, after: State) -> Change:
    """Return what changed.

    Blank nodes have other names wherever they were read anew, so what is said
    of them counts as changed with their file.
    """
    stated = before.stated() ^ after.stated()
    hashes = before.derived() ^ after.derived()
    lines = b"\n".join([*before.lines(hashes), *after.lines(hashes)])
    parsed = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    candidates = list({quad.triple for quad in (*stated, *parsed)})
    old, new = before.holds(candidates), after.holds(candidates)
    known = list(zip(candidates, old, new, strict=True))
    changed = frozenset(one for one, was, is_ in known if was != is_)
    lost = {one.object for one, was, is_ in known if was and not is_ and not isinstance(one.object, ox.Literal)}
    return Change(changed, frozenset(quad.subject for quad in stated), frozenset(after.forsaken(lost)))
