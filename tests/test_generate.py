"""The generator of benchmark graphs: what it writes is claims like the real ones, valid, and always the same."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.ask import solve
from chinaspace.engine import select
from chinaspace.load import Loaded, load
from chinaspace.names import CS
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.rules import read_rules
from chinaspace.validate import find_problems
from generate import PARAMETERS, write

SMALLEST = 10_000
SEED = 7
MODALITIES = f"SELECT ?modality (COUNT(?claim) AS ?claims) {{ ?claim <{CS}modality> ?modality }} GROUP BY ?modality"

each_query = pytest.mark.parametrize("query", saved_queries().values(), ids=lambda query: query.name)
# Points of maps and comparisons with other data sets are not drawn.
NOT_DRAWN = {"link-drift", "places"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a generated file."""
    return write(tmp_path_factory.mktemp("generated") / "graph.ttl", SMALLEST, SEED)


@pytest.fixture(scope="module")
def generated(path: Path) -> Loaded:
    """Return a generated graph, loaded."""
    return load([path])


def test_the_same_arguments_give_the_same_bytes(path: Path, tmp_path: Path) -> None:
    """Size and seed decide every byte, and another seed gives another graph."""
    assert write(tmp_path / "again.ttl", SMALLEST, SEED).read_bytes() == path.read_bytes()
    assert write(tmp_path / "other.ttl", SMALLEST, SEED + 1).read_bytes() != path.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_both_formats_say_the_same(path: Path, tmp_path: Path) -> None:
    """Turtle and N-Triples hold the same triples, as many as were asked for and hardly more."""
    lines = set(ox.parse(path=str(write(tmp_path / "graph.nt", SMALLEST, SEED))))
    assert lines == set(ox.parse(path=str(path)))
    assert SMALLEST <= len(lines) < SMALLEST + 50


def test_what_is_written_is_valid(tmp_path: Path) -> None:
    """The shapes find nothing wrong."""
    small = load([write(tmp_path / "small.ttl", 2_500, SEED)])
    assert small.claims > 100
    assert find_problems(small.store, read_rules()) == []


@each_query
def test_every_saved_query_finds_rows(query: SavedQuery, generated: Loaded) -> None:
    """Each saved query has rows, with values for all of its parameters and for those it cannot do without."""
    given = PARAMETERS.get(query.name, {})
    assert set(given) == {parameter.name for parameter in query.parameters}
    needed = {one.name for one in query.parameters if one.required or one.default is not None}
    for chosen in (given, {name: value for name, value in given.items() if name in needed}):
        assert len(list(solve(generated.store, query, chosen))) >= (query.name not in NOT_DRAWN)


def test_the_mix_is_the_real_one(generated: Loaded, graph: Loaded) -> None:
    """Claims are facts, plans and opinions in about the shares of the real graph, and have as many statements."""
    shares = []
    for loaded in (generated, graph):
        counts = {row[0].value: int(row[1].value) for row in select(loaded.store, MODALITIES)}
        shares.append({name.removeprefix(CS): count / loaded.claims for name, count in counts.items()})
    ours, real = shares
    assert all(abs(ours.get(name, 0) - real[name]) < 0.1 for name in real)
    assert generated.conflicts > 0
    assert generated.bad_dates == ()
    assert abs(generated.facts / generated.claims - graph.facts / graph.claims) < 0.15
