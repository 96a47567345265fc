"""A server under attack: how it is asked, what it holds, and what its answers must not tell."""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from attacks import get
from processes import family, weight

# Seconds that a query may take, and by which the deadline may be exceeded.
DEADLINE = 1
GRACE = 5
LIGHT = get("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D", "Accept: text/csv\r\n")
_LONG_ENOUGH = 2**24


@dataclass
class Target:
    """A server that is attacked: its port, what it prints, and the folder that it runs in."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    folder: Path
    # The longest time that an honest client waited lately, and what it got.
    waits: list[float] = field(default_factory=list)
    held_before: int = 0
    wrong: list[bytes] = field(default_factory=list)

    def connect(self, client: str = "127.0.0.1") -> socket.socket:
        """Open a connection from the address *client*."""
        return socket.create_connection(("127.0.0.1", self.port), DEADLINE + GRACE, (client, 0))

    def send(self, request: bytes, client: str = "127.0.0.1") -> bytes:
        """Send a request and return all that comes back until the server closes."""
        with self.connect(client) as connection:
            return exchange(connection, request)

    def warm_up(self) -> None:
        """Ask each worker."""
        for _ in range(20):
            assert b"true" in self.send(LIGHT)

    def held(self) -> int:
        """Return the bytes that the server and its processes hold, shared ones counted once."""
        return sum(weight(pid) for pid in family(self.process.pid))


def exchange(connection: socket.socket, request: bytes) -> bytes:
    """Send and receive at once, until the server closes; an answer is cut where it is long enough to judge."""
    received, left = bytearray(), memoryview(request)
    connection.setblocking(False)
    end = time.monotonic() + DEADLINE + GRACE
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while len(received) < _LONG_ENOUGH:
            if not selector.select(max(0.0, end - time.monotonic())):
                raise TimeoutError(f"no end after {len(received)} bytes: {bytes(received[:300])!r}")
            with contextlib.suppress(BlockingIOError):
                if left:
                    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                        left = left[connection.send(left) :]
                if not left:
                    selector.modify(connection, selectors.EVENT_READ)
                piece = connection.recv(2**16)
                received += piece
                if not piece:
                    break
    return bytes(received)


# Scripts of pages are files of ours, or data that no browser runs; what a request brings is neither.
_OURS = re.compile(
    rb'<script(?: type="module"| defer)* src="[\w/.-]*/(?:built|static)/[\w.-]+(?:\?v=[0-9a-f]+)?"(?: defer)?></script>'
    rb'|<script type="application/(?:ld\+)?json"(?: id="\w+")?>[^<]*</script>'
)


def check(answer: bytes) -> None:
    """Fail if an answer tells of a fault of the server, of its inside, or of what it must not read."""
    assert not re.match(rb"HTTP/1\.[01] (500|502)", answer), answer[:500]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Traceback" not in answer
    assert b"root:x:0" not in answer
    assert b"\nset-cookie" not in head.lower()
    assert b"<script" not in head.lower()
    if re.search(rb"(?im)^content-type:[^\r]*html", head):
        assert b"<script" not in _OURS.sub(b"", body).lower()


def crowd(target: Target, clients: int, first: bytes, drip: bytes) -> list[float]:
    """Open many connections that send *first* and then a *drip* at a time; return the seconds until each was closed."""
    connections = [target.connect() for _ in range(clients)]
    begin, ended = time.monotonic(), list[float]()
    for connection in connections:
        connection.sendall(first)
        connection.setblocking(False)
    while connections and time.monotonic() - begin < DEADLINE + GRACE:
        for connection in list(connections):
            with contextlib.suppress(BlockingIOError):
                try:
                    connection.send(drip)
                    closed = drip != b"" and connection.recv(2**16) == b""
                except OSError as error:
                    if isinstance(error, BlockingIOError):
                        raise
                    closed = True
                if closed:
                    ended.append(time.monotonic() - begin)
                    connections.remove(connection)
                    connection.close()
        time.sleep(0.2)
    for connection in connections:
        connection.close()
    return ended
