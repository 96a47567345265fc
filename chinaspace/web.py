"""The web application: SPARQL, saved queries and health, over one loaded graph."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from chinaspace import __version__
from chinaspace.ask import FORMATS, MEDIA_TYPES, ask, solve
from chinaspace.endpoint import OxigraphRouter
from chinaspace.engine import Engine
from chinaspace.errors import AmbiguousNameError, ParameterError, QueryError, UnknownQueryError
from chinaspace.load import Loaded
from chinaspace.pages import accepted, problem, render, style
from chinaspace.queries import SavedQuery, find_query, saved_queries
from chinaspace.resolve import offers
from chinaspace.tables import read_rows


def create_app(loaded: Loaded) -> FastAPI:
    """Return the application that serves *loaded*."""
    # The interactive documentation of FastAPI loads scripts from another host, so it stays off.
    app = FastAPI(title="chinaspace", version=__version__, docs_url=None, redoc_url=None)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"], allow_headers=["*"])
    app.include_router(OxigraphRouter(loaded, Engine(loaded.store)))
    _add_pages(app)
    _add_queries(app, loaded)
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


def _add_queries(app: FastAPI, loaded: Loaded) -> None:
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
        given = _parameters(request)
        return await run_in_threadpool(_answer, loaded, find_query(name), given, _form(request))


def _add_faults(app: FastAPI) -> None:
    """Turn what a client did wrong into a report of it."""
    app.add_exception_handler(ParameterError, _refuse)
    for error_type, status in ((UnknownQueryError, 404), (QueryError, 400)):
        # The status is bound now: the loop has moved on when the handler runs.
        app.add_exception_handler(error_type, lambda _, error, status=status: problem(status, str(error)))


def _refuse(request: Request, error: Exception) -> Response:
    """Report a wrong parameter, with those that the query takes, and the things that an ambiguous name may mean."""
    query = saved_queries().get(request.path_params.get("name", ""))
    more: dict[str, object] = {"parameters": _describe(query)["parameters"]} if query else {}
    if isinstance(error, AmbiguousNameError):
        more |= {"parameter": error.parameter, "candidates": [one._asdict() for one in error.candidates]}
    return problem(400, str(error), **more)


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


def _answer(loaded: Loaded, query: SavedQuery, given: dict[str, str], form: str) -> Response:
    if form != "html":
        answer = ask(loaded.store, query, given, form)
        return Response(answer.body, media_type=answer.media_type)
    rows, fault = None, None
    try:
        rows = read_rows(solve(loaded.store, query, given))
    except ParameterError as error:
        fault = error if given else None  # someone who opens the page has not filled in the form yet
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
