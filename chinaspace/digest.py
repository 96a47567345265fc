"""Give what is loaded a digest: the same for the same statements, however they came in."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chinaspace.canonical import canonical_lines, has_blank_node

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def digest(store: ox.Store) -> str:
    """Return the digest of the named graphs, as "sha256:" and 64 hexadecimal digits.

    It is that of the SHA-256 digests of all statements, sorted, so that neither
    their order counts nor all of them are ever held as text. A statement is
    its line of N-Triples as Oxigraph writes it, and the name of its graph.
    Blank nodes are named by what is said with them, see :func:`chinaspace.canonical.canonical_lines`.
    """
    sorter, blank = _Sorter(), list[ox.Quad]()
    for graph in list(store.named_graphs()):
        if isinstance(graph, ox.BlankNode):
            blank += store.quads_for_pattern(None, None, None, graph)
            continue
        reader = _Reader(sorter, graph)
        store.dump(reader, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        for quad in reader.unclear():
            if has_blank_node(quad):
                blank.append(quad)
            else:
                sorter.add(graph, [f"{quad.triple} .".encode()])
    # These lines have the name of the graph in them.
    sorter.add(None, canonical_lines(blank))
    return f"sha256:{sorter.digest()}"


class _Sorter:
    """Sorts digests by their first byte as they come, and the rest at the end: 32 bytes of memory each."""

    def __init__(self) -> None:
        self._parts = tuple(bytearray() for _ in range(256))

    def add(self, graph: ox.NamedNode | None, lines: Iterable[bytes]) -> None:
        parts, sha256, name = self._parts, hashlib.sha256, str(graph).encode() if graph else b""
        for line in lines:
            one = sha256(line + name).digest()
            parts[one[0]].extend(one)

    def digest(self) -> str:
        whole = hashlib.sha256()
        for part in self._parts:
            whole.update(b"".join(sorted(part[start : start + 32] for start in range(0, len(part), 32))))
        return whole.hexdigest()


class _Reader(io.BytesIO):
    """Takes the N-Triples of a graph as they are written, and keeps what may hold a blank node."""

    def __init__(self, sorter: _Sorter, graph: ox.NamedNode) -> None:
        super().__init__()
        self._sorter, self._graph, self._rest, self._kept = sorter, graph, b"", list[bytes]()

    def write(self, data: ReadableBuffer, /) -> int:
        text = bytes(data)
        *lines, self._rest = (self._rest + text).split(b"\n")
        self._sorter.add(self._graph, (line for line in lines if b"_:" not in line))
        self._kept += (line for line in lines if b"_:" in line)
        return len(text)

    def unclear(self) -> Iterator[ox.Quad]:
        """Yield the statements whose line has the sign of a blank node, be it within a text."""
        for quad in ox.parse(b"\n".join(self._kept), format=ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, self._graph)
