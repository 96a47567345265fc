"""Evaluate SPARQL on Oxigraph, and write the answer in the format that was asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

import pyoxigraph as ox

from chinaspace.errors import QueryError, ServiceError
from chinaspace.guard import check_query, reroute
from chinaspace.merge import chooses_graphs, merge, read_dataset
from chinaspace.names import CSD, prefixes
from chinaspace.scope import Scope
from chinaspace.unite import union

_PREFIX = re.compile(r"\bprefix\s+([A-Za-z][\w.-]*)?\s*:", re.IGNORECASE)
_PREFIXED = re.compile(r"(?<![\w:?$/<@^-])([A-Za-z][\w.-]*):(?!//)")
# What Oxigraph says where what it called gave another answer than rows.
_RELAYED = re.compile(r"Error (\d{3})[^\n]* returned by (\S+) with payload:\n(.*)", re.DOTALL)
NO_SERVICES: Mapping[str, str] = MappingProxyType({})

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
    store: ox.Store, query: str, scope: Scope | None = None, services: Mapping[str, str] = NO_SERVICES
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Return what Oxigraph finds in *scope*, or else over a default graph that is the union of all graphs.

    *services* are those that the query may call, each with the address by which it is called. Where it has no BASE
    its relative IRIs are those of things, such as <mission-change-5>: RFC 3986 leaves the choice to the application.

    Raises:
        QueryError: the query is refused or malformed.
        ServiceError: a service that it calls gives no answer.
    """
    check_query(query, services)
    query = reroute(query, services) if services else query
    try:
        chosen = scope or read_dataset(query)
        if chosen is None:
            at_once = not chooses_graphs(query) and union(store) is None
            return store.query(query, base_iri=CSD, use_default_graph_as_union=at_once)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(iri) for iri in chosen.default]
        if len(default) > 1:
            store, default = merge(store, chosen), [ox.DefaultGraph()]
        named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in chosen.named]
        return store.query(query, base_iri=CSD, default_graph=default, named_graphs=named)
    except SyntaxError as error:
        raise _malformed(query, error) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise _failed(error, services) from error


def kind_of(store: ox.Store, query: str) -> str:
    """Return what kind of answer *query* asks for: SELECT, ASK or CONSTRUCT, which stands for DESCRIBE as well.

    Raises:
        QueryError: the query is refused or malformed.
    """
    results = evaluate(store, query)
    if isinstance(results, ox.QueryTriples):
        return "CONSTRUCT"
    return "ASK" if isinstance(results, ox.QueryBoolean) else "SELECT"


def _malformed(query: str, error: SyntaxError) -> QueryError:
    """Return where the parser gave up, without its list of all that it would have taken there."""
    found = re.match(r"error at (\d+):(\d+): expected", error.msg)
    if not found:
        return QueryError(f"The query is malformed ({error.msg.splitlines()[0]}). Mend it and send it again.")
    hint = _declare(query) if "Prefix not found" in error.msg else ""
    place = f"at line {found[1]}, column {found[2]}, or shortly before"
    return QueryError(
        f"The query is malformed {place}. {hint or 'Mend it and send it again.'}", int(found[1]), int(found[2]), hint
    )


def _declare(query: str) -> str:
    """Return what to write at the head of a query for the prefixes that it uses without declaring them."""
    declared = {name.lower() for name in _PREFIX.findall(query)}
    used = dict.fromkeys(name for name in _PREFIXED.findall(query) if name.lower() not in declared)
    known = [f"PREFIX {name}: <{prefixes()[name]}>" for name in used if name in prefixes()]
    return f"Declare its prefixes at its head: {' '.join(known)}" if known else "Declare each prefix at its head."


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
    store: ox.Store,
    query: str,
    accept: list[str],
    scope: Scope | None,
    begin: Callable[[str], IO[bytes]],
    services: Mapping[str, str] = NO_SERVICES,
) -> None:
    """Write the answer to *query*, row by row as it is found, to what *begin* gives for its media type.

    Raises:
        QueryError: the query is refused, malformed or fails.
        ServiceError: a service that it calls gives no answer.
        UnacceptableError: none of *accept* can hold this kind of answer.
    """
    results = evaluate(store, query, scope, services)
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
        raise _failed(error, services) from error


def _failed(error: Exception, services: Mapping[str, str]) -> QueryError | ServiceError:
    """Return the error of a query that failed on its way: its own, or that of a service, in the words of the relay."""
    told = _RELAYED.fullmatch(str(error))
    if told and told[2] in services.values():
        return ServiceError(told[3].strip(), int(told[1]))
    if services and isinstance(error, ConnectionError):
        return ServiceError("The services that queries may call cannot be reached.", 502)
    text = str(error)
    for iri, address in services.items():
        text = text.replace(address, iri)  # the way to it is nobody's business
    return QueryError(f"The query failed: {text}.")


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
