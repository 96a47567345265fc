"""Work out the digest of what is loaded while it is loaded: in a process beside, since one alone fills the store."""

from __future__ import annotations

import threading
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Concatenate, ParamSpec

import pyoxigraph as ox

from chinaspace.beside import Beside, can_fork
from chinaspace.canonical import canonical_lines, has_blank_node
from chinaspace.digest import Reader, Sorter, parse, total
from chinaspace.errors import ChinaSpaceError, LimitError
from chinaspace.read import FORMATS, check_readable, graph_name, read_quads

P = ParamSpec("P")

# Below, another process takes longer to start than it saves.
_WORTH_BYTES = 8 * 2**20
# So much goes through a store at a time: one that the processor holds in its own memory takes half the time.
_BYTES = 2**18
_QUADS = 1000
_N_TRIPLES = ox.RdfFormat.N_TRIPLES
_BY_LINE = (".nt", ".nq")
_TYPED = b'"^^<'
# What Oxigraph escapes when it writes N-Triples, and not in a table of results: there derived lines are from.
_CONTROLS = bytes({*range(0x20), 0x7F} - {0x0A})
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())


class Witness:
    """Hears of everything that goes into a store, and knows its digest in the end.

    There is no process where one would be of no use, and none once it has failed:
    then it knows none, and the store has to be read.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        """Begin, if *files* are large; nothing of them is read before :meth:`add_file` names it."""
        self._stamps: dict[Path, tuple[int, ...] | None] = {}
        # A process that is forked while others threads run may wait for what they held, for ever.
        alone = threading.active_count() == 1 and can_fork()
        large = sum(stamp[0] for stamp in map(_stamp, files) if stamp) >= _WORTH_BYTES
        self._process = Beside(_Sum) if alone and large else None
        # Whether a file was taken on trust.
        self.trusted = False

    def add_file(self, path: Path) -> bool:
        """Hear of the statements of a file, which is read once more; tell whether its IRIs will be checked here."""
        self._stamps[path] = _stamp(path)
        self._tell(_Sum.add_file, path)
        found = self._process is not None and path.suffix.lower() in _BY_LINE
        self.trusted = self.trusted or found
        return found

    def add_lines(self, graph: ox.NamedNode, lines: bytes) -> None:
        """Hear of N-Triples that are added to a graph, written as Oxigraph writes terms to a table of results."""
        self._tell(_Sum.add_lines, graph.value, lines)

    def sum_up(self, store: ox.Store, number: int) -> None:
        """Hear that this is all: *number* statements, and what *store* says with blank nodes, named by all of it."""
        if self._process:
            try:
                unclear = self._process.ask(_Sum.unclear)
            except ChinaSpaceError:
                unclear = []
            graphs = map(ox.NamedNode, unclear)
            quads = (quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph))
            # A triple in a triple counts as a blank node, if the line has the sign of one.
            blank = (quad for quad in quads if has_blank_node(quad) and "_:" in str(quad.triple))
            self._tell(_Sum.sum_up, canonical_lines(blank), number)

    def digest(self) -> str | None:
        """Return the digest, if it is known to be that of these files, and of as many statements as were found."""
        if self._process is None or not self._is_same():
            return None
        try:
            return self._process.ask(_Sum.told)
        except ChinaSpaceError:
            return None

    def confirms(self) -> bool:
        """Tell whether no file was taken on trust, or every one was well-formed."""
        if not self.trusted:
            return True
        try:
            return self._process is not None and self._is_same() and self._process.ask(_Sum.is_fine)
        except ChinaSpaceError:
            return False

    def _is_same(self) -> bool:
        return all(_stamp(path) == stamp for path, stamp in self._stamps.items())

    def close(self) -> None:
        """Let the process go."""
        if self._process:
            self._process.close()

    def _tell(self, order: Callable[Concatenate[_Sum, P], None], *args: P.args, **named: P.kwargs) -> None:
        if self._process:
            try:
                self._process.tell(order, *args, **named)
            except LimitError:
                self.close()
                self._process = None


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Return what tells a file from another and from what it was before: its size first."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


class _Sum:
    """The digests of all statements that were heard of, but for those with blank nodes.

    They are the *whole*, unless a graph has no name, and *fine*, unless a file is malformed.
    """

    def __init__(self) -> None:
        self._sorter, self._whole, self._unclear = Sorter(), True, set[str]()
        self._fine = True
        self._digest: str | None = None

    def add_file(self, path: Path) -> None:
        try:
            if path.suffix.lower() in _BY_LINE:
                self._add_by_line(path, FORMATS[path.suffix.lower()])
            else:
                self._add_by_quad(path)
        except (ChinaSpaceError, OSError, ValueError, SyntaxError, MemoryError):
            self._fine = False  # what is wrong is for whoever fills the store to say

    def _add_by_line(self, path: Path, form: ox.RdfFormat) -> None:
        graph = graph_name(path)
        for bit in _bits(path):
            store = ox.Store()
            if form == _N_TRIPLES:
                lines = (ox.serialize(ox.parse(bit, format=form), format=form) or b"").splitlines(keepends=True)
                # A store holds numbers, dates and the like by their value, and writes them in one way alone.
                store.load(b"".join(line for line in lines if _TYPED in line), format=form, to_graph=graph)
                self._add_text(graph, b"".join(line for line in lines if _TYPED not in line))
            else:
                store.load(bit, format=form, to_graph=graph)
            self._add_store(store)

    def _add_by_quad(self, path: Path) -> None:
        quads = read_quads(path)
        while some := list(islice(quads, _QUADS)):
            store = ox.Store()
            store.extend(some)
            self._add_store(store)

    def add_lines(self, graph: str, lines: bytes) -> None:
        if len(lines.translate(None, _CONTROLS)) == len(lines) and not any(one in lines for one in _NO_CHARACTERS):
            self._add_text(ox.NamedNode(graph), lines)
        else:
            store = ox.Store()
            store.extend(parse(graph, lines))
            self._add_store(store)

    def _add_store(self, store: ox.Store) -> None:
        for graph in store.named_graphs():
            if isinstance(graph, ox.NamedNode):
                self._add_text(graph, store.dump(format=_N_TRIPLES, from_graph=graph) or b"")
            else:
                self._whole = False

    def _add_text(self, graph: ox.NamedNode, text: bytes) -> None:
        reader = Reader(self._sorter, str(graph).encode())
        reader.write(text)
        for quad in parse(graph.value, b"\n".join(reader.unclear)):
            if has_blank_node(quad):
                self._unclear.add(graph.value)
            else:
                self._sorter.add_quad(quad)

    def unclear(self) -> list[str]:
        """Return the graphs with blank nodes."""
        return sorted(self._unclear)

    def sum_up(self, more: Sequence[bytes], number: int) -> None:
        """Add lines with the names of their graphs in them, and work it out if all are *number* statements."""
        if len(self._sorter) + len(more) != number:
            # A statement can stand twice in a file, or in a file and in what follows from it.
            self._sorter.thin()
        if self._whole and self._fine and len(self._sorter) + len(more) == number:
            self._sorter.add(b"", more)
            self._digest = total(self._sorter.sorted())

    def is_fine(self) -> bool:
        return self._fine

    def told(self) -> str | None:
        return self._digest


def _bits(path: Path) -> Iterator[bytes]:
    """Yield a file bit by bit, cut at the ends of lines."""
    check_readable(path)
    with path.open("rb") as file:
        file.seek(len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
        while lines := file.readlines(_BYTES):
            yield b"".join(lines)
