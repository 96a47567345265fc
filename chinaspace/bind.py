"""Bind the parameters of a saved query, as terms and never as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pyoxigraph as ox

from chinaspace.errors import ParameterError
from chinaspace.names import XSD, expand
from chinaspace.queries import Parameter, SavedQuery

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")


def bind(query: SavedQuery, given: Mapping[str, str]) -> str:
    """Return the SPARQL of *query* with its parameters bound.

    The value is parsed to a term first; what enters the query is that term in a
    VALUES block, serialised by Oxigraph, so nothing that is typed can change
    the query. A VALUES block works on every engine and in every position,
    where Oxigraph's own substitution asks for a projected variable.

    Raises:
        ParameterError: a parameter is unknown, missing or of the wrong type.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            raise ParameterError(f"'{query.name}' has no parameter '{name}'. {describe(query)}")
    terms = {}
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if value is not None:
            terms[name] = to_term(parameter, value)
        elif parameter.required:
            raise ParameterError(f"'{query.name}' needs the parameter '{name}'. {describe(query)}")
    return query.with_values(" ".join(f"VALUES ?{name} {{ {term} }}" for name, term in terms.items()))


def describe(query: SavedQuery) -> str:
    """Return in one sentence what *query* takes."""
    if not query.parameters:
        return "It takes none."
    return "It takes: " + "; ".join(map(str, query.parameters)) + "."


def to_term(parameter: Parameter, value: str) -> ox.NamedNode | ox.Literal:
    """Return *value* as a term of the parameter's type.

    Raises:
        ParameterError: it is none.
    """
    if parameter.type == "iri":
        return _iri(parameter, value)
    if parameter.type == "integer":
        if not _INTEGER.fullmatch(value):
            raise _wrong(parameter, value, "a whole number such as 2022")
        return ox.Literal(str(int(value)), datatype=ox.NamedNode(XSD + "integer"))
    if parameter.type == "date":
        try:
            if not _DAY.fullmatch(value):
                raise ValueError
            return ox.Literal(date.fromisoformat(value).isoformat(), datatype=ox.NamedNode(XSD + "date"))
        except ValueError as error:
            raise _wrong(parameter, value, "a day such as 2022-10-31") from error
    if parameter.type == "language" and not _LANGUAGE.fullmatch(value):
        raise _wrong(parameter, value, "a language tag such as en or zh-Hans")
    if _NO_TEXT.search(value):
        raise _wrong(parameter, value, "text without control characters")
    return ox.Literal(value)


def _iri(parameter: Parameter, value: str) -> ox.NamedNode:
    iri = expand(value)
    try:
        if not _ABSOLUTE.fullmatch(iri) or re.search(r"""[\x00-\x20<>"{}|\\^`]""", iri):
            raise ValueError
        return ox.NamedNode(iri)
    except ValueError as error:
        raise _wrong(parameter, value, "a thing such as mission-change-6, csd:mission-change-6 or its IRI") from error


def _wrong(parameter: Parameter, value: str, wanted: str) -> ParameterError:
    return ParameterError(f"The parameter '{parameter.name}' is {brief(value)}. Give {wanted}.")


def brief(value: str) -> str:
    """Return what was typed as it can be shown in a message."""
    return repr(value if len(value) <= 60 else value[:60] + "...")
