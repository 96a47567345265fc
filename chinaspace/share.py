"""Share a number of places among clients: who has fewest comes first."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from chinaspace.errors import BusyError

_BUSY = "The server is busy. Ask again in a few seconds."


class Lane:
    """Places that are taken and given back, each client at most *most* at once, with a bounded queue.

    All calls come from one event loop at a time.
    """

    def __init__(self, places: int, most: int, queue: int) -> None:
        """Open the lane with all its places free."""
        self._free, self._most, self._queue = places, most, queue
        self._held: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def wanted(self) -> bool:
        """Tell whether anyone waits for a place."""
        return bool(self._waiting)

    @property
    def waiting(self) -> int:
        """Return how many wait for a place."""
        return sum(map(len, self._waiting.values()))

    @property
    def taken(self) -> int:
        """Return how many places are taken."""
        return self._held.total()

    def try_take(self, client: str) -> bool:
        """Take a place if there is one for *client* now; whoever waits already comes first."""
        if not self._free or self._held[client] >= self._most or self._next() is not None:
            return False
        self._grant(client)
        return True

    async def take(self, client: str, patience: float) -> None:
        """Take a place, as soon as there is one.

        Raises:
            BusyError: the queue is full, or no place was free within *patience* seconds.
        """
        if self.try_take(client):
            return
        place = self.queue(client)
        timer = asyncio.get_running_loop().call_later(patience, refuse, place)
        try:
            await place
        except BaseException:
            self.leave(client, place)
            raise
        finally:
            timer.cancel()

    def queue(self, client: str) -> asyncio.Future[None]:
        """Stand in the queue, and return what is done once a place is taken.

        Raises:
            BusyError: the queue is full.
        """
        if self.waiting >= self._queue:
            longest = max(self._waiting, key=lambda other: len(self._waiting[other]))
            if len(self._waiting[longest]) <= len(self._waiting.get(client, ())) + 1:
                raise BusyError(_BUSY)
            # A client that fills the queue keeps no other out of it.
            refuse(self._waiting[longest].pop())
        place = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        return place

    def leave(self, client: str, place: asyncio.Future[None]) -> None:
        """Leave the queue, and give the place back if it was taken in the very moment of giving up."""
        if place.done() and not place.cancelled() and place.exception() is None:
            self.give(client)
        queue = self._waiting.get(client)
        if queue is not None and place in queue:
            queue.remove(place)
        if queue is not None and not queue:
            del self._waiting[client]

    def give(self, client: str) -> None:
        """Give a place back."""
        self._free += 1
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        while self._free and (chosen := self._next()) is not None:
            place = self._waiting[chosen].popleft()
            # Whoever got a place goes to the end of those that have as many.
            queue = self._waiting.pop(chosen)
            if queue:
                self._waiting[chosen] = queue
            if not place.done():
                self._grant(chosen)
                place.set_result(None)

    def _grant(self, client: str) -> None:
        self._free -= 1
        self._held[client] += 1

    def _next(self) -> str | None:
        able = [client for client in self._waiting if self._held[client] < self._most]
        return min(able, key=lambda client: self._held[client], default=None)


def refuse(place: asyncio.Future[None]) -> None:
    """Let nobody wait for a place any longer: there was none in time."""
    if not place.done():
        place.set_exception(BusyError(_BUSY))
