"""Ask a saved query from a notebook or a program, and get its rows with the labels of the things in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import pyoxigraph as ox

from chinaspace.ask import prepare
from chinaspace.errors import ParameterError
from chinaspace.frame import Frame, read_frame, things_in
from chinaspace.names import RDFS
from chinaspace.queries import find_query
from chinaspace.store import MEMORY, Served, open_store, solve

# Labels of so many things are asked for at a time: no service refuses a query of that length.
_BATCH = 200


def consult(name: str, store: str, parameters: dict[str, object]) -> Frame:
    """Return the rows of the saved query *name*.

    *store* is "memory", which is the built-in graph, a folder, or the address
    of a SPARQL service; it is opened once. A parameter that is None is left out.

    Raises:
        AwayError, DeadlineError, QueryError, RemoteError: a service gives no answer.
        ParameterError: a parameter is unknown, missing or wrong.
        StoreError: the store cannot be used.
        UnknownQueryError: there is no such query.
    """
    query, served = find_query(name), _opened(store)
    given = {key: _written(key, value) for key, value in parameters.items() if value is not None}
    found = read_frame(solve(served, prepare(served.store, query, given)))
    return Frame(found.columns, found.terms, look_up(served, things_in(found)))


def look_up(served: Served, iris: list[str]) -> dict[str, str]:
    """Return the labels of things, by IRI: the English one, or else any.

    Raises:
        AwayError, DeadlineError, QueryError, RemoteError: a service gives no answer.
    """
    found: dict[str, tuple[bool, str]] = {}
    for start in range(0, len(iris), _BATCH):
        for thing, label in _labels(served, iris[start : start + _BATCH]):
            ranked = (label.language != "en", label.value)
            found[thing] = min(found.get(thing, ranked), ranked)
    return {thing: label for thing, (_, label) in found.items()}


def _labels(served: Served, iris: list[str]) -> Iterator[tuple[str, ox.Literal]]:
    values = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    rows = solve(served, f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {values} }} ?thing <{RDFS}label> ?label }}")
    for row in rows:
        thing, label = row["thing"], row["label"]
        if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
            yield thing.value, label


def _written(key: str, value: object) -> str:
    """Return a parameter as one types it: texts, numbers and days of Python, and the IRIs of pyoxigraph."""
    if isinstance(value, bool) or not isinstance(value, str | int | date | ox.NamedNode):
        raise ParameterError(
            f"The parameter '{key}' is of the type {type(value).__name__}. Give a text, a number or a day."
        )
    return value.value if isinstance(value, ox.NamedNode) else str(value)


@lru_cache(maxsize=2)
def _opened(store: str) -> Served:
    return open_store(store or MEMORY)
