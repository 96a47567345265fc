"""A remote SPARQL service for tests that answers as it is told."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

JSON = "application/sparql-results+json"
GRAPH = "https://example.org/graph"
Answer = Callable[["Handler"], None]


def rows(*values: str, name: str = "s") -> bytes:
    """Return a table of one column as JSON."""
    bindings = [{name: {"type": "literal", "value": value}} for value in values]
    return json.dumps({"head": {"vars": [name]}, "results": {"bindings": bindings}}).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says, once the survey is over; remembers what was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[dict[str, list[str]]]
    answer: Answer

    def do_POST(self) -> None:
        """Answer what a survey asks, and else as the test says."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        values = parse_qs(body)
        query = values["query"][0]
        if "graph/description" in query:
            self.send(rows())
        elif "GROUP BY ?graph" in query:
            pair = {"graph": {"type": "uri", "value": GRAPH}, "size": {"type": "literal", "value": "1"}}
            self.send(json.dumps({"head": {"vars": ["graph", "size"]}, "results": {"bindings": [pair]}}).encode())
        elif "(COUNT(*) AS ?size)" in query:
            self.send(rows("1", name="size"))
        else:
            type(self).asked.append(values)
            type(self).answer(self)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send an answer."""
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
        """Begin to listen."""
        self.handler = type("Told", (Handler,), {"asked": [], "answer": lambda _: None})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sparql"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answers(self, answer: Answer) -> None:
        """Have it answer so."""
        self.handler.answer = answer  # type: ignore[attr-defined]

    def close(self) -> None:
        """End."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def asked(self) -> list[dict[str, list[str]]]:
        """Return the parameters of each request but those of the survey."""
        return self.handler.asked  # type: ignore[attr-defined, no-any-return]
