"""The whole application: in front of all, and over one data set at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from chinaspace.cache import Cache
from chinaspace.echo import Echo, Heard, head_of
from chinaspace.endpoint import BEGUN, KEPT, PATH, Begun, OxigraphRouter
from chinaspace.errors import ChinaSpaceError, ParameterError
from chinaspace.faults import refuse
from chinaspace.hasten import Hastened
from chinaspace.negotiate import coding
from chinaspace.pages import ROOT
from chinaspace.protocol import Asked, read_form, read_get
from chinaspace.record import METRICS_TYPE, AccessLog, Metrics
from chinaspace.reply import any_holds, bodiless, client_of, header, pack
from chinaspace.serving import Serving
from chinaspace.site import create_site
from chinaspace.store import Served, start
from chinaspace.visit import VISIT, has_choice, receive_visit, timeless
from chinaspace.work import Limits

_CACHE = 64 * 2**20
# Any page may read what is public, and none may send cookies; answers are never taken for another type.
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, last-modified, link, retry-after"),
    (b"x-content-type-options", b"nosniff"),
]
_PLAIN = PATH.encode() + b"?"
_PREFLIGHT_FIELD = b"access-control-request-method"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


# Where a scope holds the target of the request as it was sent, if its connection tells it.
TARGET = "chinaspace.target"


def heard(scope: Scope) -> Heard:
    """Return what the answer to a request depends on."""
    return Heard(
        scope[TARGET], header(scope, b"accept").encode("latin-1"), header(scope, b"accept-encoding").encode("latin-1")
    )


def _read_plain(heard: Heard, query_string: bytes) -> Asked | None:
    """Return the query of a program that wants nothing but its answer; nothing where there is more to be said."""
    if not heard.target.startswith(_PLAIN) or has_choice(query_string):
        return None
    try:
        accept = read_form(query_string, heard.accept.decode("latin-1"))
        return None if "text/html" in accept else read_get(query_string, accept)
    except ChinaSpaceError:
        return None  # it is refused where all are


class Application:
    """Answers /sparql itself and leaves the rest to FastAPI; counts, logs and opens all answers."""

    def __init__(self, serving: Serving, cache: Cache, log: AccessLog | None = None) -> None:
        """Serve *serving* until another is put in its place."""
        self.serving, self.cache, self.log = serving, cache, log
        self.metrics = Metrics(cache, self.current)
        self.echo = Echo(cache.most // 4)
        router = OxigraphRouter(self.current)
        self._endpoint, self._site = router.endpoint, create_site(self.current, router)
        self.stopping = False
        _add_health(self._site, self)

    def current(self) -> Serving:
        """Return what is served now."""
        return self.serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._lifespan(scope, receive, send)
            return
        begun: Begun | None = scope.get(BEGUN)
        since, status, size = begun.since if begun else time.perf_counter(), 0, 0
        fields: list[tuple[bytes, bytes]] = []

        async def note(message: Message) -> None:
            nonlocal status, size, fields
            if message["type"] == "http.response.start":
                status, fields = message["status"], [*message["headers"], *_OPEN]
                if status == HTTPStatus.OK and any_holds(scope):
                    status, fields = HTTPStatus.NOT_MODIFIED, bodiless(fields)
                message.update(status=int(status), headers=fields)
            else:
                if status == HTTPStatus.NOT_MODIFIED:
                    message["body"] = b""
                size += len(message.get("body", b""))
                # Of an answer in several messages none is the whole.
                whole = not message.get("more_body") and 0 < size == len(message.get("body", b""))
                if whole and KEPT in scope and TARGET in scope and status == 200:
                    self.echo.keep(scope[KEPT], heard(scope), fields, message["body"])
            await send(message)

        path = scope["path"].removeprefix(scope["root_path"])
        try:
            path = await self._pass_on(scope, receive, note)
        finally:
            self._note(client_of(scope), scope["method"], path, status, size, since)

    def _note(self, client: str, method: str, path: str, status: int, size: int, since: float) -> None:
        """Count and log a request that is answered."""
        seconds = time.perf_counter() - since
        self.metrics.count(method, path, status, seconds)
        if self.log:
            self.log.write(client, method, path, status, size, seconds)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> str:
        """Have the page or the endpoint answer that a request is for, and return its path below the root."""
        try:
            visit = receive_visit(scope, self.serving.digest)
        except ParameterError as error:
            visit = receive_visit(timeless(scope), self.serving.digest)
            VISIT.set(visit)
            ROOT.set(visit.root)
            await refuse(error, "text/html" in header(scope, b"accept"))(scope, receive, send)
            return ""
        VISIT.set(visit)
        ROOT.set(visit.root)
        if scope["method"] == "OPTIONS" and any(name == _PREFLIGHT_FIELD for name, _ in scope["headers"]):
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
        elif visit.path in (PATH, f"{PATH}/"):
            await self._endpoint(scope, receive, send)
            return PATH
        else:
            await self._site(scope, receive, send)
        return visit.path

    def again(self, asked: Heard, client: str) -> tuple[bytes, bytes] | None:
        """Return the head and the body of the answer to what was asked before in the same words, and count it."""
        since = time.perf_counter()
        found = self.echo.find(self.serving.digest, asked)
        if found:
            self.cache.hits += 1
            self._note(client, "GET", PATH, 200, len(found[1]), since)
        return found

    def hasten(
        self, asked: Heard, scope: Scope, deliver: Callable[[bytes, bytes], None], go_on: Callable[[], None]
    ) -> bool:
        """Begin to answer a query without a task of its own, if that can be.

        Then either *deliver* is called, with the head of the answer, without its end, and the body, or *go_on*,
        after which this application is to answer the request in *scope* like any.
        """
        query = _read_plain(asked, scope["query_string"])
        if query is None:
            return False
        since, client, serving = time.perf_counter(), client_of(scope), self.serving

        def tell(hastened: Hastened) -> None:
            if hastened.reply is None:
                scope[BEGUN] = Begun(serving, hastened, since)
                go_on()
                return
            wanted = coding(asked.accept_encoding.decode("latin-1"))
            fields, body = pack(hastened.reply, serving.validity(query).headers(), wanted)
            deliver(head_of(fields + _OPEN), body)
            self._note(client, "GET", PATH, 200, len(body), since)

        return serving.hasten(query, client, tell)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._site(scope, receive, send)
        self.close()

    def close(self) -> None:
        """End what answers; queries that are under way are lost."""
        self.stopping = True
        self.serving.close()
        if self.log:
            self.log.flush()


def create_app(loaded: Served, limits: Limits | None = None, workers: int | None = None) -> Application:
    """Return the application that serves *loaded*, with so many worker processes, and starts these at once."""
    cache = Cache(_CACHE)
    return Application(open_serving(loaded, cache, limits, workers), cache)


def open_serving(
    loaded: Served,
    cache: Cache,
    limits: Limits | None = None,
    workers: int | None = None,
    modified: float | None = None,
) -> Serving:
    """Start the processes that answer from *loaded*; *modified* is when it was changed last, as a Unix time."""
    return Serving(loaded, start(loaded, limits, workers), cache, modified)


def _add_health(site: FastAPI, app: Application) -> None:
    @site.head("/healthz", include_in_schema=False)
    @site.get("/healthz")
    async def healthz() -> dict[str, object]:
        """Say that the server lives, and which graph it has loaded."""
        now = app.serving
        return {"status": "ok", "digest": now.digest, "triples": now.triples, "claims": now.claims}

    @site.head("/readyz", include_in_schema=False)
    @site.get("/readyz")
    async def readyz() -> Response:
        """Say whether requests may be sent here: not while the server stops, or cannot ask its graph."""
        ready = app.serving.ready and not app.stopping
        status = "ready" if ready else "stopping"
        return JSONResponse({"status": status, "digest": app.serving.digest}, status_code=200 if ready else 503)

    @site.head("/metrics", include_in_schema=False)
    @site.get("/metrics")
    def metrics() -> Response:
        """Give the numbers of this server to Prometheus."""
        return Response(app.metrics.text(), headers={"Content-Type": METRICS_TYPE})
