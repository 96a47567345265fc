"""Answer queries on a socket, in a process of its own that may end at any time."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import struct
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TypeAlias, cast

import pyoxigraph as ox

from chinaspace.engine import UnacceptableError, kind_of, write_answer
from chinaspace.errors import QueryError, ServiceError
from chinaspace.scope import Scope

# A frame is its kind, the length of its content, and the content. A request is a frame of kind ASK. An answer is
# its media type, its data and the end, or the text of a fault, ABROAD that of a service; LAST is an end after which
# the worker is used up.
FRAME = struct.Struct("!cI")
# Before all that a worker tells the number of its process.
ASK, NUMBER, TYPE, DATA, END, LAST, FAULT, UNFIT, ABROAD = b"?", b"N", b"T", b"D", b"E", b"L", b"F", b"U", b"A"

# What workers answer from: a store in memory, which they share by having been forked, or a folder that each opens.
Shared: TypeAlias = ox.Store | Path

# With 512 MiB of stack, nesting that fits into a query cannot overflow it; the memory is reserved, not used.
_STACK = 512 * 2**20
# Data go out when there is so much of them, or when they have waited so long.
_HELD_BYTES = 2**16
_HELD_SECONDS = 0.1
# A worker that once held so much more than at its start is not kept: what it freed does not all go back.
_KEPT_KIB = 128 * 2**10
# The server ends what passes the deadline; the kernel does so a second later, should the server be gone.
_GRACE = 1


@dataclass(frozen=True)
class Limits:
    """What a query may take: seconds from its start to the last byte, and MiB beyond the store.

    It may call other SPARQL services within the same time: *services* has pairs of
    an IRI and the address by which the worker calls it.
    """

    seconds: float = 10
    mebibytes: int = 512
    services: tuple[tuple[str, str], ...] = ()


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Return a frame."""
    return FRAME.pack(kind, len(content)) + content


def request(query: str, accept: list[str] | None, scope: Scope | None) -> bytes:
    """Return the frame that asks a query; without *accept* it only asks what kind of query that is."""
    manner = _manner(None if accept is None else tuple(accept), scope)
    return frame(ASK, manner + query.encode(errors="surrogatepass"))


@lru_cache(maxsize=256)
def _manner(accept: tuple[str, ...] | None, scope: Scope | None) -> bytes:
    """Return the line above a query: how it is to be answered."""
    return json.dumps([accept, scope.default if scope else (), scope.named if scope else ()]).encode() + b"\n"


def work(channel: socket.socket, shared: Shared, limits: Limits) -> None:
    """Answer one request after another on a thread with a deep stack, until the other side closes."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # What is on disk is opened here and not before: its engine does not survive a fork.
    store = ox.Store.read_only(str(shared)) if isinstance(shared, Path) else shared
    before = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=_answer_all, args=(channel, store, limits))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()


class _Out:
    """Takes what Oxigraph writes, and sends it on in frames; a full socket holds the query up."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel, self._held, self._since = channel, bytearray(), 0.0

    def begin(self, media_type: str) -> IO[bytes]:
        self._held += frame(TYPE, media_type.encode())
        self._since = time.monotonic()
        return cast(IO[bytes], self)

    def write(self, data: bytes) -> int:
        self._held += frame(DATA, data)
        if len(self._held) >= _HELD_BYTES or time.monotonic() - self._since >= _HELD_SECONDS:
            self._send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held goes out with the end."""

    def end(self, kind: bytes, content: bytes = b"") -> None:
        self._held += frame(kind, content)
        self._send()

    def _send(self) -> None:
        self._channel.sendall(self._held)
        self._held.clear()
        self._since = time.monotonic()


def _answer_all(channel: socket.socket, store: ox.Store, limits: Limits) -> None:
    _limit_memory(limits.mebibytes)
    most, services = _peak() + _KEPT_KIB, dict(limits.services)
    try:
        channel.sendall(frame(NUMBER, b"%d" % os.getpid()))
        while content := _receive(channel):
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)
            _answer_one(channel, store, content, most, services)
            signal.setitimer(signal.ITIMER_REAL, 0)
    except OSError:
        return  # the server has gone


def _answer_one(channel: socket.socket, store: ox.Store, content: bytes, most: int, services: dict[str, str]) -> None:
    manner, _, query = content.decode(errors="surrogatepass").partition("\n")
    accept, scope = _read_manner(manner)
    out = _Out(channel)
    try:
        if accept is None:
            out.begin(kind_of(store, query))
        else:
            write_answer(store, query, accept, scope, out.begin, services)
    except UnacceptableError as error:
        out.end(UNFIT, str(error).encode())
    except ServiceError as error:
        out.end(ABROAD, json.dumps([str(error), error.status]).encode())
    except QueryError as error:
        out.end(FAULT, json.dumps([str(error), error.line, error.column, error.hint]).encode())
    else:
        out.end(LAST if _peak() > most else END)


@lru_cache(maxsize=256)
def _read_manner(manner: str) -> tuple[list[str] | None, Scope | None]:
    accept, default, named = json.loads(manner)
    return accept, Scope(tuple(default), tuple(named)) if default or named else None


def _receive(channel: socket.socket) -> bytes:
    """Return the content of the next request; nothing where the other side has closed."""
    head = channel.recv(FRAME.size, socket.MSG_WAITALL)
    return channel.recv(FRAME.unpack(head)[1], socket.MSG_WAITALL) if len(head) == FRAME.size else b""


def _peak() -> int:
    """Return the most KiB that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _limit_memory(mebibytes: int) -> None:
    """Let this process take so much more than it has; only Linux counts it, and says how much that is."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return
    now = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmData:"))
    most = now * 2**10 + mebibytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
