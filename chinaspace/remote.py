"""Answer queries from a remote SPARQL service, as if the graph were here: same forms, same limits, same errors."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import httpx
import pyoxigraph as ox

from chinaspace.adapt import adapter
from chinaspace.call import Address, asked, check_head, fault, named_faults, settings
from chinaspace.defer import defer
from chinaspace.dispatch import Dispatcher
from chinaspace.engine import GRAPH_TYPES, RESULT_TYPES, choose
from chinaspace.errors import AwayError, ChinaSpaceError, DeadlineError, KilledError
from chinaspace.narrow import narrow
from chinaspace.relay import Inlet, Outlet, relay
from chinaspace.result import Reply
from chinaspace.scope import Scope
from chinaspace.share import Lane
from chinaspace.survey import Survey
from chinaspace.work import Limits

_QUEUE = 256
_PATIENCE = 4.0
_PIECE = 2**16
# What of a report of a fault is read.
_MOST_OF_A_FAULT = 4096
# Where nobody says how many, so many queries are under way at once for each processor: the work is done elsewhere.
_EACH = 8
# Seconds between two looks at what the store holds.
_LOOK = 60.0
# A graph that is not there; a store is asked for it instead of for one that somebody names.
_NONE = "https://w3id.org/chinaspace/graph/none"


class Watched(Protocol):
    """A data set elsewhere: what is known of it, and how to know more."""

    @property
    def survey(self) -> Survey:
        """Return what is known."""
        ...

    def refresh(self) -> None:
        """Find out whether it is still so."""
        ...


class Remote:
    """Sends queries to a remote store, and its answers on.

    Each query is first parsed here, by a worker process with an empty graph: what is
    malformed gets the same answer as from a store of ours, and what is beyond the
    standard never gets out. All calls come from one event loop at a time.
    """

    def __init__(
        self, address: Address, watched: Watched, limits: Limits | None = None, workers: int | None = None
    ) -> None:
        """Answer from what is *watched* at *address*; at most *workers* queries are under way at once."""
        self.limits, self._watched, self._look_at = limits or Limits(), watched, 0.0
        places = workers or _EACH * (os.cpu_count() or 2)
        self._address, self._lane = address, Lane(places, max(1, places - 1), _QUEUE)
        self._parser = Dispatcher(ox.Store(), self.limits, 2)
        self._threads = ThreadPoolExecutor(places, "relay")
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: Future[None] | None = None

    def close(self) -> None:
        """End; queries that are under way are lost."""
        self._parser.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._client and self._loop and self._loop.is_running():
            self._loop.create_task(self._client.aclose())

    @property
    def busy(self) -> bool:
        """Tell whether a query is under way."""
        return bool(self._lane.taken + self._lane.waiting)

    async def ask(self, query: str, accept: list[str], scope: Scope | None = None, client: str = "") -> Reply:
        """Answer *query* in the first of the media types *accept* that can hold it; any if it is empty.

        Raises:
            AwayError: the store cannot be reached.
            BusyError: there was no place for the query in time.
            DeadlineError: the query took too long.
            KilledError: the answer is larger than it may be.
            QueryError: the query is refused, malformed or fails.
            RemoteError: the store gives no answer that can be passed on.
            UnacceptableError: no type fits.
        """
        kind = (await self._parser.ask(query, None, None, client)).media_type
        media_type = choose(accept, list(GRAPH_TYPES if kind == "CONSTRUCT" else RESULT_TYPES))
        narrowed = await asyncio.get_running_loop().run_in_executor(self._threads, narrow, query)
        self._look()
        await self._lane.take(client, _PATIENCE)
        run = _Run(self, kind, client)
        try:
            request = asked(narrowed.text, self._within(scope or narrowed.scope), kind)
            async with asyncio.timeout_at(run.finish):
                return await run.answer(request, media_type, narrowed.limit)
        except TimeoutError as error:
            raise DeadlineError(
                f"The query took longer than {self.limits.seconds:g} seconds. "
                "Ask for less: narrow the patterns, or add LIMIT."
            ) from error
        finally:
            if not run.streams:
                run.end()

    def _look(self) -> None:
        """Have someone look, from time to time, whether the store still holds the same."""
        now = asyncio.get_running_loop().time()
        if now >= self._look_at and (self._looking is None or self._looking.done()):
            if self._look_at:
                self._looking = defer(self._watched.refresh)  # a store that hangs keeps no query from a thread
            self._look_at = now + _LOOK

    def _within(self, scope: Scope | None) -> Scope | None:
        """Return *scope* without graphs that the store does not have, which it might go and fetch."""
        if scope is None:
            return self._watched.survey.scope
        graphs = self._watched.survey.graphs
        default = tuple(name for name in scope.default if name in graphs)
        named = tuple(name for name in scope.named if name in graphs)
        return Scope(default or (_NONE,), named or (_NONE,))

    async def send(self, request: dict[str, object]) -> httpx.Response:
        """Send a request; once more where the store had hung up on us before, since a query changes nothing."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client, self._loop = httpx.AsyncClient(**settings(self._address, self.limits.seconds)), loop  # type: ignore[arg-type]
        for again in (True, False):
            try:
                with named_faults():
                    built = self._client.build_request("POST", self._address.url, **request)  # type: ignore[arg-type]
                    return await self._client.send(built, stream=True)
            except AwayError:
                if not again:
                    raise
        raise AssertionError("the second time returns or raises")

    def run(self, inlet: Inlet, outlet: Outlet, kind: str, accept: list[str]) -> None:
        """Write an answer on a thread."""
        self._threads.submit(relay, inlet, outlet, kind, accept)

    def leave(self, client: str) -> None:
        """Give a place back."""
        self._lane.give(client)


