"""Hostile requests: each is answered in time, and an honest client beside it hardly notices."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from attacks import BROKEN, DEEP, HEAVY, TRICKS, ask, get, reaching
from chinaspace.guard import LONGEST_QUERY
from chinaspace.paths import ontology_files
from conftest import WORLD
from processes import family
from siege import DEADLINE, GRACE, LIGHT, Target, check, crowd
from support import PROGRAM

HONEST_SECONDS = 1.0
CLIENTS = 300
# Allocators keep some of what was freed.
HELD_MORE = 64 * 2**20
_BODY = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
# What a slow client begins with, and what it sends now and then.
SLOW = {
    "headers": (b"GET / HTTP/1.1\r\nHost: a\r\n", b"X-A: b\r\n"),
    "body": (_BODY + b"Content-Length: 90000\r\n\r\n", b"a"),
    "body without an end": (_BODY + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "request line": (b"", b"G"),
}

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells what is held")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Serve the vocabulary and the world with short limits."""
    folder = tmp_path_factory.mktemp("attacked")
    log = tmp_path_factory.mktemp("log") / "log.txt"
    options = [part for path in (*ontology_files(), WORLD) for part in ("--dataset", str(path))]
    limits = ["--workers", "2", "--timeout", str(DEADLINE), "--memory", "128"]
    command = [str(PROGRAM), "serve", "--port", "0", *limits, *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, cwd=folder, env=environment)
    try:
        for _ in range(600):
            if found := re.search(r"127\.0\.0\.1:(\d+)/", log.read_text("utf-8")):
                break
            time.sleep(0.05)
        assert found
        target = Target(process, int(found[1]), log, folder)
        target.warm_up()
        target.held_before = target.held()
        yield target
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def honest(target: Target, request: pytest.FixtureRequest) -> Iterator[None]:
    """Have an honest client ask all the while, and fail if it waits too long or gets a wrong answer."""
    address: str = getattr(request, "param", "127.0.0.1")
    over = threading.Event()
    target.waits.clear()
    target.wrong.clear()

    def go_on() -> None:
        while not over.is_set():
            begin = time.monotonic()
            try:
                answer = target.send(LIGHT, address)
            except OSError as error:
                answer = repr(error).encode()
            target.waits.append(time.monotonic() - begin)
            if not answer.endswith(b"true\n"):
                target.wrong.append(answer)
            over.wait(0.05)

    client = threading.Thread(target=go_on)
    client.start()
    try:
        yield
    finally:
        over.set()
        client.join()
    assert target.wrong == []
    assert max(target.waits) < HONEST_SECONDS


def attack(target: Target, request: bytes) -> None:
    """Send a request, and judge the answer."""
    begin = time.monotonic()
    try:
        answer = target.send(request)
    except (ConnectionResetError, BrokenPipeError):
        answer = b""  # closed without a word, which is an answer to what is no HTTP
    assert time.monotonic() - begin < DEADLINE + GRACE
    check(answer)


@pytest.mark.usefixtures("honest")
@pytest.mark.parametrize("query", HEAVY.values(), ids=HEAVY.keys())
def test_much_work(target: Target, query: str) -> None:
    """A query that would take for ever, or all memory, ends in time."""
    attack(target, ask(query))


@pytest.mark.usefixtures("honest")
@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP.keys())
def test_deep_and_long(target: Target, query: str) -> None:
    """A query that nests deep or is long ends in time."""
    assert len(query) <= LONGEST_QUERY
    attack(target, ask(query))


@pytest.mark.usefixtures("honest")
@pytest.mark.parametrize("name", reaching(""))
def test_reaching_out(target: Target, uncalled: str, name: str) -> None:
    """Nothing calls another server, reads a file or writes, and the graph stays as it was."""
    before = target.send(get("/healthz")).partition(b"\r\n\r\n")[2]
    attack(target, reaching(uncalled)[name])
    assert target.send(get("/healthz")).partition(b"\r\n\r\n")[2] == before


@pytest.mark.usefixtures("honest")
@pytest.mark.parametrize("request_", (TRICKS | BROKEN).values(), ids=(TRICKS | BROKEN).keys())
def test_tricks_and_broken_requests(target: Target, request_: bytes) -> None:
    """A request that is made to be misread is answered or closed, and shows nothing of the inside."""
    attack(target, request_)


@pytest.mark.usefixtures("honest")
def test_slow_clients(target: Target) -> None:
    """Of 300 clients that send a byte now and then, each is closed in time, wherever in its request it lingers."""
    share = CLIENTS // len(SLOW)
    with ThreadPoolExecutor(len(SLOW)) as pool:
        crowds = {name: pool.submit(crowd, target, share, *sent) for name, sent in SLOW.items()}
    assert {name: len(ended.result()) for name, ended in crowds.items()} == dict.fromkeys(SLOW, share)


@pytest.mark.usefixtures("honest")
@pytest.mark.parametrize("honest", ["127.0.0.2"], indirect=True)
def test_clients_that_do_not_read(target: Target) -> None:
    """Clients of one address that ask for much and read nothing do not keep another address from an answer."""
    query = ask("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert crowd(target, CLIENTS, query, b"") == []


def test_what_is_left(target: Target) -> None:
    """After all of that no more is held than before, no file was written, and nothing was told of the inside."""
    time.sleep(DEADLINE + 1)
    target.warm_up()
    assert target.held() < target.held_before + HELD_MORE
    assert list(target.folder.iterdir()) == []
    assert "Traceback" not in target.log.read_text("utf-8", "replace")
    assert target.process.poll() is None
    assert len(family(target.process.pid)) <= 1 + 2 + 2
