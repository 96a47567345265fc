"""Talk to a worker process from the event loop: ask it, and take in its answer as it comes."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import deque
from collections.abc import Callable
from functools import partial

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


class Answer:
    """What has come of the answer to one question: the *media_type*, *data*, how it *ended*, and after what *seconds*.

    *told* is called when more has come, when the worker has ended, and when the
    question is *dropped*: the worker is to have no time for it.
    """

    def __init__(self, worker: Worker) -> None:
        """Wait for an answer of *worker*."""
        self.media_type, self.data, self.ended = "", bytearray(), b""
        self.seconds = 0.0
        self.told: Callable[[], None] | None = None
        self.dropped = False
        self._worker = worker

    @property
    def lost(self) -> bool:
        """Tell whether nothing more will come, though the answer has not ended."""
        return self._worker.lost and not self.ended

    def tell(self) -> None:
        """Tell whoever waits that there is something to look at."""
        if self.told:
            self.told()

    def drop(self) -> None:
        """Let nobody wait for it any longer: the worker has no time for it."""
        told, self.told, self.dropped = self.told, None, True
        if told:
            told()

    async def read(self) -> None:
        """Wait until more has come, or until somebody calls :meth:`tell`; cancelling this loses nothing.

        Raises:
            LostError: the worker has ended.
        """
        if self.lost:
            raise LostError
        self._worker.listen()
        ready = asyncio.get_running_loop().create_future()
        self.told = partial(_settle, ready)
        try:
            await ready
        finally:
            self.told = None
        if self.lost:
            raise LostError

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


class Worker:
    """Our end of a worker, and the *answers* that are still to come from it, in their order."""

    def __init__(self, forked: Forked) -> None:
        """Take over a worker; nothing is sent yet."""
        self.forked = forked
        self.answers: deque[Answer] = deque()
        self.lost = self.spent = False
        # Since when the first of the answers is being worked at, on the loop's clock.
        self.since = 0.0
        self._buffer = bytearray()
        # The loop looks at the channel until the worker is let go: to begin and end that with each query costs more
        # than all the rest. Only tests have one loop after another.
        self._loop: asyncio.AbstractEventLoop | None = None
        self._file = forked.channel.fileno()
        self._process, self._is_low = 0, False
        self._before: tuple[Answer, float] | None = None

    def worked(self, answer: Answer) -> float:
        """Return the seconds of a processor that a question has taken since this was first asked of it.

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
        if self._before is None or self._before[0] is not answer:
            self._before = answer, now
        return now - self._before[1]

    def lives(self) -> bool:
        """Tell whether an idle worker is still there; what it said of itself at its start is taken in."""
        try:
            while not self.lost and (received := self.forked.channel.recv(_READ)):
                self._buffer += received
                self._take_frames()
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def send(self, asked: bytes) -> tuple[Answer, int]:
        """Send as much of a request as goes at once; return its answer to be, and how many bytes were sent."""
        answer = Answer(self)
        if not self.answers:
            self.since = asyncio.get_running_loop().time()
        self.answers.append(answer)
        self.listen()
        try:
            return answer, self.forked.channel.send(asked)
        except OSError:
            return answer, 0  # there is no room, or the worker has ended

    async def ask(self, asked: bytes) -> Answer:
        """Send a request, and return its answer to be.

        Raises:
            LostError: the worker has ended.
        """
        answer, sent = self.send(asked)
        try:
            if sent < len(asked):
                await asyncio.get_running_loop().sock_sendall(self.forked.channel, asked[sent:])
        except OSError as error:
            raise LostError from error
        return answer

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
        """Take in no more until the next call of :meth:`listen`, so that the worker has to wait."""
        if self._loop and not self._loop.is_closed():
            self._loop.remove_reader(self._file)
        self._loop = None

    def listen(self) -> None:
        """Take in what comes."""
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
        else:
            self.lost = True
            self.pause()
        for answer in list(self.answers) if self.lost else list(self.answers)[:1]:
            answer.tell()

    def _take_frames(self) -> None:
        start, done = 0, []
        while len(self._buffer) - start >= FRAME.size:
            kind, length = FRAME.unpack_from(self._buffer, start)
            end = start + FRAME.size + length
            if len(self._buffer) < end:
                break
            content = self._buffer[start + FRAME.size : end]
            start = end
            if kind == NUMBER:
                self._process = int(content)
            elif self._take_part(kind, content):
                done.append(self.answers.popleft())
        del self._buffer[:start]
        if done and self._loop:
            now = self._loop.time()
            done[-1].seconds, self.since = now - self.since, now
        for answer in done:
            answer.tell()

    def _take_part(self, kind: bytes, content: bytearray) -> bool:
        """Add to the first answer; tell whether that was its end."""
        answer = self.answers[0]
        if kind == DATA:
            answer.data += content
            if len(answer.data) >= _MOST:
                self.pause()
        elif kind == TYPE:
            answer.media_type = content.decode()
        else:
            answer.ended = kind
            if kind in (FAULT, UNFIT, ABROAD):
                answer.data = content
        return bool(answer.ended)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
