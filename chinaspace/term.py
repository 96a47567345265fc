"""Read what was typed for a parameter as a term of its type."""

from __future__ import annotations

import re
from datetime import date

import pyoxigraph as ox

from chinaspace.errors import ParameterError
from chinaspace.header import Parameter
from chinaspace.names import XSD, expand

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")


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
