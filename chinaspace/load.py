"""Load Turtle files into one Oxigraph store: a graph a file, and what follows from them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from chinaspace.derive import Derived, derive
from chinaspace.digest import digest
from chinaspace.errors import ChinaSpaceError, DatasetError, DateError
from chinaspace.names import FACTS, INFERRED, RDF, cs
from chinaspace.paths import graph_files, ontology_files
from chinaspace.read import read_into
from chinaspace.trim import trim
from chinaspace.unite import Name, largest_first, overlap, size, sizes, union, unite
from chinaspace.witness import Witness

_TYPE = ox.NamedNode(RDF + "type")
_CLASS = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")


@dataclass(frozen=True)
class Loaded:
    """A store that is ready to be asked, and what is in it.

    *triples* counts the union of all graphs. The default graph is this union,
    but in a store that :func:`load` was told to keep lean. *graphs* has each named
    graph with its size, the largest first: to count them anew in a process that
    shares the store by fork copies its memory, because Oxigraph writes to each
    statement that it passes.
    """

    store: ox.Store
    graphs: dict[Name, int]
    triples: int
    things: int
    claims: int
    facts: int
    conflicts: int
    seconds: float
    bad_dates: tuple[tuple[ox.Quad, DateError], ...]
    # Where it was worked out while the files were read.
    early_digest: str | None = None

    @cached_property
    def digest(self) -> str:
        """The digest of what is loaded, worked out when it is first asked for: rows and problems need none."""
        if self.early_digest:
            return self.early_digest
        found = digest(self.store, self.graphs)
        trim()
        return found


def load(files: Iterable[Path] | None = None, *, lean: bool = False, digests: bool = False) -> Loaded:
    """Load *files*, or the built-in graph, whole or not at all.

    Files of any other vocabulary are served as they are: only where there are
    claims is anything derived, and then the built-in vocabulary is loaded with
    them, unless they bring it.

    With *lean* the union of all graphs is not stored where no triple stands in
    two of them: the default graph is empty, and who asks takes the union from
    :func:`chinaspace.unite.union`. It then takes half the memory.

    With *digests* another process works out the digest of large files meanwhile,
    where it can: for who will ask for it.

    Nothing outside of what is returned is changed, so that a process or thread
    can load while others serve.

    Raises:
        DatasetError: there is nothing in the files.
        ReadError: a file is missing or malformed.
    """
    chosen = list(graph_files() if files is None else files)
    with closing(Witness(chosen if digests else ())) as witness:
        try:
            found = _load(chosen, lean, witness)
            if witness.confirms():
                return found
            del found  # before another is loaded
        except (ChinaSpaceError, SyntaxError, ValueError):
            if not witness.trusted:
                raise  # read again, it would be the same
    # Whatever it is that keeps a file from being understood, it is found and named by who trusts none.
    return _load(chosen, lean, Witness(()))


def _load(files: Iterable[Path], lean: bool, witness: Witness) -> Loaded:
    start, store = time.perf_counter(), ox.Store()
    for path in files:
        _read(store, path, witness)
    if not len(store):
        raise DatasetError("The files hold no triple, so there is nothing to serve. Name at least one with content.")
    derived, graphs = _complete(store, lean, witness)
    witness.sum_up(store, sum(graphs.values()))
    trim()
    return Loaded(
        store=store,
        graphs=graphs,
        triples=sum(graphs.values()) if union(store) is None else size(store),
        things=_count(store, "Entity"),
        claims=_count(store, "Claim"),
        facts=derived.facts,
        conflicts=derived.conflicts,
        early_digest=witness.digest(),
        seconds=time.perf_counter() - start,
        bad_dates=tuple(derived.bad_dates),
    )


def _read(store: ox.Store, path: Path, witness: Witness) -> None:
    read_into(store, path, trust=witness.add_file(path))


def _complete(store: ox.Store, lean: bool, witness: Witness) -> tuple[Derived, dict[Name, int]]:
    """Add the vocabulary and what follows, where there are claims, and the union of all, where it is to be stored.

    Returns:
        What was derived, and the graphs with their sizes.
    """
    has_claims = any(store.quads_for_pattern(None, _TYPE, cs("Claim"), None))
    if has_claims and not any(store.quads_for_pattern(cs("Claim"), _TYPE, _CLASS, None)):
        for path in ontology_files():
            _read(store, path, witness)
    graphs = sizes(store)
    if not lean or overlap(store, graphs):
        unite(store)
    if not has_claims:
        return Derived(0, 0, []), graphs
    derived = derive(store, witness.add_lines)
    if derived.overlaps:
        unite(store)
    added = {graph: size(store, graph) for graph in (FACTS, INFERRED)}
    return derived, largest_first(graphs | {graph: number for graph, number in added.items() if number})


def add_quads(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Add quads to their graph and to the default graph, where the union of all is to be stored."""
    store.bulk_extend(copy for quad in quads for copy in (quad, ox.Quad(quad.subject, quad.predicate, quad.object)))


def _count(store: ox.Store, name: str) -> int:
    rows = store.query(
        f"SELECT (COUNT(*) AS ?size) {{ ?one {_TYPE} {cs(name)} }}", use_default_graph_as_union=union(store) is None
    )
    assert isinstance(rows, ox.QuerySolutions)
    return int(next(rows)["size"].value)
