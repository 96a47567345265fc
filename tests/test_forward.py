"""Calls of SERVICE: forwarded to what was opened, within time and size, and to nobody who fails time and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from chinaspace.errors import QueryError
from chinaspace.forward import Bounds, Forwarder
from chinaspace.guard import reroute
from chinaspace.trip import Fuse
from told import Handler, Service, rows

ASK = b"SELECT ?s WHERE { ?s ?p ?o }"


@pytest.fixture
def forwarder(service: Service) -> Iterator[Forwarder]:
    """Give a forwarder to the service, with little time and room."""
    running = Forwarder([service.address], Bounds(seconds=1, mebibytes=0.1))
    yield running
    running.close()


def call(forwarder: Forwarder) -> httpx.Response:
    """Call as a worker does."""
    ((_, address),) = forwarder.routes
    headers = {"content-type": "application/sparql-query"}
    return httpx.post(address, content=ASK, headers=headers, timeout=10, trust_env=False)


@pytest.fixture
def plain(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Give the service, to which queries come as they are and not as a form."""

    def post(handler: Handler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        type(handler).asked.append({"query": [body.decode()]})
        type(handler).answer(handler)

    monkeypatch.setattr(service.handler, "do_POST", post)
    return service


def test_rows_come_back(plain: Service, forwarder: Forwarder) -> None:
    """The query goes there as it is, and the rows come back as they are."""
    plain.answers(lambda handler: handler.send(rows("a", "b")))
    response = call(forwarder)
    assert (response.status_code, response.content) == (200, rows("a", "b"))
    assert plain.asked == [{"query": [ASK.decode()]}]


def test_only_who_knows_the_path_is_let_in(plain: Service, forwarder: Forwarder) -> None:
    """Another path, another method and a body without a length call nobody."""
    ((_, address),) = forwarder.routes
    base = address.rpartition("/")[0]
    assert httpx.post(f"{base}/1", content=ASK, trust_env=False).status_code == 404
    assert httpx.post(base.rpartition("/")[0] + "/0", content=ASK, trust_env=False).status_code == 404
    assert httpx.get(address, trust_env=False).status_code == 501
    assert httpx.post(address, content=iter([ASK]), trust_env=False).status_code == 404
    assert plain.asked == []


def slow(handler: Handler) -> None:
    """Send a part of an answer every now and then."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (slow, 504),
        (lambda handler: time.sleep(20), 504),
        (lambda handler: handler.send(rows("x" * 200_000)), 502),
        (lambda handler: handler.send(b"no", 500), 502),
        (lambda handler: handler.send(b"no", 400), 502),
        (lambda handler: handler.send(b"", 302, location="http://127.0.0.1:1/"), 502),
        (lambda handler: handler.send(b"<html>", content_type="text/html"), 502),
        (lambda handler: handler.send(b"x", content_encoding="gzip"), 502),
    ],
)
def test_answers_that_are_none(
    plain: Service, forwarder: Forwarder, answer: Callable[[Handler], None], status: int
) -> None:
    """What is too slow in all, too long, elsewhere, packed or no table is told, within the time, and not passed on."""
    plain.answers(answer)
    begin = time.monotonic()
    response = call(forwarder)
    assert (response.status_code, response.headers["content-type"]) == (status, "text/plain")
    assert plain.address in response.text
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(("rest", "after"), [(60.0, [503, 503, 3]), (0.0, [200, 200, 5])])
def test_a_service_that_fails_is_left_alone(plain: Service, rest: float, after: list[int]) -> None:
    """After some failures in a row it is not called for a while, and then again, and if that works for good."""
    forwarder = Forwarder([plain.address], Bounds(rest=rest))
    plain.answers(lambda handler: handler.send(b"no", 500))
    assert [call(forwarder).status_code for _ in range(3)] == [502, 502, 502]
    plain.answers(lambda handler: handler.send(rows("a")))
    assert [call(forwarder).status_code, call(forwarder).status_code, len(plain.asked)] == after
    forwarder.close()


def test_faults_of_queries_are_not_those_of_the_service(plain: Service, forwarder: Forwarder) -> None:
    """Queries that it does not take, or that ask for too much, cannot have it left alone."""
    plain.answers(lambda handler: handler.send(b"no", 400))
    assert [call(forwarder).status_code for _ in range(5)] == [502] * 5
    plain.answers(lambda handler: handler.send(rows("x" * 200_000)))
    assert [call(forwarder).status_code for _ in range(5)] == [502] * 5
    assert len(plain.asked) == 10


def test_one_tries_after_a_rest() -> None:
    """After the rest one call is let through, and the others wait for how it goes."""
    now = 0.0
    fuse = Fuse(2, 10, lambda: now)
    fuse.note(False)
    assert fuse.lets()
    fuse.note(False)
    assert not fuse.lets()
    now = 10.0
    assert [fuse.lets(), fuse.lets()] == [True, False]
    fuse.note(False)
    now = 19.0
    assert not fuse.lets()
    now = 20.0
    assert fuse.lets()
    fuse.note(True)
    assert [fuse.lets(), fuse.lets()] == [True, True]


ROUTES = {"https://a.example/sparql": "http://127.0.0.1:1/x/0"}


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("SERVICE <https://a.example/sparql> {", "SERVICE <http://127.0.0.1:1/x/0> {"),
        ("service silent#\n<https://a.example/sparql>{", "service silent#\n<http://127.0.0.1:1/x/0>{"),
        ("SERVICE <https://a.example/sparql> { } SERVICE <https://a.example/sparql> {", None),
    ],
)
def test_clauses_lead_to_the_forwarder(clause: str, expected: str | None) -> None:
    """Each clause is led to the forwarder, and nothing else is changed."""
    wanted = expected or clause.replace("https://a.example/sparql", "http://127.0.0.1:1/x/0")
    assert reroute(f"SELECT * {{ {clause} }} }}", ROUTES) == f"SELECT * {{ {wanted} }} }}"
    assert reroute("SELECT ?service { ?service ?p <https://a.example/sparql> }", ROUTES).count("a.example") == 1


@pytest.mark.parametrize(
    "clause", ["S\\u0045RVICE <https://a.example/sparql> {", "SERVICE \\u003Chttps://a.example/sparql> {"]
)
def test_no_clause_goes_past_the_forwarder(clause: str) -> None:
    """A clause that only the engine's reading finds is refused, though its service is open."""
    with pytest.raises(QueryError):
        reroute(f"SELECT * {{ {clause} ?s ?p ?o }} }}", ROUTES)
