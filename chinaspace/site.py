"""The pages and saved queries, as an application of FastAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from chinaspace import __version__
from chinaspace.catalogue import describe_parameters
from chinaspace.endpoint import OxigraphRouter
from chinaspace.errors import ChinaSpaceError, ParameterError
from chinaspace.faults import refuse
from chinaspace.openapi import describe_api
from chinaspace.pages import ROOT, send_asset
from chinaspace.queries import saved_queries
from chinaspace.rest import add_queries
from chinaspace.serving import Serving

_Now = Callable[[], Serving]


def create_site(serving: _Now, router: OxigraphRouter) -> FastAPI:
    """Return the application that serves what *serving* gives at the time of each request."""
    # The interactive documentation of FastAPI loads scripts from another host, so it stays off.
    app = FastAPI(title="chinaspace", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router)
    _add_pages(app)
    add_queries(app, serving)
    _add_description(app, serving)
    app.add_exception_handler(ChinaSpaceError, _refuse)
    return app


def _add_pages(app: FastAPI) -> None:
    @app.head("/", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    def front() -> Response:
        """Lead to the questions."""
        return RedirectResponse(f"{ROOT.get()}/queries")

    @app.head("/static/{name}", include_in_schema=False)
    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        """Serve the style sheet, or whatever else pages load."""
        return send_asset(name)


def _add_description(app: FastAPI, serving: _Now) -> None:
    def describe() -> dict[str, Any]:
        return describe_api(__version__, ROOT.get(), serving().offers)

    app.openapi = describe  # type: ignore[method-assign]

    @app.head("/openapi.json", include_in_schema=False)
    @app.get("/openapi.json", include_in_schema=False)
    def description() -> Response:
        """Describe what is served, for programs."""
        return JSONResponse(app.openapi(), headers={"Cache-Control": "public, no-cache"})


def _refuse(request: Request, error: Exception) -> Response:
    """Report what went wrong; a wrong parameter with those that the query takes."""
    assert isinstance(error, ChinaSpaceError)
    query = saved_queries().get(request.path_params.get("name", ""))
    more: dict[str, Any] = (
        {"parameters": describe_parameters(query)} if query and isinstance(error, ParameterError) else {}
    )
    return refuse(error, **more)
