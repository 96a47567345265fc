"""Forward the calls that queries make by SERVICE: to the services that were opened, and within limits.

Oxigraph calls a service by itself, without an end to time or size, and follows what it is told. So a worker is
given the address of a forwarder on this machine instead, which calls the one service that it stands for.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Thread

import httpx

from chinaspace.call import Address, settings
from chinaspace.errors import ServiceError
from chinaspace.guard import LONGEST_QUERY
from chinaspace.trip import Fuse

# So many calls in a row fail before a service is left alone, for so many seconds; then one call tries it again.
_FAILURES = 3
_REST = 30.0
# So many calls of one service may be under way.
_AT_ONCE = 8
_ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
_TYPES = ("application/sparql-results+json", "application/sparql-results+xml")
# A query of the longest kind, should each of its signs take four bytes.
_LONGEST_BODY = 4 * LONGEST_QUERY


@dataclass(frozen=True)
class Bounds:
    """What a call may take: seconds in all, MiB of answer; and how long a service that fails is left alone."""

    seconds: float = 5
    mebibytes: float = 8
    rest: float = _REST


class Forwarder:
    """Listens on this machine for the calls of workers, under a path that nobody else knows."""

    def __init__(self, services: Iterable[str], bounds: Bounds | None = None) -> None:
        """Begin to listen for calls of *services*, which are IRIs; it works on threads of its own."""
        token = secrets.token_urlsafe(16)
        lines = {f"/{token}/{number}": _Line(iri, bounds or Bounds()) for number, iri in enumerate(services)}
        handler = type("Handler", (_Handler,), {"lines": lines})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        base = f"http://127.0.0.1:{self._server.server_port}"
        self.routes = tuple((line.iri, base + path) for path, line in lines.items())
        Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        """Stop to listen."""
        self._server.shutdown()
        self._server.server_close()


class _Line:
    """The way to one service, which is cut for a while when it fails time and again."""

    def __init__(self, iri: str, bounds: Bounds) -> None:
        self.iri, self._bounds = iri, bounds
        self._client = httpx.Client(**settings(Address(iri), bounds.seconds))  # type: ignore[arg-type]
        self._fuse = Fuse(_FAILURES, bounds.rest)
        self._places = BoundedSemaphore(_AT_ONCE)

    def call(self, query: bytes) -> tuple[str, bytes]:
        """Return the media type and the rows that the service answers with.

        Raises:
            ServiceError: it gives no answer that can be taken, or is left alone for now.
        """
        if not self._fuse.lets():
            raise ServiceError(
                f"{self.iri} has failed several times and is left alone for {self._bounds.rest:g} seconds. "
                "Ask again later.",
                503,
            )
        if not self._places.acquire(timeout=self._bounds.seconds):
            raise ServiceError(f"Too many queries call {self.iri} at once. Ask again in a few seconds.", 503)
        try:
            found = self._ask(query)
        except _BlamelessError:
            self._fuse.note(True)
            raise
        except ServiceError:
            self._fuse.note(False)
            raise
        finally:
            self._places.release()
        self._fuse.note(True)
        return found

    def _ask(self, query: bytes) -> tuple[str, bytes]:
        headers = {"Content-Type": "application/sparql-query", "Accept": _ACCEPT}
        try:
            with self._client.stream("POST", self.iri, content=query, headers=headers) as response:
                body = self._take(response)
        except httpx.TimeoutException as error:
            raise self._too_long() from error
        except httpx.HTTPError as error:
            raise ServiceError(f"{self.iri} cannot be reached. Ask again in a few seconds.") from error
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if 400 <= response.status_code < 500 and response.status_code != 429:
            raise _BlamelessError(f"{self.iri} does not take this part of the query: {_first(body)}.")
        if response.status_code != 200:
            raise ServiceError(f"{self.iri} answered with status {response.status_code} instead of rows.")
        if media_type not in _TYPES or response.headers.get("content-encoding", "identity").lower() != "identity":
            raise ServiceError(f"{self.iri} answered as '{media_type[:60]}', which was not asked for.")
        return media_type, body

    def _take(self, response: httpx.Response) -> bytes:
        """Return the body, which may come as slowly and be as long as the bounds allow in all."""
        end, body = time.monotonic() + self._bounds.seconds, bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self._bounds.mebibytes * 2**20:
                raise _BlamelessError(
                    f"{self.iri} answered with more than {self._bounds.mebibytes:g} MiB. Ask it for less: "
                    "name in the SERVICE clause what it is to look for, or add LIMIT there."
                )
            if time.monotonic() > end:
                raise self._too_long()
        return bytes(body)

    def _too_long(self) -> ServiceError:
        return ServiceError(f"{self.iri} took longer than {self._bounds.seconds:g} seconds. Ask it for less.", 504)


class _BlamelessError(ServiceError):
    """There is no answer by the fault of the query and not of the service."""


def _first(body: bytes) -> str:
    """Return the beginning of what a service says of a query, in one line."""
    return " ".join(body[:1000].decode("utf-8", "replace").split())[:200] or "it does not say why"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lines: dict[str, _Line]

    def do_POST(self) -> None:
        """Answer a worker with what the service says, or with the reason why there is nothing."""
        line, length = self.lines.get(self.path), self.headers.get("Content-Length", "")
        if line is None or not length.isdecimal() or int(length) > _LONGEST_BODY:
            self.close_connection = True
            self._send(404, "text/plain", b"Nothing is here.")
            return
        try:
            media_type, body = line.call(self.rfile.read(int(length)))
        except ServiceError as error:
            self._send(error.status, "text/plain", str(error).encode())
        else:
            self._send(200, media_type, body)

    def _send(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        with suppress(OSError):  # the query was stopped, and its worker with it
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: what was asked is in no log."""
