"""Send the answers of workers over HTTP: with their length, or piece by piece as they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import TypeVar

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from chinaspace.dispatch import Reply
from chinaspace.errors import KilledError

_T = TypeVar("_T")
# What nginx notes for a client that has closed the connection; nobody receives it.
_GONE = 499
_UNWATCHED = 0.05


def client_of(request: Request) -> str:
    """Return the address of who asks."""
    return request.client.host if request.client else ""


def respond(reply: Reply | None, method: str) -> Response:
    """Return the response that sends *reply*; one that nobody waits for where there is none."""
    if reply is None:
        return Response(status_code=_GONE)
    if reply.rest is None:
        return Response(reply.body, media_type=reply.media_type)
    if method == "HEAD":
        reply.close()
        return Response(media_type=reply.media_type)
    return _Stream(reply)


async def unless_gone(request: Request, work: Awaitable[_T]) -> _T | None:
    """Return the result of *work*; stop it and return nothing once the client has gone."""
    own, over, left = asyncio.current_task(), False, False
    assert own is not None

    async def look() -> None:
        nonlocal left
        await _gone(request.receive)
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


class _Stream(Response):
    """An answer that is not complete yet, which is cut where it ends too early or takes too long.

    A cut answer lacks its last chunk, so that no client takes the part for the whole.
    """

    def __init__(self, reply: Reply) -> None:
        super().__init__(media_type=reply.media_type)
        del self.headers["content-length"]
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending, gone = asyncio.ensure_future(self._send(send)), asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._reply.close()
            gone.cancel()
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending

    async def _send(self, send: Send) -> None:
        assert self._reply.rest is not None
        rest = self._reply.rest
        try:
            async with asyncio.timeout_at(self._reply.finish):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                await send({"type": "http.response.body", "body": self._reply.body, "more_body": True})
                async for piece in rest:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except (TimeoutError, KilledError):
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
