"""Keep the roster of what is served: its things by their names, and its classes and properties; made when first needed.

The names are asked for in SPARQL like everything else, so any store can be
matched with, and the server's process touches no statement.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from chinaspace.enlist import ALL, KINDS, NAMES, gather, short
from chinaspace.errors import BusyError
from chinaspace.match import Index
from chinaspace.names import CS, OWL, RDF, expand
from chinaspace.protocol import Asked, RefusalError
from chinaspace.serving import Serving

JSON = ("application/sparql-results+json",)
Row = Mapping[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]
# Rows of one answer; some services give no more.
_PAGE = 10_000
_MOST_ROWS = 300_000
_MOST_WAITING = 32
# Where a store does not tell which data set it holds, its names are asked for again after so many seconds.
_FRESH = 300
_PROPERTIES = {f"{RDF}Property", f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"}


@dataclass(frozen=True)
class Roster:
    """What can be matched with: things by their names, classes with how many things they have, and properties.

    Classes and properties are known by their short names, with what they are called in English.
    """

    index: Index
    classes: Mapping[str, str]
    sizes: Mapping[str, int]
    properties: Mapping[str, str]

    def class_of(self, name: str) -> str:
        """Return the short name of a class that is given by it, with a prefix, or as an IRI."""
        return short(expand(name, CS))

    def thing_of(self, name: str) -> str:
        """Return the IRI of a thing that is given by its slug, with a prefix, or as an IRI."""
        return expand(name)

    def property_of(self, name: str) -> str:
        """Return the IRI of a property that is given by its short name, with a prefix, or as an IRI."""
        return expand(name, CS)

    def called(self, iri: str) -> str:
        """Return what a thing is called; its short name where it has no other."""
        thing = self.index.things.get(iri)
        return thing.label if thing else short(iri)


class Rosters:
    """The roster of the data set that is served now."""

    def __init__(self) -> None:
        """Have none yet."""
        self._lock = asyncio.Lock()
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._held: tuple[str, float, Roster] | None = None

    async def find(self, serving: Serving, client: str) -> Roster:
        """Return the roster of what *serving* holds; whoever comes while it is made waits for it.

        Raises:
            ChinaSpaceError: as for :meth:`chinaspace.serving.Serving.ask`.
            RefusalError: there are too many names to be held.
        """
        async with self._lock:
            held = self._held
            if held and held[0] == serving.digest and (serving.digest or time.monotonic() < held[1]):
                return held[2]
            digest = serving.digest
            tables = {query: await ask_all(serving, query, client) for query in ALL}
            roster = await run_in_threadpool(_make, tables)
            self._held = digest, time.monotonic() + _FRESH, roster
            return roster

    async def work(self, job: Callable[[], object]) -> object:
        """Return what *job* does, on a thread, one at a time: matching takes the processor from those who answer.

        Raises:
            BusyError: too many wait already.
        """
        if self._waiting >= _MOST_WAITING:
            raise BusyError("Too many names are being matched. Ask again in a few seconds.")
        self._waiting += 1
        try:
            async with self._turn:
                return await run_in_threadpool(job)
        finally:
            self._waiting -= 1


async def ask_rows(serving: Serving, query: str, client: str) -> list[Row]:
    """Return the rows of a SELECT query.

    Raises:
        ChinaSpaceError: as for :meth:`chinaspace.serving.Serving.ask`.
    """
    reply = await serving.ask(Asked(query, JSON), client)
    return await run_in_threadpool(_rows, await reply.whole())


async def ask_all(serving: Serving, query: str, client: str) -> list[Row]:
    """Return the rows of a sorted SELECT query, page by page.

    Raises:
        ChinaSpaceError: as for :meth:`chinaspace.serving.Serving.ask`.
        RefusalError: there are too many of them.
    """
    rows: list[Row] = []
    while True:
        # Virtuoso refuses to sort and skip more than so many rows unless the sorting stands in a query within.
        page = f"SELECT * WHERE {{ {{ {query} }} }} LIMIT {_PAGE} OFFSET {len(rows)}"
        some = await ask_rows(serving, page, client)
        rows += some
        if len(some) < _PAGE:
            return rows
        if len(rows) > _MOST_ROWS:
            raise RefusalError(501, f"This data set has more than {_MOST_ROWS} names, which are not matched here.")


def _rows(body: bytes) -> list[Row]:
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [dict(zip(names, row, strict=True)) for row in solutions]


def _make(tables: Mapping[str, list[Row]]) -> Roster:
    things = gather(*(tables[query] for query in ALL))
    labels: dict[str, str] = {}
    for row in tables[NAMES]:
        term, value = row["thing"], row["value"]
        if isinstance(term, ox.NamedNode) and isinstance(value, ox.Literal) and value.language in ("en", None):
            labels.setdefault(term.value, value.value)
    sizes = Counter(kind for thing in things for kind in thing.kinds)
    classes = {kind: labels.get(CS + kind) or labels.get(kind) or kind for kind in sizes}
    properties = {
        row["thing"].value: labels.get(row["thing"].value, short(row["thing"].value))
        for row in tables[KINDS]
        if isinstance(row["thing"], ox.NamedNode)
        and isinstance(row["value"], ox.NamedNode)
        and row["value"].value in _PROPERTIES
    }
    return Roster(Index(things), classes, sizes, {short(iri): label for iri, label in properties.items()})
