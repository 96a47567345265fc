"""Run one query on a worker: hold its place, judge whether it is a short one or a long one, and end it in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from chinaspace.errors import DeadlineError, KilledError, QueryError, ServiceError
from chinaspace.result import Reply
from chinaspace.share import Lane
from chinaspace.staff import Staff
from chinaspace.talk import Answer, LostError, Worker
from chinaspace.work import END, LAST, Limits

# A query that has taken more of a processor than the slice is a long one. It goes on in a place for these as soon as
# one is free; where none is, and others wait for its worker, it is stopped in the end, to start anew when there is one.
# What takes time without a processor is a long one as well: a full answer that is taken slowly, or, after a while, a
# query that waits for another service.
SLICE = 0.05
_LAST_SLICE = 0.1
_LEAST_SLICE = 0.03
_FULL_SLICE = 0.3
_IDLE_SLICE = 2.0
_LOOK = 0.05
# So many seconds a query waits for a place.
PATIENCE = 4.0
# An answer up to here is sent with its length, in one piece.
_PIECE = 2**16
# One that comes fast is held back for a moment, since once it has begun to go out it cannot be begun anew with another
# worker. More would take the server too long to compress at once.
_HELD = 2**18
_HELD_SECONDS = 0.1


class Places(Protocol):
    """The workers, and the places: in line at some of them, and with one alone, for short queries and for long ones."""

    limits: Limits
    line: Lane
    short: Lane
    long: Lane
    staff: Staff


class Run:
    """One query on its way: the place and the worker that it holds.

    It is begun either by :meth:`answer`, which waits for all, or by :meth:`start`,
    for somebody who would rather be told; :meth:`answer` can take over from that.
    """

    def __init__(self, home: Places, client: str, anew: bool = False, latest: float = 0) -> None:
        """Prepare a query of *client*, which has to end by *latest* on the loop's clock; *anew* wants a new worker."""
        self.streams, self._anew, self._shares = False, anew, False
        self._home, self._client = home, client
        self._lane: Lane | None = None
        self._worker: Worker | None = None
        self._answer: Answer | None = None
        self._loop = asyncio.get_running_loop()
        self._latest = latest or self._loop.time() + PATIENCE + home.limits.seconds
        self._begin = 0.0

    def start(self, asked: bytes, tell: Callable[[], None]) -> bool:
        """Begin on a worker, in a place in line that the caller has taken; tell whether that went well.

        The worker may have another query to answer before. *tell* is called whenever there is something to look at.

        Raises:
            BusyError: the server is stopping.
        """
        self._lane = self._home.line
        worker = self._worker = self._home.staff.lend()
        self._begin, self._shares = self._loop.time(), True
        self._answer, sent = worker.send(asked)
        if sent < len(asked):
            worker.spent = True
            self.end()
            return False
        self._answer.told = tell
        return True

    def finished(self) -> Reply | None:
        """Return the answer of a query that was begun by :meth:`start`, if it is there, all in one piece."""
        answer = self._answer
        if answer is None or answer.ended not in (END, LAST) or len(answer.data) > _PIECE:
            return None
        reply = Reply(answer.media_type, answer.take())
        self._let_go(answer)
        self._answer = None
        self.end()
        return reply

    @property
    def left(self) -> float:
        """Return for how many seconds more the query may pass for a short one."""
        worker = self._worker
        if worker is None or not worker.answers or worker.answers[0] is not self._answer:
            return SLICE
        return worker.since + SLICE - self._loop.time()

    @property
    def dropped(self) -> bool:
        """Tell whether the worker has no time for the query: it is to be begun again."""
        return self._answer is not None and self._answer.dropped

    @property
    def waits(self) -> bool:
        """Tell whether there is nothing to do but wait for more, with what is there still in one piece."""
        answer = self._answer
        return answer is not None and not (answer.ended or answer.lost) and len(answer.data) < _PIECE

    async def answer(self, asked: bytes) -> Reply:
        """Return the answer: all of it, or of a long one what is there, with the rest to come.

        Raises:
            BusyError, DeadlineError, QueryError, ServiceError: as for :meth:`chinaspace.dispatch.Dispatcher.ask`.
            LostError: the worker has ended.
        """
        seconds = self._home.limits.seconds
        answer = self._have_alone() or await self._start(self._home.short, asked)
        begin = self._begin
        if not await self._finish_soon(answer, begin) and not await self._settle(answer, begin):
            self.end()
            answer = await self._start(self._home.long, asked)
            begin = min(self._begin, self._latest - seconds)
        if not answer.ended:
            await self._gather(answer, begin + seconds, least=1)
        if not answer.ended and (not answer.data or self._lane is not self._home.long):
            raise DeadlineError(
                f"The query took longer than {seconds:g} seconds. Ask for less: narrow the patterns, or add LIMIT."
            )
        await self._gather(answer, self._loop.time() + _HELD_SECONDS, least=_HELD)
        body = answer.take()
        if answer.ended:
            return Reply(answer.media_type, body)
        self.streams = True
        return Reply(answer.media_type, body, self._rest(answer), begin + seconds, self.end)

    def end(self) -> None:
        """Give back what is held; a worker that is not done is not used again."""
        self._have_alone()
        lane, worker, answer = self._lane, self._worker, self._answer
        self._lane = self._worker = self._answer = None
        if lane:
            lane.give(self._client)
        if worker:
            self._home.staff.note(self._loop.time() - self._begin)
            done = answer is not None and answer.ended not in (b"", LAST)
            self._home.staff.dismiss(worker, done and not worker.spent)

    def _have_alone(self) -> Answer | None:
        """Have the worker that was begun on, if one was, for this query alone; return its answer, if it still comes."""
        if self._shares and self._worker and self._answer:
            self._shares, self._answer.told = False, None
            if self._answer.dropped:
                self._worker = self._answer = None
                self.end()
            elif self._answer.ended:
                self._let_go(self._answer)
            else:
                self._home.staff.claim(self._worker, self._answer)
        return self._answer

    def _let_go(self, answer: Answer) -> None:
        """Leave the worker to those in line behind an answer that has come to its end."""
        worker, self._worker = self._worker, None
        if worker:
            self._home.staff.note(answer.seconds)
            self._home.staff.give_back(worker, answer.ended != LAST)

    @property
    def _worked(self) -> float:
        return self._worker.worked(self._answer) if self._worker and self._answer else 0.0

    async def _finish_soon(self, answer: Answer, begin: float) -> bool:
        """Take in a short answer; tell whether it has ended before the query is a long one."""
        until = begin + min(self._home.limits.seconds, SLICE)
        while not await self._gather(answer, until):
            now = self._loop.time()
            if len(answer.data) >= _PIECE or self._worked >= SLICE or now >= begin + _IDLE_SLICE:
                return False
            if now >= begin + self._home.limits.seconds:
                return False
            until = now + _LOOK
        return True

    async def _settle(self, answer: Answer, begin: float) -> bool:
        """Wait for a long place at work; tell whether the query may go on: not if others wait for its short one."""
        lane, long = self._lane, self._home.long
        assert lane is not None
        while not answer.ended and self._loop.time() < begin + self._home.limits.seconds:
            if long.try_take(self._client):
                lane.give(self._client)
                self._lane = long
                if self._worker:
                    self._worker.rank(long=True)
                return True
            if lane.wanted and self._used_up(answer, begin):
                return False
            if len(answer.data) < _PIECE:
                await self._gather(answer, self._loop.time() + _LOOK)
            else:
                await asyncio.sleep(_LOOK)
        return True

    def _used_up(self, answer: Answer, begin: float) -> bool:
        age = self._loop.time() - begin
        if len(answer.data) >= _PIECE or self._worked >= _LEAST_SLICE:
            return age >= _FULL_SLICE or self._worked >= _LAST_SLICE
        return age >= _IDLE_SLICE

    async def _start(self, lane: Lane, asked: bytes) -> Answer:
        await lane.take(self._client, max(0.0, self._latest - self._home.limits.seconds - self._loop.time()))
        self._lane = lane
        self._worker = self._home.staff.hire(self._anew)
        self._worker.rank(long=lane is self._home.long)
        self._answer = await self._worker.ask(asked)
        self._begin = self._loop.time()
        return self._answer

    async def _gather(self, answer: Answer, until: float, least: int = _PIECE) -> bool:
        """Take in the answer until its end, *least* bytes or a time; tell whether it has ended."""
        timer = self._loop.call_at(until, answer.tell)  # a third of what asyncio.timeout takes; up to 1 ms early
        try:
            while not answer.ended and len(answer.data) < least and self._loop.time() < until - 0.001:
                await answer.read()
        finally:
            timer.cancel()
        return bool(answer.ended)

    async def _rest(self, answer: Answer) -> AsyncIterator[bytes]:
        """Give the rest of a long answer as it comes; the worker waits while nobody takes it.

        Raises:
            KilledError: the worker has ended before the answer.
        """
        try:
            while not answer.ended or answer.data:
                if not answer.data:
                    await answer.read()
                if answer.data:
                    yield answer.take()  # raises where the query failed on its way
        except (LostError, QueryError, ServiceError) as error:
            raise KilledError("The query ended its process within its answer.") from error
