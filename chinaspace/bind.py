"""Bind the parameters of a saved query, as terms and never as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
# An escaped backslash before a "u" or "U", among the other escapes of a literal.
_BACKSLASH_U = re.compile(r"\\\\([uU])|\\.", re.DOTALL)

# What a name that was typed for a parameter stands for, as an IRI.
Find = Callable[[Parameter, str], str]


def plain(_: Parameter, value: str) -> str:
    """Return the IRI of a slug, a prefixed name or an IRI, whether anything describes it or not."""
    return expand(value)


def bind(query: SavedQuery, given: Mapping[str, str], find: Find = plain) -> str:
    """Return the SPARQL of *query* with its parameters bound.

    The value is parsed to a term first; what enters the query is that term in a
    VALUES block, serialised by Oxigraph, so nothing that is typed can change
    the query. A VALUES block works on every engine and in every position,
    where Oxigraph's own substitution asks for a projected variable.

    *find* looks up the names that are given for parameters of type iri.

    Raises:
        ParameterError: a parameter is unknown, missing or of the wrong type, or names nothing or too much.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            raise ParameterError(f"There is no parameter {brief(name)}. {describe(query)}")
    for name, parameter in known.items():
        if parameter.required and name not in given:
            raise ParameterError(f"The parameter '{name}' is missing. {describe(query)}")
    terms = {}
    for name, parameter in known.items():
        if name in given:
            terms[name] = _given_term(query, parameter, given[name], find)
        elif parameter.default is not None:
            terms[name] = to_term(parameter, parameter.default)
    return query.with_values(" ".join(f"VALUES ?{name} {{ {_write(term)} }}" for name, term in terms.items()))


def _given_term(query: SavedQuery, parameter: Parameter, value: str, find: Find) -> ox.NamedNode | ox.Literal:
    iri = find(parameter, value) if parameter.type == "iri" else value
    try:
        return to_term(parameter, iri)
    except ParameterError as error:
        raise ParameterError(f"{error} {describe(query)}") from error


def _write(term: ox.NamedNode | ox.Literal) -> str:
    """Return *term* in SPARQL that reads the same whether escapes of code points are undone before or while parsing.

    SPARQL has them undone first, and rdflib then takes a backslash that is escaped
    and a "u0022" after it for a quotation mark. So the "u" is escaped as well,
    with eight digits, because rdflib reads on after four.
    """
    return _BACKSLASH_U.sub(lambda found: f"\\\\\\U{ord(found[1]):08X}" if found[1] else found[0], str(term))


def describe(query: SavedQuery) -> str:
    """Return in one sentence what *query* takes."""
    if not query.parameters:
        return f"'{query.name}' takes none."
    return f"'{query.name}' takes: " + "; ".join(map(str, query.parameters)) + "."


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
    if parameter.type == "one-of" and value not in parameter.choices:
        raise _wrong(parameter, value, f"one of {', '.join(parameter.choices)}")
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
