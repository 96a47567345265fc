"""Short queries without a task of their own: in line at a worker, and handed over where they are not short."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Iterator
from typing import TypeVar

import pytest

from chinaspace.cache import Cache, Flight
from chinaspace.dispatch import Dispatcher
from chinaspace.errors import BusyError, DeadlineError, QueryError
from chinaspace.hasten import Hastened
from chinaspace.load import Loaded
from chinaspace.protocol import Asked
from chinaspace.result import Reply
from chinaspace.work import Limits
from live import children

T = TypeVar("T")
CSV = ("text/csv",)
ASK = "ASK { ?s ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { VALUES ?x { %s } }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LONG = "SELECT * { ?s ?p ?o . ?s ?q ?r }"


@pytest.fixture
def workers(world: Loaded) -> Iterator[Dispatcher]:
    """Two worker processes, and a second for each query."""
    workers = Dispatcher(world.store, Limits(seconds=1), 2)
    yield workers
    workers.close()


@pytest.fixture
def cache() -> Cache:
    """A cache that is empty."""
    return Cache(2**20)


def run(coroutine: Coroutine[None, None, T]) -> T:
    """Run to the end."""
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def begin(workers: Dispatcher, cache: Cache, query: str) -> tuple[Hastened, asyncio.Future[None]]:
    """Begin a query; the future is done once somebody has been told."""
    flight = cache.depart("digest", Asked(query, CSV))
    assert isinstance(flight, Flight)
    told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    hastened = Hastened(workers, cache, flight, "client")
    hastened.start(lambda _: told.set_result(None))  # an error if it is told twice
    return hastened, told


async def finish(cache: Cache, hastened: Hastened, told: asyncio.Future[None]) -> Reply:
    """Return the answer, by a task where it takes one."""
    await told
    flight = hastened.flight
    return hastened.reply or await cache.ask(hastened, *flight.key, "client", flight)


async def hurry(workers: Dispatcher, cache: Cache, query: str) -> Reply:
    """Answer a query as the server does."""
    return await finish(cache, *begin(workers, cache, query))


def test_a_short_query(workers: Dispatcher, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """A short query is answered without a task, its answer is kept, and its place is free again."""
    for module in ("run", "hasten"):
        monkeypatch.setattr(f"chinaspace.{module}.SLICE", 30)  # on a busy machine a worker may take long to start

    async def ask() -> Hastened:
        hastened, told = begin(workers, cache, ASK)
        await told
        return hastened

    hastened = run(ask())
    assert hastened.reply
    assert (hastened.reply.media_type, hastened.reply.body) == ("text/csv", b"true\n")
    assert cache.find("digest", Asked(ASK, CSV)) == hastened.reply
    assert not workers.busy


def test_in_line(workers: Dispatcher, cache: Cache) -> None:
    """Each of many queries has its own answer, whatever stands in line before it."""

    async def ask() -> list[bytes]:
        queries = [COUNT % " ".join(map(str, range(size))) for size in range(1, 60)]
        return [reply.body for reply in await asyncio.gather(*(hurry(workers, cache, query) for query in queries))]

    assert run(ask()) == [b"n\r\n%d\r\n" % size for size in range(1, 60)]
    assert not workers.busy


def test_behind_long_ones(workers: Dispatcher, cache: Cache) -> None:
    """A short query behind a long one is answered by another worker, while the long one goes on to its deadline."""

    async def ask() -> list[Reply | BaseException]:
        queries = [f"{SLOW}#{number}" for number in range(3)] + [f"{ASK}#{number}" for number in range(12)]
        return await asyncio.gather(*(hurry(workers, cache, query) for query in queries), return_exceptions=True)

    slow, short = (found := run(ask()))[:3], found[3:]
    assert [type(one) for one in slow] == [DeadlineError] * 3
    assert [one.body for one in short if isinstance(one, Reply)] == [b"true\n"] * 12
    assert workers.stopped["deadline"] == 3
    assert not workers.busy


def test_a_long_answer(workers: Dispatcher, cache: Cache, world: Loaded) -> None:
    """An answer that is too long to be sent in one piece goes on to a task, and is whole."""

    async def ask() -> bytes:
        return await (await hurry(workers, cache, LONG)).whole()

    assert run(ask()).count(b"\r\n") - 1 == len(list(world.store.query(LONG, use_default_graph_as_union=False)))  # type: ignore[arg-type]


def test_an_answer_that_comes_fast(workers: Dispatcher, cache: Cache) -> None:
    """An answer that is long, but comes fast, is there as a whole: the end of its worker cannot cut it any more."""
    query = 'SELECT ("%s" AS ?long) ?s WHERE { ?s ?p ?o } LIMIT %d'

    async def ask() -> list[Reply]:
        return [await hurry(workers, cache, query % ("x" * 1000, rows)) for rows in (150, 600)]

    held, streamed = run(ask())
    assert held.rest is None
    assert len(held.body) > 150_000
    assert streamed.rest is not None
    streamed.close()
    assert not workers.busy


def test_a_fault(workers: Dispatcher, cache: Cache) -> None:
    """What is wrong with a query is told as everywhere, and those behind it are none the worse."""

    async def ask() -> list[Reply | BaseException]:
        queries = ["SELECT * { ?s ?p }", ASK, "INSERT DATA { <urn:a> <urn:b> 1 }"]
        return await asyncio.gather(*(hurry(workers, cache, query) for query in queries), return_exceptions=True)

    assert [type(one) for one in run(ask())] == [QueryError, Reply, QueryError]


def test_faults_cost_no_worker(workers: Dispatcher, cache: Cache) -> None:
    """A query that is malformed or refused leaves its worker, and those in line behind it, where they are."""

    async def ask() -> list[Reply | BaseException]:
        await asyncio.gather(*(hurry(workers, cache, f"{ASK}#{number}") for number in range(20)))
        started.append(workers.staff.nursery.started)
        queries = [f"SELECT * {{ ?s ?p }} #{number}" if number % 2 else f"{ASK}##{number}" for number in range(20)]
        return await asyncio.gather(*(hurry(workers, cache, query) for query in queries), return_exceptions=True)

    started: list[int] = []
    assert [type(one) for one in run(ask())] == [Reply, QueryError] * 10
    assert workers.staff.nursery.started == started[0]
    assert not workers.busy


def test_a_worker_that_is_killed(world: Loaded, cache: Cache) -> None:
    """Queries whose worker is killed are asked anew, those in line behind them as well."""
    workers = Dispatcher(world.store, Limits(seconds=30), 2)
    lasting = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?b ?f FILTER ( ?a = ?d ) } #"

    async def ask() -> set[bytes]:
        await hurry(workers, cache, ASK)
        begun = [begin(workers, cache, f"{lasting}{number}") for number in range(4)]
        nursery = workers.staff.nursery.pid
        assert nursery
        for pid in children(nursery):
            os.kill(pid, signal.SIGKILL)
        return {reply.body for reply in await asyncio.gather(*(finish(cache, *one) for one in begun))}

    try:
        assert len(run(ask())) == 1
        assert not workers.busy
    finally:
        workers.close()


def test_equal_queries(workers: Dispatcher, cache: Cache) -> None:
    """A query that is under way is not begun again; who asks waits for the same answer."""

    async def ask() -> tuple[Reply, Reply]:
        hastened, told = begin(workers, cache, ASK)
        assert cache.depart("digest", Asked(ASK, CSV)) is None
        other = asyncio.ensure_future(cache.ask(workers, "digest", Asked(ASK, CSV), "other"))
        return await finish(cache, hastened, told), await other

    one, other = run(ask())
    assert one is other
    assert (cache.misses, cache.shared) == (1, 1)


def test_no_place(workers: Dispatcher, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits in vain for a place in line is told to come again, and it is counted."""
    monkeypatch.setattr("chinaspace.hasten.PATIENCE", 0.05)

    async def ask() -> None:
        for _ in range(8):
            await workers.line.take("other", 1)
        with pytest.raises(BusyError):
            await hurry(workers, cache, ASK)

        assert not workers.line.waiting

    run(ask())
    assert workers.stopped["busy"] == 1


def test_the_server_stops_meanwhile(world: Loaded, cache: Cache) -> None:
    """Queries that are under way, and in line behind them, are told at once to come again."""
    workers = Dispatcher(world.store, Limits(seconds=30), 2)

    async def ask() -> tuple[list[Reply | BaseException], float]:
        await hurry(workers, cache, ASK)
        begun = [begin(workers, cache, f"{SLOW}#{number}") for number in range(6)]
        await asyncio.sleep(0.02)
        workers.close()
        since = asyncio.get_running_loop().time()
        found = await asyncio.gather(*(finish(cache, *one) for one in begun), return_exceptions=True)
        return found, asyncio.get_running_loop().time() - since

    found, seconds = run(ask())
    assert [type(one) for one in found] == [BusyError] * 6
    assert seconds < 5
    assert not workers.busy


def test_the_server_stops(workers: Dispatcher, cache: Cache) -> None:
    """Once the workers have ended for good, a query is told to come again."""
    workers.close()
    with pytest.raises(BusyError):
        run(hurry(workers, cache, ASK))
