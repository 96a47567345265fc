"""The SPARQL endpoint: rdflib-endpoint's router, with Oxigraph to evaluate and nothing to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fastapi import Request, Response
from rdflib import Graph
from rdflib_endpoint import SparqlRouter
from starlette.types import Receive, Scope, Send

from chinaspace import __version__
from chinaspace.errors import ChinaSpaceError
from chinaspace.faults import refuse
from chinaspace.hasten import Hastened
from chinaspace.introduce import DESCRIPTION, TITLE, introduce
from chinaspace.negotiate import ranked
from chinaspace.pages import POLICY, ROOT, look
from chinaspace.pose import pose, pose_answered
from chinaspace.preview import preview, validity_of
from chinaspace.protocol import (
    LONGEST_BODY,
    LONGEST_TARGET,
    Asked,
    RefusalError,
    read_form,
    read_get,
    read_post,
)
from chinaspace.reply import Answered, Unchanged, client_of, header, unless_gone
from chinaspace.result import Reply
from chinaspace.serving import Serving

PATH = "/sparql"
# Where a scope holds the digest of the data set whose kept answer was taken, and a query that has begun.
KEPT, BEGUN = "chinaspace.kept", "chinaspace.begun"
_METHODS = ("GET", "POST", "HEAD")
_ALLOWED = {"Allow": "GET, HEAD, OPTIONS, POST"}
_DESCRIBED_IN = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
}


class Begun(NamedTuple):
    """A query that has begun in another way, to be gone on with: of what it is asked, and since when."""

    serving: Serving
    hastened: Hastened
    since: float


class Endpoint:
    """Answers the SPARQL 1.1 Protocol, read-only, as a plain ASGI application.

    FastAPI's way from a request to a handler and back takes longer than most
    queries, so it is not gone here.
    """

    def __init__(self, serving: Callable[[], Serving], router: OxigraphRouter) -> None:
        """Answer from what *serving* gives at the time of each request."""
        self._serving, self._router = serving, router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        accept, started = header(scope, b"accept"), False
        asked: Asked | None = None

        async def note(message: object) -> None:
            nonlocal started
            started = True
            await send(message)  # type: ignore[arg-type]

        try:
            accept = read_form(scope["query_string"], accept)
            asked = await _read(scope, receive, accept)
            answer = await self._answer(scope, receive, asked, accept)
            await answer(scope, receive, note)
        except ChinaSpaceError as error:
            if started:
                raise
            await refuse(error, _wants_page(accept), asked.query if asked else "")(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, asked: Asked | None, accept: str) -> Response:
        serving = self._serving()
        if scope["method"] not in _METHODS:
            return _other_method(scope["method"])
        if asked is None:
            return self._router.introduce(serving, accept, scope["query_string"])
        if _wants_page(accept):
            return await _show(scope, receive, serving, asked)
        if begun := scope.get(BEGUN):
            going_on = begun.serving.go_on(begun.hastened, client_of(scope))
            return Answered(await unless_gone(receive, going_on), begun.serving.validity(asked))
        validity = serving.validity(asked)
        if scope["method"] != "POST" and validity.holds(scope):
            return Unchanged(validity)
        if kept := serving.kept(asked):
            scope[KEPT] = serving.digest
            return Answered(kept, validity)
        return Answered(await unless_gone(receive, serving.ask(asked, client_of(scope))), validity)


class OxigraphRouter(SparqlRouter):
    """Describes the endpoint as rdflib-endpoint does, in FastAPI's list of paths.

    The base would parse each query with rdflib and evaluate it in Python, in the
    event loop, so its handlers are replaced; its page loads an editor from another
    host, so that is replaced as well.
    """

    def __init__(self, serving: Callable[[], Serving]) -> None:
        """Answer from what *serving* gives at the time of each request."""
        super().__init__(path=PATH, title=TITLE, description=DESCRIPTION, graph=Graph(), public_url=PATH)
        self.routes.clear()
        self._endpoint = Endpoint(serving, self)
        for method in ("GET", "POST"):
            self.add_api_route(PATH, self._pass_on, methods=[method], summary="Answer a SPARQL query")

    @property
    def endpoint(self) -> Endpoint:
        """Return what answers."""
        return self._endpoint

    def introduce(self, serving: Serving, accept: str, query_string: bytes = b"") -> Response:
        """Return a query form for browsers, else the W3C service description."""
        if _wants_page(accept):
            return pose(query_string)
        types = ranked(accept, tuple(_DESCRIBED_IN)) or ("text/turtle",)
        text = introduce(serving, ROOT.get() + PATH).serialize(format=_DESCRIBED_IN[types[0]])
        return Response(text, media_type=types[0], headers={"Vary": "Accept"})

    def serve_yasgui(self) -> Response:
        """Serve a query form of our own: the base's loads its editor from another host."""
        return pose(b"")

    async def _pass_on(self, request: Request) -> Response:
        """Answer a query, or describe the service where there is none."""
        return _PassedOn(self._endpoint)


class _PassedOn(Response):
    """Lets another application answer."""

    def __init__(self, app: Endpoint) -> None:
        self.background = None
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def _show(scope: Scope, receive: Receive, serving: Serving, asked: Asked) -> Response:
    """Return the query page with the answer; what a browser holds of it is asked about like any answer."""
    validity = validity_of(serving, asked, f"{__version__} {look()}")
    if scope["method"] != "POST" and validity.holds(scope):
        return Unchanged(validity)
    answer = await unless_gone(receive, preview(serving, asked, client_of(scope)))
    if answer is None:
        return Answered(None, validity)
    page = pose_answered(asked, answer)
    return Answered(Reply("text/html", bytes(page.body)), validity, POLICY)


def _wants_page(accept: str) -> bool:
    return "text/html" in accept


def _other_method(method: str) -> Response:
    if method == "OPTIONS":
        return Response(status_code=204, headers=_ALLOWED)
    answer = refuse(RefusalError(405, f"{method[:20]} is not answered here. Use GET or POST; nothing can be written."))
    answer.headers.update(_ALLOWED)
    return answer


async def _read(scope: Scope, receive: Receive, accept: str) -> Asked | None:
    """Return what a request asks, if anything.

    Raises:
        RefusalError: it is too long, or is not in a form of the protocol.
        UnacceptableError: no form of an answer is acceptable.
    """
    if len(scope["query_string"]) > LONGEST_TARGET:
        raise RefusalError(414, f"The address has more than {LONGEST_TARGET} bytes. Send the query by POST.")
    if scope["method"] != "POST":
        return read_get(scope["query_string"], accept) if scope["method"] in _METHODS else None
    content_type = header(scope, b"content-type")
    return read_post(scope["query_string"], content_type, await _body(scope, receive), accept)


async def _body(scope: Scope, receive: Receive) -> bytes:
    if header(scope, b"content-encoding") not in ("", "identity"):
        raise RefusalError(415, "A compressed body is not read here. Send it as it is.")
    length = header(scope, b"content-length")
    body = bytearray()
    more = True
    while more:
        if len(body) > LONGEST_BODY or (length.isdigit() and int(length) > LONGEST_BODY):
            raise RefusalError(413, f"The body has more than {LONGEST_BODY} bytes. Shorten it.")
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusalError(400, "The body ended before its end. Send it whole.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)
