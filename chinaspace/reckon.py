"""Reckon with many values at once on Oxigraph: compare them, match patterns, tell whether they are well-formed.

SHACL defines these by SPARQL's operators, and Oxigraph's regular expressions
take time in proportion to the text, whatever a stranger writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from chinaspace.names import XSD, Term

_CASTS = (
    "boolean decimal float double dateTime date time gYear gMonth gDay gYearMonth gMonthDay "
    "duration dayTimeDuration yearMonthDuration"
)
_CAST_TYPES = {XSD + name for name in _CASTS.split()}
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_INTEGERS = {XSD + name: bounds for name, bounds in _BOUNDS.items()}


def unordered(pairs: Sequence[tuple[Term, Term]], operator: str) -> set[int]:
    """Return the places of the pairs that *operator*, "<" or "<=", does not hold for, or cannot compare."""
    rows = [(str(place), left, right) for place, (left, right) in enumerate(pairs) if _comparable(left, right)]
    table = " ".join(f"({place} {left} {right})" for place, left, right in rows)
    held = _select(f"SELECT ?n WHERE {{ VALUES (?n ?a ?b) {{ {table} }} FILTER ( ?a {operator} ?b ) }}") if rows else []
    return set(range(len(pairs))) - {int(row[0].value) for row in held}


def _comparable(left: Term, right: Term) -> bool:
    return isinstance(left, ox.Literal) and isinstance(right, ox.Literal)


def unmatched(texts: Iterable[str], pattern: str, flags: str) -> set[str]:
    """Return the texts in which *pattern*, a regular expression of SPARQL, is not found.

    Raises:
        ValueError: *pattern* or *flags* are none that SPARQL has.
    """
    if not is_pattern(pattern, flags):
        raise ValueError(f"not a regular expression of SPARQL: {pattern}")
    table = " ".join(str(ox.Literal(text)) for text in set(texts))
    test = f"REGEX ( ?text, {ox.Literal(pattern)}, {ox.Literal(flags)} )"
    rows = _select(f"SELECT ?text WHERE {{ VALUES ?text {{ {table} }} FILTER ( !{test} ) }}")
    return {row[0].value for row in rows}


@cache
def is_pattern(pattern: str, flags: str) -> bool:
    """Tell whether Oxigraph can read a regular expression and its flags."""
    try:
        rows = _select(f'SELECT ( REGEX ( "", {ox.Literal(pattern)}, {ox.Literal(flags)} ) AS ?found ) WHERE {{}}')
    except SyntaxError:
        return False
    return rows[0][0] is not None


def ill_formed(literals: Iterable[ox.Literal]) -> set[ox.Literal]:
    """Return the literals that are none of their datatype, such as "2022-13-01"^^xsd:date.

    Datatypes outside XML Schema, and its texts, take anything.
    """
    wrong, cast = set(), []
    for literal in literals:
        datatype = literal.datatype.value
        if datatype in _INTEGERS:
            if not _is_integer(literal.value, *_INTEGERS[datatype]):
                wrong.add(literal)
        elif datatype in _CAST_TYPES:
            cast.append(literal)
    by_type: dict[str, dict[str, ox.Literal]] = {}
    for literal in cast:
        by_type.setdefault(literal.datatype.value, {})[literal.value] = literal
    for datatype, by_text in by_type.items():
        table = " ".join(str(ox.Literal(text)) for text in by_text)
        query = f"SELECT ?text WHERE {{ VALUES ?text {{ {table} }} FILTER ( !BOUND ( ?made ) ) }}"
        query = query.replace("FILTER", f"BIND ( <{datatype}>(?text) AS ?made ) FILTER")
        wrong |= {by_text[row[0].value] for row in _select(query)}
    return wrong


def _is_integer(text: str, least: int | None, most: int | None) -> bool:
    if not _INTEGER.fullmatch(text):
        return False
    number = Decimal(text)  # of any length, which int() refuses
    return (least is None or number >= least) and (most is None or number <= most)


def _select(query: str) -> list[ox.QuerySolution]:
    solutions = _nothing().query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return list(solutions)


@cache
def _nothing() -> ox.Store:
    return ox.Store()
