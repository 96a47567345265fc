"""Tell what changed between two gathered graphs: each triple that only one of them has, derived ones as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from chinaspace.gather import Gathered
from chinaspace.names import FACTS, INFERRED, Term


@dataclass(frozen=True)
class Change:
    """The triples that were added or taken away, and the quads of files that were.

    A triple that stands in two files, or follows from a claim, is unchanged
    where one of them goes; *stated* holds the subjects of what changed in a
    file, even so.
    """

    triples: frozenset[ox.Triple]
    stated: frozenset[Term]

    @cached_property
    def by_predicate(self) -> dict[ox.NamedNode, list[ox.Triple]]:
        """Return the triples by their predicate."""
        found: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        for triple in self.triples:
            found[triple.predicate].append(triple)
        return found

    @cached_property
    def touched(self) -> frozenset[Term]:
        """Return the nodes of which something else is said than before."""
        return self.stated | {triple.subject for triple in self.triples}


Read = Mapping[Path, Sequence[ox.Quad]]


def compare(before: Gathered, before_read: Read, after: Gathered, after_read: Read) -> Change:
    """Return what changed; a file that was read once for both is the same list of quads in both."""
    old, new = (_stated(one, other) for one, other in ((before_read, after_read), (after_read, before_read)))
    stated = old ^ new
    candidates = {ox.Triple(quad.subject, quad.predicate, quad.object) for quad in stated}
    candidates |= _derived(before.store) ^ _derived(after.store)
    changed = (one for one in candidates if _holds(before.store, one) != _holds(after.store, one))
    return Change(frozenset(changed), frozenset(quad.subject for quad in stated))


def _stated(read: Read, other: Read) -> set[ox.Quad]:
    """Return the quads of the files that are not the same in *other*, numbers and times in the form of a store."""
    store = ox.Store()
    store.extend(quad for path, quads in read.items() if other.get(path) is not quads for quad in quads)
    return set(store)


def _derived(store: ox.Store) -> set[ox.Triple]:
    quads: Iterator[ox.Quad] = (
        quad for graph in (FACTS, INFERRED) for quad in store.quads_for_pattern(None, None, None, graph)
    )
    return {quad.triple for quad in quads}


def _holds(store: ox.Store, triple: ox.Triple) -> bool:
    return ox.Quad(triple.subject, triple.predicate, triple.object) in store
