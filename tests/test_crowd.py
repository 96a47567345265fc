"""What many clients, or one that sends much at once, may take of the server, and that answers stay whole."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from chinaspace.connect import MOST_CONNECTIONS
from conftest import WORLD
from live import Live, serving

LONG = 'SELECT ?s ("%s" AS ?long) WHERE { ?s ?p ?o } LIMIT %d'


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """Serve the world."""
    with serving(WORLD) as running:
        yield running


def request(query: str, fields: str = "") -> bytes:
    """Return a request for the answer to a query."""
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: here\r\n{fields}\r\n".encode()


def ask(live: Live, query: str, fields: str = "") -> bytes:
    """Return the body of an answer with its length, read to the end."""
    with socket.create_connection(live.place, timeout=5) as connection, connection.makefile("rb") as file:
        connection.sendall(request(query, fields))
        assert file.readline().split()[1] == b"200"
        head = dict(line.rstrip().lower().split(b": ", 1) for line in iter(file.readline, b"\r\n"))
        if b"content-length" in head:
            return file.read(int(head[b"content-length"]))
        pieces = []
        while size := int(file.readline(), 16):
            pieces.append(file.read(size))
            file.readline()
        return b"".join(pieces)


@pytest.mark.parametrize("rows", [10, 60, 400])
@pytest.mark.parametrize("fields", ["", "Accept: text/csv\r\n"])
def test_an_answer_stays_whole_however_often_it_is_asked_for(live: Live, rows: int, fields: str) -> None:
    """Answers of 10, of 70 and of 400 kB are the same each time, whether they are made, kept or repeated."""
    first, *others = (ask(live, LONG % ("x" * 1000, rows), fields) for _ in range(5))
    assert first.count(b"xxxx" * 250) == rows
    assert all(other == first for other in others)


def test_what_nobody_reads_is_not_heaped_up(live: Live) -> None:
    """A packet with thousands of requests for a kept answer does not put all answers into memory at once."""
    query = LONG % ("x" * 1000, 40)
    for _ in range(3):
        ask(live, query)
    before = held(live)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(live.place)
        connection.settimeout(0.5)
        short = request(query)
        with suppress(TimeoutError):
            connection.sendall(short * (2**20 // len(short)))
        time.sleep(1)
        assert held(live) - before < 20 * 2**10
        # Whoever reads gets each of them.
        connection.settimeout(5)
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < 20:
            received += connection.recv(2**16)


def held(live: Live) -> int:
    """Return the KiB that the server holds."""
    status = Path(f"/proc/{live.process.pid}/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def test_idle_connections_make_room(live: Live) -> None:
    """Whoever holds all connections and asks nothing keeps nobody from an answer."""
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS + 100):
            stack.enter_context(socket.create_connection(live.place, timeout=10))
        for number in range(20):
            begin = time.monotonic()
            assert b"true" in ask(live, f"ASK {{}} # {number}")
            assert time.monotonic() - begin < 1
