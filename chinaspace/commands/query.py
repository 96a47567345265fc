"""Ask a saved query, or list them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from chinaspace.errors import ParameterError


class QueryFormat(StrEnum):
    """The forms in which the answer to a saved query is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MD = "md"
    TSV = "tsv"
    XML = "xml"


def query(
    name: Annotated[str | None, typer.Argument(help="Name of the saved query; none lists them all.")] = None,
    param: Annotated[list[str] | None, typer.Option(help="A parameter, as key=value; repeat for more.")] = None,
    form: Annotated[QueryFormat, typer.Option("--format", help="Form of the answer.")] = QueryFormat.TABLE,
    store: Annotated[
        str,
        typer.Option(
            envvar="CHINASPACE_STORE", help="Where the graph is: memory, a folder, or the address of a SPARQL service."
        ),
    ] = "memory",
    columns: Annotated[str, typer.Option(help="Only these columns, as a,b,c; for table and md.")] = "",
) -> None:
    """Ask a saved query, or list them."""
    from chinaspace.ask import prepare, write
    from chinaspace.queries import find_query, saved_queries
    from chinaspace.store import open_store, solve
    from chinaspace.tables import pick, read_rows, to_markdown, to_table

    if name is None and (param or columns or form is not QueryFormat.TABLE):
        raise ParameterError("There is no query that this is for. Name one; without options the names are listed.")
    if name is None:
        for saved in saved_queries().values():
            print(f"{saved.name}\n    {saved.question}")
            for parameter in saved.parameters:
                print(f"    --param {parameter.name}=...  {parameter}")
        return
    found, given = find_query(name), _read_parameters(param or [])
    if columns and form not in (QueryFormat.TABLE, QueryFormat.MD):
        raise ParameterError(f"The form {form} always has all columns. Use table or md, or leave out --columns.")
    served = open_store(store)
    solutions = solve(served, prepare(served.store, found, given))
    if form not in (QueryFormat.TABLE, QueryFormat.MD):
        sys.stdout.write(write(solutions, form.value).body.decode())
        return
    rows = read_rows(solutions)
    shown = pick(rows, columns.split(",")) if columns else rows
    width = None if sys.stdout.isatty() else 200
    sys.stdout.write(to_markdown(shown) if form is QueryFormat.MD else to_table(shown, width))


def _read_parameters(pairs: Iterable[str]) -> dict[str, str]:
    given = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise ParameterError(f"'{pair}' is no parameter. Write key=value, for example --param day=2022-10-31.")
        if key in given:
            raise ParameterError(f"The parameter '{key}' is given twice. Give it once.")
        given[key] = value
    return given
