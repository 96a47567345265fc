"""The registers: conflicts, plans and what came of them, allegations and their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response

from chinaspace.compose import LONGEST, Reader, compose, day, number, until
from chinaspace.lookup import Row, lookup
from chinaspace.names import cs
from chinaspace.serving import Serving
from chinaspace.visit import VISIT

_PREFERRED, _RESOLVES = cs("preferred"), cs("resolves")
_ON_A_PAGE = 40


def add_registers(app: FastAPI, serving: Callable[[], Serving]) -> None:
    """Add the pages."""

    @app.head("/conflicts", include_in_schema=False)
    @app.get("/conflicts", include_in_schema=False)
    async def conflicts(request: Request) -> Response:
        """List the claims that stand against each other."""
        page, state = number(request), request.query_params.get("state", "")
        return await compose(request, serving(), lambda reader: _conflicts(reader, page, state))

    @app.head("/allegations", include_in_schema=False)
    @app.get("/allegations", include_in_schema=False)
    async def allegations(request: Request) -> Response:
        """List the allegations, with what was answered."""
        page = number(request)
        return await compose(request, serving(), lambda reader: _allegations(reader, page))

    @app.head("/plans", include_in_schema=False)
    @app.get("/plans", include_in_schema=False)
    async def plans(request: Request) -> Response:
        """List the plans that came late or in time, and those whose day has passed without an outcome."""
        page, now = number(request), VISIT.get().day or date.today().isoformat()
        return await compose(request, serving(), lambda reader: _plans(reader, page, now), now)


def share(rows: list[Any], page: int, size: int = _ON_A_PAGE) -> tuple[list[Any], int]:
    """Return what stands on a page of a long list, and how many pages there are."""
    return rows[(page - 1) * size : page * size], max(1, -(-len(rows) // size))


async def _conflicts(reader: Reader, page: int, state: str) -> tuple[str, dict[str, Any]]:
    (rows,) = await reader.rows(lookup("register-conflicts", LONGEST, day=until()))
    pairs: dict[tuple[object, ...], Row] = {}
    for row in rows:
        known = pairs.setdefault(tuple(sorted((row["claim"], row["other"]), key=str)), row)
        # A pair that is linked in two ways is one conflict; what settles it counts, wherever it stands.
        if "rank" in row and "rank" not in known:
            known |= {name: row[name] for name in ("ranked", "rank", "rule", "reason")}
    counts = {"open": sum("rank" not in row for row in pairs.values()), "all": len(pairs)}
    counts["settled"] = counts["all"] - counts["open"]
    wanted = [row for row in pairs.values() if state not in counts or state == "all" or _state(row) == state]
    shown, last = share(wanted, page)
    claims = await reader.claims(term for row in shown for term in (row["claim"], row["other"]))
    found = [
        {**row, "state": _state(row), "sides": [claims[row["claim"]], claims[row["other"]]], "kept": _kept(row)}
        for row in shown
        if row["claim"] in claims and row["other"] in claims
    ]
    return "conflicts.html", {"found": found, "counts": counts, "state": state, "page": page, "last": last}


def _state(row: Row) -> str:
    return "settled" if "rank" in row else "open"


def _kept(row: Row) -> object:
    """Return the claim that the rule prefers, if there is one."""
    if "rank" not in row:
        return None
    other = row["other"] if row["ranked"] == row["claim"] else row["claim"]
    return row["ranked"] if row["rank"] == _PREFERRED else other


async def _allegations(reader: Reader, page: int) -> tuple[str, dict[str, Any]]:
    (rows,) = await reader.rows(lookup("register-allegations", LONGEST, day=until()))
    answers: dict[object, list[Row]] = {}
    for row in rows:
        answers.setdefault(row["claim"], []).extend([row] if "answer" in row else [])
    shown, last = share(sorted(answers.items(), key=lambda one: not one[1]), page)
    claims = await reader.claims(term for one, given in shown for term in (one, *(row["answer"] for row in given)))
    found = [
        {"claim": claims[one], "answers": [(row["link"], claims[row["answer"]]) for row in given]}
        for one, given in shown
        if one in claims
    ]
    return "allegations.html", {"found": found, "page": page, "last": last}


async def _plans(reader: Reader, page: int, now: str) -> tuple[str, dict[str, Any]]:
    slips, overdue = await reader.rows(
        lookup("register-slips", LONGEST, day=until()),
        lookup("register-overdue", LONGEST, day=day(now), until=day(now)),
    )
    shown, last = share(overdue, page)
    claims = await reader.claims(term for row in (*slips, *shown) for term in (row["claim"], row.get("outcome")))
    met = [row for row in slips if row["link"] == _RESOLVES]
    return "plans.html", {
        "groups": {
            "late": _of(met, cs("certainlyLate"), cs("possiblyLate")),
            "kept": _of(met, cs("notLate"), None),
            "replaced": [row for row in slips if row["link"] != _RESOLVES],
        },
        "overdue": [row for row in shown if row["claim"] in claims],
        "number": len(overdue),
        "claims": claims,
        "now": now,
        "page": page,
        "last": last,
    }


def _of(rows: Iterable[Row], *lateness: ox.NamedNode | None) -> list[Row]:
    return [row for row in rows if row.get("lateness") in lateness]
