"""Ask a saved query: the same rows for the command line and the web."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from chinaspace.bind import bind
from chinaspace.engine import CSV, JSON, TSV, XML, Answer, select
from chinaspace.queries import SavedQuery
from chinaspace.resolve import name_index
from chinaspace.tables import read_rows, to_markdown
from chinaspace.unite import Graph

_ENGINE_FORMATS = {
    "json": (JSON, "application/sparql-results+json"),
    "csv": (CSV, "text/csv"),
    "tsv": (TSV, "text/tab-separated-values"),
    "xml": (XML, "application/sparql-results+xml"),
}
FORMATS = (*_ENGINE_FORMATS, "md")
# The form in which a server asks for an answer that it then writes in that form: Oxigraph's own, or JSON for the rest.
ASKED_AS = {name: media_type for name, (_, media_type) in _ENGINE_FORMATS.items()}
MEDIA_TYPES = {"text/markdown": "md", "application/json": "json", "application/xml": "xml"} | {
    media_type: name for name, (_, media_type) in _ENGINE_FORMATS.items()
}


def prepare(store: Graph, query: SavedQuery, given: Mapping[str, str]) -> str:
    """Return the SPARQL of a saved query with parameters as they were typed.

    A thing is named by its slug, prefixed name or IRI, or by a label or an alias.

    Raises:
        ParameterError: a parameter is unknown, missing or wrong, or names a thing that is not described.
        AmbiguousNameError: a parameter names several things.
    """
    return bind(query, given, lambda parameter, name: name_index(store).find(parameter, name))


def solve(store: ox.Store, query: SavedQuery, given: Mapping[str, str]) -> ox.QuerySolutions:
    """Return the solutions of a saved query.

    Raises:
        ParameterError: as for :func:`prepare`.
    """
    return select(store, prepare(store, query, given))


def ask(store: ox.Store, query: SavedQuery, given: Mapping[str, str], form: str) -> Answer:
    """Return the answer to a saved query in one of FORMATS.

    Raises:
        ParameterError: as for :func:`solve`.
    """
    return write(solve(store, query, given), form)


def write(solutions: ox.QuerySolutions, form: str) -> Answer:
    """Return *solutions* in one of FORMATS."""
    if form == "md":
        return Answer(to_markdown(read_rows(solutions)).encode(), "text/markdown")
    engine_format, media_type = _ENGINE_FORMATS[form]
    body = solutions.serialize(format=engine_format)
    return Answer(body or b"", media_type)
