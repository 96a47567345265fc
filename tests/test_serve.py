"""The command `chinaspace serve`: what it says, what it serves, and how it stops."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from chinaspace.paths import ontology_files
from conftest import WORLD
from support import PROGRAM, Command, one_sentence


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


def address_of(lines: list[str]) -> str:
    """Return the address that the server has printed."""
    found = re.search(r"http://127\.0\.0\.1:\d+/", "".join(lines))
    assert found
    return found[0]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Serve the vocabulary and the world; give the process and what it printed until it listens."""
    shutil.copy(WORLD, tmp_path / "my world.ttl")
    files = [*ontology_files(), tmp_path / "my world.ttl"]
    options = [part for path in files for part in ("--dataset", str(path))]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [str(PROGRAM), "serve", "--port", "0", "--workers", "2", "--timeout", "2", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "http://" in line:
                break
        httpx.get(address_of(lines) + "healthz", timeout=20)
        yield process, lines
        process.kill()


SLOW = "SELECT (COUNT(*) AS ?count) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS = SLOW.replace("(COUNT(*) AS ?count)", "?a ?f ?l")


def family(process: int) -> list[int]:
    """Return the processes below *process*."""
    path = Path(f"/proc/{process}/task/{process}/children")
    below = [int(pid) for pid in path.read_text().split()] if path.exists() else []
    return below + [other for pid in below for other in family(pid)]


def soon(holds: Callable[[], bool]) -> bool:
    """Tell whether something comes true within three seconds."""
    for _ in range(150):
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_a_query_that_takes_too_long(server: tuple[subprocess.Popen[str], list[str]]) -> None:
    """A query that passes its deadline is told so, and a short one beside it is answered."""
    with ThreadPoolExecutor(4) as pool:
        address = address_of(server[1]) + "sparql"
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


def test_a_long_answer_is_cut(server: tuple[subprocess.Popen[str], list[str]]) -> None:
    """An answer that passes the deadline on its way ends without its end, so that nobody takes the part for it all."""
    begin = time.perf_counter()
    address, query = address_of(server[1]) + "sparql", {"query": ENDLESS}
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
def test_a_client_that_leaves(server: tuple[subprocess.Popen[str], list[str]], query: str) -> None:
    """When a client closes its connection, its query is stopped at once."""
    process, lines = server
    before = set(family(process.pid))
    host, port = address_of(lines).removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        time.sleep(0.7)
        assert len(family(process.pid)) > len(before)
    assert soon(lambda: len(family(process.pid)) == len(before))
    assert all(Path(f"/proc/{pid}/stat").read_text().split()[2] == "S" for pid in family(process.pid))


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_end(server: tuple[subprocess.Popen[str], list[str]], stop: signal.Signals) -> None:
    """However the server is stopped while it works, it ends within five seconds and leaves no process behind."""
    process, lines = server
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(httpx.get, address_of(lines) + "sparql", params={"query": SLOW}, timeout=10) for _ in "ab"]
        time.sleep(0.5)
        below = family(process.pid)
        assert len(below) >= 3
        process.send_signal(stop)
        process.wait(timeout=5)
        for future in asked:
            future.exception(timeout=5)
    assert soon(lambda: not [pid for pid in below if Path(f"/proc/{pid}").exists()])
    assert process.stdout is not None
    assert "Traceback" not in process.stdout.read()


def test_serve(server: tuple[subprocess.Popen[str], list[str]]) -> None:
    """The server prints its digest and its address, answers, and stops when it is told to."""
    process, lines = server
    digest = re.search(r"sha256:[0-9a-f]{64}", "".join(lines))
    address = re.search(r"http://127\.0\.0\.1:\d+/", "".join(lines))
    assert digest
    assert address
    answer = httpx.get(f"{address[0]}sparql", params={"query": "ASK {}"}, headers={"accept": "text/csv"}, timeout=10)
    assert answer.text == "true\n"
    assert httpx.get(f"{address[0]}healthz", timeout=10).json()["digest"] == digest[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) in (0, -signal.SIGTERM)
    assert process.stdout is not None
    assert "Traceback" not in process.stdout.read()
