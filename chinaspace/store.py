"""Open the store that queries are answered from: in memory, in a folder, or at the address of a SPARQL service."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from chinaspace.call import read_address
from chinaspace.defer import defer, within
from chinaspace.describe import graph_sizes
from chinaspace.disk import Kept, keep
from chinaspace.dispatch import Dispatcher
from chinaspace.engine import select
from chinaspace.errors import AwayError, ChinaSpaceError, DeadlineError, StoreError
from chinaspace.load import Loaded, load
from chinaspace.recall import Recollection
from chinaspace.remote import Remote
from chinaspace.result import Reply
from chinaspace.scope import Scope
from chinaspace.survey import Asker, survey
from chinaspace.unite import sizes
from chinaspace.work import Limits

MEMORY = "memory"
# A survey counts, which a large store may take its time for.
_SECONDS = 60
# Nobody waits longer for a store to be opened.
_START = 18.0
# Nor does anybody who asks a server wait longer for the names in it.
_QUICK = 4.0


class Answers(Protocol):
    """Answers queries: by worker processes over a store of ours, or by a service elsewhere."""

    async def ask(self, query: str, accept: list[str], scope: Scope | None = None, client: str = "") -> Reply:
        """Answer *query* in the first of the media types *accept* that can hold it; any if it is empty."""
        ...

    def close(self) -> None:
        """End; queries that are under way are lost."""
        ...


class Elsewhere:
    """A data set in a SPARQL service: what it said of itself when it was asked last."""

    def __init__(self, address: str, seconds: float = _SECONDS) -> None:
        """Ask the service at *address* what it holds.

        Raises:
            AwayError, DeadlineError, QueryError, RemoteError: it gives no answer.
            StoreError: the address is none, or the service holds only a part of the data set, or it twice.
        """
        self.asker, self._patience = Asker(read_address(address), seconds), seconds
        late = f"{self.asker.address} did not say within {_START:g} seconds what it holds. Look whether it answers."
        self.survey = within(defer(partial(survey, self.asker)), _START, late)
        self.store = Recollection(self.asker, self.survey, seconds)

    def be_quick(self) -> None:
        """Have nobody wait long for names from now on: many ask, and each holds a thread."""
        self._patience = _QUICK
        self.store = Recollection(self.asker, self.survey, _QUICK)

    def refresh(self) -> None:
        """Ask again what the service holds; while that cannot be told, no digest is.

        Whoever asks meanwhile gets what was known before.
        """
        try:
            found = survey(self.asker)
        except (AwayError, DeadlineError):
            return
        except ChinaSpaceError:
            found = replace(self.survey, digest=None)
        if found != self.survey:
            self.survey, self.store = found, Recollection(self.asker, found, self._patience)
        elif self.store.is_stale:
            store = Recollection(self.asker, found, self._patience)
            with contextlib.suppress(ChinaSpaceError):  # else those that are held will do
                store.fill()
                self.store = store

    @property
    def digest(self) -> str | None:
        """Return the digest of the data set, if the service tells it."""
        return self.survey.digest

    @property
    def triples(self) -> int:
        """Return how many triples there are in all."""
        return self.survey.triples

    @property
    def claims(self) -> int:
        """Return how many of the things are claims."""
        return self.survey.claims


Served = Loaded | Kept | Elsewhere


def open_store(
    where: str = MEMORY, files: Sequence[Path] | None = None, timeout: float = _SECONDS, *, digests: bool = False
) -> Served:
    """Return the data set of *files*, or the built-in one, from *where*: "memory", a folder or an address.

    *digests* tells that the digest will be asked for.

    Raises:
        AwayError, DeadlineError, QueryError, RemoteError: the service at the address gives no answer.
        DatasetError, ReadError: the files cannot be loaded.
        StoreError: the store cannot be used, or *files* are given for one that has its own.
    """
    if where == MEMORY:
        return load(files, lean=True, digests=digests)
    if "://" not in where:
        return keep(Path(where), files)
    if files:
        raise StoreError("A remote store serves what it holds. Leave out --dataset, or load the file there.")
    return Elsewhere(where, timeout)


def start(served: Served, limits: Limits | None = None, workers: int | None = None) -> Answers:
    """Return what answers queries over *served*."""
    if isinstance(served, Elsewhere):
        served.be_quick()
        return Remote(served.asker.address, served, limits, workers)
    return Dispatcher(served.path if isinstance(served, Kept) else served.store, limits, workers)


def solve(served: Served, query: str) -> ox.QuerySolutions:
    """Return the solutions of a SELECT query, in this process.

    Raises:
        AwayError, DeadlineError, QueryError, RemoteError: there is no answer.
    """
    if isinstance(served, Elsewhere):
        return served.asker.solutions(query, served.survey.scope)
    return select(served.store, query)


def named_graphs(served: Served) -> dict[str, int]:
    """Return the named graphs with how many triples each holds, sorted by name."""
    if isinstance(served, Elsewhere):
        return served.survey.graphs
    if isinstance(served, Loaded):
        # Counted before processes shared the store: Oxigraph writes to each statement that it passes.
        return graph_sizes(served.graphs)
    return graph_sizes(sizes(served.store))
