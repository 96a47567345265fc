"""Send each query to a worker process, and end the worker where the query takes too much."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator

from chinaspace.errors import BusyError, DeadlineError, KilledError, QueryError, ServiceError
from chinaspace.fork import Nursery
from chinaspace.guard import check_length
from chinaspace.result import Reply
from chinaspace.scope import Scope
from chinaspace.share import Lane
from chinaspace.talk import LostError, Worker
from chinaspace.work import LAST, Limits, Shared, request

# A query that has taken more of a processor than the slice is a long one. It goes on in a place for these as soon as
# one is free; where none is, and others wait for its worker, it is stopped in the end, to start anew when there is one.
# What takes time without a processor is a long one as well: a full answer that is taken slowly, or, after a while, a
# query that waits for another service.
_SLICE = 0.05
_LAST_SLICE = 0.1
_LEAST_SLICE = 0.03
_FULL_SLICE = 0.3
_IDLE_SLICE = 2.0
_LOOK = 0.05
_PATIENCE = 4.0
# So many workers are kept for each place, so that long queries do not cost a new one each.
_SPARE = 3
_QUEUE = 256
# An answer up to here is sent with its length, in one piece.
_PIECE = 2**16
# Why a query was stopped, by what it was stopped with.
_REASONS: dict[type[BaseException], str] = {
    DeadlineError: "deadline",
    BusyError: "busy",
    asyncio.CancelledError: "client gone",
}


class Dispatcher:
    """Answers queries in worker processes: short ones at once, long ones in places of their own.

    A query starts on a worker for short ones. If it is not done within a moment,
    it goes on as a long one if there is a place, and is otherwise stopped and
    waits for one to start anew. So a long query holds nobody up but long ones.
    All calls come from one event loop at a time.
    """

    def __init__(self, shared: Shared, limits: Limits | None = None, workers: int | None = None) -> None:
        """Start *workers* processes, or as many as there are processors; twice as many more may run long queries."""
        self.limits = limits or Limits()
        count = workers or max(2, os.cpu_count() or 2)
        # Twice as many as can run at once: a place is held for a moment by each query that will turn out to be long.
        self.short = Lane(2 * count, 2 * count, _QUEUE)
        self.long = Lane(2 * count, 2 * count - 1, _QUEUE)
        self.nursery, self._count = Nursery(shared, self.limits), count
        self.stopped: Counter[str] = Counter()
        self._idle = [Worker(self.nursery.spawn()) for _ in range(count)]

    def close(self) -> None:
        """End all workers; queries that are under way are lost."""
        self.nursery.close()
        for worker in self._idle:
            worker.pause()
            worker.forked.channel.close()
        self._idle.clear()

    async def ask(self, query: str, accept: list[str] | None, scope: Scope | None = None, client: str = "") -> Reply:
        """Answer *query* in the first of the media types *accept* that can hold it; any if it is empty.

        If it is None, the media type of the reply is what the query asks for: SELECT, ASK or CONSTRUCT.

        Raises:
            BusyError: there was no place for the query in time.
            DeadlineError: the query took too long.
            KilledError: the query ended its worker, twice.
            QueryError: the query is refused, malformed or fails.
            UnacceptableError: no type fits.
        """
        check_length(query)
        asked = request(query, accept, scope)
        latest = asyncio.get_running_loop().time() + _PATIENCE + self.limits.seconds
        # A worker may also have ended for a reason of its own: then a new one is asked, which only the query can end.
        for anew in (False, True):
            run = _Run(self, client, latest, anew)
            try:
                return await run.answer(asked)
            except LostError:
                continue
            except (DeadlineError, BusyError, asyncio.CancelledError) as error:
                self.stopped[_REASONS[type(error)]] += 1
                raise
            finally:
                if not run.streams:
                    run.end()
        self.stopped["memory"] += 1
        raise KilledError(
            f"The query ended its process, most likely by taking more than {self.limits.mebibytes} MiB. "
            "Ask for less: narrow the patterns, or drop DISTINCT, GROUP BY or ORDER BY over many rows."
        )

    @property
    def idle(self) -> int:
        """Return how many workers stand ready."""
        return len(self._idle)

    def hire(self, anew: bool = False) -> Worker:
        """Return a worker that is free, or a new one."""
        while self._idle and not anew:
            worker = self._idle.pop()
            if worker.lives():
                return worker
            worker.pause()
            self.nursery.kill(worker.forked)
        return self._spawn()

    def dismiss(self, worker: Worker, keep: bool) -> None:
        """Take back a worker, and have one ready in its place if it is not to be kept."""
        if keep and len(self._idle) < _SPARE * self._count and worker.rank(long=False):
            self._idle.append(worker)
            return
        worker.pause()
        self.nursery.kill(worker.forked)
        self.refill()

    def refill(self) -> None:
        """Have one more worker ready, if fewer are than there are places."""
        if len(self._idle) < self._count and not self.nursery.closed:
            self._idle.append(self._spawn())

    def _spawn(self) -> Worker:
        try:
            return Worker(self.nursery.spawn())
        except OSError as error:
            raise BusyError("The server is stopping. Ask again in a few seconds.") from error


class _Run:
    """One query on its way: the place and the worker that it holds."""

    def __init__(self, home: Dispatcher, client: str, latest: float, anew: bool) -> None:
        self.streams, self._anew = False, anew
        self._home, self._client, self._latest = home, client, latest
        self._lane: Lane | None = None
        self._worker: Worker | None = None
        self._loop = asyncio.get_running_loop()

    async def answer(self, asked: bytes) -> Reply:
        """Return the answer: all of it, or of a long one what is there, with the rest to come."""
        seconds = self._home.limits.seconds
        worker = await self._start(self._home.short, asked)
        begin = self._loop.time()
        if not await self._finish_soon(worker, begin) and not await self._settle(begin):
            self.end()
            worker = await self._start(self._home.long, asked)
            begin = min(self._loop.time(), self._latest - seconds)
        if not worker.ended:
            await self._gather(worker, begin + seconds, least=1)
        if not worker.ended and (not worker.data or self._lane is self._home.short):
            raise DeadlineError(
                f"The query took longer than {seconds:g} seconds. Ask for less: narrow the patterns, or add LIMIT."
            )
        body = worker.take()
        if worker.ended:
            return Reply(worker.media_type, body)
        self.streams = True
        return Reply(worker.media_type, body, self._rest(worker), begin + seconds, self.end)

    async def _finish_soon(self, worker: Worker, begin: float) -> bool:
        """Take in a short answer; tell whether it has ended before the query is a long one."""
        until = begin + min(self._home.limits.seconds, _SLICE)
        while not await self._gather(worker, until):
            now = self._loop.time()
            if len(worker.data) >= _PIECE or worker.worked >= _SLICE or now >= begin + _IDLE_SLICE:
                return False
            if now >= begin + self._home.limits.seconds:
                return False
            until = now + _LOOK
        return True

    async def _settle(self, begin: float) -> bool:
        """Wait for a long place at work; tell whether the query may go on: not if others wait for its short one."""
        short, long, worker = self._home.short, self._home.long, self._worker
        assert worker is not None
        while not worker.ended and self._loop.time() < begin + self._home.limits.seconds:
            if long.try_take(self._client):
                short.give(self._client)
                self._lane = long
                worker.rank(long=True)
                return True
            if short.wanted and self._used_up(worker, begin):
                return False
            if len(worker.data) < _PIECE:
                await self._gather(worker, self._loop.time() + _LOOK)
            else:
                await asyncio.sleep(_LOOK)
        return True

    def _used_up(self, worker: Worker, begin: float) -> bool:
        age = self._loop.time() - begin
        if len(worker.data) >= _PIECE or worker.worked >= _LEAST_SLICE:
            return age >= _FULL_SLICE or worker.worked >= _LAST_SLICE
        return age >= _IDLE_SLICE

    def end(self) -> None:
        """Give back what is held; a worker that is not done is not used again."""
        worker, lane, self._worker, self._lane = self._worker, self._lane, None, None
        if lane:
            lane.give(self._client)
        if worker:
            keep = worker.ended not in (b"", LAST)
            worker.data.clear()
            self._home.dismiss(worker, keep)

    async def _start(self, lane: Lane, asked: bytes) -> Worker:
        await lane.take(self._client, max(0.0, self._latest - self._home.limits.seconds - self._loop.time()))
        self._lane = lane
        self._worker = self._home.hire(self._anew)
        self._worker.rank(long=lane is self._home.long)
        await self._worker.ask(asked)
        return self._worker

    async def _gather(self, worker: Worker, until: float, least: int = _PIECE) -> bool:
        """Take in the answer until its end, *least* bytes or a time; tell whether it has ended."""
        timer = self._loop.call_at(until, worker.wake)  # a third of what asyncio.timeout takes; up to 1 ms early
        try:
            while not worker.ended and len(worker.data) < least and self._loop.time() < until - 0.001:
                await worker.read()
        finally:
            timer.cancel()
        return bool(worker.ended)

    async def _rest(self, worker: Worker) -> AsyncIterator[bytes]:
        """Give the rest of a long answer as it comes; the worker waits while nobody takes it.

        Raises:
            KilledError: the worker has ended before the answer.
        """
        try:
            while not worker.ended or worker.data:
                if not worker.data:
                    await worker.read()
                if worker.data:
                    yield worker.take()  # raises where the query failed on its way
        except (LostError, QueryError, ServiceError) as error:
            raise KilledError("The query ended its process within its answer.") from error
