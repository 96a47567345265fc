"""Extract a thing with its claims from the graph, as RDF in the form that is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pyoxigraph as ox

from chinaspace.errors import ParameterError
from chinaspace.lookup import look_up, lookup, until
from chinaspace.names import RDF, prefixes
from chinaspace.portray import Portrait
from chinaspace.protocol import Asked
from chinaspace.serving import Serving

# The forms of RDF by the ends of their addresses, each with its media type.
FORMS = {
    "ttl": (ox.RdfFormat.TURTLE, "text/turtle"),
    "jsonld": (ox.RdfFormat.JSON_LD, "application/ld+json"),
    "nt": (ox.RdfFormat.N_TRIPLES, "application/n-triples"),
    "rdf": (ox.RdfFormat.RDF_XML, "application/rdf+xml"),
}
# So many claims are given at a time, and asked for in one query.
MOST_CLAIMS = 1000
_AT_ONCE = 400
_TRIPLES = ("application/n-triples",)


async def extract(serving: Serving, client: str, found: Portrait, day: str, page: int) -> tuple[list[ox.Triple], bool]:
    """Return what is said of a thing, with the claims that concern it or that its text holds, and whether more follow.

    There are at most MOST_CLAIMS claims, of page *page* from 1. As of a *day*,
    YYYY-MM-DD or "" for now, the facts of today are left out, because they rest
    on later claims.

    Raises:
        ChinaSpaceError: as for :meth:`chinaspace.serving.Serving.ask`.
    """
    name = "covered" if found.is_a("Source") else "claims"
    (rows,) = await look_up(serving, client, lookup(name, thing=found.thing, day=until(day)))
    known = sorted((node for row in rows if isinstance(node := row["claim"], ox.NamedNode)), key=str)
    claims = known[(page - 1) * MOST_CLAIMS : page * MOST_CLAIMS]
    if page > 1 and not claims:
        raise ParameterError(f"There is no page {page} of these claims. Begin with the first.")
    asked = list(dict.fromkeys(claims if day else [found.thing, *claims]))
    parts = [asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)]
    triples = await asyncio.gather(*(_ask(serving, client, lookup("statements", thing=part)) for part in parts))
    own = _own(found) if day else []
    return [*own, *(triple for part in triples for triple in part)], len(known) > page * MOST_CLAIMS


async def _ask(serving: Serving, client: str, query: str) -> list[ox.Triple]:
    reply = await serving.ask(Asked(query, _TRIPLES), client)
    return [quad.triple for quad in ox.parse(await reply.whole(), format=ox.RdfFormat.N_TRIPLES)]


def _own(found: Portrait) -> list[ox.Triple]:
    return [
        ox.Triple(found.thing, ox.NamedNode(said), value)
        for said, values in (*found.stated.items(), (RDF + "type", found.own))
        for value in values
    ]


def write(triples: Iterable[ox.Triple], form: str, first: ox.NamedNode) -> bytes:
    """Return *triples* in one of FORMS, sorted, those of *first* at the head, with the prefixes that they need."""
    ordered = sorted(set(triples), key=lambda triple: (triple.subject != first, str(triple)))
    lines = ox.serialize(ordered, format=ox.RdfFormat.N_TRIPLES) or b""
    if form == "nt":
        return lines
    text = lines.decode()
    short = {prefix: namespace for prefix, namespace in prefixes().items() if f"<{namespace}" in text}
    return ox.serialize(ordered, format=FORMS[form][0], prefixes=short) or b""
