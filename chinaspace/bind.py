"""Bind the parameters of a saved query, as terms and never as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from chinaspace.errors import ParameterError
from chinaspace.header import Parameter
from chinaspace.names import expand
from chinaspace.queries import SavedQuery
from chinaspace.term import brief, to_term

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
    return query.with_values(" ".join(f"VALUES ?{name} {{ {write_term(term)} }}" for name, term in terms.items()))


def _given_term(query: SavedQuery, parameter: Parameter, value: str, find: Find) -> ox.NamedNode | ox.Literal:
    iri = find(parameter, value) if parameter.type == "iri" else value
    try:
        return to_term(parameter, iri)
    except ParameterError as error:
        raise ParameterError(f"{error} {describe(query)}") from error


def write_term(term: ox.NamedNode | ox.Literal) -> str:
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
