"""A remote store that misbehaves: each fault has its status, nothing half is passed on, and nothing gets out."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from fastapi.testclient import TestClient

from chinaspace.call import read_address
from chinaspace.errors import AwayError, RemoteError, StoreError
from chinaspace.narrow import narrow
from chinaspace.store import Elsewhere, open_store
from chinaspace.web import create_app
from chinaspace.work import Limits

JSON = "application/sparql-results+json"
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
GRAPH = "https://example.org/graph"
Answer = Callable[["Handler"], None]


def rows(*values: str, name: str = "s") -> bytes:
    bindings = [{name: {"type": "literal", "value": value}} for value in values]
    return json.dumps({"head": {"vars": [name]}, "results": {"bindings": bindings}}).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says, once the survey is over; remembers what was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[dict[str, list[str]]]
    answer: Answer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        values = parse_qs(body)
        query = values["query"][0]
        if "graph/description" in query:
            self.send(rows())
        elif "GROUP BY ?graph" in query:
            pair = {"graph": {"type": "uri", "value": GRAPH}, "size": {"type": "literal", "value": "1"}}
            self.send(json.dumps({"head": {"vars": ["graph", "size"]}, "results": {"bindings": [pair]}}).encode())
        elif "COUNT(*)" in query:
            self.send(rows("1", name="size"))
        else:
            type(self).asked.append(values)
            type(self).answer(self)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content_type": JSON, "content_length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Service:
    """A service that answers as it is told."""

    def __init__(self) -> None:
        self.handler = type("Told", (Handler,), {"asked": [], "answer": lambda _: None})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sparql"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answers(self, answer: Answer) -> None:
        self.handler.answer = answer  # type: ignore[attr-defined]

    @property
    def asked(self) -> list[dict[str, list[str]]]:
        return self.handler.asked  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def service() -> Iterator[Service]:
    """Give a service."""
    running = Service()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def web(service: Service) -> Iterator[TestClient]:
    """Give a client of the web application over the service, with little time and memory."""
    with TestClient(create_app(open_store(service.address), Limits(1, 16)), follow_redirects=False) as running:
        yield running


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


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        (SELECT, None, None),
        (f"SELECT ?s FROM <{GRAPH}> WHERE {{ ?s ?p ?o }}", [GRAPH], ["none"]),
        (f"PREFIX e: <https://example.org/> SELECT ?s FROM NAMED e:graph WHERE {{ ?s ?p ?o }}", ["none"], [GRAPH]),
        ("SELECT ?s FROM <http://169.254.169.254/latest> WHERE { ?s ?p ?o }", ["none"], ["none"]),
        (
            "BASE <http://evil.example/> SELECT ?s\nFROM <x>\nFROM NAMED <file:///etc/passwd> WHERE { ?s ?p ?o }",
            ["none"],
            ["none"],
        ),
    ],
)
def test_graphs_that_are_not_there_are_not_named(
    query: str, default: list[str] | None, named: list[str] | None, service: Service, web: TestClient
) -> None:
    """FROM leaves the query; only graphs of the data set are named to the store, which could fetch any other."""
    service.answers(lambda handler: handler.send(rows()))
    assert web.get("/sparql", params={"query": query}, headers={"Accept": JSON}).status_code == 200
    (asked,) = service.asked
    assert "FROM" not in asked["query"][0]
    assert [name.rpartition("/")[2] for name in asked.get("default-graph-uri", [])] == [
        name.rpartition("/")[2] for name in default or []
    ]
    assert [name.rpartition("/")[2] for name in asked.get("named-graph-uri", [])] == [
        name.rpartition("/")[2] for name in named or []
    ]
    assert not any(word in str(asked) for word in ("169.254", "evil.example/x", "passwd"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) WHERE { }",
        "PREFIX b: <bif:> SELECT (b:file_to_string('/etc/passwd') AS ?x) WHERE { }",
        "PREFIX b: <BIF:> SELECT (b:concat('a') AS ?x) WHERE { }",
        r"PREFIX b: <\u0062if:> SELECT (b:concat('a') AS ?x) WHERE { }",
        "BASE <sql:x> SELECT (<rdf_load>('a') AS ?x) WHERE { }",
        "SELECT (<java:java.lang.Runtime>('a') AS ?x) WHERE { }",
        "DEFINE input:grab-all 'yes' SELECT ?s WHERE { ?s ?p ?o }",
        "define get:soft 'replacing' SELECT ?s FROM <http://127.0.0.1/> WHERE { ?s ?p ?o }",
        "SELECT ?s WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "LOAD <http://127.0.0.1/>",
        "SELECT ?s WHERE { ?s ?p ?o OPTION (TRANSITIVE) }",
    ],
)
def test_what_is_no_query_of_the_standard_stays_here(query: str, service: Service, web: TestClient) -> None:
    """Pragmas, functions that run code, SERVICE and updates are refused before anything is sent."""
    assert web.get("/sparql", params={"query": query}).status_code == 400
    assert service.asked == []


@pytest.mark.parametrize(
    ("query", "text", "limit"),
    [
        ("SELECT ?x # define get:soft\nWHERE {}", "SELECT ?x                  \nWHERE {}", None),
        ("SELECT ?from WHERE { ?from <http://a#b> 'FROM <x> # no' } LIMIT 5", None, 5),
        ('SELECT ?x WHERE { ?x ?y """a "FROM <x>" # \\" """ } LIMIT 7 OFFSET 2', None, 7),
        ("SELECT ?x WHERE { { SELECT ?x WHERE { ?x ?y ?z } LIMIT 3 } }", None, None),
        ("SELECT ?x WHERE { ?x from:a/a:from ?z . FILTER(?x<?z&&?z>1) }", None, None),
    ],
)
def test_only_clauses_and_comments_are_taken_out(query: str, text: str | None, limit: int | None) -> None:
    """What looks like a clause within a text, a name or an IRI stays as it is."""
    narrowed = narrow(query)
    assert narrowed.text == (text or query)
    assert narrowed.limit == limit
    assert narrowed.scope is None


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/sparql",
        "ftp://127.0.0.1/",
        "https://",
        "https:///sparql",
        "http://[::1",
        "https://h:x/",
        "http://127.0.0.1.example.org/",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    """Only https, and http on this machine, is an address; a password is never shown."""
    with pytest.raises(StoreError):
        read_address(address)
    with pytest.raises(StoreError) as caught:
        read_address(address.replace("://", "://user:secret@"))
    assert "secret" not in str(caught.value)


def test_a_password_is_sent_and_not_shown(service: Service) -> None:
    """The name and the password of an address are for the service alone."""
    address = read_address(service.address.replace("://", "://user:secret@"))
    assert address.login == ("user", "secret")
    assert "secret" not in f"{address} {address!r}"


def test_a_store_that_is_down() -> None:
    """A store that is not there when the server starts is told of."""
    with pytest.raises(AwayError):
        open_store("http://127.0.0.1:9/sparql")


def test_a_store_of_another_kind(service: Service) -> None:
    """What answers, but not to SPARQL, is told of."""
    service.handler.do_POST = lambda handler: handler.send(b"<html>", content_type="text/html")  # type: ignore[attr-defined]
    with pytest.raises(RemoteError):
        Elsewhere(service.address)
