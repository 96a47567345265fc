"""What is served at a time: one data set, the processes that answer from it, and what describes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate

from chinaspace.ask import prepare
from chinaspace.backdate import backdate, given_day
from chinaspace.cache import Answerer, Cache
from chinaspace.dispatch import Dispatcher
from chinaspace.errors import Candidate
from chinaspace.hasten import Hastened
from chinaspace.protocol import Asked
from chinaspace.queries import SavedQuery
from chinaspace.remote import Remote
from chinaspace.reply import Validity
from chinaspace.resolve import name_index, offers
from chinaspace.result import Reply
from chinaspace.scope import Scope
from chinaspace.store import Served, named_graphs
from chinaspace.visit import VISIT


class _Maker:
    """Makes what is kept."""

    def __init__(self, make: Callable[[], Awaitable[Reply]]) -> None:
        self._make = make

    async def ask(self, query: str, accept: list[str], scope: Scope | None = None, client: str = "") -> Reply:
        return await self._make()


class Serving:
    """A data set that is loaded, and what answers queries on it.

    *graphs* are the named graphs with the number of their triples, sorted by name.
    """

    def __init__(self, loaded: Served, answerer: Answerer, cache: Cache, modified: float | None = None) -> None:
        """Serve *loaded*; *modified* is the time of its last change, in seconds since 1970."""
        self.loaded, self.answerer = loaded, answerer
        self.graphs = tuple(named_graphs(loaded).items())
        self._cache = cache
        self._modified = formatdate(modified, usegmt=True) if modified else ""

    @property
    def digest(self) -> str:
        """Return the digest of the data set as it is now; nothing where a remote store does not tell it."""
        return self.loaded.digest or ""

    @property
    def triples(self) -> int:
        """Return how many triples there are in all."""
        return self.loaded.triples

    @property
    def claims(self) -> int:
        """Return how many of the things are claims."""
        return self.loaded.claims

    def validity(self, asked: Asked, more: str = "") -> Validity:
        """Return what tells whether a copy of the answer still holds; *more* is what else shapes the answer."""
        if asked.volatile or not self.digest:
            return Validity()
        return Validity(asked.tag(self.digest, more), self._modified)

    def kept(self, asked: Asked) -> Reply | None:
        """Return the answer to a query if it has been given before, and is kept."""
        return self._cache.find(self.digest, asked)

    async def ask(self, asked: Asked, client: str) -> Reply:
        """Answer a query.

        Raises:
            ChinaSpaceError: as for :meth:`chinaspace.dispatch.Dispatcher.ask`.
        """
        return await self._cache.ask(self.answerer, self.digest, asked, client)

    def hasten(self, asked: Asked, client: str, tell: Callable[[Hastened], None]) -> bool:
        """Begin to answer a query without a task, and say whether that can be; *tell* is called when it is through.

        What it is called with holds the answer; if it does not, a task has to :meth:`go_on`.
        """
        workers = self.workers
        if workers is None or not workers.staff.quick or not (flight := self._cache.depart(self.digest, asked)):
            return False
        Hastened(workers, self._cache, flight, client).start(tell)
        return True

    async def go_on(self, hastened: Hastened, client: str) -> Reply:
        """Answer a query that has begun.

        Raises:
            ChinaSpaceError: as for :meth:`ask`.
        """
        flight = hastened.flight
        return await self._cache.ask(hastened, flight.key[0], flight.key[1], client, flight)

    async def keep(self, asked: Asked, make: Callable[[], Awaitable[Reply]]) -> Reply:
        """Return what is made of answers, such as a page, once made and then kept beside them until the data change.

        *asked* names it: its types are such as no query is answered in.

        Raises:
            ChinaSpaceError: whatever *make* raises.
        """
        return await self._cache.ask(_Maker(make), self.digest, asked, "")

    @property
    def workers(self) -> Dispatcher | None:
        """Return the processes that answer, if it is processes of ours."""
        return self.answerer if isinstance(self.answerer, Dispatcher) else None

    @property
    def ready(self) -> bool:
        """Tell whether queries can be answered."""
        return self.workers is None or not self.workers.staff.nursery.closed

    @property
    def busy(self) -> bool:
        """Tell whether a query is under way."""
        if isinstance(self.answerer, Remote):
            return self.answerer.busy
        workers = self.workers
        return workers is not None and workers.busy

    @property
    def patience(self) -> float:
        """Return the seconds after which no query can be under way."""
        return 2 * self.answerer.limits.seconds if isinstance(self.answerer, Dispatcher | Remote) else 0

    def close(self) -> None:
        """End what answers; queries that are under way are lost."""
        if isinstance(self.answerer, Dispatcher | Remote):
            self.answerer.close()

    def prepare(self, query: SavedQuery, given: Mapping[str, str]) -> str:
        """Return the SPARQL of a saved query, as of the day of the visit where the query lets one tell.

        Raises:
            ParameterError: as for :func:`chinaspace.ask.prepare`.
        """
        day = VISIT.get().day
        return backdate(query, prepare(self.loaded.store, query, given_day(query, dict(given), day)), day)

    def offers(self, classes: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Return names that a form can offer for things of *classes*."""
        return offers(self.loaded.store, classes)

    def near(self, name: str) -> tuple[Candidate, ...]:
        """Return the things whose names are nearest to *name*, at most three."""
        return name_index(self.loaded.store).near(name)
