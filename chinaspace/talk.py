"""Talk to a worker process from the event loop: ask it, and take in its answer as it comes."""

from __future__ import annotations

import asyncio
import json
import os
import time

from chinaspace.engine import UnacceptableError
from chinaspace.errors import QueryError, ServiceError
from chinaspace.fork import Forked
from chinaspace.work import ABROAD, DATA, FAULT, FRAME, NUMBER, TYPE, UNFIT

_READ = 2**18
# How nice long queries are to short ones and to the server: beside them they get a tenth of a processor.
_LOW = 10
# With so much in hand, no more is taken in.
_MOST = 2**19


class LostError(Exception):
    """The worker has ended."""


class Worker:
    """Our end of a worker, and what has come from it: the *media_type*, *data*, and how it *ended*."""

    def __init__(self, forked: Forked) -> None:
        """Take over a worker; nothing is sent yet."""
        self.forked = forked
        self.media_type, self.data, self.ended = "", bytearray(), b""
        self._buffer = bytearray()
        # The loop looks at the channel until the worker is let go: to begin and end that with each query costs more
        # than all the rest. Only tests have one loop after another.
        self._loop: asyncio.AbstractEventLoop | None = None
        self._file = forked.channel.fileno()
        self._ready: asyncio.Future[None] | None = None
        self._lost = False
        self._process, self._is_low = 0, False
        self._before: float | None = None

    @property
    def worked(self) -> float:
        """Return the seconds of a processor that the last question has taken since this was first asked of it.

        Other programs do not add to them. Most questions are answered before
        anybody asks, and reading a clock takes a good part of what they take.
        """
        if not self._process:
            return 0.0
        # Linux has a clock for each process, whose number is made of that of the process (see clock_getcpuclockid).
        try:
            now = time.clock_gettime((~self._process << 3) | 2)
        except OSError:
            return 0.0  # it has ended
        if self._before is None:
            self._before = now
        return now - self._before

    def lives(self) -> bool:
        """Tell whether an idle worker is still there; what it said of itself at its start is taken in."""
        try:
            while not self._lost and (received := self.forked.channel.recv(_READ)):
                self._buffer += received
                self._take_frames()
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def ask(self, asked: bytes) -> None:
        """Send a request.

        Raises:
            LostError: the worker has ended.
        """
        self.media_type, self.ended, self._before = "", b"", None
        self._listen()
        try:
            sent = self.forked.channel.send(asked)
            if sent < len(asked):
                await asyncio.get_running_loop().sock_sendall(self.forked.channel, asked[sent:])
        except OSError as error:
            raise LostError from error

    async def read(self) -> None:
        """Wait until more has come, or until somebody calls :meth:`wake`; cancelling this loses nothing.

        Raises:
            LostError: the worker has ended.
        """
        if self._lost:
            raise LostError
        self._listen()
        self._ready = asyncio.get_running_loop().create_future()
        try:
            await self._ready
        finally:
            self._ready = None

    def wake(self) -> None:
        """End a :meth:`read` that is under way, whether or not more has come."""
        if self._ready and not self._ready.done():
            self._ready.set_result(None)

    def rank(self, long: bool) -> bool:
        """Give the worker the priority of long queries, or of short ones; tell whether the system lets it have it."""
        if self._process and long != self._is_low:
            try:
                os.setpriority(os.PRIO_PROCESS, self._process, _LOW if long else 0)
                self._is_low = long
            except OSError:
                return False  # lower it may always be, but higher again only for some users
        return True

    def pause(self) -> None:
        """Take in no more until the next call of :meth:`read`, so that the worker has to wait."""
        if self._loop and not self._loop.is_closed():
            self._loop.remove_reader(self._file)
        self._loop = None

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.add_reader(self._file, self._take_in)

    def _take_in(self) -> None:
        try:
            received = self.forked.channel.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if received:
            self._buffer += received
            self._take_frames()
            if len(self.data) >= _MOST:
                self.pause()
        else:
            self._lost = True
            self.pause()
        if self._ready and not self._ready.done():
            self._ready.set_result(None) if received else self._ready.set_exception(LostError())

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
            elif kind == NUMBER:
                self._process = int(content)
            elif kind == TYPE:
                self.media_type = content.decode()
            else:
                self.ended = kind
                if kind in (FAULT, UNFIT, ABROAD):
                    self.data = content
        del self._buffer[:start]

    def take(self) -> bytes:
        """Return the data that have come.

        Raises:
            QueryError: the query was refused, malformed or failed.
            ServiceError: a service that it calls gave no answer.
            UnacceptableError: no type fits.
        """
        data = bytes(self.data)
        self.data.clear()
        if self.ended == ABROAD:
            raise ServiceError(*json.loads(data))
        if self.ended in (FAULT, UNFIT):
            raise QueryError(*json.loads(data)) if self.ended == FAULT else UnacceptableError(data.decode())
        return data
