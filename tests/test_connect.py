"""What a connection may take: long heads, slow clients, too many of them, and what is no HTTP at all."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import httpx
import pytest

from conftest import WORLD
from live import Live, serving

ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: here\r\n"
DEADLINE = 3
ALL = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """Serve the world."""
    with serving(WORLD, "--timeout", str(DEADLINE)) as running:
        yield running


def talk(live: Live, sent: bytes, seconds: float = 20) -> bytes:
    """Send bytes, and return what comes until the server closes, or nothing comes for so long."""
    with socket.create_connection(live.place, timeout=seconds) as connection:
        received = b""
        try:
            connection.sendall(sent)
            while piece := connection.recv(2**16):
                received += piece
        except (TimeoutError, ConnectionError):
            pass
        return received


def status(answer: bytes) -> int:
    """Return the status of an answer."""
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"GET /sparql?query=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: here\r\n\r\n", 414),
        (ASK + b"x: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (ASK + b"".join(b"x%d: 1\r\n" % n for n in range(200)) + b"\r\n", 431),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400),
        (ASK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: here\r\nContent-Length: minus\r\n\r\n", 400),
        (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nContent-Length: 9\r\n\r\nqu", 400),
        (ASK + b"Host: here\r\n\r\n", 400),
        (ASK + b"Host: there\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.0\r\nHost: here\r\nHost: there\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: here<script>\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: here there\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: me@here\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: here:port\r\n\r\n", 400),
    ],
)
def test_what_is_refused_before_it_is_read(live: Live, sent: bytes, expected: int) -> None:
    """It is told with a status and a report, and the connection is closed."""
    answer = talk(live, sent)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(answer) == expected
    assert b"connection: close" in head
    assert json.loads(body)["status"] == expected


@pytest.mark.parametrize("host", [b"", b"here:8000", b"[::1]:8000", b"127.0.0.1", b"a-b.example_c", b"%E6%9C%88"])
def test_hosts(live: Live, host: bytes) -> None:
    """Whatever RFC 9110 lets a server be called is answered, and so is an old client that names none."""
    for fields in (b"1.1\r\nHost: " + host + b"\r\nConnection: close", b"1.0"):
        assert status(talk(live, b"GET /sparql?query=ASK%7B%7D HTTP/" + fields + b"\r\n\r\n")) == 200


@pytest.mark.parametrize(
    "sent", [b"", b"GET /spar", ASK, b"POST /sparql HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nqu"]
)
def test_a_client_that_does_not_send(live: Live, sent: bytes) -> None:
    """A request that does not come to its end is given up in time."""
    begin = time.monotonic()
    answer = talk(live, sent)
    assert status(answer) == 408
    assert DEADLINE <= time.monotonic() - begin < DEADLINE + 5


def test_slow_clients_and_an_honest_one(live: Live) -> None:
    """Three hundred who wait do not keep one from an answer."""
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(socket.create_connection(live.place)).sendall(b"GET / HTTP/1.1\r\n")
        begin = time.monotonic()
        assert httpx.get(live.address + "sparql", params={"query": "ASK {}"}, timeout=10).status_code == 200
        assert time.monotonic() - begin < 1


def test_a_client_that_does_not_read(live: Live) -> None:
    """An answer that nobody takes is given up, and its query with it."""
    with socket.create_connection(live.place) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET /sparql?query={quote(ALL)} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
        end = time.monotonic() + 15
        while running(live) and time.monotonic() < end:
            time.sleep(0.2)
        assert not running(live)


def running(live: Live) -> bool:
    """Tell whether a query runs."""
    lines = httpx.get(live.address + "metrics", timeout=10).text.splitlines()
    return any(line.startswith("chinaspace_running{") and not line.endswith(" 0.0") for line in lines)


def test_several_requests_in_one_piece(live: Live) -> None:
    """Requests that come together are answered one after the other."""
    answer = talk(live, (ASK + b"\r\n") * 20 + ASK + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 21


@pytest.mark.parametrize("fields", [b"", b"Accept: text/csv\r\n", b"Accept-Encoding: gzip\r\n", b"User-Agent: me\r\n"])
def test_what_is_asked_again_in_the_same_words(live: Live, fields: bytes) -> None:
    """The answer is the same each time, whichever way it comes, and so is that to HEAD and to another form."""
    query = quote("SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 40")
    target = b"GET /sparql?query=%s HTTP/1.1\r\nHost: here\r\n%s" % (query.encode(), fields)
    first, *others = (undated(talk(live, target + b"\r\n", 1)) for _ in range(4))
    assert status(first[0]) == 200
    assert others == [first] * 3
    (tag,) = (field.removeprefix(b"etag: ") for field in first if field.startswith(b"etag:"))
    assert status(talk(live, target + b"If-None-Match: " + tag + b"\r\n\r\n", 1)) == 304
    assert b"\r\n\r\n{" not in talk(live, target.replace(b"GET", b"HEAD") + b"\r\n", 1)
    assert b"connection: close" in talk(live, target + b"Connection: close\r\n\r\n", 3)
    several = talk(live, (target + b"\r\n") * 5, 1)
    assert several.count(b"HTTP/1.1 200 OK") == 5


def undated(answer: bytes) -> list[bytes]:
    """Return the lines of an answer in one order, without its date."""
    head, _, body = answer.partition(b"\r\n\r\n")
    state, *fields = head.split(b"\r\n")
    return [state, *sorted(field for field in fields if not field.startswith(b"date:")), body]


def test_http_1_0(live: Live) -> None:
    """An old client gets a long answer with its length, or a fault: it could not see that an answer was cut."""
    short = "SELECT * WHERE { ?a ?b ?c } LIMIT 5000"
    for query, expected in ((short, 200), (ALL, 400)):
        answer = talk(live, f"GET /sparql?query={quote(query)} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
        assert status(answer) in (expected, 504) if expected != 200 else status(answer) == 200
        assert b"content-length:" in answer.partition(b"\r\n\r\n")[0]


def test_an_upgrade_is_not_taken(live: Live) -> None:
    """Who would rather speak another protocol is answered in HTTP."""
    fields = (
        b"Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert status(talk(live, ASK + fields, 3)) in (200, 400)


def test_clients_are_no_faults_of_the_server(live: Live) -> None:
    """Nothing of this leaves a traceback, or a line for a fault."""
    printed = "".join(live.lines)
    assert "Traceback" not in printed
    assert "Invalid HTTP" not in printed
