"""A remote store that misbehaves: each fault has its status, and nothing half is passed on."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from fastapi.testclient import TestClient

from chinaspace.store import open_store
from chinaspace.web import create_app
from chinaspace.work import Limits
from told import JSON, Answer, Handler, Service, rows

SELECT = "SELECT ?s WHERE { ?s ?p ?o }"


def hang_up(handler: Handler) -> None:
    handler.close_connection = True


def drip(handler: Handler) -> None:
    handler.send(b"", content_length="100")
    with contextlib.suppress(OSError):
        for _ in range(30):
            time.sleep(0.1)
            handler.wfile.write(b" ")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda handler: handler.send(b"Virtuoso 37000 Error SP030", 400, content_type="text/plain"), 400),
        (lambda handler: handler.send(b"Virtuoso 37000 Error SQ074", 500, content_type="text/plain"), 400),
        (lambda handler: handler.send(b"Virtuoso S1T00 Error SR171: Transaction timed out", 500), 504),
        (lambda handler: handler.send(b"no", 504), 504),
        (lambda handler: handler.send(b"no", 500), 502),
        (lambda handler: handler.send(b"no", 401), 502),
        (lambda handler: handler.send(b"no", 404), 502),
        (lambda handler: handler.send(b"no", 503), 503),
        (lambda handler: handler.send(b"no", 429), 503),
        (lambda handler: handler.send(b"", 302, location="http://127.0.0.1:9/"), 502),
        (lambda handler: handler.send(b"<html>", content_type="text/html"), 502),
        (lambda handler: handler.send(rows("a"), content_encoding="gzip"), 502),
        (lambda handler: handler.send(rows("a"), x_sparql_maxrows="1"), 502),
        (lambda handler: handler.send(rows("a"), x_sql_state="S1TAT"), 504),
        (lambda handler: handler.send(b'{"head":{"vars":["s"]},"results":{"bindings":[{'), 502),
        (lambda handler: handler.send(rows("a")[:-5], content_length="9999", connection="close"), 503),
        (lambda handler: handler.send(b"[" * 100_000), 502),
        (hang_up, 503),
        (drip, 504),
        (lambda _: time.sleep(1.5), 504),
    ],
)
def test_faults(answer: Answer, status: int, service: Service, web: TestClient) -> None:
    """What goes wrong at the remote store is told with a status, in time, and who is to come again is told when."""
    service.answers(answer)
    begin = time.monotonic()
    given = web.get("/sparql", params={"query": SELECT}, headers={"Accept": JSON})
    assert given.status_code == status, given.text
    assert given.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in given.headers) == (status == 503)
    assert time.monotonic() - begin < 3
    assert "127.0.0.1" not in given.text


def test_a_value_that_the_parser_cannot_hold(service: Service) -> None:
    """It is told at once, and not when the time is over."""
    service.answers(lambda handler: handler.send(rows("a" * 2**24)))
    with TestClient(create_app(open_store(service.address), Limits(60, 64))) as web:
        begin = time.monotonic()
        assert web.get("/sparql", params={"query": SELECT}, headers={"Accept": JSON}).status_code == 502
        assert time.monotonic() - begin < 30


def test_an_answer_without_end_is_cut(service: Service, web: TestClient) -> None:
    """An answer that outgrows the limit lacks its last chunk."""

    def flood(handler: Handler) -> None:
        handler.send(b'{"head":{"vars":["s"]},"results":{"bindings":[', content_length=str(2**40))
        with contextlib.suppress(OSError):
            row = b'{"s":{"type":"literal","value":"%s"}},' % (b"x" * 2**16)
            while True:
                handler.wfile.write(row)

    service.answers(flood)
    # The client of the tests has no connection that could break: what it gets is no whole answer.
    given = web.get("/sparql", params={"query": SELECT}, headers={"Accept": JSON})
    with pytest.raises(json.JSONDecodeError):
        given.json()
    assert len(given.content) <= 17 * 2**20


def test_a_large_answer_arrives(service: Service, web: TestClient) -> None:
    """An answer of some megabytes arrives whole."""
    values = [f"{number:0100}" for number in range(20_000)]
    service.answers(lambda handler: handler.send(rows(*values)))
    given = web.get("/sparql", params={"query": SELECT}, headers={"Accept": "text/csv"})
    assert given.text.split() == ["s", *values]
