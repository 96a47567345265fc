"""Who cooperates with whom: partners by field, and those with payloads by mission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response

from chinaspace.compose import Reader, compose, until
from chinaspace.forms import forms_of
from chinaspace.lookup import Row, lookup
from chinaspace.names import cs
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.serving import Serving

_PAYLOADS = {cs("payloadCooperation"), cs("payloadHosting")}
_MOST = 3000
_DRAWN = ("map", "network")


def add_allies(app: FastAPI, serving: Callable[[], Serving]) -> None:
    """Add the page."""

    @app.head("/cooperation", include_in_schema=False)
    @app.get("/cooperation", include_in_schema=False)
    async def cooperation(request: Request) -> Response:
        """Show partners, fields and payloads."""
        return await compose(request, serving(), _cooperation)


async def _cooperation(reader: Reader) -> tuple[str, dict[str, Any]]:
    (rows,) = await reader.rows(lookup("allies", _MOST, day=until()))
    return "cooperation.html", {
        "fields": _count(rows, "field"),
        "partners": _partners(rows),
        "payloads": _payloads(rows),
        "pictures": _pictures(),
    }


def _pictures() -> list[SavedQuery]:
    """Return the saved queries that draw the map and the network of cooperation, where pictures can be drawn."""
    drawn = [query for query in saved_queries().values() if query.chart and "cooperation" in query.tags]
    first = {query.chart.kind: query for query in reversed(drawn) if query.chart and "svg" in _forms(query)}
    return [first[kind] for kind in _DRAWN if kind in first]


def _forms(query: SavedQuery) -> set[str]:
    return {form.name for form in forms_of(query)}


def _count(rows: list[Row], column: str) -> dict[object, int]:
    """Return the terms of a column with how many cooperations have each, the most frequent first."""
    found: dict[object, set[object]] = {}
    for row in rows:
        if column in row:
            found.setdefault(row[column], set()).add(row["cooperation"])
    return {term: len(found[term]) for term in sorted(found, key=lambda term: (-len(found[term]), str(term)))}


def _partners(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the partners, groups left out, with their cooperations in all and in each field, the busiest first."""
    found: dict[object, dict[str, Any]] = {}
    for row in rows:
        if "group" in row:
            continue
        one = found.setdefault(row["partner"], {"partner": row["partner"], "all": set(), "fields": {}})
        one["all"].add(row["cooperation"])
        if "field" in row:
            one["fields"].setdefault(row["field"], set()).add(row["cooperation"])
    return sorted(found.values(), key=lambda one: (-len(one["all"]), str(one["partner"])))


def _payloads(rows: list[Row]) -> dict[object, dict[tuple[object, object, object], Row]]:
    """Return the missions with the partners that have or share in a payload there: in which role, and how surely."""
    found: dict[object, dict[tuple[object, object, object], Row]] = {}
    for row in rows:
        if row.get("kind") in _PAYLOADS and "subject" in row:
            parts = found.setdefault(row["subject"], {})
            parts.setdefault((row["partner"], row["role"], row["modality"]), row)
    return dict(sorted(found.items(), key=lambda one: str(one[0])))
