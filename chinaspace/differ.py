"""What changed between two days: what was said in between, what became of what had been said, which facts differ."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response

from chinaspace.compose import Reader, compose, day, number, until
from chinaspace.errors import ParameterError
from chinaspace.lookup import Row, lookup
from chinaspace.serving import Serving
from chinaspace.visit import VISIT, is_day

_ON_A_PAGE = 40
_MOST = 120


def add_changes(app: FastAPI, serving: Callable[[], Serving]) -> None:
    """Add the page."""

    @app.head("/changes", include_in_schema=False)
    @app.get("/changes", include_in_schema=False)
    async def changes(request: Request) -> Response:
        """Compare what was known on two days."""
        begin, end = _given(request, "from"), _given(request, "to") or VISIT.get().day
        page = number(request)
        return await compose(request, serving(), lambda reader: _changes(reader, begin, end, page))


def _given(request: Request, name: str) -> str:
    given = request.query_params.get(name, "")
    if not is_day(given):
        raise ParameterError(f"'{given[:40]}' is no day. Give '{name}' as YYYY-MM-DD.")
    return given


async def _changes(reader: Reader, begin: str, end: str, page: int) -> tuple[str, dict[str, Any]]:
    (sources,) = await reader.rows(lookup("days"))
    days = sorted({_text(row["last"]) for row in sources if _text(row["last"]) <= until().value})
    end = end or (days[-1] if days else "")
    begin = begin or next((one for one in reversed(days) if one < end), end)
    values: dict[str, Any] = {"begin": begin, "end": end, "days": _steps(days), "page": page}
    if not end:
        return "changes.html", {
            **values,
            "number": 0,
            "sources": [],
            "said": [],
            "outcomes": [],
            "facts": [],
            "last": 1,
        }
    first, last = day(begin), day(end)
    counts, outcomes, facts, said = await reader.rows(
        lookup("changes-count", begin=first, end=last),
        lookup("changes-outcomes", _MOST, begin=first, end=last),
        lookup("changes-facts", _MOST, begin=first, end=last),
        lookup("changes-claims", _ON_A_PAGE, (page - 1) * _ON_A_PAGE, begin=first, end=last),
    )
    claims = await reader.claims(
        row.get(name) for row in (*outcomes, *facts, *said) for name in ("claim", "other", "before")
    )
    number = sum(int(_text(row["number"])) for row in counts)
    return "changes.html", values | {
        "number": number,
        "last": max(1, -(-number // _ON_A_PAGE)),
        "sources": counts,
        "said": [claims[row["claim"]] for row in said if row["claim"] in claims],
        "outcomes": [row for row in outcomes if row["claim"] in claims and row["other"] in claims],
        "facts": _differences(facts),
        "claims": claims,
    }


def _differences(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the rows by thing and property: what was said of it before, and what is reported since."""
    found: dict[tuple[object, object], dict[str, Any]] = {}
    for row in rows:
        key = row["subject"], row["property"]
        one = found.setdefault(key, {"subject": key[0], "property": key[1], "before": {}, "after": {}})
        one["before"].setdefault(row["earlier"], (row["before"], row["mode"]))
        one["after"].setdefault(row["value"], row["claim"])
    return [one for one in found.values() if set(one["after"]) - set(one["before"])]


def _steps(days: list[str]) -> list[tuple[str, str]]:
    """Return each day on which a source was published with the one before, the newest first."""
    return list(pairwise(days))[::-1]


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(getattr(term, "value", ""))
