"""Tell what changed between two gathered graphs: each triple that only one of them has, derived ones as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from chinaspace.gather import Gathered
from chinaspace.names import FACTS, INFERRED, Term
from chinaspace.view import View


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


def compare(before: Gathered, after: Gathered, unchanged: Set[ox.NamedNode]) -> Change:
    """Return what changed, where the graphs of *unchanged* hold the same in both.

    Blank nodes have other names wherever they were read anew, so what is said
    of them counts as changed with their file.
    """
    stated = _stated(before.store, unchanged) ^ _stated(after.store, unchanged)
    derived = b"\n".join(_derived(before.store) ^ _derived(after.store))
    candidates = {quad.triple for quad in (*stated, *ox.parse(derived, format=ox.RdfFormat.N_TRIPLES))}
    old, new = View(before.store), View(after.store)
    changed = (one for one in candidates if old.holds(one) != new.holds(one))
    return Change(frozenset(changed), frozenset(quad.subject for quad in stated))


def _stated(store: ox.Store, unchanged: Set[ox.NamedNode]) -> set[ox.Quad]:
    """Return the quads of the files that may have changed."""
    graphs = (graph for graph in store.named_graphs() if graph not in {*unchanged, FACTS, INFERRED})
    return {quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)}


def _derived(store: ox.Store) -> set[bytes]:
    """Return what is derived, a line each: Oxigraph writes them sooner than Python makes objects of them."""
    texts = (store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"" for graph in (FACTS, INFERRED))
    return {line for text in texts for line in text.splitlines()}
