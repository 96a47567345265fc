"""Send the answers of workers over HTTP: with their length, or piece by piece as they come."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Response
from starlette.types import Receive, Scope, Send

from chinaspace.compress import LEAST, compress, stream
from chinaspace.errors import KilledError
from chinaspace.negotiate import coding
from chinaspace.result import Reply

_T = TypeVar("_T")
# What nginx notes for a client that has closed the connection; nobody receives it.
_GONE = 499
_UNWATCHED = 0.05
_PIECE = 2**18
_VARY = (b"vary", b"accept, accept-encoding")
# A copy is asked about each time, so that none outlives a change of the data.
_ASK_AGAIN = (b"cache-control", b"public, no-cache")
_KEEP_NOTHING = (b"cache-control", b"no-store")
# An entity tag in a list; that it is a weak one does not matter here (RFC 9110, section 13.1.2).
_TAG = re.compile(r'(?:W/)?("[^"]*")\s*(?:,|\Z)')
# What tells of a body, and has no place where there is none.
_OF_A_BODY = frozenset((b"content-type", b"content-length", b"content-encoding"))


@dataclass(frozen=True)
class Validity:
    """What tells a client later whether its copy still holds: an entity tag and a date of HTTP, each may be ""."""

    tag: str = ""
    modified: str = ""

    def holds(self, scope: Scope) -> bool:
        """Tell whether the copy that a request speaks of is this one; a date only where it speaks of no tag.

        A date has to be the very same, because the data can be set back to older ones.
        """
        given = header(scope, b"if-none-match")
        if given:
            return bool(self.tag) and self.tag.removeprefix("W/") in _TAG.findall(given)
        return bool(self.tag and self.modified) and header(scope, b"if-modified-since") == self.modified

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the fields that say so."""
        if not self.tag:
            return [_VARY, _KEEP_NOTHING]
        fields = [_VARY, _ASK_AGAIN, (b"etag", self.tag.encode())]
        return [*fields, (b"last-modified", self.modified.encode())] if self.modified else fields


def header(scope: Scope, name: bytes) -> str:
    """Return the value of a request's header, several joined as one; "" where there is none."""
    return ", ".join([value.decode("latin-1") for key, value in scope["headers"] if key == name])


def any_holds(scope: Scope) -> bool:
    """Tell whether a client wants an answer only if there is none: it is told by 304 that there is one."""
    return scope["method"] in ("GET", "HEAD") and header(scope, b"if-none-match").strip() == "*"


def bodiless(fields: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the fields of an answer that stay where it has no body."""
    return [field for field in fields if field[0] not in _OF_A_BODY]


def client_of(scope: Scope) -> str:
    """Return the address of who asks."""
    return scope["client"][0] if scope.get("client") else ""


def pack(reply: Reply, fields: list[tuple[bytes, bytes]], wanted: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the head of a whole answer, with *fields*, and its body, in the coding that is *wanted* if it is any."""
    head, body = _head(reply, fields), reply.body
    if wanted and len(body) >= LEAST:
        body = reply.coded.get(wanted) or reply.coded.setdefault(wanted, compress(body, wanted))
        head.append((b"content-encoding", wanted.encode()))
    head.append((b"content-length", b"%d" % len(body)))
    return head, body


def _head(reply: Reply, fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    text = "; charset=utf-8" if reply.media_type.startswith("text/") else ""
    return [(b"content-type", f"{reply.media_type}{text}".encode()), *fields]


class Unchanged(Response):
    """The answer to a client whose copy still holds."""

    def __init__(self, validity: Validity) -> None:
        """Say what the copy is known by."""
        super().__init__(status_code=304)
        self.raw_headers = validity.headers()


class Answered(Response):
    """The answer to a query, compressed if the client likes; where there is none, nobody waits for it.

    One that is not complete yet is cut where it ends too early or takes too
    long: it lacks its last chunk, so that no client takes the part for the whole.
    """

    def __init__(self, reply: Reply | None, validity: Validity, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
        """Send *reply*, which a client may keep as long as *validity* says, with *more* fields in its head."""
        self.background = None
        self.status_code = 200 if reply else _GONE
        self._reply, self._fields = reply or Reply("text/plain", b""), [*validity.headers(), *more]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, its head alone if the method is HEAD."""
        reply, wanted = self._reply, coding(header(scope, b"accept-encoding"))
        if reply.rest is not None and (scope["method"] == "HEAD" or any_holds(scope)):
            reply.close()
            await self._begin(send, _head(reply, self._fields))
            await send({"type": "http.response.body", "body": b""})
        elif reply.rest is not None and scope["http_version"] == "1.0":
            # Without chunks its end is the end of the connection, so a cut answer would pass for a whole one.
            await self._send_whole(send, Reply(reply.media_type, await reply.whole()), wanted)
        elif reply.rest is not None:
            await self._unless_gone(receive, self._send_pieces(send, reply, reply.rest, wanted))
        else:
            await self._send_whole(send, reply, wanted)

    async def _begin(self, send: Send, fields: list[tuple[bytes, bytes]]) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": fields})

    async def _send_whole(self, send: Send, reply: Reply, wanted: str) -> None:
        fields, body = pack(reply, self._fields, wanted)
        await self._begin(send, fields)
        if len(body) <= _PIECE:
            await send({"type": "http.response.body", "body": body})
            return
        # A client that does not read must not have it all put into the memory of its connection.
        for start in range(0, len(body), _PIECE):
            piece, end = body[start : start + _PIECE], start + _PIECE >= len(body)
            await send({"type": "http.response.body", "body": piece, "more_body": not end})

    async def _unless_gone(self, receive: Receive, work: Awaitable[None]) -> None:
        sending, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._reply.close()
            gone.cancel()
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending

    async def _send_pieces(self, send: Send, reply: Reply, rest: AsyncIterator[bytes], wanted: str) -> None:
        made = stream(wanted)
        try:
            async with asyncio.timeout_at(reply.finish):
                coded = [(b"content-encoding", wanted.encode())] if wanted else []
                await self._begin(send, [*_head(reply, self._fields), *coded])
                await send({"type": "http.response.body", "body": made.feed(reply.body), "more_body": True})
                async for piece in rest:
                    await send({"type": "http.response.body", "body": made.feed(piece), "more_body": True})
        except (TimeoutError, KilledError):
            return
        await send({"type": "http.response.body", "body": made.finish(), "more_body": False})


async def unless_gone(receive: Receive, work: Awaitable[_T]) -> _T | None:
    """Return the result of *work*; stop it and return nothing once the client has gone."""
    own, over, left = asyncio.current_task(), False, False
    assert own is not None

    async def look() -> None:
        nonlocal left
        await _gone(receive)
        left = not over and own.cancel()

    looking: list[asyncio.Task[None]] = []
    # Most answers are there before it is worth while to look.
    timer = own.get_loop().call_later(_UNWATCHED, lambda: looking.append(asyncio.ensure_future(look())))
    try:
        return await work
    except asyncio.CancelledError:
        if not left:
            raise
        own.uncancel()
        return None
    finally:
        over = True
        timer.cancel()
        for task in looking:
            task.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
