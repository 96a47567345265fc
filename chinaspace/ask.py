"""Ask a saved query: the same rows for the command line and the web."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pyoxigraph as ox

from chinaspace.bind import bind, brief
from chinaspace.engine import CSV, JSON, TSV, XML, Answer, select
from chinaspace.errors import ParameterError
from chinaspace.names import RDFS, expand, shorten
from chinaspace.queries import SavedQuery
from chinaspace.tables import read_rows, to_markdown

_LABEL = ox.NamedNode(RDFS + "label")
_ENGINE_FORMATS = {
    "json": (JSON, "application/sparql-results+json"),
    "csv": (CSV, "text/csv"),
    "tsv": (TSV, "text/tab-separated-values"),
    "xml": (XML, "application/sparql-results+xml"),
}
# Names are compared up to here: what is longer is no slip of the pen.
_LONGEST = 200
FORMATS = (*_ENGINE_FORMATS, "md")
# The form in which a server asks for an answer that it then writes in that form: Oxigraph's own, or JSON for the rest.
ASKED_AS = {name: media_type for name, (_, media_type) in _ENGINE_FORMATS.items()}
MEDIA_TYPES = {"text/markdown": "md", "application/json": "json", "application/xml": "xml"} | {
    media_type: name for name, (_, media_type) in _ENGINE_FORMATS.items()
}


def prepare(store: ox.Store, query: SavedQuery, given: Mapping[str, str]) -> str:
    """Return the SPARQL of a saved query with parameters as they were typed.

    Raises:
        ParameterError: a parameter is unknown, missing or wrong, or names a thing that is not described.
    """
    sparql = bind(query, given)
    for parameter in query.parameters:
        if parameter.type == "iri" and parameter.name in given:
            _check_described(store, query, parameter.name, given[parameter.name])
    return sparql


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
    solutions = solve(store, query, given)
    if form == "md":
        return Answer(to_markdown(read_rows(solutions)).encode(), "text/markdown")
    engine_format, media_type = _ENGINE_FORMATS[form]
    body = solutions.serialize(format=engine_format)
    return Answer(body or b"", media_type)


def _check_described(store: ox.Store, query: SavedQuery, name: str, value: str) -> None:
    iri = expand(value)
    if not any(store.quads_for_pattern(ox.NamedNode(iri), None, None, None)):
        raise ParameterError(
            f"The parameter '{name}' of '{query.name}' is {brief(value)}, which the graph does not describe. "
            f"{_nearest(store, iri)}"
        )


def _nearest(store: ox.Store, iri: str) -> str:
    labelled = (quad.subject for quad in store.quads_for_pattern(None, _LABEL, None, ox.DefaultGraph()))
    described = {shorten(thing.value) for thing in labelled if isinstance(thing, ox.NamedNode)}
    near = difflib.get_close_matches(shorten(iri)[:_LONGEST], sorted(described), n=3, cutoff=0.75)
    hint = " or ".join(near)
    return f"Did you mean {hint}?" if hint else "The query 'things' lists what it describes."
