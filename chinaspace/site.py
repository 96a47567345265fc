"""The pages and saved queries, as an application of FastAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from chinaspace import __version__
from chinaspace.allies import add_allies
from chinaspace.announce import add_announcements
from chinaspace.browse import add_browse
from chinaspace.bundle import add_bundle
from chinaspace.catalogue import describe_parameters
from chinaspace.chronicle import add_chronicle
from chinaspace.differ import add_changes
from chinaspace.endpoint import OxigraphRouter
from chinaspace.errors import ChinaSpaceError, ParameterError
from chinaspace.faults import refuse
from chinaspace.front import add_front
from chinaspace.openapi import describe_api
from chinaspace.pages import ROOT, send_asset
from chinaspace.present import add_things
from chinaspace.queries import saved_queries
from chinaspace.reconcile import add_reconcile
from chinaspace.registers import add_registers
from chinaspace.rest import add_queries
from chinaspace.search import add_search
from chinaspace.serving import Serving
from chinaspace.terms import add_terms

_Now = Callable[[], Serving]
_SLASH = 307  # with this status Starlette leads from an address with a slash at its end to the one without


class _Site(FastAPI):
    """FastAPI, whose way from an address with a slash at its end is one on this host, whatever Host a request names."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def lead(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _SLASH:
                message["headers"] = [
                    (name, _path(value) if name == b"location" else value) for name, value in message["headers"]
                ]
            await send(message)

        await super().__call__(scope, receive, lead)


def _path(address: bytes) -> bytes:
    """Return an address without its host; a path of two slashes would begin with another one."""
    parts = urlsplit(address)
    return b"/" + urlunsplit((b"", b"", parts.path, parts.query, b"")).lstrip(b"/")


def create_site(serving: _Now, router: OxigraphRouter) -> FastAPI:
    """Return the application that serves what *serving* gives at the time of each request."""
    # The interactive documentation of FastAPI loads scripts from another host, so it stays off.
    app = _Site(title="chinaspace", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router)
    _add_pages(app)
    add_bundle(app)
    add_terms(app, serving)
    add_announcements(app, serving)
    add_queries(app, serving)
    add_things(app, serving)
    add_front(app, serving)
    add_search(app, serving)
    add_browse(app, serving)
    add_allies(app, serving)
    add_registers(app, serving)
    add_changes(app, serving)
    add_chronicle(app, serving)
    add_reconcile(app, serving)
    _add_description(app, serving)
    app.add_exception_handler(ChinaSpaceError, _refuse)
    return app


def _add_pages(app: FastAPI) -> None:
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
    """Report what went wrong, to a browser as a page; a wrong parameter with those that the query takes."""
    assert isinstance(error, ChinaSpaceError)
    query = saved_queries().get(request.path_params.get("name", ""))
    more: dict[str, Any] = (
        {"parameters": describe_parameters(query)} if query and isinstance(error, ParameterError) else {}
    )
    return refuse(error, "text/html" in request.headers.get("accept", ""), **more)
