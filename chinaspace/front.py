"""The front page: what this is, one question answered, and the ways in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import FastAPI, Request, Response

from chinaspace.compose import LONGEST, Reader, compose, day, until
from chinaspace.lookup import Row, lookup
from chinaspace.names import cs
from chinaspace.serving import Serving
from chinaspace.visit import VISIT

_RESOLVES = cs("resolves")


def add_front(app: FastAPI, serving: Callable[[], Serving]) -> None:
    """Add the page."""

    @app.head("/", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    async def front(request: Request) -> Response:
        """Say what this is."""
        now = VISIT.get().day or date.today().isoformat()
        return await compose(request, serving(), lambda reader: _front(reader, now), now)


async def _front(reader: Reader, now: str) -> tuple[str, dict[str, Any]]:
    numbers, slips, allegations, conflicts, overdue = await reader.rows(
        lookup("front-numbers", day=until()),
        lookup("register-slips", LONGEST, day=until()),
        lookup("register-allegations", LONGEST, day=until()),
        lookup("register-conflicts", LONGEST, day=until()),
        lookup("register-overdue", LONGEST, day=day(now), until=day(now)),
    )
    met = _latest(slips)
    claims = await reader.claims(row[name] for row in met for name in ("claim", "outcome"))
    return "front.html", {
        "numbers": numbers[0],
        "met": [row for row in met if row["claim"] in claims and row["outcome"] in claims],
        "claims": claims,
        "allegations": len({row["claim"] for row in allegations}),
        "unanswered": len({row["claim"] for row in allegations if "answer" not in row}),
        "conflicts": len({tuple(sorted((row["claim"], row["other"]), key=str)) for row in conflicts}),
        "overdue": len({row["claim"] for row in overdue}),
    }


def _latest(rows: list[Row]) -> list[Row]:
    """Return the plans for what came latest of all, sorted as the look-up sorts them; none where nothing came late."""
    met = [row for row in rows if row["link"] == _RESOLVES]
    if not met or "atLeast" not in met[0]:
        return []
    return [row for row in met if row["subject"] == met[0]["subject"]]
