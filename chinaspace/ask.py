"""Ask a saved query: the same rows for the command line and the web."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from chinaspace.bind import bind
from chinaspace.engine import JSON, Answer, select
from chinaspace.forms import find_form, write
from chinaspace.queries import SavedQuery
from chinaspace.resolve import name_index
from chinaspace.slice import Page
from chinaspace.unite import Graph


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
    """Return the answer to a saved query in one of the forms that it has.

    Raises:
        ParameterError: as for :func:`solve`.
    """
    found = find_form(query, form)
    body, _ = write(query, solve(store, query, given).serialize(format=JSON) or b"", found, Page(), {})
    return Answer(body, found.media_type)
