"""Bound what a connection may take: the size of a head, the time to send a request, the time to read an answer."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from chinaspace.echo import Heard
from chinaspace.join import Joined
from chinaspace.protocol import LONGEST_TARGET
from chinaspace.web import TARGET, Application

# Seconds for some of an answer to be taken, and the bounds of those for a request to come whole.
WRITING = 20.0
_LEAST, _MOST = 2.0, 10.0
MOST_CONNECTIONS = 2000
# Bytes of answers that are still to be taken; before that no other goes out at once.
_UNREAD = 2**16
_MOST_HEAD = 2**15  # bytes of all header fields together
_MOST_FIELDS = 100
_LOOK = 1.0
# Fields that change nothing in an answer.
_NO_MATTER = frozenset(
    (b"host", b"user-agent", b"connection", b"accept-language", b"referer", b"origin", b"cache-control", b"pragma")
)
# What a server may be called (RFC 3986, section 3.2.2): a name, an address, or nothing, and a port.
_HOST = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]*|\[[\w.:~!$&'()*+,;=-]+\])(?::\d*)?")
# What clients do, and not the server, is no fault of the server.
_NO_FAULTS = ("Invalid HTTP request", "ASGI callable returned without", "Unsupported upgrade", "No supported WebSocket")


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which itself waits for a slow client as long as it likes.

    Where *application* is set, it is asked for answers that can go out at once.
    """

    application: Application | None = None
    reading = _MOST
    # Since when it has been without a request, if it is.
    idle = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        """Take a connection, if there are not too many."""
        super().connection_made(cast(asyncio.Transport, Joined(transport, self.loop)))
        self._refusal = (HTTPStatus.BAD_REQUEST, "This is no HTTP request.")
        self._head = self._fields = 0
        self._reading: float | None = self.loop.time()
        self.idle = self.loop.time()
        self._unread, self._stuck = 0, self.loop.time()
        self._look = self.loop.call_later(_LOOK, self._look_at_time)
        if len(self.connections) > MOST_CONNECTIONS and not self._make_room():
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "There are too many connections. Come again in a few seconds.")

    def _make_room(self) -> bool:
        """Close the connection that has been idle longest; tell whether there was one."""
        others = cast("set[Connection]", self.connections - {self})
        idle = min((other for other in others if other.idle), key=lambda other: other.idle, default=None)
        if idle:
            idle.idle = 0.0
            idle.transport.abort()
        return idle is not None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._look.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to measure a request."""
        super().on_message_begin()
        self._head = self._fields = 0
        self._reading, self.idle = self.loop.time(), 0.0

    def on_response_complete(self) -> None:
        """Begin with the next request, if it is there."""
        self.idle = 0.0 if self.pipeline else self.loop.time()
        super().on_response_complete()

    def on_url(self, url: bytes) -> None:
        """Measure the address."""
        super().on_url(url)
        if len(self.url) > LONGEST_TARGET:
            self._stop(HTTPStatus.REQUEST_URI_TOO_LONG, f"The address has more than {LONGEST_TARGET} bytes. Use POST.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Measure a field of the head."""
        self._head += len(name) + len(value)
        self._fields += 1
        if self._head > _MOST_HEAD or self._fields > _MOST_FIELDS:
            most = f"{_MOST_HEAD} bytes or {_MOST_FIELDS} fields"
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"The head has more than {most}. Send fewer.")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Answer at once what was asked before in the same words; else go the way of all requests."""
        self._at_once, self._heard = None, None
        self._check_host()
        if self.application and self.parser.get_method() == b"GET" and not self._is_busy:
            cast(dict[str, object], self.scope)[TARGET] = self.url
            asked = _read(self.url, self.headers)
            if asked and self.parser.should_keep_alive() and self.parser.get_http_version() == "1.1":
                self._at_once = self.application.again(asked, self.client[0] if self.client else "")
                self._heard = asked
        if not self._at_once:
            super().on_headers_complete()

    def _check_host(self) -> None:
        """Refuse a request that does not say which host it is for, or says so twice (RFC 9112, section 3.2)."""
        named = [value for name, value in self.headers if name == b"host"]
        if len(named) > 1 or (named and not _HOST.fullmatch(named[0].strip())):
            self._stop(HTTPStatus.BAD_REQUEST, "Host has to be one name or address, and may have a port.")
        if not named and self.parser.get_http_version() != "1.0":
            self._stop(HTTPStatus.BAD_REQUEST, "The request does not say which host it is for. Send Host.")

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begin to answer a request: without a task, if the application can do so."""
        go_on, heard = partial(super()._start_asgi_task, cycle, app), self._heard
        ours, deliver = self.application, partial(self._deliver, cycle)
        if not (ours and heard and ours.hasten(heard, cast(Scope, cycle.scope), deliver, go_on)):
            go_on()

    def _deliver(self, cycle: RequestResponseCycle, head: bytes, body: bytes) -> None:
        """Send a whole answer, as the cycle of a request would."""
        if cycle.disconnected:
            return
        cycle.response_started = cycle.response_complete = True
        closing = b"" if cycle.keep_alive else b"connection: close\r\n"
        self._send(head + closing, body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def _send(self, head: bytes, body: bytes) -> None:
        date = b"".join([b"%s: %s\r\n" % field for field in self.server_state.default_headers])
        cast(Joined, self.transport).write_whole(b"%s%s\r\n%s" % (head, date, body))

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; an answer that went out at once needs none."""
        if not self._at_once:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End to measure a request."""
        self._reading = None
        if not self._at_once:
            super().on_message_complete()
            return
        self._send(*self._at_once)
        self.on_response_complete()

    @property
    def _is_busy(self) -> bool:
        """Tell whether an answer to an earlier request is still to come, or to be taken."""
        if self.pipeline or self.transport.get_write_buffer_size() > _UNREAD:
            return True
        return not (self.cycle is None or self.cycle.response_complete)

    def send_400_response(self, msg: str) -> None:
        """Tell what is wrong with a request that cannot be read."""
        self._refuse(*self._refusal)

    def _stop(self, status: HTTPStatus, detail: str) -> None:
        self._refusal = status, detail
        raise ValueError(detail)  # the parser passes it on, and the request is refused

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        report = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
        body = json.dumps(report).encode()
        retry = b"retry-after: 5\r\n" if status == HTTPStatus.SERVICE_UNAVAILABLE else b""
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: application/problem+json\r\naccess-control-allow-origin: *\r\n%s"
            b"content-length: %d\r\nconnection: close\r\n\r\n%s"
            % (status, status.phrase.encode(), retry, len(body), body)
        )
        self.transport.close()

    def _look_at_time(self) -> None:
        """Close the connection of a client that takes too long to send or to read."""
        now, unread = self.loop.time(), self.transport.get_write_buffer_size()
        if not unread or unread != self._unread:
            self._unread, self._stuck = unread, now
        if now - self._stuck > WRITING:
            self.transport.abort()
        elif self._reading is not None and now - self._reading > self.reading and not self.transport.is_closing():
            if self.cycle and self.cycle.response_started and not self.cycle.response_complete:
                self.transport.abort()
            else:
                self._refuse(
                    HTTPStatus.REQUEST_TIMEOUT, f"The request took more than {self.reading:g} seconds to come."
                )
        self._look = self.loop.call_later(_LOOK, self._look_at_time)


def _read(target: bytes, fields: list[tuple[bytes, bytes]]) -> Heard | None:
    """Return what the answer to a request depends on, if it depends on nothing else."""
    accept = accept_encoding = b""
    for name, value in fields:
        if name == b"accept" and not accept:
            accept = value
        elif name == b"accept-encoding" and not accept_encoding:
            accept_encoding = value
        elif name not in _NO_MATTER:
            return None
    return Heard(target, accept, accept_encoding)


def connection(application: Application | None, seconds: float) -> type[Connection]:
    """Return the kind of connection for a server whose queries may take so many seconds: a request gets no more."""
    reading = min(_MOST, max(_LEAST, seconds))
    return type("Connection", (Connection,), {"application": application, "reading": reading})


class FaultsOnly(logging.Filter):
    """Lets what the server does wrong into the log, and not what clients do."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line is to be logged."""
        return not record.getMessage().startswith(_NO_FAULTS)
