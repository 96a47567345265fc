"""Lookups: what a page asks the graph, with terms bound and several queries at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from chinaspace.cache import Cache
from chinaspace.errors import QueryError
from chinaspace.load import Loaded
from chinaspace.lookup import look_up, lookup
from chinaspace.serving import Serving
from chinaspace.web import open_serving
from support import thing

HOSTILE = ["} DROP", '"> . ?s ?p ?o . #', "\\u0022", "\\", "'\"\n\t", "\u202e"]


@pytest.fixture(scope="module")
def serving(world: Loaded) -> Iterator[Serving]:
    """Give the world as it is served."""
    running = open_serving(world, Cache(0))
    yield running
    running.close()


def test_terms_are_bound(serving: Serving) -> None:
    """A lookup of two things gives rows of these two."""
    wanted = (thing("mission-lamp-1"), thing("country-north"))
    (rows,) = asyncio.run(look_up(serving, "", lookup("labels", thing=wanted)))
    assert {row["thing"] for row in rows} == set(wanted)


def test_several_are_asked_at_once(serving: Serving) -> None:
    """The rows come in the order of the queries, within their limits."""
    first, second, none = asyncio.run(
        look_up(
            serving,
            "",
            lookup("labels", thing=thing("mission-lamp-1"), limit=1),
            lookup("labels", limit=3, offset=1),
            lookup("labels", thing=()),
        )
    )
    assert (len(first), len(second), none) == (1, 3, [])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_a_text(serving: Serving, text: str) -> None:
    """Whatever a literal holds, it is that literal and no part of the query."""
    (rows,) = asyncio.run(look_up(serving, "", lookup("labels", label=ox.Literal(text, language="en"))))
    assert rows == []


def test_only_tables_are_read(serving: Serving) -> None:
    """A query that gives no rows is refused."""
    with pytest.raises(QueryError):
        asyncio.run(look_up(serving, "", "ASK { ?s ?p ?o }"))
