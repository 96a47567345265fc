"""Keep answers that were given, and let equal queries that are under way wait for one answer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias

from chinaspace.errors import AwayError, ChinaSpaceError, DeadlineError, KilledError, QueryError
from chinaspace.protocol import Asked
from chinaspace.result import Reply
from chinaspace.scope import Scope

# No answer takes more than this part of the whole.
_PART = 8
# What an entry takes beside its body, and a body beside itself once it is compressed as well.
_ENTRY = 1024
_COPIES = 2
# So long do others wait for an answer that has begun, but does not end.
_PATIENCE = 0.5


class Answerer(Protocol):
    """What answers queries: worker processes, or another service."""

    async def ask(self, query: str, accept: list[str], scope: Scope | None = None, client: str = "") -> Reply:
        """Answer *query* in the first of the media types *accept* that can hold it."""
        ...


class _Unshared(Enum):
    AGAIN = "the leader gave up: somebody else has to ask"
    ALONE = "the answer is not kept: everybody has to ask"


_Key: TypeAlias = tuple[str, Asked]


class Flight(NamedTuple):
    """A query that is under way, and what those wait for who ask the same."""

    key: _Key
    outcome: asyncio.Future[Reply | _Unshared]


class Cache:
    """Answers by data set, query, graphs and forms, within a number of bytes; those not used the longest go first.

    An answer belongs to the digest of its data set, so none outlives it. All
    calls come from one event loop at a time.
    """

    def __init__(self, most_bytes: int) -> None:
        """Begin empty; with 0 bytes nothing is kept, but equal queries still share one answer."""
        self.hits = self.misses = self.shared = self.held = 0
        self.most = most_bytes
        self._kept: OrderedDict[_Key, Reply] = OrderedDict()
        self._flights: dict[_Key, Flight] = {}

    async def ask(
        self, source: Answerer, digest: str, asked: Asked, client: str, flight: Flight | None = None
    ) -> Reply:
        """Answer from what is kept, or with *source*, which alone can answer where this *flight* has begun.

        Raises:
            ChinaSpaceError: whatever *source* raises.
        """
        if flight:
            return await self._lead(flight, source, client)
        if asked.volatile or not digest:
            return await source.ask(asked.query, list(asked.types), asked.scope, client)
        key = (digest, asked)
        while True:
            if (kept := self.find(digest, asked)) is not None:
                return kept
            if (other := self._flights.get(key)) is None:
                return await self._lead(self._depart(key), source, client)
            shared = await asyncio.shield(other.outcome)  # who leaves does not take the others along
            if isinstance(shared, Reply):
                self.shared += 1
                return shared
            if shared is _Unshared.ALONE:
                self.misses += 1
                return await source.ask(asked.query, list(asked.types), asked.scope, client)

    def depart(self, digest: str, asked: Asked) -> Flight | None:
        """Begin to answer, and let others wait; nothing where an answer is kept, under way, or never to be kept.

        The flight has to come to its end by :meth:`arrive`, or by :meth:`ask`.
        """
        key = (digest, asked)
        if asked.volatile or not digest or key in self._kept or key in self._flights:
            return None
        return self._depart(key)

    def arrive(self, flight: Flight, reply: Reply | None) -> None:
        """End a flight with a whole answer, or with none: then others have to ask for themselves."""
        if reply:
            self._keep(flight.key, reply)
        self._land(flight, reply or _Unshared.AGAIN)

    def find(self, digest: str, asked: Asked) -> Reply | None:
        """Return the answer that is kept, if there is one."""
        kept = self._kept.get((digest, asked))
        if kept is not None:
            self.hits += 1
            self._kept.move_to_end((digest, asked))
        return kept

    def forget_others(self, digest: str) -> None:
        """Drop the answers of all data sets but one."""
        for key in [key for key in self._kept if key[0] != digest]:
            self._drop(key)

    def _depart(self, key: _Key) -> Flight:
        self.misses += 1
        flight = self._flights[key] = Flight(key, asyncio.get_running_loop().create_future())
        return flight

    async def _lead(self, flight: Flight, source: Answerer, client: str) -> Reply:
        asked = flight.key[1]
        try:
            reply = await source.ask(asked.query, list(asked.types), asked.scope, client)
        except (AwayError, QueryError, DeadlineError, KilledError) as error:
            self._land(flight, error)
            raise
        except BaseException:
            self._land(flight, _Unshared.AGAIN)  # the client left, or it had no place
            raise
        if reply.rest is None:
            self.arrive(flight, reply)
            return reply
        timer = asyncio.get_running_loop().call_later(_PATIENCE, self._land, flight, _Unshared.ALONE)
        return self._listen(flight, reply, timer.cancel)

    def _listen(self, flight: Flight, reply: Reply, stop: Callable[[], None]) -> Reply:
        """Let a long answer pass through, and keep it if it turns out not to be too long."""
        rest, close = reply.rest, reply.close
        assert rest is not None

        async def pass_on() -> AsyncIterator[bytes]:
            pieces, size = [reply.body], len(reply.body)
            async for piece in rest:
                size += len(piece)
                if size <= self._most_of_one:
                    pieces.append(piece)
                else:
                    pieces.clear()
                    self._land(flight, _Unshared.ALONE)
                yield piece
            if size <= self._most_of_one:
                whole = Reply(reply.media_type, b"".join(pieces))
                self.arrive(flight, whole)

        def end() -> None:
            stop()
            self._land(flight, _Unshared.AGAIN)
            close()

        return Reply(reply.media_type, reply.body, pass_on(), reply.finish, end)

    def _land(self, flight: Flight, outcome: Reply | _Unshared | ChinaSpaceError) -> None:
        """Give everybody who waits the outcome, once."""
        if self._flights.get(flight.key) is flight:
            del self._flights[flight.key]
        if flight.outcome.done():
            return
        if isinstance(outcome, ChinaSpaceError):
            flight.outcome.set_exception(outcome)
            flight.outcome.exception()  # nobody has to wait for it
        else:
            flight.outcome.set_result(outcome)

    @property
    def _most_of_one(self) -> int:
        return self.most // _PART // _COPIES - _ENTRY

    def _keep(self, key: _Key, reply: Reply) -> None:
        if len(reply.body) > self._most_of_one or key in self._kept:
            return
        self._kept[key] = reply
        self.held += _size(key, reply)
        while self.held > self.most:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: _Key) -> None:
        self.held -= _size(key, self._kept.pop(key))


def _size(key: _Key, reply: Reply) -> int:
    return _COPIES * len(reply.body) + len(key[1].query) * 4 + _ENTRY
