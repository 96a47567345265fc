"""Talk to a worker process from the event loop: ask it, and take in its answer as it comes."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field

from chinaspace.engine import UnacceptableError
from chinaspace.errors import QueryError
from chinaspace.fork import Forked
from chinaspace.work import DATA, FAULT, FRAME, TYPE, UNFIT

_READ = 2**18


class LostError(Exception):
    """The worker has ended."""


@dataclass(eq=False)
class Worker:
    """Our end of a worker, and what has come from it."""

    forked: Forked
    media_type: str = ""
    data: bytearray = field(default_factory=bytearray)
    ended: bytes = b""
    _buffer: bytearray = field(default_factory=bytearray)

    def lives(self) -> bool:
        """Tell whether an idle worker is still there."""
        try:
            return self.forked.channel.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    async def ask(self, asked: bytes) -> None:
        """Send a request.

        Raises:
            LostError: the worker has ended.
        """
        self.media_type, self.ended = "", b""
        try:
            await asyncio.get_running_loop().sock_sendall(self.forked.channel, asked)
        except OSError as error:
            raise LostError from error

    async def read(self) -> None:
        """Wait until more is there, and take it in; cancelling this loses nothing.

        Raises:
            LostError: the worker has ended.
        """
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        loop.add_reader(self.forked.channel, _wake, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self.forked.channel)
        try:
            received = self.forked.channel.recv(_READ)
        except BlockingIOError:
            return
        except OSError as error:
            raise LostError from error
        if not received:
            raise LostError
        self._buffer += received
        self._take_frames()

    def _take_frames(self) -> None:
        start = 0
        while len(self._buffer) - start >= FRAME.size:
            kind, length = FRAME.unpack_from(self._buffer, start)
            end = start + FRAME.size + length
            if len(self._buffer) < end:
                break
            content = self._buffer[start + FRAME.size : end]
            start = end
            if kind == DATA:
                self.data += content
            elif kind == TYPE:
                self.media_type = content.decode()
            else:
                self.ended = kind
                if kind in (FAULT, UNFIT):
                    self.data = content
        del self._buffer[:start]

    def take(self) -> bytes:
        """Return the data that have come.

        Raises:
            QueryError: the query was refused, malformed or failed.
            UnacceptableError: no type fits.
        """
        data = bytes(self.data)
        self.data.clear()
        if self.ended in (FAULT, UNFIT):
            raise (QueryError if self.ended == FAULT else UnacceptableError)(data.decode())
        return data


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
