"""Places are shared: who has fewest comes first, and nobody fills the queue for the others."""

from __future__ import annotations

import asyncio

import pytest

from chinaspace.errors import BusyError
from chinaspace.share import Lane


def order(lane: Lane, clients: str) -> str:
    """Return in which order waiting clients get the places that are given back one after the other."""

    async def wait() -> str:
        served = ""

        async def take(client: str) -> None:
            nonlocal served
            await lane.take(client, 5)
            served += client

        for client in "aa":
            await lane.take(client, 5)
        tasks = [asyncio.ensure_future(take(client)) for client in clients]
        await asyncio.sleep(0)
        for client in "aa":
            lane.give(client)
            await asyncio.sleep(0.01)
        while len(served) < len(clients):
            lane.give(served[-1])
            await asyncio.sleep(0.01)
        await asyncio.gather(*tasks)
        return served

    return asyncio.run(wait())


def test_who_has_fewest_comes_first() -> None:
    """A client that asks much waits for the one that asks little."""
    assert order(Lane(2, 2, 10), "aaab") == "baaa"


def test_clients_take_turns() -> None:
    """Clients with equally many take turns, however many wait for each."""
    assert order(Lane(2, 2, 10), "cccbb")[:4] in ("cbcb", "bcbc", "cbbc", "bccb")


def test_one_client_cannot_have_it_all() -> None:
    """A client has at most its share, even where places are free."""
    lane = Lane(2, 1, 10)
    assert lane.try_take("a")
    assert not lane.try_take("a")
    assert lane.try_take("b")


def test_a_full_queue() -> None:
    """A client that fills the queue is refused, and makes way for another."""

    async def fill() -> None:
        lane = Lane(1, 1, 3)
        await lane.take("a", 5)
        waiting = [asyncio.ensure_future(lane.take("a", 5)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await lane.take("a", 5)
        other = asyncio.ensure_future(lane.take("b", 5))
        await asyncio.sleep(0)
        lane.give("a")
        lane.give("a")
        await other
        with pytest.raises(BusyError):
            await waiting[-1]
        lane.give("b")
        lane.give("a")
        await asyncio.gather(*waiting, return_exceptions=True)
        assert lane.try_take("c")

    asyncio.run(fill())


def test_patience_ends() -> None:
    """Who waits too long is told, and takes no place afterwards."""

    async def wait() -> None:
        lane = Lane(1, 1, 3)
        await lane.take("a", 5)
        with pytest.raises(BusyError):
            await lane.take("b", 0.01)
        lane.give("a")
        assert lane.try_take("c")

    asyncio.run(wait())
