"""No saved query has become much slower: each is held to ten times what the benchmark has recorded of it."""

from __future__ import annotations

import pytest

from chinaspace.load import Loaded
from chinaspace.queries import SavedQuery, saved_queries
from pace import LEAST, pace, plain_seconds, recorded

MOST_TIMES = 10


@pytest.fixture(scope="module")
def plain(graph: Loaded) -> float:
    """Return the processor time of a look at all claims, by which the others are told."""
    return plain_seconds(graph.store)


def test_each_query_is_recorded() -> None:
    """The benchmark has a line for each query."""
    assert set(recorded()) == set(saved_queries())


@pytest.mark.parametrize("query", list(saved_queries().values()), ids=lambda query: query.name)
def test_within_ten_times_the_benchmark(query: SavedQuery, graph: Loaded, plain: float) -> None:
    """In processor time, and as a multiple of the same look at all claims, a query keeps to its pace."""
    bound = MOST_TIMES * max(LEAST, recorded()[query.name])
    # One run will do unless something held it up.
    assert any(pace(graph.store, query, {}, plain, runs=1) <= bound for _ in range(3))
