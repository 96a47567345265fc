"""Relay an answer from a remote store: parsed, mended and written anew by Oxigraph, piece by piece, on a thread."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import CancelledError, Future
from typing import IO, cast

import pyoxigraph as ox

from chinaspace.adapt import mend_triple, truth
from chinaspace.engine import GRAPH_TYPES, JSON, RESULT_TYPES, choose
from chinaspace.errors import ChinaSpaceError, KilledError, RemoteError

# As much goes out at once, and so many pieces wait for whoever reads.
_PIECE = 2**16
_WAITING = 4
# A word is short.
_MOST_OF_A_WORD = 2**16


class Inlet:
    """A file to read from on a thread, that an event loop fills: at most *most* bytes, each line mended."""

    def __init__(self, pieces: AsyncIterator[bytes], most: int, mend: Callable[[bytes], bytes] | None) -> None:
        """Read *pieces* from the loop that runs now."""
        self._pieces, self._left, self._mend = pieces, most, mend
        self._loop = asyncio.get_running_loop()
        self._held, self._tail, self._over = io.BytesIO(), b"", False
        self._coming: Future[bytes] | None = None
        self.fault: BaseException | None = None

    def close(self) -> None:
        """Have whoever reads fail, also one who waits now."""
        self._left = -1
        if self._coming:
            self._coming.cancel()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most *size*; nothing at the end."""
        while True:
            data = self._held.read(size)
            if data or self._over:
                return data
            try:
                self._coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
                piece = self._coming.result()
            except BaseException as error:
                # What reads here hides the cause of its failure.
                self.fault = error
                raise
            self._left -= len(piece)
            if self._left < 0:
                self.fault = KilledError("The answer of the remote store is larger than may be held. Ask for less.")
                raise self.fault
            self._over = not piece
            self._held = io.BytesIO(self._mended(piece))

    async def _next(self) -> bytes:
        return await anext(self._pieces, b"")

    def _mended(self, piece: bytes) -> bytes:
        if not self._mend:
            return piece
        *lines, self._tail = (self._tail + piece).split(b"\n")
        if not piece:
            lines, self._tail = [self._tail], b""
        return b"".join(self._mend(line) + b"\n" for line in lines)


class Outlet:
    """A file to write to on a thread, whose pieces an event loop takes; who writes waits while nobody does."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes | BaseException | None] = asyncio.Queue(_WAITING)
        self._held, self._closed = bytearray(), False
        self.media_type = ""

    def begin(self, media_type: str) -> IO[bytes]:
        """Take the media type, and return the file to write to."""
        self.media_type = media_type
        return cast(IO[bytes], self)

    def write(self, data: bytes) -> int:
        """Take *data*."""
        self._held += data
        if len(self._held) >= _PIECE:
            self._put(bytes(self._held))
            self._held.clear()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held goes out with the end."""

    def end(self, fault: BaseException | None = None) -> None:
        """Send what is held, and then the end, which may be a fault."""
        if self._held:
            self._put(bytes(self._held))
        self._put(fault)

    def close(self) -> None:
        """Have whoever writes fail from now on."""
        self._closed = True
        while not self._queue.empty():
            self._queue.get_nowait()

    def _put(self, item: bytes | BaseException | None) -> None:
        if self._closed:
            raise ConnectionError("nobody reads any more")
        asyncio.run_coroutine_threadsafe(self._queue.put(item), self._loop).result()

    async def take(self) -> bytes | None:
        """Return the next piece; None at the end.

        Raises:
            ChinaSpaceError: the answer does not come to its end.
        """
        item = await self._queue.get()
        if isinstance(item, BaseException):
            raise item
        return item


def relay(inlet: Inlet, outlet: Outlet, kind: str, accept: list[str]) -> None:
    """Write what *inlet* holds to *outlet* in the first form of *accept* that can hold it."""
    fault: BaseException | None = None
    try:
        _write(cast(IO[bytes], inlet), outlet, kind, accept)
    except ChinaSpaceError as error:
        fault = error
    except (CancelledError, ConnectionError):
        return  # nobody reads any more
    except (OSError, SyntaxError, ValueError, RuntimeError, MemoryError) as error:  # the last for one long value
        fault = inlet.fault or RemoteError("The remote store gave an answer that is not well-formed.")
        fault.__cause__ = fault.__cause__ or error.with_traceback(None)
    if fault:
        fault.with_traceback(None)  # its frames hold objects of Oxigraph, which must end on this thread
    try:
        outlet.end(fault)
    except (ConnectionError, RuntimeError):
        return  # nobody reads any more, or the loop has ended


def _write(inlet: IO[bytes], outlet: Outlet, kind: str, accept: list[str]) -> None:
    if kind == "CONSTRUCT":
        media_type = choose(accept, list(GRAPH_TYPES))
        ox.serialize(_triples(inlet), outlet.begin(media_type), format=GRAPH_TYPES[media_type])
        return
    media_type = choose(accept, list(RESULT_TYPES))
    if kind == "SELECT":
        results = ox.parse_query_results(inlet, format=JSON)
    else:
        word = b"true" if truth(ox.parse_query_results(_read_all(inlet), format=JSON)) else b"false"
        if media_type in ("text/csv", "text/tab-separated-values"):
            outlet.begin(media_type).write(word + b"\n")
            return
        results = ox.parse_query_results(b'{"head":{},"boolean":%s}' % word, format=JSON)
    results.serialize(outlet.begin(media_type), format=RESULT_TYPES[media_type])


def _read_all(inlet: IO[bytes]) -> bytes:
    """Return what is little at once."""
    whole = bytearray()
    while piece := inlet.read(_MOST_OF_A_WORD):
        whole += piece
        if len(whole) > _MOST_OF_A_WORD:
            raise ValueError("the answer is too long for a word")
    return bytes(whole)


def _triples(inlet: IO[bytes]) -> Iterator[ox.Triple]:
    for quad in ox.parse(inlet, format=ox.RdfFormat.N_TRIPLES):
        yield mend_triple(quad.triple)
