"""Hold what a store says as text, a column for each property, and add to it while more is worked out.

A term is its text in N-Triples, as bytes: to make a Python object of each term of a
large graph takes longer than to parse it, and to look one up longer than to write it.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum, auto
from types import TracebackType
from typing import Self, TypeAlias

import pyoxigraph as ox

from chinaspace.errors import DatasetError
from chinaspace.names import RDF, Term, cs
from chinaspace.unite import union

Pair: TypeAlias = tuple[bytes, bytes]
Values: TypeAlias = dict[bytes, tuple[bytes, ...]]
# Is given a graph and lines that are added to it.
Listener: TypeAlias = Callable[[ox.NamedNode, bytes], None]

_N_TRIPLES = ox.RdfFormat.N_TRIPLES
_TOO_LONG = "A value that something follows from is longer than 16 MiB when it is escaped. Shorten it."
# With what a term begins in a table of results that N-Triples have as well; but triples have terms in them.
_SAME = b'"<_'
# So many statements are added at a time, and so many of these heaps wait at most.
_HEAP = 10_000
_MOST_WAITING = 20


def iri(name: str) -> bytes:
    """Return the text of an IRI."""
    return f"<{name}>".encode()


def term(name: str) -> bytes:
    """Return the text of the vocabulary term *name*."""
    return iri(cs(name).value)


TYPE = iri(RDF + "type")


def is_iri(text: bytes) -> bool:
    """Tell whether a term is an IRI, and neither a triple, a blank node nor a literal."""
    return text.startswith(b"<") and not text.startswith(b"<<")


def is_node(text: bytes) -> bool:
    """Tell whether a term can be the subject of a statement."""
    return is_iri(text) or text.startswith(b"_:")


def read(text: bytes) -> Term:
    """Return the term that a text stands for."""
    return quad(TYPE, TYPE, text).object


def quad(subject: bytes, prop: bytes, value: bytes) -> ox.Quad:
    """Return the statement of these terms, with its blank nodes as they are."""
    return next(_parse(b"%b %b %b ." % (subject, prop, value)))


def _spelt(text: bytes) -> bytes:
    """Return a number, a truth value or a triple, which a table of results has as Turtle has them, as in N-Triples."""
    value = next(ox.parse(b"%b %b %b ." % (TYPE, TYPE, text), format=ox.RdfFormat.TURTLE)).object
    return (f"<<( {value} )>>" if isinstance(value, ox.Triple) else str(value)).encode()


def _parse(text: bytes) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(text, format=_N_TRIPLES)
    except MemoryError as error:
        raise DatasetError(_TOO_LONG) from error


class Check(Enum):
    """What is looked for before statements are added: what some graph has already is left out; or noted; or absent."""

    KNOWN = auto()
    OVERLAP = auto()
    NOTHING = auto()


class Columns:
    """All graphs of a store as one, property by property, to read from and to add to.

    What is added is in its column at once, and in the store when the block that
    this opens ends: a thread parses and stores it meanwhile, for which Oxigraph
    needs nothing of Python. *overlaps* tells, where the union is not stored,
    whether a statement was added to one graph that stands in another as well.
    """

    def __init__(self, store: ox.Store, listener: Listener | None = None) -> None:
        """Read from *store*; whether its union is stored is settled now.

        *listener* is called by the thread that stores what is added.
        """
        self._store, self._where, self._listener = store, union(store), listener
        self._columns: dict[bytes, list[Pair]] = {}
        self._thread = ThreadPoolExecutor(1)
        self._waiting = deque[Future[None]]()
        self._collects = True
        self.overlaps = False

    def __enter__(self) -> Self:
        """Begin; until the end nothing is searched for garbage.

        There is none, and Python would look through all columns whenever they have grown a little.
        """
        self._collects = gc.isenabled()
        gc.disable()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait until all is stored that was added, unless the block failed."""
        if self._collects:
            gc.enable()
        self._thread.shutdown(cancel_futures=error is not None)
        if error is None:
            self._settle()

    def column(self, prop: bytes) -> list[Pair]:
        """Return subject and value of all that is said with a property, what was added included; not to be changed."""
        found = self._columns.get(prop)
        if found is None:
            found = self._columns[prop] = self._read(prop)
        return found

    def subjects(self, prop: bytes, value: bytes | None = None) -> set[bytes]:
        """Return what has a property, or this value of it."""
        return {subject for subject, other in self.column(prop) if value is None or other == value}

    def values(self, prop: bytes, among: set[bytes] | None = None) -> Values:
        """Return the values of a property by subject, those *among* others alone if these are given."""
        values: Values = {}
        for subject, value in self.column(prop):
            if among is None or subject in among:
                values[subject] = (*values[subject], value) if subject in values else (value,)
        return values

    def graph(self, name: ox.NamedNode) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Yield what stands in a graph by now."""
        self._settle()
        text = self._store.dump(format=_N_TRIPLES, from_graph=name)
        for line in (text or b"").split(b" .\n")[:-1]:
            subject, prop, value = line.split(b" ", 2)
            yield subject, prop, value

    def add(self, graph: ox.NamedNode, prop: bytes, pairs: Iterable[Pair], check: Check = Check.OVERLAP) -> None:
        """Add statements of one property to *graph*, and to the default graph where the union is stored."""
        column = self.column(prop)
        fresh = list(dict.fromkeys(pairs))
        if column and fresh and check is not Check.NOTHING:
            known = set(column)
            if check is Check.KNOWN:
                fresh = [one for one in fresh if one not in known]
            elif self._where is None:
                self._note(graph, prop, [one for one in fresh if one in known])
        column += fresh
        between = b" %b " % prop
        for start in range(0, len(fresh), _HEAP):
            lines = [subject + between + value + b" .\n" for subject, value in fresh[start : start + _HEAP]]
            self._waiting.append(self._thread.submit(self._store_lines, graph, lines))
            if len(self._waiting) > _MOST_WAITING:
                self._waiting.popleft().result()

    def _read(self, prop: bytes) -> list[Pair]:
        node = ox.NamedNode(prop[1:-1].decode())
        if next(iter(self._store.quads_for_pattern(None, node, None, self._where)), None) is None:
            return []
        found = self._store.query(
            f"SELECT ?subject ?value {{ ?subject {node} ?value }}", use_default_graph_as_union=self._where is None
        )
        assert isinstance(found, ox.QuerySolutions)
        # Half the time that N-Triples take: Oxigraph looks for repeated triples there, of which there are none.
        text = found.serialize(format=ox.QueryResultsFormat.TSV) or b""
        cut = [line.split(b"\t") for line in text.split(b"\n")[1:-1]]
        return [
            (subject, value if value[0] in _SAME and value[:2] != b"<<" else _spelt(value)) for subject, value in cut
        ]

    def _note(self, graph: ox.NamedNode, prop: bytes, known: list[Pair]) -> None:
        if known and not self.overlaps:
            self._settle()
            quads = (quad(subject, prop, value) for subject, value in known)
            self.overlaps = any(
                found.graph_name != graph
                for one in quads
                for found in self._store.quads_for_pattern(one.subject, one.predicate, one.object, None)
            )

    def _store_lines(self, graph: ox.NamedNode, lines: list[bytes]) -> None:
        graphs = (graph,) if self._where is None else (graph, self._where)
        text = b"".join(lines)
        if self._listener:
            self._listener(graph, text)
        if b"_:" in text:
            # Whatever is loaded gets new blank nodes, and these are to stay what they are.
            blank = b"".join(line for line in lines if b"_:" in line)
            text = b"".join(line for line in lines if b"_:" not in line)
            quads = list(_parse(blank))
            self._store.extend(
                ox.Quad(one.subject, one.predicate, one.object, name) for one in quads for name in graphs
            )
        try:
            for name in graphs:
                # Every term was in the store before, or is a date or a number, so none need be looked at again.
                self._store.load(text, format=_N_TRIPLES, to_graph=name, lenient=True)
        except MemoryError as error:
            raise DatasetError(_TOO_LONG) from error

    def _settle(self) -> None:
        """Wait until all is stored that was added."""
        while self._waiting:
            self._waiting.popleft().result()
