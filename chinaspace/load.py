"""Load Turtle files into one Oxigraph store: a graph a file, what follows from them, and a digest."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from chinaspace.canonical import canonical_lines, has_blank_node
from chinaspace.derive import Derived, derive
from chinaspace.errors import DatasetError, DateError
from chinaspace.names import RDF, cs
from chinaspace.paths import graph_files, ontology_files
from chinaspace.read import read_quads

_TYPE = ox.NamedNode(RDF + "type")
_CLASS = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")


@dataclass(frozen=True)
class Loaded:
    """A store that is ready to be asked, and what is in it.

    *digest* is "sha256:" and 64 hexadecimal digits over the canonical N-Quads of
    the named graphs; *triples* counts the default graph, which is their union.
    """

    store: ox.Store
    digest: str
    triples: int
    things: int
    claims: int
    facts: int
    conflicts: int
    seconds: float
    bad_dates: tuple[tuple[ox.Quad, DateError], ...]


def load(files: Iterable[Path] | None = None) -> Loaded:
    """Load *files*, or the built-in graph, whole or not at all.

    Files of any other vocabulary are served as they are: only where there are
    claims is anything derived, and then the built-in vocabulary is loaded with
    them, unless they bring it.

    Raises:
        DatasetError: there is nothing in the files.
        ReadError: a file is missing or malformed.
    """
    start = time.perf_counter()
    store = ox.Store()
    add_quads(store, chain.from_iterable(map(read_quads, graph_files() if files is None else files)))
    if not len(store):
        raise DatasetError("The files hold no triple, so there is nothing to serve. Name at least one with content.")
    facts, conflicts, bad_dates = _complete(store) if _count(store, "Claim") else Derived(0, 0, [])
    return Loaded(
        store=store,
        digest=digest(store),
        triples=sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph())),
        things=_count(store, "Entity"),
        claims=_count(store, "Claim"),
        facts=facts,
        conflicts=conflicts,
        seconds=time.perf_counter() - start,
        bad_dates=tuple(bad_dates),
    )


def _complete(store: ox.Store) -> Derived:
    if ox.Quad(cs("Claim"), _TYPE, _CLASS) not in store:
        add_quads(store, chain.from_iterable(map(read_quads, ontology_files())))
    return derive(store)


def add_quads(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Add quads to their graph and to the default graph.

    The union is stored, because Oxigraph's union at query time gives a triple
    that stands in three graphs three times, so that counts would be wrong.
    """
    store.bulk_extend(copy for quad in quads for copy in (quad, ox.Quad(quad.subject, quad.predicate, quad.object)))


def digest(store: ox.Store) -> str:
    """Return the digest of the named graphs: the same for the same statements, however they came in.

    Blank nodes are named by what is said with them, see :func:`chinaspace.canonical.canonical_lines`.
    """
    plain: list[ox.Quad] = []
    blank: list[ox.Quad] = []
    for quad in _named_quads(store):
        (blank if has_blank_node(quad) else plain).append(quad)
    lines = (ox.serialize(plain, format=ox.RdfFormat.N_QUADS) or b"").splitlines()
    return "sha256:" + hashlib.sha256(b"\n".join(sorted(chain(lines, canonical_lines(blank))))).hexdigest()


def _named_quads(store: ox.Store) -> Iterator[ox.Quad]:
    for graph in store.named_graphs():
        yield from store.quads_for_pattern(None, None, None, graph)


def _count(store: ox.Store, name: str) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, _TYPE, cs(name), ox.DefaultGraph()))
