"""The pages and saved queries, as an application of FastAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from chinaspace import __version__
from chinaspace.ask import ASKED_AS, FORMATS, MEDIA_TYPES
from chinaspace.endpoint import OxigraphRouter
from chinaspace.engine import UnacceptableError
from chinaspace.errors import ChinaSpaceError, ParameterError
from chinaspace.faults import refuse
from chinaspace.negotiate import ranked
from chinaspace.pages import POLICY, ROOT, render, style
from chinaspace.protocol import Asked
from chinaspace.queries import SavedQuery, find_query, saved_queries
from chinaspace.reply import Answered, Unchanged, client_of, unless_gone
from chinaspace.result import Reply
from chinaspace.serving import Serving
from chinaspace.tables import Rows, read_rows, to_markdown

_Now = Callable[[], Serving]


def create_site(serving: _Now, router: OxigraphRouter) -> FastAPI:
    """Return the application that serves what *serving* gives at the time of each request."""
    # The interactive documentation of FastAPI loads scripts from another host, so it stays off.
    app = FastAPI(title="chinaspace", version=__version__, docs_url=None, redoc_url=None)
    app.include_router(router)
    _add_pages(app)
    _add_queries(app, serving)
    app.add_exception_handler(ChinaSpaceError, _refuse)
    return app


def _add_pages(app: FastAPI) -> None:
    @app.head("/", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    def front() -> Response:
        """Lead to the questions."""
        return RedirectResponse(f"{ROOT.get()}/queries")

    @app.head("/style.css", include_in_schema=False)
    @app.get("/style.css", include_in_schema=False)
    def style_sheet() -> Response:
        """Serve the style sheet."""
        return Response(style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _add_queries(app: FastAPI, serving: _Now) -> None:
    @app.head("/queries", include_in_schema=False)
    @app.get("/queries")
    def list_queries(request: Request) -> Response:
        """List the saved queries, with their parameters."""
        if _form(request) == "html":
            return render("queries.html", queries=saved_queries().values())
        return JSONResponse({"queries": [_describe(query) for query in saved_queries().values()]})

    @app.head("/queries/{name}", include_in_schema=False)
    @app.get("/queries/{name}")
    async def answer_query(name: str, request: Request) -> Response:
        """Answer a saved query; its parameters are those of the address, and "format" chooses the form."""
        now, query, given, form = serving(), find_query(name), _parameters(request), _form(request)
        try:
            sparql = await run_in_threadpool(now.prepare, query, given)
        except ParameterError as error:
            if form != "html":
                raise
            # Someone who opens the page has not filled in the form yet.
            return await run_in_threadpool(_page, now, query, given, None, error if given else None)
        asked = Asked(sparql, (ASKED_AS.get(form, ASKED_AS["json"]),))
        validity = now.validity(asked, f"{form} {__version__} {ROOT.get()}")
        if validity.holds(request.scope):
            return Unchanged(validity)
        reply = await unless_gone(request.receive, now.ask(asked, client_of(request.scope)))
        if reply is None or form in ASKED_AS:
            return Answered(reply, validity)
        rows = await run_in_threadpool(_rows, await reply.whole())
        if form == "md":
            return Answered(Reply("text/markdown", to_markdown(rows).encode()), validity)
        page = await run_in_threadpool(_page, now, query, given, rows, None)
        return Answered(Reply("text/html", bytes(page.body)), validity, POLICY)


def _refuse(request: Request, error: Exception) -> Response:
    """Report what went wrong; a wrong parameter with those that the query takes."""
    assert isinstance(error, ChinaSpaceError)
    query = saved_queries().get(request.path_params.get("name", ""))
    more: dict[str, Any] = (
        {"parameters": _describe(query)["parameters"]} if query and isinstance(error, ParameterError) else {}
    )
    return refuse(error, **more)


def _parameters(request: Request) -> dict[str, str]:
    """Return the parameters of a saved query; an empty field of a form is none."""
    given: dict[str, str] = {}
    for key, value in request.query_params.multi_items():
        if key in given:
            raise ParameterError(f"The parameter '{key[:40]}' is given twice. Give it once.")
        if key != "format" and value:
            given[key] = value
    return given


def _form(request: Request) -> str:
    """Return the form that a request asks for, by "format" or else by its Accept header."""
    wanted = request.query_params.get("format")
    if wanted is not None:
        if wanted not in (*FORMATS, "html"):
            raise ParameterError(f"'{wanted[:40]}' is no format. Use {', '.join((*FORMATS, 'html'))}.")
        return wanted
    known = {"application/sparql-results+json": "json", "text/html": "html"} | MEDIA_TYPES
    types = ranked(request.headers.get("accept", ""), tuple(known))
    if not types:
        raise UnacceptableError(f"This is to be had as {', '.join(known)}. Accept one of them, or give 'format'.")
    return known[types[0]]


def _rows(body: bytes) -> Rows:
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return read_rows(solutions)


def _page(
    serving: Serving, query: SavedQuery, given: dict[str, str], rows: Rows | None, fault: ParameterError | None
) -> Response:
    iris = [parameter for parameter in query.parameters if parameter.type == "iri"]
    offered = {parameter.name: serving.offers(parameter.classes) for parameter in iris}
    page = render("query.html", query=query, given=given, rows=rows, fault=fault, offered=offered)
    page.status_code = 400 if fault else 200
    return page


def _describe(query: SavedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "summary": query.summary,
        "question": query.question,
        "tags": query.tags,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "classes": parameter.classes,
                "choices": parameter.choices,
                "required": parameter.required,
                "default": parameter.default,
                "help": parameter.help,
            }
            for parameter in query.parameters
        ],
    }
