"""Look something up for a page: short queries of the program's own, with terms bound, several asked at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from functools import cache
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.bind import write_term
from chinaspace.errors import QueryError
from chinaspace.names import XSD
from chinaspace.paths import PACKAGE
from chinaspace.protocol import Asked
from chinaspace.serving import Serving

# A row of an answer: its terms by the names of their columns; what is not bound is left out.
Row: TypeAlias = dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
Bound: TypeAlias = ox.NamedNode | ox.Literal

_JSON = ("application/sparql-results+json",)
# The place where terms enter: the group of the outermost query, as in saved queries.
_AS_OF = re.compile(r"^.*# as of\n", re.MULTILINE)
_WHERE = re.compile(r"^WHERE \{$", re.MULTILINE)


def lookup(name: str, limit: int | None = None, offset: int = 0, **terms: Bound | Iterable[Bound] | None) -> str:
    """Return the SPARQL of lookups/NAME.rq, with each variable of *terms* bound to its term or its several terms.

    They enter wherever the file says "VALUES ?variable { UNDEF }", and where it does
    not, at the head of its outermost group. A variable that is given no terms at
    all, an empty iterable, finds nothing. At most *limit* rows come, from *offset*
    on. Only terms and numbers enter the text, so nothing that somebody typed can
    change it.

    None leaves a variable as it is. Lines that end with "# as of" are left out unless
    "day" is given: to compare each claim with a day takes longer than to find it.
    """
    text = _read(name) if terms.get("day") is not None else _AS_OF.sub("", _read(name))
    for variable, term in terms.items():
        if term is None:
            continue
        block = f"VALUES ?{variable} {{ {_write(term)} }}"
        place = f"VALUES ?{variable} {{ UNDEF }}"
        if place in text:
            text = text.replace(place, block)
        else:
            start = _WHERE.search(text)
            assert start, f"lookups/{name}.rq has no line 'WHERE {{' in column 1"
            text = f"{text[: start.end()]}\n  {block}{text[start.end() :]}"
    return text if limit is None else f"{text.rstrip()}\nLIMIT {int(limit)} OFFSET {int(offset)}\n"


async def look_up(serving: Serving, client: str, *queries: str) -> list[list[Row]]:
    """Return the rows of each of *queries*, which are SELECT queries; all are asked at once.

    *client* is the address of who asks, as :func:`chinaspace.reply.client_of` gives it.

    Raises:
        ChinaSpaceError: as for :meth:`chinaspace.serving.Serving.ask`, for any of them.
    """
    return list(await asyncio.gather(*(_ask(serving, client, query) for query in queries)))


async def _ask(serving: Serving, client: str, query: str) -> list[Row]:
    reply = await serving.ask(Asked(query, _JSON), client)
    return read(await reply.whole())


def read(body: bytes) -> list[Row]:
    """Return the rows of an answer in SPARQL JSON.

    Raises:
        QueryError: it is no table.
    """
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(solutions, ox.QuerySolutions):
        raise QueryError("Only a SELECT query gives rows. Write SELECT.")
    columns = [variable.value for variable in solutions.variables]
    return [
        {column: term for column, term in zip(columns, solution, strict=True) if term is not None}
        for solution in solutions
    ]


def _write(terms: Bound | Iterable[Bound]) -> str:
    several = (terms,) if isinstance(terms, ox.NamedNode | ox.Literal) else terms
    return " ".join(map(write_term, several))


def until(day: str) -> ox.Literal | None:
    """Return *day*, YYYY-MM-DD, as a term; nothing for "", which is now."""
    return ox.Literal(day, datatype=ox.NamedNode(XSD + "date")) if day else None


@cache
def _read(name: str) -> str:
    return (PACKAGE / "lookups" / f"{name}.rq").read_text("utf-8")
