"""Adapt the answers of a service that departs from the standard; which one it is, its own answers tell."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyoxigraph as ox

from chinaspace.names import XSD, Node, Term

# In JSON each quotation mark within a text has a backslash before it, so no text can hold one of these.
_TYPED = re.compile(rb'("datatype": ?"http://www\.w3\.org/2001/XMLSchema#)(boolean|decimal)(", ?"value": ?")([^"\\]*)"')
_BLANK = re.compile(rb'("type" ?: ?"bnode" ?, ?"value" ?: ?")nodeID://')
_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
_BLANK_IRI = "nodeID://"
_BOOLEAN, _DECIMAL = XSD + "boolean", XSD + "decimal"
_WORDS = {"1": "true", "0": "false"}
# Virtuoso keeps integers in 32 bits, and what is beyond as a decimal.
_INTEGER = 2**31


def adapter(server: str) -> Callable[[bytes], bytes] | None:
    """Return what mends lines of JSON from the *server* that names itself so; nothing where nothing needs it."""
    return _mend_line if server.startswith("Virtuoso") else None


def _mend_line(line: bytes) -> bytes:
    return _BLANK.sub(rb"\1", _TYPED.sub(_mend_match, line))


def _mend_match(found: re.Match[bytes]) -> bytes:
    head, name, middle, value = found.groups()
    name_now, value_now = _mend(name.decode(), value.decode())
    return head + name_now.encode() + middle + value_now.encode() + b'"'


def _mend(datatype: str, value: str) -> tuple[str, str]:
    """Return a boolean by its word, and a decimal as the integer that it was or with its point."""
    if datatype == "boolean":
        return datatype, _WORDS.get(value, value)
    if not _WHOLE.fullmatch(value):
        return datatype, value
    return ("integer", value) if abs(int(value)) >= _INTEGER else (datatype, f"{value}.0")


def mend_triple(triple: ox.Triple) -> ox.Triple:
    """Return *triple* as the standard has it."""
    subject, value = _mend_term(triple.subject), _mend_term(triple.object)
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, triple.predicate, value)


def _mend_term(term: Node | Term) -> Node | Term:
    if isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK_IRI):
        return ox.BlankNode(term.value.removeprefix(_BLANK_IRI))
    if isinstance(term, ox.Literal) and term.datatype.value in (_BOOLEAN, _DECIMAL):
        datatype, value = _mend(term.datatype.value.removeprefix(XSD), term.value)
        return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))
    return term


def truth(results: ox.QuerySolutions | ox.QueryBoolean) -> bool:
    """Return the answer to ASK, which Virtuoso gives as a table: with one row if it holds, else with none.

    Raises:
        ValueError: it is neither this nor what the standard has.
    """
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    rows = [[term.value for term in row if isinstance(term, ox.Literal)] for row in results]
    if len(rows) > 1 or any(row not in (["1"], ["0"]) for row in rows):
        raise ValueError("a table is no answer to ASK")
    return rows == [["1"]]