class _Run:
    """One query on its way: its place, its connection and its thread."""

    def __init__(self, home: Remote, kind: str, client: str) -> None:
        self.streams = False
        self.finish = asyncio.get_running_loop().time() + home.limits.seconds
        self._home, self._kind, self._client = home, kind, client
        self._response: httpx.Response | None = None
        self._inlet: Inlet | None = None
        self._outlet, self._ended = Outlet(), False

    async def answer(self, request: dict[str, object], media_type: str, limit: int | None) -> Reply:
        """Return the answer: all of it, or of a long one what is there, with the rest to come."""
        self._response = response = await self._home.send(request)
        if response.status_code != 200:
            raise fault(response.status_code, await self._beginning(response))
        check_head(response, self._kind, limit)
        mend = adapter(response.headers.get("server", "")) if self._kind != "CONSTRUCT" else None
        self._inlet = inlet = Inlet(self._pieces(response), self._home.limits.mebibytes * 2**20, mend)
        self._home.run(inlet, self._outlet, self._kind, [media_type])
        body = bytearray()
        while len(body) < _PIECE:
            piece = await self._outlet.take()
            if piece is None:
                return Reply(self._outlet.media_type, bytes(body))
            body += piece
        self.streams = True
        return Reply(self._outlet.media_type, bytes(body), self._rest(), self.finish, self.end)

    def end(self) -> None:
        """Give back what is held."""
        if self._ended:
            return
        self._ended = True
        self._outlet.close()
        if self._inlet:
            self._inlet.close()
        self._home.leave(self._client)
        if self._response:
            asyncio.get_running_loop().create_task(_hang_up(self._response))

    async def _pieces(self, response: httpx.Response) -> AsyncIterator[bytes]:
        with named_faults():
            async for piece in response.aiter_bytes():
                yield piece

    async def _beginning(self, response: httpx.Response) -> str:
        beginning = b""
        async for piece in self._pieces(response):
            beginning += piece
            if len(beginning) > _MOST_OF_A_FAULT:
                break
        return beginning[:_MOST_OF_A_FAULT].decode("utf-8", "replace")

    async def _rest(self) -> AsyncIterator[bytes]:
        """Give the rest of a long answer as it comes.

        Raises:
            KilledError: it does not come to its end.
        """
        try:
            while (piece := await self._outlet.take()) is not None:
                yield piece
        except ChinaSpaceError as error:
            raise KilledError("The remote store broke off within its answer.") from error


async def _hang_up(response: httpx.Response) -> None:
    with contextlib.suppress(httpx.HTTPError, RuntimeError):
        await response.aclose()
