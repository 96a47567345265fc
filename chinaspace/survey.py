"""Survey a remote store: which data set it holds, whether all of it, and how it makes the default graph."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import cast

import httpx
import pyoxigraph as ox

from chinaspace.adapt import adapter
from chinaspace.call import Address, asked, check_head, fault, named_faults, settings
from chinaspace.describe import DESCRIPTION, DIGEST, SUBSET, TRIPLES, UNION
from chinaspace.engine import JSON
from chinaspace.errors import DeadlineError, RemoteError, StoreError
from chinaspace.names import cs
from chinaspace.scope import Scope

# What one answer may hold in bytes when it is read as a whole.
_MOST = 2**28
_PAIR = 2
# By which names services know the graph of what was loaded without a graph, each from its own documentation.
_UNIONS = (
    UNION.value,
    "http://aws.amazon.com/neptune/vocab/v01/DefaultNamedGraph",
    "http://rdf4j.org/schema/rdf4j#nil",
    "http://qlever.cs.uni-freiburg.de/builtin-functions/default-graph",
    "urn:x-arq:DefaultGraph",
)
_ABOUT = f"SELECT ?digest ?triples WHERE {{ GRAPH {DESCRIPTION} {{ {UNION} {DIGEST} ?digest ; {TRIPLES} ?triples }} }}"
_GRAPHS = f"SELECT ?graph ?size WHERE {{ GRAPH {DESCRIPTION} {{ {UNION} {SUBSET} ?graph . ?graph {TRIPLES} ?size }} }}"
_OWN = f"SELECT (COUNT(*) AS ?size) WHERE {{ GRAPH {DESCRIPTION} {{ ?s ?p ?o }} }}"
_FOREIGN = "SELECT ?graph (COUNT(*) AS ?size) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
_ALL = "SELECT (COUNT(*) AS ?size) WHERE { ?s ?p ?o }"
_CLAIMS = f"SELECT (COUNT(*) AS ?size) WHERE {{ ?s a {cs('Claim')} }}"

Row = tuple[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, ...]


@dataclass(frozen=True)
class Survey:
    """What a remote store holds: *digest* is None where the data set says nothing of itself.

    *graphs* are its named graphs with their sizes. *union* names the graph to be
    asked instead of the default graph, where that is not the union, each triple once.
    """

    digest: str | None
    triples: int
    claims: int
    graphs: dict[str, int]
    union: str | None

    @property
    def scope(self) -> Scope | None:
        """Return the graphs that a query sees that names none; None are those that the service itself takes."""
        return Scope((self.union,), tuple(self.graphs)) if self.union else None


class Asker:
    """Asks a remote store for whole answers, one after the other; for a survey, for names, and on the command line."""

    def __init__(self, address: Address, seconds: float) -> None:
        """Connect with the first question."""
        self.address, self._seconds = address, seconds
        self._client = httpx.Client(**settings(address, seconds))  # type: ignore[arg-type]

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def select(self, query: str, scope: Scope | None = None) -> list[Row]:
        """Return the rows of a SELECT query.

        Raises:
            AwayError, DeadlineError, QueryError, RemoteError: the service gives no answer.
        """
        return [tuple(row) for row in self.solutions(query, scope)]

    def solutions(self, query: str, scope: Scope | None = None, limit: int | None = None) -> ox.QuerySolutions:
        """Return the solutions of a SELECT query.

        Raises:
            AwayError, DeadlineError, QueryError, RemoteError: the service gives no answer.
        """
        body = self._read(query, scope, limit)
        try:
            results = ox.parse_query_results(body, format=JSON)
            if isinstance(results, ox.QuerySolutions):
                # Rows are parsed one by one. A fault in any of them is to be found here, and not by whoever reads them.
                deque(results, 0)
                return cast(ox.QuerySolutions, ox.parse_query_results(body, format=JSON))
        except (SyntaxError, ValueError, MemoryError) as error:
            raise RemoteError("The remote store gave an answer that is not well-formed.") from error
        raise RemoteError("The remote store gave a word where rows were asked for.")

    def _read(self, query: str, scope: Scope | None, limit: int | None) -> bytes:
        request = asked(query, scope, "SELECT")
        latest = time.monotonic() + self._seconds
        with named_faults(), self._client.stream("POST", self.address.url, **request) as response:  # type: ignore[arg-type]
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _MOST:
                    raise RemoteError("The remote store gave more than can be held. Ask for less.")
                if time.monotonic() > latest:
                    raise DeadlineError(f"The remote store took more than {self._seconds:g} seconds. Ask for less.")
        if response.status_code != 200:
            raise fault(response.status_code, body.decode("utf-8", "replace"))
        check_head(response, "SELECT", limit)
        mend = adapter(response.headers.get("server", ""))
        return b"\n".join(map(mend, bytes(body).split(b"\n"))) if mend else bytes(body)


def survey(asker: Asker) -> Survey:
    """Return what the store holds.

    Raises:
        AwayError, DeadlineError, QueryError, RemoteError: the service gives no answer.
        StoreError: it does not hold all of what it says, or holds some of it more than once.
    """
    about = asker.select(_ABOUT)
    if not about:
        graphs = dict(_pair(row) for row in asker.select(_FOREIGN))
        return Survey(None, _count(asker, _ALL), _count(asker, _CLAIMS), graphs, None)
    if len(about) > 1:
        raise StoreError(f"{asker.address} holds two data sets of ours. Clear it, and load one.")
    digest, triples = _pair(about[0])
    graphs = dict(sorted(_pair(row) for row in asker.select(_GRAPHS)))
    union = _find_union(asker, triples)
    scope = Scope((union,), tuple(graphs)) if union else None
    return Survey(digest, triples, _count(asker, _CLAIMS, scope), graphs, union)


def _find_union(asker: Asker, triples: int) -> str | None:
    """Return the name of the graph that is the union; None where the default graph is.

    A default graph may have the description in it, as one of the graphs that it is made of.
    """
    whole = _count(asker, _ALL)
    if whole in (triples, triples + _count(asker, _OWN)):
        return None
    for name in _UNIONS:
        if _count(asker, _ALL, Scope((name,))) == triples:
            return name
    raise StoreError(
        f"The default graph of {asker.address} has {whole} triples instead of {triples}, and no other graph is the "
        "union of all. Load the whole export again, as docs/stores.md has it for this service."
    )


def _count(asker: Asker, query: str, scope: Scope | None = None) -> int:
    found = [term for row in asker.select(query, scope) for term in row]
    if len(found) != 1 or not isinstance(found[0], ox.Literal) or not found[0].value.isdigit():
        raise RemoteError("The remote store does not count. Give the address of a SPARQL 1.1 service.")
    return int(found[0].value)


def _pair(row: Row) -> tuple[str, int]:
    name, size = row if len(row) == _PAIR else (None, None)
    if not isinstance(name, ox.NamedNode | ox.Literal) or not isinstance(size, ox.Literal) or not size.value.isdigit():
        raise StoreError("The remote store describes its data set in another way. Load the export of this version.")
    return name.value, int(size.value)
