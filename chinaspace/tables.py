"""Write the rows of a query for people: as a table of the terminal, as Markdown, or as cells for a page."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.errors import ParameterError
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


def pick(rows: Rows, columns: list[str]) -> Rows:
    """Return only *columns* of *rows*, in the order that is asked for.

    Raises:
        ParameterError: the answer has no such column.
    """
    for name in columns:
        if name not in rows.columns:
            raise ParameterError(f"There is no column '{name}'. The answer has {', '.join(rows.columns)}.")
    places = [rows.columns.index(name) for name in columns]
    return Rows(tuple(columns), tuple(tuple(row[place] for place in places) for row in rows.rows))


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


def to_table(rows: Rows, width: int | None) -> str:
    """Return a table that fits *width* columns of a terminal; None takes the terminal's own."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*rows.columns)
    for row in rows.rows:
        table.add_row(*map(Text, row))  # Text, because plain strings would be read as markup
    out = io.StringIO()
    Console(file=out, width=width).print(table)
    return out.getvalue()
