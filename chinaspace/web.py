"""The web application: SPARQL, saved queries and health, over one loaded graph."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from chinaspace import __version__
from chinaspace.ask import ASKED_AS, FORMATS, MEDIA_TYPES, prepare
from chinaspace.endpoint import OxigraphRouter
from chinaspace.engine import UnacceptableError
from chinaspace.errors import (
    AmbiguousNameError,
    BusyError,
    ChinaSpaceError,
    DeadlineError,
    KilledError,
    ParameterError,
    QueryError,
    RemoteError,
    UnknownQueryError,
)
from chinaspace.pages import accepted, problem, render, style
from chinaspace.queries import SavedQuery, find_query, saved_queries
from chinaspace.reply import client_of, respond, unless_gone
from chinaspace.resolve import offers
from chinaspace.store import Answers, Served, start
from chinaspace.tables import Rows, read_rows, to_markdown
from chinaspace.work import Limits

_RETRY_AFTER = "5"
_STATUS: dict[type[ChinaSpaceError], int] = {
    UnknownQueryError: 404,
    QueryError: 400,
    UnacceptableError: 406,
    DeadlineError: 504,
    KilledError: 507,
    RemoteError: 502,
}


def create_app(loaded: Served, limits: Limits | None = None, workers: int | None = None) -> FastAPI:
    """Return the application that serves *loaded*, with so many worker processes, and starts these at once."""
    dispatcher = start(loaded, limits, workers)

    @asynccontextmanager
    async def close(app: FastAPI) -> AsyncIterator[None]:
        yield
        dispatcher.close()

    # The interactive documentation of FastAPI loads scripts from another host, so it stays off.
    app = FastAPI(title="chinaspace", version=__version__, docs_url=None, redoc_url=None, lifespan=close)
    app.state.dispatcher = dispatcher
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"], allow_headers=["*"])
    app.include_router(OxigraphRouter(loaded, dispatcher))
    _add_pages(app)
    _add_queries(app, loaded, dispatcher)
    _add_faults(app)

    @app.head("/healthz", include_in_schema=False)
    @app.get("/healthz")
    def healthz() -> dict[str, object]:
        """Say that the graph is loaded, and which."""
        return {"status": "ok", "digest": loaded.digest, "triples": loaded.triples, "claims": loaded.claims}

    return app


def _add_pages(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    def front() -> Response:
        """Lead to the questions."""
        return RedirectResponse("/queries")

    @app.get("/style.css", include_in_schema=False)
    def style_sheet() -> Response:
        """Serve the style sheet."""
        return Response(style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _add_queries(app: FastAPI, loaded: Served, dispatcher: Answers) -> None:
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
        query, given, form = find_query(name), _parameters(request), _form(request)
        try:
            sparql = await run_in_threadpool(prepare, loaded.store, query, given)
        except ParameterError as error:
            if form != "html":
                raise
            # Someone who opens the page has not filled in the form yet.
            return await run_in_threadpool(_page, loaded, query, given, None, error if given else None)
        asked = dispatcher.ask(sparql, [ASKED_AS.get(form, ASKED_AS["json"])], client=client_of(request))
        reply = await unless_gone(request, asked)
        if reply is None or form in ASKED_AS:
            return respond(reply, request.method)
        rows = await run_in_threadpool(_rows, await reply.whole())
        if form == "md":
            return Response(to_markdown(rows), media_type="text/markdown")
        return await run_in_threadpool(_page, loaded, query, given, rows, None)


def _add_faults(app: FastAPI) -> None:
    """Turn what a client did wrong into a report of it."""
    app.add_exception_handler(ParameterError, _refuse)
    for error_type, status in _STATUS.items():
        # The status is bound now: the loop has moved on when the handler runs.
        app.add_exception_handler(error_type, lambda _, error, status=status: problem(status, str(error)))
    # Who is to come again is told when; a query that takes too much would only do so once more.
    app.add_exception_handler(BusyError, lambda _, error: problem(503, str(error), {"Retry-After": _RETRY_AFTER}))


def _refuse(request: Request, error: Exception) -> Response:
    """Report a wrong parameter, with those that the query takes, and the things that an ambiguous name may mean."""
    query = saved_queries().get(request.path_params.get("name", ""))
    more: dict[str, object] = {"parameters": _describe(query)["parameters"]} if query else {}
    if isinstance(error, AmbiguousNameError):
        more |= {"parameter": error.parameter, "candidates": [one._asdict() for one in error.candidates]}
    return problem(400, str(error), None, **more)


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
    known = MEDIA_TYPES | {"text/html": "html"}
    return next((known[media_type] for media_type in accepted(request) if media_type in known), "json")


def _rows(body: bytes) -> Rows:
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return read_rows(solutions)


def _page(
    loaded: Served, query: SavedQuery, given: dict[str, str], rows: Rows | None, fault: ParameterError | None
) -> Response:
    iris = [parameter for parameter in query.parameters if parameter.type == "iri"]
    offered = {parameter.name: offers(loaded.store, parameter.classes) for parameter in iris}
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
