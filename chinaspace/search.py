"""Search for things: a page of results, and what is offered while one types."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from chinaspace.caption import Captions
from chinaspace.compose import Reader, compose, validity_of
from chinaspace.errors import ParameterError
from chinaspace.lead import lead
from chinaspace.lookup import Row, lookup
from chinaspace.reply import Answered, Unchanged, client_of
from chinaspace.result import Reply
from chinaspace.seek import LONGEST, finder
from chinaspace.serving import Serving

_ON_THE_PAGE, _OFFERED = 60, 10


def add_search(app: FastAPI, serving: Callable[[], Serving]) -> None:
    """Add the page, and the list for scripts."""

    @app.head("/search", include_in_schema=False)
    @app.get("/search", include_in_schema=False)
    async def search(request: Request) -> Response:
        """List the things that may be meant."""
        now, typed = serving(), _typed(request)

        async def make(reader: Reader) -> tuple[str, dict[str, Any]]:
            found = await _find(now, reader, typed, _ON_THE_PAGE)
            return "search.html", {"searched": typed, "found": found}

        return await compose(request, now, make)

    @app.head("/search.json", include_in_schema=False)
    @app.get("/search.json")
    async def offer(request: Request, q: str = "") -> Response:
        """Offer the things that a part of a name may mean: label, name in the other script, kind and address."""
        now, typed = serving(), _typed(request)
        validity = validity_of(request, now)
        if validity.holds(request.scope):
            return Unchanged(validity)
        reader = Reader(now, client_of(request.scope))
        found = await _find(now, reader, typed, _OFFERED)
        captions = await reader.captions()
        offers = [_offer(one["thing"], one["kind"], captions) for one in found]
        return Answered(Reply("application/json", json.dumps(offers, ensure_ascii=False).encode()), validity)


def _offer(thing: ox.NamedNode, kind: object, captions: Captions) -> dict[str, str]:
    label = captions(thing)
    other = next((text for text in captions.all(thing).values() if text != label), "")
    return {"label": label, "other": other, "kind": captions(kind) if kind else "", "address": lead(thing)}


def _typed(request: Request) -> str:
    """Return what is looked for.

    Raises:
        ParameterError: it is longer than any name.
    """
    typed = request.query_params.get("q", "").strip()
    if len(typed) > LONGEST:
        raise ParameterError(f"That is longer than any name. Give 'q' with at most {LONGEST} characters.")
    return typed


async def _find(serving: Serving, reader: Reader, typed: str, most: int) -> list[dict[str, Any]]:
    """Return the things that may be meant with their kinds and the number of claims on them, the likeliest first."""
    things = await run_in_threadpool(lambda: finder(serving.loaded.store).find(typed, most)) if typed else []
    if not things:
        return []
    (rows,) = await reader.rows(lookup("found", thing=things))
    reader.remember(*things)
    kinds: dict[object, Row] = {}
    for row in rows:
        if "thing" in row:
            kinds.setdefault(row["thing"], row)
    return [_entry(thing, kinds.get(thing)) for thing in things]


def _entry(thing: ox.NamedNode, row: Row | None) -> dict[str, Any]:
    number = str(getattr(row["number"], "value", 0)) if row else "0"
    return {"thing": thing, "kind": row.get("kind") if row else None, "number": int(number)}
