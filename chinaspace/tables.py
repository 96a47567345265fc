"""Write the rows of a query for people: as strings, and as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.names import shorten


@dataclass(frozen=True)
class Rows:
    """Column names, and each row as strings: IRIs shortened, literals by their value, unbound as ""."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_rows(solutions: ox.QuerySolutions) -> Rows:
    """Return all *solutions* as strings."""
    columns = tuple(variable.value for variable in solutions.variables)
    return Rows(columns, tuple(tuple(map(show, solution)) for solution in solutions))


def show(term: object) -> str:
    """Return a term as people read it."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.Literal):
        return term.value
    return str(term)


def to_markdown(rows: Rows) -> str:
    """Return a GitHub-flavoured Markdown table; what would break a cell is escaped."""
    lines = [rows.columns, tuple("---" for _ in rows.columns), *(tuple(map(_cell, row)) for row in rows.rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(escaped.split())
