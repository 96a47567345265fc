"""Evaluate SPARQL on Oxigraph, and write the answer in the format that was asked for."""

from __future__ import annotations

import re
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.errors import QueryError
from chinaspace.guard import check_query

JSON, XML, CSV, TSV = (
    ox.QueryResultsFormat.JSON,
    ox.QueryResultsFormat.XML,
    ox.QueryResultsFormat.CSV,
    ox.QueryResultsFormat.TSV,
)
# What the parser of Oxigraph can name by itself, and the looser names that clients send.
RESULT_TYPES = {
    "application/sparql-results+json": JSON,
    "application/json": JSON,
    "application/sparql-results+xml": XML,
    "application/xml": XML,
    "text/xml": XML,
    "text/csv": CSV,
    "text/tab-separated-values": TSV,
}
GRAPH_TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
}
# With 512 MiB of stack, nesting that fits into a query cannot overflow it; the memory is reserved, not used.
_STACK = 512 * 2**20
_THREADS = 4


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer and their media type."""

    body: bytes
    media_type: str


@dataclass(frozen=True)
class Scope:
    """The graphs that a query sees, where a client chooses them; they override FROM and FROM NAMED.

    As the protocol has it, choosing either kind leaves the other empty.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class UnacceptableError(QueryError):
    """None of the formats that the client takes can hold this kind of answer."""


class Engine:
    """Answers queries over one store, each on a thread with a deep stack.

    Oxigraph lets go of Python's lock while it works, so one slow query does not
    stop the others, as long as a thread is free.
    """

    def __init__(self, store: ox.Store) -> None:
        """Start the threads."""
        self._store = store
        self._pool = _deep_threads()

    def submit(self, query: str, accept: list[str], scope: Scope | None = None) -> Future[Answer]:
        """Answer *query* in the first of the media types *accept* that can hold it; any if it is empty.

        The future raises QueryError for a query that is refused, malformed or
        fails, and UnacceptableError where no type fits.
        """
        return self._pool.submit(answer, self._store, query, accept, scope)

    def close(self) -> None:
        """Let no further query start."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _deep_threads() -> ThreadPoolExecutor:
    before = threading.stack_size(_STACK)
    try:
        pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="query")
        # All threads start here, while the setting holds: each task waits until every thread has one.
        started = threading.Barrier(_THREADS)
        for future in [pool.submit(started.wait) for _ in range(_THREADS)]:
            future.result()
        return pool
    finally:
        threading.stack_size(before)


def select(store: ox.Store, query: str) -> ox.QuerySolutions:
    """Return the solutions of a SELECT query.

    Raises:
        QueryError: the query is refused, malformed, or no SELECT.
    """
    results = evaluate(store, query)
    if not isinstance(results, ox.QuerySolutions):
        raise QueryError("Only a SELECT query gives rows. Write SELECT.")
    return results


def evaluate(
    store: ox.Store, query: str, scope: Scope | None = None
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Return what Oxigraph finds in *scope*, or else over a default graph that is the union of all graphs.

    Raises:
        QueryError: the query is refused or malformed.
    """
    check_query(query)
    try:
        if scope is None:
            return store.query(query)
        return store.query(
            query,
            default_graph=[ox.NamedNode(iri) for iri in scope.default],
            named_graphs=[ox.NamedNode(iri) for iri in scope.named],
        )
    except SyntaxError as error:
        raise QueryError(f"The query is malformed {_fault(error)}. Mend it and send it again.") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"The query failed: {error}.") from error


def _fault(error: SyntaxError) -> str:
    """Return where the parser gave up, without its list of all that it would have taken there."""
    found = re.match(r"error at (\d+):(\d+): expected", error.msg)
    if not found:
        return f"({error.msg.splitlines()[0]})"
    undeclared = "; a prefix is perhaps not declared" if "Prefix not found" in error.msg else ""
    return f"at line {found[1]}, column {found[2]}, or shortly before{undeclared}"


def answer(store: ox.Store, query: str, accept: list[str], scope: Scope | None = None) -> Answer:
    """Return the answer to *query* in the first acceptable format.

    Raises:
        QueryError: the query is refused, malformed or fails.
        UnacceptableError: none of *accept* can hold this kind of answer.
    """
    results = evaluate(store, query, scope)
    try:
        if isinstance(results, ox.QueryTriples):
            media_type = choose(accept, list(GRAPH_TYPES))
            return Answer(results.serialize(format=GRAPH_TYPES[media_type]) or b"", media_type)
        media_type = choose(accept, list(RESULT_TYPES))
        if isinstance(results, ox.QueryBoolean) and media_type in ("text/csv", "text/tab-separated-values"):
            # SPARQL 1.1 defines no such form; clients expect the bare word.
            return Answer(b"true\n" if results else b"false\n", media_type)
        return Answer(results.serialize(format=RESULT_TYPES[media_type]) or b"", media_type)
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"The query failed: {error}.") from error


def choose(accept: list[str], offered: list[str]) -> str:
    """Return the first of *accept* that is *offered*, where */* and text/* take the first that fits.

    Raises:
        UnacceptableError: none is.
    """
    for wanted in accept or ["*/*"]:
        for media_type in offered:
            if wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
                return media_type
    raise UnacceptableError(f"None of {', '.join(accept)} can hold this answer. Accept {', '.join(offered)}.")
