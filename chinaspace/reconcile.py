"""Answer the Reconciliation Service API 0.2, so that OpenRefine and others can match tables with the graph.

The specification is https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from chinaspace import __version__
from chinaspace.candidates import LOOKED_AT, Known, Query, by_name, read_queries, types_of, weigh, written
from chinaspace.enlist import short
from chinaspace.extend import (
    extended,
    fact_queries,
    having_query,
    known_from,
    proposal_query,
    read_extension,
    shown,
)
from chinaspace.hint import describe_term, hint_classes, hint_properties, hint_things
from chinaspace.match import Match
from chinaspace.names import CS, CSD
from chinaspace.pages import ROOT, render
from chinaspace.protocol import RefusalError, read_fields
from chinaspace.reply import client_of
from chinaspace.roster import Roster, Rosters, ask_rows
from chinaspace.serving import Serving

PATH = "/reconcile"
_LONGEST_BODY = 2**20
_LONGEST_ADDRESS = 2**15
_MOST_PROPOSED = 100
_WIDTH, _HEIGHT = 430, 300
# Previews are made to be shown within the pages of others, and run no script.
_FRAMED = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
_Now = Callable[[], Serving]


def add_reconcile(app: FastAPI, serving: _Now) -> None:
    """Add the service below /reconcile."""
    service = Service(serving)
    paths: dict[str, Callable[..., Awaitable[Response]]] = {
        "/preview": service.preview,
        "/properties": service.propose,
        "/suggest/{what}": service.suggest,
        "/flyout/{what}": service.flyout,
    }
    app.add_api_route(PATH, service.answer, methods=["GET", "POST"], summary="Reconcile names with things")
    app.add_api_route(PATH, service.answer, methods=["HEAD"], include_in_schema=False)
    for path, handler in paths.items():
        app.add_api_route(PATH + path, handler, methods=["GET", "HEAD"], include_in_schema=False)


class Service:
    """Answers from what is served at the time of each request."""

    def __init__(self, serving: _Now) -> None:
        """Answer from what *serving* gives; nothing is read before the first question."""
        self._serving, self._rosters = serving, Rosters()

    async def answer(self, request: Request) -> Response:
        """Answer a batch of queries or an extension; introduce the service where there is neither."""
        fields = await _fields(request)
        if "queries" in fields:
            queries = read_queries(fields["queries"])
            return JSONResponse(await self._reconcile(queries, request))
        if "extend" in fields:
            extension = read_extension(fields["extend"])
            roster = await self._roster(request)
            about = [roster.property_of(name) for name, _ in extension.properties]
            known = await self._known([roster.thing_of(one) for one in extension.things], about, request)
            return JSONResponse(extended(extension, known, roster))
        if request.method == "POST":
            raise RefusalError(400, "There are no queries. Send a batch as the form parameter 'queries'.")
        return JSONResponse(manifest(f"{request.url.scheme}://{request.url.netloc}{ROOT.get()}"))

    async def _roster(self, request: Request) -> Roster:
        return await self._rosters.find(self._serving(), client_of(request.scope))

    async def _reconcile(self, queries: dict[str, Query], request: Request) -> dict[str, object]:
        roster = await self._roster(request)
        named = {key: one for key, one in queries.items() if one.name.strip()}
        job = self._rosters.work(lambda: {key: by_name(one, roster) for key, one in named.items()})
        matches = cast(dict[str, list[Match]], await job)
        for key, one in queries.items():
            if key not in matches:
                matches[key] = await self._having(one, roster, request)
        asking = [key for key, one in queries.items() if one.properties]
        things = [match.thing.id for key in asking for match in matches[key][:LOOKED_AT]]
        about = [roster.property_of(prop.id) for key in asking for prop in queries[key].properties]
        known = await self._known(things, about, request) if asking else {}

        def write() -> dict[str, object]:
            return {key: written(weigh(one, matches[key], known, roster), one, roster) for key, one in queries.items()}

        return cast(dict[str, object], await self._rosters.work(write))

    async def _having(self, query: Query, roster: Roster, request: Request) -> list[Match]:
        """Return the things that have the values of a query without a name."""
        text = having_query(query.properties, roster)
        rows = await ask_rows(self._serving(), text, client_of(request.scope)) if text else []
        iris = [row["thing"].value for row in rows if isinstance(row["thing"], ox.NamedNode)]
        kinds = {roster.class_of(one) for one in query.types}
        things = [roster.index.things[iri] for iri in iris if iri in roster.index.things]
        fitting = [one for one in things if not kinds or not query.strict or one.kinds & kinds]
        return [Match(one, 100.0, True, ()) for one in fitting]

    async def _known(self, things: list[str], properties: list[str], request: Request) -> Known:
        rows = []
        for query in fact_queries(dict.fromkeys(things), dict.fromkeys(properties)):
            rows += await ask_rows(self._serving(), query, client_of(request.scope))
        return known_from(rows)

    async def suggest(self, what: str, request: Request) -> Response:
        """Complete what a user begins to type: the name of an entity, a class or a property."""
        fields = await _fields(request)
        prefix, cursor = fields.get("prefix", ""), fields.get("cursor", "0")
        if len(prefix) > 200 or not cursor.isdecimal() or len(cursor) > 6:
            raise RefusalError(400, "Give 'prefix', of at most 200 characters, and 'cursor', a number.")
        hints = {"entity": hint_things, "type": hint_classes, "property": hint_properties}
        if what not in hints:
            raise RefusalError(404, "Suggestions are given for entity, type and property.")
        roster = await self._roster(request)
        return JSONResponse({"result": await self._rosters.work(lambda: hints[what](prefix, int(cursor), roster))})

    async def flyout(self, what: str, request: Request) -> Response:
        """Give a few words on what is suggested."""
        key = (await _fields(request)).get("id", "")[:500]
        roster = await self._roster(request)
        found = describe_term(what, key, roster)
        if found is None:
            raise RefusalError(404, f"'{key[:60]}' names nothing that the graph describes.")
        page = render("flyout.html", name=found[0], description=found[1])
        return JSONResponse({"id": key, "html": bytes(page.body).decode()})

    async def preview(self, request: Request) -> Response:
        """Show a thing within the page of another."""
        key = (await _fields(request)).get("id", "")[:500]
        roster = await self._roster(request)
        iri = roster.thing_of(key)
        thing = roster.index.things.get(iri)
        if thing is None:
            raise RefusalError(404, f"'{key[:60]}' names nothing that the graph describes.")
        about = [CS + name for name in roster.properties if ":" not in name]
        known = await self._known([iri], about, request)
        kinds = [one["name"] for one in types_of(iri, roster)[:2]]
        page = render("preview.html", thing=thing, slug=short(iri), kinds=kinds, facts=shown(known, roster)[:8])
        page.headers["content-security-policy"] = _FRAMED
        return page

    async def propose(self, request: Request) -> Response:
        """Propose properties that things of a class have."""
        fields = await _fields(request)
        name, limit = fields.get("type", ""), fields.get("limit", "")
        most = max(1, min(int(limit), _MOST_PROPOSED)) if limit.isdecimal() and len(limit) < 9 else _MOST_PROPOSED
        roster = await self._roster(request)
        kind = roster.class_of(name or "Entity")
        query = proposal_query(kind if ":" in kind else CS + kind, most)
        rows = await ask_rows(self._serving(), query, client_of(request.scope)) if query else []
        ids = [short(row["property"].value) for row in rows if isinstance(row["property"], ox.NamedNode)]
        return JSONResponse(
            {
                "type": name,
                "limit": most,
                "properties": [{"id": key, "name": roster.properties.get(key, key)} for key in ids],
            }
        )


def manifest(base: str) -> dict[str, Any]:
    """Return what the service says of itself at the address *base*, which ends without a slash."""
    where = base + PATH

    def suggest(what: str) -> dict[str, str]:
        return {
            "service_url": where,
            "service_path": f"/suggest/{what}",
            "flyout_service_url": where,
            "flyout_service_path": f"/flyout/{what}?id=${{id}}",
        }

    kinds = ("Mission", "Spacecraft", "LaunchVehicle", "Institution", "Country", "Person", "Place", "Launch")
    limit = {
        "type": "number",
        "name": "limit",
        "label": "Limit",
        "default": 0,
        "help_text": "Values at most; 0 for all.",
    }
    return {
        "versions": ["0.2"],
        "name": "chinaspace",
        "identifierSpace": CSD,
        "schemaSpace": CS,
        "serviceVersion": __version__,
        "documentation": f"{base}/sparql",
        "view": {"url": f"{base}/id/{{{{id}}}}"},
        "defaultTypes": [{"id": kind, "name": kind} for kind in kinds],
        "preview": {"url": f"{where}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": {what: suggest(what) for what in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": where, "service_path": "/properties"},
            "property_settings": [limit],
        },
    }


async def _fields(request: Request) -> dict[str, str]:
    """Return the parameters of a request, the first of each name; those of a form among them.

    Raises:
        RefusalError: there is too much of them, or they are in another form.
    """
    if len(request.scope["query_string"]) > _LONGEST_ADDRESS:
        raise RefusalError(414, f"The address has more than {_LONGEST_ADDRESS} bytes. Send the queries by POST.")
    body, media_type = bytearray(), "application/x-www-form-urlencoded"
    if request.method == "POST":
        if request.headers.get("content-encoding", "identity") != "identity":
            raise RefusalError(415, "A compressed body is not read here. Send it as it is.")
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST_BODY:
                raise RefusalError(413, f"The body has more than {_LONGEST_BODY} bytes. Send fewer queries at a time.")
        media_type = request.headers.get("content-type", media_type)
    pairs = read_fields(request.scope["query_string"], media_type, bytes(body))
    return dict(reversed(pairs))
