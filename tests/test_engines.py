"""Two engines give the same rows for every saved query, of which neither makes a difference by its dialect."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.query import ResultRow

from asked import OF_A_PART, OF_THE_GRAPH, OF_THE_WORLD
from chinaspace.ask import solve
from chinaspace.bind import bind
from chinaspace.load import Loaded
from chinaspace.queries import SavedQuery, saved_queries

SECONDS = 120  # the second engine takes twenty for some, on a machine that does nothing else

each_query = pytest.mark.parametrize("query", list(saved_queries().values()), ids=lambda query: query.name)


@pytest.fixture(scope="module")
def second_engine() -> Callable[[Loaded], rdflib.Dataset]:
    """Give what fills rdflib's own engine with the named graphs of a store, once for each store."""
    filled: dict[str, rdflib.Dataset] = {}

    def fill(loaded: Loaded) -> rdflib.Dataset:
        if loaded.digest not in filled:
            dataset = rdflib.Dataset(default_union=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # else "Z" becomes "+00:00"
                for name in loaded.store.named_graphs():
                    triples = loaded.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name)
                    dataset.graph(rdflib.URIRef(str(name).strip("<>"))).parse(data=triples, format="nt")
            filled[loaded.digest] = dataset
        return filled[loaded.digest]

    return fill


@each_query
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("which", ["world", "graph"])
def test_both_engines_agree(
    query: SavedQuery,
    which: str,
    request: pytest.FixtureRequest,
    second_engine: Callable[[Loaded], rdflib.Dataset],
    within: Callable[[int], AbstractContextManager[None]],
) -> None:
    """rdflib's engine and Oxigraph give the same rows, each as often."""
    loaded: Loaded = request.getfixturevalue(which)
    given = (OF_THE_WORLD if which == "world" else OF_THE_GRAPH | OF_A_PART).get(query.name, {})
    solutions = solve(loaded.store, query, given)
    names = [variable.value for variable in solutions.variables]
    first = [tuple(row[name].value if row[name] else "" for name in names) for row in solutions]
    dataset = second_engine(loaded)
    with within(SECONDS):
        rows = [row for row in dataset.query(bind(query, given)) if isinstance(row, ResultRow)]
    second = [tuple("" if term is None else str(term) for term in row) for row in rows]
    assert sorted(first) == sorted(second)
