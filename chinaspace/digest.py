"""Give what is loaded a digest: the same for the same statements, however they came in."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from chinaspace.beside import share
from chinaspace.canonical import canonical_lines, has_blank_node
from chinaspace.unite import Name, sizes

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_SIZE = 32
# Below, another process takes longer to start than it saves.
_WORTH_SHARING = 20_000


class _Read(NamedTuple):
    """The sorted digests of some graphs, by their first byte, and the lines with the sign of a blank node by graph."""

    digests: list[bytes]
    unclear: list[tuple[str, bytes]]


def digest(store: ox.Store, graphs: Mapping[Name, int] | None = None) -> str:
    """Return the digest of the named graphs, as "sha256:" and 64 hexadecimal digits.

    It is that of the SHA-256 digests of all statements, sorted, so that neither
    their order counts nor all of them are ever held as text. A statement is
    its line of N-Triples as Oxigraph writes it, and the name of its graph.
    Blank nodes are named by what is said with them, see :func:`chinaspace.canonical.canonical_lines`.
    *graphs* are those of the store with their sizes, where these are known.
    """
    graphs = sizes(store) if graphs is None else graphs
    heaps = _heaps({graph: number for graph, number in graphs.items() if isinstance(graph, ox.NamedNode)})
    # A process that is forked while others threads run may wait for what they held, for ever.
    alone = threading.active_count() == 1 and sum(graphs.values()) >= _WORTH_SHARING
    tasks = [partial(_read, store, heap) for heap in heaps]
    found = share(tasks) if alone else [task() for task in tasks]
    blank, rest = list[ox.Quad](), Sorter()
    for graph, text in (one for read in found for one in read.unclear):
        for quad in parse(graph, text):
            if has_blank_node(quad):
                blank.append(quad)
            else:
                rest.add_quad(quad)
    for name in graphs:
        if isinstance(name, ox.BlankNode):
            blank += store.quads_for_pattern(None, None, None, name)
    # These lines have the name of the graph in them.
    rest.add(b"", canonical_lines(blank))
    return total(_sorted(*parts) for parts in zip(*(read.digests for read in found), rest.sorted(), strict=True))


def total(parts: Iterable[bytes]) -> str:
    """Return the digest of all digests, which are sorted and joined in *parts*."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return f"sha256:{whole.hexdigest()}"


def _heaps(graphs: Mapping[ox.NamedNode, int]) -> tuple[list[ox.NamedNode], list[ox.NamedNode]]:
    """Part graphs into two heaps of about the same size."""
    one, other, difference = list[ox.NamedNode](), list[ox.NamedNode](), 0
    for graph in sorted(graphs, key=graphs.__getitem__, reverse=True):
        (other if difference > 0 else one).append(graph)
        difference += -graphs[graph] if difference > 0 else graphs[graph]
    return one, other


def _read(store: ox.Store, graphs: Iterable[ox.NamedNode]) -> _Read:
    sorter, unclear = Sorter(), list[tuple[str, bytes]]()
    for graph in graphs:
        reader = Reader(sorter, str(graph).encode())
        store.dump(reader, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        if reader.unclear:
            unclear.append((graph.value, b"\n".join(reader.unclear)))
    return _Read(sorter.sorted(), unclear)


def parse(graph: str, text: bytes) -> Iterator[ox.Quad]:
    """Yield the statements of some N-Triples as those of a graph, their blank nodes as they are."""
    name = ox.NamedNode(graph)
    for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def _sorted(*parts: bytes) -> bytes:
    """Return the digests of several parts, sorted; where each part is, that is a matter of merging."""
    whole = b"".join(parts)
    return b"".join(sorted(struct.unpack(f"{_SIZE}s" * (len(whole) // _SIZE), whole)))


class Sorter:
    """Sorts digests by their first byte as they come, and the rest at the end: 32 bytes of memory each."""

    def __init__(self) -> None:
        """Begin without any."""
        self._parts = tuple(bytearray() for _ in range(256))

    def add(self, name: bytes, lines: Iterable[bytes]) -> None:
        """Add lines of N-Triples of the graph with this name, written as in a file."""
        parts, sha256 = self._parts, hashlib.sha256
        for line in lines:
            one = sha256(line + name).digest()
            parts[one[0]].extend(one)

    def add_quad(self, quad: ox.Quad) -> None:
        """Add a statement without blank nodes."""
        self.add(str(quad.graph_name).encode(), [f"{quad.triple} .".encode()])

    def sorted(self) -> list[bytes]:
        """Return the digests that begin with each byte, joined."""
        return [_sorted(bytes(part)) for part in self._parts]

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(map(len, self._parts)) // _SIZE

    def thin(self) -> None:
        """Forget what has been added twice."""
        for part in self._parts:
            part[:] = b"".join(set(struct.unpack(f"{_SIZE}s" * (len(part) // _SIZE), part)))


class Reader(io.BytesIO):
    """Takes the N-Triples of a graph as they are written, and keeps what may hold a blank node, be it in a text."""

    def __init__(self, sorter: Sorter, graph: bytes) -> None:
        """Give the lines of *graph*, which is the IRI in its brackets, to *sorter*."""
        super().__init__()
        self._sorter, self._graph, self._rest = sorter, graph, b""
        self.unclear = list[bytes]()

    def write(self, data: ReadableBuffer, /) -> int:
        """Take what is written; *unclear* are the lines that were kept."""
        text = bytes(data)
        *lines, self._rest = (self._rest + text).split(b"\n")
        if b"_:" in text or any(b"_:" in line for line in lines[:1]):
            self.unclear += (line for line in lines if b"_:" in line)
            lines = [line for line in lines if b"_:" not in line]
        self._sorter.add(self._graph, lines)
        return len(text)
