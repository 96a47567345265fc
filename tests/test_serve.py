"""The command `chinaspace serve`: what it says, what it serves, and how it stops."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from conftest import WORLD
from live import Live, serving, soon
from processes import family
from support import Command, one_sentence


def test_serve_at_a_port_in_use(chinaspace: Command) -> None:
    """A port in use is told at once, before anything is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        run = chinaspace("serve", "--port", str(listener.getsockname()[1]))
    assert run.code == 2
    assert one_sentence(run)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("broken.ttl", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> nonsense .\n", r":2:\d+: "),
        ("missing.ttl", None, ": "),
        ("empty.ttl", "", None),
        ("small.txt", "any", ": "),
    ],
)
def test_serve_a_wrong_file(
    chinaspace: Command, tmp_path: Path, name: str, content: str | None, place: str | None
) -> None:
    """A file that cannot be served is told with its name, and with line and column where it is malformed."""
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    run = chinaspace("serve", "--port", "0", "--dataset", tmp_path / name)
    assert run.code == 2
    assert one_sentence(run)
    assert place is None or re.search(re.escape(str(tmp_path / name)) + place, run.err)


@pytest.fixture
def server() -> Iterator[Live]:
    """Serve the vocabulary and the world."""
    with serving(WORLD, "--workers", "2", "--timeout", "2") as live:
        yield live


SLOW = "SELECT (COUNT(*) AS ?count) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS = SLOW.replace("(COUNT(*) AS ?count)", "?a ?f ?l")


def test_a_query_that_takes_too_long(server: Live) -> None:
    """A query that passes its deadline is told so, and a short one beside it is answered."""
    with ThreadPoolExecutor(4) as pool:
        address = server.address + "sparql"
        slow = [pool.submit(httpx.get, address, params={"query": SLOW}, timeout=20) for _ in range(4)]
        time.sleep(0.3)
        begin = time.perf_counter()
        assert httpx.get(address, params={"query": "ASK {}"}, timeout=10).status_code == 200
        assert time.perf_counter() - begin < 1
        answers = [future.result() for future in slow]
    assert {answer.status_code for answer in answers} <= {503, 504}
    assert any(answer.status_code == 504 for answer in answers)
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
        assert ("retry-after" in answer.headers) == (answer.status_code == 503)


def test_a_long_answer_is_cut(server: Live) -> None:
    """An answer that passes the deadline on its way ends without its end, so that nobody takes the part for it all."""
    begin = time.perf_counter()
    address, query = server.address + "sparql", {"query": ENDLESS}
    with httpx.stream("GET", address, params=query, headers={"accept": "text/csv"}, timeout=10) as answer:
        assert answer.status_code == 200
        pieces = answer.iter_raw()
        next(pieces)
        first = time.perf_counter() - begin
        with pytest.raises(httpx.RemoteProtocolError):
            deque(pieces, maxlen=0)
    assert 0 < first < 1
    assert time.perf_counter() - begin < 6


@pytest.mark.parametrize("query", [SLOW, ENDLESS])
def test_a_client_that_leaves(server: Live, query: str) -> None:
    """When a client closes its connection, its query is stopped at once."""
    with socket.create_connection(server.place) as connection:
        connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
        time.sleep(0.7)
        assert running(server.address) == 1
    assert soon(lambda: running(server.address) == 0)


def running(address: str) -> float:
    """Return how many queries run."""
    numbers = re.findall(
        r"^chinaspace_running\{.*\} (.+)$", httpx.get(f"{address}metrics", timeout=10).text, re.MULTILINE
    )
    assert len(numbers) == 3
    return sum(map(float, numbers))


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_end(server: Live, stop: signal.Signals) -> None:
    """However the server is stopped while it works, it ends within five seconds and leaves no process behind."""
    process = server.process
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(httpx.get, server.address + "sparql", params={"query": SLOW}, timeout=10) for _ in "ab"]
        time.sleep(0.5)
        below = [pid for pid in family(process.pid) if pid != process.pid]
        assert len(below) >= 3
        process.send_signal(stop)
        process.wait(timeout=5)
        for future in asked:
            future.exception(timeout=5)
    assert soon(lambda: not [pid for pid in below if Path(f"/proc/{pid}").exists()])
    assert "Traceback" not in "".join(server.lines)


def test_serve(server: Live) -> None:
    """The server prints its digest and its address, answers, and stops when it is told to."""
    process = server.process
    digest = re.search(r"sha256:[0-9a-f]{64}", "".join(server.lines))
    assert digest
    answer = httpx.get(
        f"{server.address}sparql", params={"query": "ASK {}"}, headers={"accept": "text/csv"}, timeout=10
    )
    assert answer.text == "true\n"
    assert httpx.get(f"{server.address}healthz", timeout=10).json()["digest"] == digest[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) in (0, -signal.SIGTERM)
    assert "Traceback" not in "".join(server.lines)
