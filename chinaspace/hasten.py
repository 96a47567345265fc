"""Answer short queries without a task for each: to begin one, and to wake it, takes longer than many a query."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chinaspace.cache import Cache, Flight
from chinaspace.dispatch import Dispatcher
from chinaspace.errors import BusyError
from chinaspace.result import Reply
from chinaspace.run import PATIENCE, SLICE, Run
from chinaspace.scope import Scope
from chinaspace.share import refuse
from chinaspace.work import request


class Hastened:
    """A query that waits for its place, and runs, with nobody but callbacks to wait for it.

    Most end so. One that fails, that takes longer than a moment, or whose answer
    is long is handed over to a task, which goes on by asking it like any source
    of answers. All calls come from one event loop.
    """

    def __init__(self, workers: Dispatcher, cache: Cache, flight: Flight, client: str) -> None:
        """Prepare the query of a *flight*, which somebody at *client* waits for."""
        asked = flight.key[1]
        self.flight = flight
        self.reply: Reply | None = None
        self._workers, self._cache, self._client = workers, cache, client
        self._request = request(asked.query, list(asked.types), asked.scope)
        self._run: Run | None = None
        self._refused: BusyError | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tell: Callable[[Hastened], None] | None = None

    def start(self, tell: Callable[[Hastened], None]) -> None:
        """Begin; *tell* is called once, with the whole answer as *reply*, or without it: then a task has to go on."""
        self._tell = tell
        lane = self._workers.line
        try:
            if lane.try_take(self._client):
                self._go()
                return
            place = lane.queue(self._client)
        except BusyError as error:
            self._refused = error
            self._end()
            return
        place.add_done_callback(self._take_place)
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, refuse, place)

    async def ask(self, query: str, accept: list[str], scope: Scope | None = None, client: str = "") -> Reply:
        """Go on to answer the query, as :meth:`chinaspace.dispatch.Dispatcher.ask` does.

        Raises:
            ChinaSpaceError: as for that.
        """
        if self._refused:
            self._workers.count(self._refused)
            raise self._refused
        return await self._workers.go_on(self._run, self._request, client)

    def _take_place(self, place: asyncio.Future[None]) -> None:
        self._stop_timer()
        error = place.exception()
        if isinstance(error, BusyError):
            self._workers.line.leave(self._client, place)
            self._refused = error
            self._end()
        else:
            self._go()

    def _go(self) -> None:
        run = self._run = Run(self._workers, self._client)
        try:
            begun = run.start(self._request, self._look)
        except BusyError as error:
            run.end()
            begun, self._refused = False, error
        if begun:
            self._timer = asyncio.get_running_loop().call_later(SLICE, self._go_on_or_end)
        else:
            self._run = None
            self._end()

    def _go_on_or_end(self) -> None:
        """Wait for as long as the query may pass for a short one; others may have been before it."""
        left = self._run.left if self._run else 0
        if left > 0:
            self._timer = asyncio.get_running_loop().call_later(left, self._go_on_or_end)
        else:
            self._end()

    def _look(self) -> None:
        if self._tell is None or self._run is None:
            return
        if self._run.dropped:
            self._stop_timer()
            self._go()
            return
        self.reply = self._run.finished()
        if self.reply or not self._run.waits:
            self._end()

    def _end(self) -> None:
        self._stop_timer()
        tell, self._tell = self._tell, None
        if tell is None:
            return
        if self.reply:
            self._cache.arrive(self.flight, self.reply)
        tell(self)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
