"""Answers are kept by what they answer, and equal queries under way share one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import TypeVar

import pytest

from chinaspace.cache import Cache
from chinaspace.errors import AwayError, BusyError, ChinaSpaceError, QueryError
from chinaspace.protocol import Asked
from chinaspace.result import Reply
from chinaspace.scope import Scope

T = TypeVar("T")
ONE, OTHER = Asked("one", ("text/csv",)), Asked("other", ("text/csv",))


class Source:
    """Answers with what it was asked, after a moment, and counts; *fault* is raised instead, *pieces* come later."""

    def __init__(self, fault: ChinaSpaceError | None = None, pieces: list[bytes] | None = None) -> None:
        """Answer from now on."""
        self.asked = 0
        self.closed = 0
        self.fault, self.pieces = fault, pieces
        self.free = asyncio.Event()

    async def ask(self, query: str, accept: list[str], scope: Scope | None = None, client: str = "") -> Reply:
        """Answer."""
        self.asked += 1
        await asyncio.wait_for(self.free.wait(), 5)
        if self.fault:
            raise self.fault
        if self.pieces is None:
            return Reply(accept[0], query.encode())
        return Reply(accept[0], b"", self._rest(self.pieces), 0, self._close)

    async def _rest(self, pieces: list[bytes]) -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    def _close(self) -> None:
        self.closed += 1


def run(work: Coroutine[None, None, T]) -> T:
    """Return what *work* gives."""
    return asyncio.run(asyncio.wait_for(work, 10))


async def both(cache: Cache, source: Source, asked: Asked = ONE, times: int = 2) -> list[Reply | BaseException]:
    """Ask the same at the same time."""
    tasks = [asyncio.ensure_future(cache.ask(source, "d", asked, str(n))) for n in range(times)]
    await asyncio.sleep(0.01)
    source.free.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_an_answer_is_kept() -> None:
    """What was answered once is not asked again, for the same data, query, forms and graphs."""

    async def go() -> tuple[int, int, int]:
        cache, source = Cache(10**6), Source()
        source.free.set()
        for asked in (ONE, ONE, OTHER, Asked("one", ("text/tab-separated-values",)), Asked("one", (), Scope(("a",)))):
            if asked.types:
                await cache.ask(source, "d", asked, "")
        await cache.ask(source, "another", ONE, "")
        return source.asked, cache.hits, cache.misses

    assert run(go()) == (4, 1, 4)


def test_equal_queries_share_one_answer() -> None:
    """While a query is under way, others wait for its answer."""

    async def go() -> tuple[int, set[object], int]:
        cache, source = Cache(0), Source()
        replies = await both(cache, source, times=5)
        return source.asked, {id(reply) for reply in replies}, cache.shared

    asked, replies, shared = run(go())
    assert (asked, len(replies), shared) == (1, 1, 4)


def test_a_fault_of_the_query_is_shared() -> None:
    """A query that fails for one fails for all who wait, and is asked again later."""

    async def go() -> tuple[list[Reply | BaseException], int]:
        cache, source = Cache(10**6), Source(QueryError("malformed"))
        replies = await both(cache, source)
        await asyncio.gather(cache.ask(source, "d", ONE, ""), return_exceptions=True)
        return replies, source.asked

    replies, asked = run(go())
    assert all(isinstance(reply, QueryError) for reply in replies)
    assert asked == 2


def test_a_fault_of_the_hour_is_not_shared() -> None:
    """Who finds no place, or leaves, takes nobody else along: another one asks."""

    async def busy(fault: BusyError) -> int:
        source = Source(fault)
        await both(Cache(10**6), source, times=3)
        return source.asked

    async def leaving() -> tuple[int, bytes]:
        cache, source = Cache(10**6), Source()
        first, second = (asyncio.ensure_future(cache.ask(source, "d", ONE, "")) for _ in "ab")
        await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.sleep(0.01)
        source.free.set()
        return source.asked, (await second).body

    assert run(busy(BusyError("busy"))) == 3
    assert run(busy(AwayError("away"))) == 1  # the others would wait as long, one after the other
    assert run(leaving()) == (2, b"one")


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?n) {}", "SELECT (RAND() AS ?n) {}"])
def test_what_changes_is_not_kept(query: str) -> None:
    """An answer that may be another a moment later is neither kept nor shared."""

    async def go() -> int:
        cache, source = Cache(10**6), Source()
        await both(cache, source, Asked(query, ("text/csv",)))
        return source.asked

    assert run(go()) == 2


def test_without_a_digest_nothing_is_kept() -> None:
    """Where it is not known which data are asked, nothing is kept."""

    async def go() -> int:
        cache, source = Cache(10**6), Source()
        source.free.set()
        for _ in range(2):
            await cache.ask(source, "", ONE, "")
        return source.asked

    assert run(go()) == 2


def test_the_bound() -> None:
    """No more bytes are held than were allowed, and the answers that were used last are the ones that stay."""

    async def go() -> tuple[list[bool], list[bool]]:
        cache, source, bound = Cache(100_000), Source(), []
        source.free.set()
        many = [Asked(f"{n} " + "x" * 900, ("text/csv",)) for n in range(200)]
        for asked in many:
            await cache.ask(source, "d", asked, "")
            cache.find("d", many[0])
            bound.append(cache.held <= 100_000)
        return bound, [cache.find("d", asked) is not None for asked in many]

    bound, kept = run(go())
    assert all(bound)
    assert kept[0]
    assert kept[-1]
    assert not all(kept)


@pytest.mark.parametrize(("size", "again"), [(10, 1), (100_000, 2)])
def test_a_long_answer_is_kept_once_it_is_whole(size: int, again: int) -> None:
    """An answer that comes in pieces passes through, and is kept if it is not too long."""

    async def go() -> tuple[bytes, int, int]:
        cache, source = Cache(10**6), Source(pieces=[b"a" * size, b"b"])
        source.free.set()
        reply = await cache.ask(source, "d", ONE, "")
        body = await reply.whole()
        await cache.ask(source, "d", ONE, "")
        return body, source.asked, source.closed

    body, asked, closed = run(go())
    assert (body, asked) == (b"a" * size + b"b", again)
    assert closed >= 1


def test_a_cut_answer_is_not_kept() -> None:
    """What a client did not take to its end is no answer for others."""

    async def go() -> int:
        cache, source = Cache(10**6), Source(pieces=[b"a", b"b"])
        source.free.set()
        reply = await cache.ask(source, "d", ONE, "")
        assert reply.rest is not None
        await anext(reply.rest)
        reply.close()
        await cache.ask(source, "d", ONE, "")
        return source.asked

    assert run(go()) == 2


def test_other_data_sets_are_forgotten() -> None:
    """When the data change, the answers from those before go."""

    async def go() -> tuple[int, int]:
        cache, source = Cache(10**6), Source()
        source.free.set()
        await cache.ask(source, "old", ONE, "")
        held = cache.held
        cache.forget_others("new")
        return held, cache.held

    held, after = run(go())
    assert held > 0
    assert after == 0
