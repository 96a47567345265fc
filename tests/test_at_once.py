"""Answers without a task of their own, over a connection: the same as all, and in the order of the requests."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from chinaspace.enlarge import _offered, enlarge
from conftest import WORLD
from live import Live, serving

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ASK = "ASK { ?s ?p ?o }"
ROWS = "SELECT ?s ?p WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 9"
# A field that makes a request take the way of all.
OTHER = {"X-Other": "1"}


@pytest.fixture(scope="module")
def server() -> Iterator[Live]:
    """Serve the vocabulary and the world."""
    with serving(WORLD, "--workers", "2", "--timeout", "2") as live:
        yield live


def ask(server: Live, query: str, **fields: str) -> httpx.Response:
    """Ask a query, and return the answer."""
    return httpx.get(f"{server.address}sparql", params={"query": query}, headers=fields, timeout=30)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Accept": "text/csv"},
        {"Accept": "application/sparql-results+xml", "Accept-Encoding": "br"},
        {"Accept-Encoding": "gzip"},
        {"Accept": "text/turtle"},
        {"Accept": "image/png"},
    ],
)
@pytest.mark.parametrize("query", [ROWS, ASK, "CONSTRUCT WHERE { ?s ?p 1 }", "SELECT ?s {", "DROP ALL"])
def test_no_difference(server: Live, query: str, fields: dict[str, str]) -> None:
    """Status, fields and body are those of a request that takes the way of all."""

    def told(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
        kept = {name: value for name, value in answer.headers.items() if name not in ("date", "etag")}
        return answer.status_code, kept, answer.text

    about = re.sub(r"\W", "", str(fields))
    plain, other = (
        ask(server, f"{query} #{number}{about}", **fields, **more) for number, more in ((1, {}), (2, OTHER))
    )
    assert told(plain) == told(other)


def test_in_the_order_of_the_requests(server: Live) -> None:
    """Of requests that come in one packet, the first is answered first, long as it may take."""
    queries = [f"{SLOW} #{number}" if number == 1 else f"ASK {{ }} #{number}" for number in range(5)]
    accept = "Accept: text/csv\r\n"
    packet = "".join(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n{accept}\r\n" for query in queries)
    with socket.create_connection(server.place, timeout=30) as connection:
        connection.sendall(packet.encode())
        received = b""
        while len(re.findall(rb"HTTP/1.1 \d+", received)) < len(queries) or not received.endswith(b"true\n"):
            part = connection.recv(2**16)
            assert part
            received += part
    statuses = [int(found) for found in re.findall(rb"HTTP/1.1 (\d+)", received)]
    assert statuses == [200, 504, 200, 200, 200]


def test_all_are_counted_and_logged(server: Live) -> None:
    """Each request is counted, and has a line in the log, whichever way it went."""

    def counted() -> float:
        found = re.search(
            r'chinaspace_requests_total{method="GET",route="/sparql",status="200"} (\S+)',
            httpx.get(f"{server.address}metrics").text,
        )
        return float(found[1]) if found else 0

    before = counted()
    for number in range(7):
        ask(server, f"ASK {{ }} #count{number}", **(OTHER if number % 2 else {}))
    assert counted() == before + 7


def test_large_pages(server: Live) -> None:
    """A server begins anew with large pages where the system offers them, under the same number and with its words."""
    if not _offered():
        pytest.skip("This system offers no large pages on request.")
    environment = Path(f"/proc/{server.process.pid}/environ").read_bytes()
    assert b"glibc.malloc.hugetlb=1" in environment


def test_no_other_program_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that calls the command is left as it is."""
    begun: list[object] = []
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    monkeypatch.setattr("os.execve", lambda *arguments: begun.append(arguments))
    monkeypatch.setattr("chinaspace.enlarge._offered", lambda: True)
    for words, expected in (
        (["python", "-m", "pytest", "-x"], 0),
        (["python", "/bin/chinaspace", "serve", "--port", "1"], 1),
        (["python", "server.py", "--port", "1"], 2),
    ):
        monkeypatch.setattr("sys.orig_argv", words)
        enlarge(["serve", "--port", "1"])
        assert len(begun) == expected
