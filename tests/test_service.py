"""SERVICE: closed, unless the operator has opened an address, and then for that one alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from conftest import WORLD
from live import Live, serving

QUERY = "SELECT (COUNT(*) AS ?n) WHERE {{ SERVICE <{}> {{ ?s a <https://w3id.org/chinaspace/ontology/Mission> }} }}"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Live, Live, str]]:
    """Give a server that may call another one, that one, and the address of a third that never answers."""

    class Silent(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            time.sleep(8)

    third = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    third.daemon_threads = True
    Thread(target=third.serve_forever, daemon=True).start()
    silent = f"http://127.0.0.1:{third.server_port}/sparql"
    with serving(WORLD) as other:
        opened = ["--allow-service", f"{other.address}sparql", "--allow-service", silent]
        with serving(WORLD, "--timeout", "2", *opened) as one:
            yield one, other, silent
    third.shutdown()


def ask(live: Live, service: str) -> httpx.Response:
    """Ask how many missions *service* knows."""
    query = {"query": QUERY.format(service)}
    return httpx.get(f"{live.address}sparql", params=query, headers={"accept": "text/csv"}, timeout=20)


def test_a_service_that_was_opened(pair: tuple[Live, Live, str]) -> None:
    """The other server is asked, and its answer is part of ours."""
    one, other, _ = pair
    missions = {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/chinaspace/ontology/Mission> }"}
    expected = httpx.get(f"{other.address}sparql", params=missions, headers={"accept": "text/csv"}, timeout=20)
    answer = ask(one, f"{other.address}sparql")
    assert answer.status_code == 200
    assert answer.text == expected.text


def test_no_other_one_is_called(pair: tuple[Live, Live, str], uncalled: str) -> None:
    """An address that was not opened is refused, also on a server that has opened others, and not called."""
    one, other, _ = pair
    for live, service in ((one, uncalled), (one, f"{other.address}sparql/"), (other, f"{one.address}sparql")):
        assert ask(live, service).status_code == 400


def test_a_service_that_does_not_answer(pair: tuple[Live, Live, str]) -> None:
    """A service that never answers costs the query its deadline, and nobody else anything."""
    one, _, silent = pair
    begin = time.monotonic()
    assert ask(one, silent).status_code == 504
    assert time.monotonic() - begin < 7
    assert httpx.get(f"{one.address}sparql", params={"query": "ASK {}"}, timeout=10).status_code == 200
