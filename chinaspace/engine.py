"""Evaluate SPARQL on Oxigraph, and write the answer in the format that was asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import pyoxigraph as ox

from chinaspace.errors import QueryError
from chinaspace.guard import check_query
from chinaspace.unite import chooses_graphs, union

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
            at_once = union(store) is None and not chooses_graphs(query)
            return store.query(query, use_default_graph_as_union=at_once)
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
    body, media_types = io.BytesIO(), list[str]()

    def begin(media_type: str) -> IO[bytes]:
        media_types.append(media_type)
        return body

    write_answer(store, query, accept, scope, begin)
    return Answer(body.getvalue(), media_types[0])


def write_answer(
    store: ox.Store, query: str, accept: list[str], scope: Scope | None, begin: Callable[[str], IO[bytes]]
) -> None:
    """Write the answer to *query*, row by row as it is found, to what *begin* gives for its media type.

    Raises:
        QueryError: the query is refused, malformed or fails.
        UnacceptableError: none of *accept* can hold this kind of answer.
    """
    results = evaluate(store, query, scope)
    try:
        if isinstance(results, ox.QueryTriples):
            media_type = choose(accept, list(GRAPH_TYPES))
            results.serialize(begin(media_type), format=GRAPH_TYPES[media_type])
            return
        media_type = choose(accept, list(RESULT_TYPES))
        if isinstance(results, ox.QueryBoolean) and media_type in ("text/csv", "text/tab-separated-values"):
            # SPARQL 1.1 defines no such form; clients expect the bare word.
            begin(media_type).write(b"true\n" if results else b"false\n")
            return
        results.serialize(begin(media_type), format=RESULT_TYPES[media_type])
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
