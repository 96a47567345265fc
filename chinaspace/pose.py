"""Pose a query: the page on which queries are written, with the answer to one below it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from fastapi import Response

from chinaspace.bundle import find_bundle
from chinaspace.names import prefixes
from chinaspace.pages import render
from chinaspace.preview import Preview
from chinaspace.protocol import LONGEST_TARGET, Asked
from chinaspace.queries import find_query, saved_queries
from chinaspace.scope import Scope

_FIRST = """PREFIX cs: <https://w3id.org/chinaspace/ontology/>
SELECT ?claim ?gist ?date
WHERE {
  ?claim cs:gist ?gist .
  ?claim cs:statedOn ?date .
}
ORDER BY DESC(?date) ?claim
LIMIT 20
"""
# Of the formats that an answer is to be had in, those that people download.
_DOWNLOADS = {"table": ("csv", "tsv", "json", "xml"), "graph": ("turtle", "ntriples", "jsonld", "rdfxml")}


def pose(query_string: bytes) -> Response:
    """Return the page without an answer; "edit=NAME" in the address puts a saved query into it.

    Raises:
        UnknownQueryError: there is no saved query of that name.
    """
    names = parse_qs(query_string.decode(errors="replace")).get("edit")
    return _page(find_query(names[0]).text if names else _FIRST, None)


def pose_answered(asked: Asked, answer: Preview) -> Response:
    """Return the page with the answer to *asked*, and where all of it can be downloaded."""
    chosen = asked.scope or Scope()
    graphs = [("default-graph-uri", name) for name in chosen.default] + [
        ("named-graph-uri", name) for name in chosen.named
    ]
    address = urlencode([("query", asked.query), *graphs])
    forms = _DOWNLOADS["graph" if answer.turtle else "table"] if len(address) < LONGEST_TARGET else ()
    return _page(asked.query, answer, address=address, forms=forms, graphs=graphs)


def _page(query: str, answer: Preview | None, **values: object) -> Response:
    return render(
        "sparql.html",
        query=query,
        answer=answer,
        bundle=find_bundle(),
        prefixes=prefixes(),
        queries=list(saved_queries().values()),
        **values,
    )
