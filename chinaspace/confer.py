"""Confer with Wikidata, or what has its shape, on some items: a SPARQL endpoint, or a file in RDF."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import httpx
import pyoxigraph as ox

from chinaspace.call import Address, asked, check_head, fault, named_faults, settings
from chinaspace.errors import RemoteError
from chinaspace.names import OWL, RDFS, WIKIDATA
from chinaspace.read import read_quads

# https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format
DIRECT, CLAIM, VALUE = (f"http://www.wikidata.org/prop/{part}" for part in ("direct/", "", "statement/value/"))
WIKIBASE = "http://wikiba.se/ontology#"
RANK, TIME, PRECISION = (ox.NamedNode(WIKIBASE + name) for name in ("rank", "timeValue", "timePrecision"))
SAME = ox.NamedNode(OWL + "sameAs")
# What is asked of an item besides: by one of these it can be seen that the item is there.
_SIGNS = (f"{RDFS}label", "http://schema.org/version", "http://schema.org/dateModified", f"{DIRECT}P31")

_BATCH = 40
_SECONDS = 60.0
_MOST = 2**26
# Wikidata mends redirects of redirects; a chain that is longer goes in a circle.
_MOST_STEPS = 5


@dataclass(frozen=True)
class Fields:
    """The properties to ask for, as P619: those with one value that is read as it is, and those that hold times."""

    plain: tuple[str, ...]
    times: tuple[str, ...]


class Oracle(Protocol):
    """Who can be consulted."""

    def tell(self, ids: Collection[str], fields: Fields) -> Iterator[ox.Triple]:
        """Yield what is said of these items, as Q405, in the shape of Wikidata's RDF."""
        ...


def confer(oracle: Oracle, ids: Iterable[str], fields: Fields) -> ox.Store:
    """Return what *oracle* says of items, and of those that they were merged into, in the shape of Wikidata's RDF.

    Raises:
        AwayError, DeadlineError, QueryError, RemoteError: the endpoint gives no answer.
        ReadError: the file is missing or malformed.
    """
    found, known = ox.Store(), set[str]()
    wanted = set(ids)
    for _ in range(_MOST_STEPS):
        if not wanted:
            break
        found.extend(ox.Quad(*triple) for triple in oracle.tell(sorted(wanted), fields))
        known |= wanted
        wanted = {target for item in wanted if (target := redirect(found, item))} - known
    return found


def redirect(store: ox.Store, item: str) -> str | None:
    """Return the item that *item* was merged into, if it was."""
    for quad in store.quads_for_pattern(ox.NamedNode(WIKIDATA + item), SAME, None):
        if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(WIKIDATA):
            return quad.object.value.removeprefix(WIKIDATA)
    return None


class Endpoint:
    """A SPARQL endpoint with Wikidata's data, which is asked for some items at a time."""

    def __init__(self, address: Address, seconds: float = _SECONDS) -> None:
        """Ask at *address*, each question for so many *seconds*."""
        self._address, self._seconds = address, seconds

    def tell(self, ids: Collection[str], fields: Fields) -> Iterator[ox.Triple]:
        """Yield what is said of these items.

        Raises:
            AwayError, DeadlineError, QueryError, RemoteError: the endpoint gives no answer.
        """
        left = iter(ids)
        with httpx.Client(**settings(self._address, self._seconds)) as client:  # type: ignore[arg-type]
            while batch := list(islice(left, _BATCH)):
                body = self._read(client, question(batch, fields))
                try:
                    yield from (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
                except SyntaxError as error:
                    raise RemoteError(f"{self._address} gave an answer that is not well-formed.") from error

    def _read(self, client: httpx.Client, query: str) -> bytes:
        body = bytearray()
        request = asked(query, None, "CONSTRUCT")
        with named_faults(), client.stream("POST", self._address.url, **request) as response:  # type: ignore[arg-type]
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _MOST:
                    raise RemoteError(f"{self._address} gave more than can be held.")
        if response.status_code != 200:
            raise fault(response.status_code, body.decode("utf-8", "replace"))
        check_head(response, "CONSTRUCT", None)
        return bytes(body)


class Dump:
    """A file in RDF with Wikidata's shape: an extract, or what was recorded of an endpoint."""

    def __init__(self, path: Path) -> None:
        """Read from *path*."""
        self._path = path

    def tell(self, ids: Collection[str], fields: Fields) -> Iterator[ox.Triple]:
        """Yield what the file says of these items; it is passed through as often as nodes lead to nodes.

        Raises:
            ReadError: the file is missing or malformed.
        """
        wanted, done = {WIKIDATA + item for item in ids}, set[str]()
        onwards = {base + code for base in (CLAIM, VALUE) for code in fields.times}
        kept = {*_properties(fields), *onwards, RANK.value, TIME.value, PRECISION.value}
        while wanted:
            met = set[str]()
            for quad in read_quads(self._path):
                if getattr(quad.subject, "value", "") in wanted and quad.predicate.value in kept:
                    yield quad.triple
                    if quad.predicate.value in onwards and isinstance(quad.object, ox.NamedNode):
                        met.add(quad.object.value)
            done |= wanted
            wanted = met - done


def question(ids: Iterable[str], fields: Fields) -> str:
    """Return the query that asks an endpoint for items; each part of it starts from the items."""
    items = " ".join(f"<{WIKIDATA}{item}>" for item in ids)
    signs = " ".join(f"<{iri}>" for iri in _properties(fields) if iri != f"{RDFS}label")
    times = "".join(
        f"""
  UNION {{ ?s <{CLAIM}{code}> ?o . BIND(<{CLAIM}{code}> AS ?p) BIND(?s AS ?a) }}
  UNION {{ ?s <{CLAIM}{code}> ?a . VALUES ?p {{ {RANK} <{VALUE}{code}> }} ?a ?p ?o }}
  UNION {{ ?s <{CLAIM}{code}>/<{VALUE}{code}> ?a . VALUES ?p {{ {TIME} {PRECISION} }} ?a ?p ?o }}"""
        for code in fields.times
    )
    label = f'?s <{RDFS}label> ?o . FILTER ( LANG(?o) = "en" ) BIND(<{RDFS}label> AS ?p) BIND(?s AS ?a)'
    plain = f"VALUES ?p {{ {signs} }} ?s ?p ?o . BIND(?s AS ?a)"
    where = f"VALUES ?s {{ {items} }}\n  {{ {plain} }}\n  UNION {{ {label} }}{times}"
    return f"CONSTRUCT {{ ?a ?p ?o }}\nWHERE {{\n  {where}\n}}"


def _properties(fields: Fields) -> list[str]:
    return [SAME.value, *_SIGNS, *(DIRECT + code for code in (*fields.plain, *fields.times))]
