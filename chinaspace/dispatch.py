"""Send each query to a worker process, and end the worker where the query takes too much."""

from __future__ import annotations

import asyncio
import os
from collections import Counter

from chinaspace.errors import BusyError, DeadlineError, KilledError
from chinaspace.guard import check_length
from chinaspace.result import Reply
from chinaspace.run import PATIENCE, Run
from chinaspace.scope import Scope
from chinaspace.share import Lane
from chinaspace.staff import Staff
from chinaspace.talk import LostError
from chinaspace.work import Limits, Shared, request

_QUEUE = 256
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
        # Those in line share as many workers as can run at once; there are more of them than that, so that none of
        # these workers has to wait. A query that has a worker for itself may turn out to be long, and then holds its
        # place for a moment, so there are twice as many places as can run at once.
        self.line = Lane(4 * count, 4 * count, _QUEUE)
        self.short = Lane(2 * count, 2 * count, _QUEUE)
        self.long = Lane(2 * count, 2 * count - 1, _QUEUE)
        self.staff = Staff(shared, self.limits, count)
        self.stopped: Counter[str] = Counter()

    def close(self) -> None:
        """End all workers; queries that are under way are lost."""
        self.staff.close()

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
        return await self.go_on(None, request(query, accept, scope), client)

    async def go_on(self, run: Run | None, asked: bytes, client: str) -> Reply:
        """Answer what *asked* holds, a request of a worker; *run* is under way with it already, if it is given.

        Raises:
            ChinaSpaceError: as for :meth:`ask`.
        """
        latest = asyncio.get_running_loop().time() + PATIENCE + self.limits.seconds
        # A worker may also have ended for a reason of its own: then a new one is asked, which only the query can end.
        for anew in (False, True):
            run = run if run and not anew else Run(self, client, anew, latest)
            try:
                return await run.answer(asked)
            except LostError:
                continue
            except (DeadlineError, BusyError, asyncio.CancelledError) as error:
                self.count(error)
                raise
            finally:
                if not run.streams:
                    run.end()
        self.stopped["memory"] += 1
        raise KilledError(
            f"The query ended its process, most likely by taking more than {self.limits.mebibytes} MiB. "
            "Ask for less: narrow the patterns, or drop DISTINCT, GROUP BY or ORDER BY over many rows."
        )

    def count(self, error: BaseException) -> None:
        """Count a query that was stopped, by the reason."""
        self.stopped[_REASONS[type(error)]] += 1

    @property
    def busy(self) -> bool:
        """Tell whether a query is under way."""
        return any(lane.waiting or lane.taken for lane in (self.line, self.short, self.long))
