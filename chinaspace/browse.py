"""Browse: by kind, year, country, institution and source, with how many there are of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response

from chinaspace.compose import Reader, anchor, compose, day, number, until
from chinaspace.errors import ParameterError
from chinaspace.lookup import Row, lookup
from chinaspace.names import cs
from chinaspace.serving import Serving

_ON_A_PAGE = 100
_SHOWN = 24
_MOST = 600
_CLAIMS_ON_A_PAGE = 60


def add_browse(app: FastAPI, serving: Callable[[], Serving]) -> None:
    """Add the page."""

    @app.head("/browse", include_in_schema=False)
    @app.get("/browse", include_in_schema=False)
    async def browse(request: Request) -> Response:
        """List kinds, years, countries, institutions and sources, or what there is of one of them."""
        page, kind, related, year = number(request), anchor(request, "kind"), anchor(request, "to"), _year(request)

        async def make(reader: Reader) -> tuple[str, dict[str, Any]]:
            if kind is not None:
                return await _members(reader, kind, page)
            if related is not None:
                return await _related(reader, related)
            return await (_overview(reader) if year is None else _in_year(reader, year, page))

        return await compose(request, serving(), make)


def _year(request: Request) -> int | None:
    given = request.query_params.get("year")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) == 4 and given != "0000"):
        raise ParameterError(f"'{given[:40]}' is no year. Give 'year' as four digits.")
    return int(given)


async def _overview(reader: Reader) -> tuple[str, dict[str, Any]]:
    kinds, years, countries, institutions, sources = await reader.rows(
        lookup("browse-kinds"),
        lookup("browse-years", day=until()),
        lookup("browse-members", _MOST, kind=cs("Country"), day=until()),
        lookup("browse-members", _SHOWN, kind=cs("Institution"), day=until()),
        lookup("browse-sources", _MOST, day=until()),
    )
    return "browse.html", {
        "kinds": kinds,
        "years": [row for row in years if "year" in row],
        "countries": _spoken_of(countries),
        "institutions": _spoken_of(institutions),
        "sources": [row for row in sources if "source" in row],
    }


def _spoken_of(rows: list[Row]) -> list[Row]:
    """Return those of which something is said."""
    return [row for row in rows if "thing" in row and _number(row) > 0]


async def _members(reader: Reader, kind: ox.NamedNode, page: int) -> tuple[str, dict[str, Any]]:
    (rows,) = await reader.rows(
        lookup("browse-members", _ON_A_PAGE + 1, (page - 1) * _ON_A_PAGE, kind=kind, day=until())
    )
    rows = [row for row in rows if "thing" in row]
    reader.remember(kind)
    last = page + (len(rows) > _ON_A_PAGE)
    return "members.html", {"kind": kind, "rows": rows[:_ON_A_PAGE], "page": page, "last": last}


async def _related(reader: Reader, thing: ox.NamedNode) -> tuple[str, dict[str, Any]]:
    (rows,) = await reader.rows(lookup("browse-related", _MOST, anchor=thing))
    reader.remember(thing)
    groups: dict[object, list[object]] = {}
    for row in rows:
        groups.setdefault(row["property"], []).append(row["thing"])
    return "related.html", {"thing": thing, "groups": groups}


async def _in_year(reader: Reader, year: int, page: int) -> tuple[str, dict[str, Any]]:
    first, last = day(f"{year:04}-01-01"), day(f"{year:04}-12-31")
    size = _CLAIMS_ON_A_PAGE
    (rows,) = await reader.rows(lookup("browse-year", size + 1, (page - 1) * size, first=first, last=last, day=until()))
    claims = await reader.claims(row["claim"] for row in rows[:size])
    pages = page + (len(rows) > size)
    shown = [row for row in rows[:size] if row["claim"] in claims]
    return "year.html", {"year": year, "rows": shown, "claims": claims, "page": page, "last": pages}


def _number(row: Row) -> int:
    return int(str(getattr(row["number"], "value", 0)))
