"""Announce the graph to machines: VoID and DCAT, a feed, the list of pages, and what the interface takes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chinaspace import __version__
from chinaspace.engine import UnacceptableError
from chinaspace.introduce import DESCRIPTION, TITLE
from chinaspace.lookup import look_up, lookup
from chinaspace.names import CSD
from chinaspace.negotiate import ranked
from chinaspace.pages import environment, navigation, render
from chinaspace.protocol import FORMS, Asked, read_form
from chinaspace.queries import saved_queries
from chinaspace.reply import Answered, Unchanged, client_of, unless_gone
from chinaspace.result import Reply
from chinaspace.serving import Serving
from chinaspace.stock import take_stock
from chinaspace.terms import PATH as ONTOLOGY
from chinaspace.visit import VISIT

_RDF = {FORMS["turtle"]: "turtle", FORMS["jsonld"]: "json-ld", FORMS["ntriples"]: "nt", FORMS["rdfxml"]: "xml"}
_ATOM = "application/atom+xml"
_MOST_CLAIMS = 100
# No list may name more, says https://www.sitemaps.org/protocol.html.
_MOST_PAGES = 49_000
_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
# Characters that XML cannot hold, by section 2.2 of its specification.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Now = Callable[[], Serving]
_Make = Callable[[Serving, str, str], Awaitable[str]]


def add_announcements(app: FastAPI, serving: _Now) -> None:
    """Add what describes the data set that *serving* has to *app*."""

    @app.head("/.well-known/void", include_in_schema=False)
    @app.get("/.well-known/void")
    async def describe(request: Request) -> Response:
        """Describe the data set in VoID and DCAT, as Turtle, JSON-LD, N-Triples or RDF/XML."""
        accept = read_form(request.scope["query_string"], request.headers.get("accept", ""))
        types = ranked(accept, tuple(_RDF))
        if not types:
            raise UnacceptableError(f"This is to be had as {', '.join(_RDF)}. Accept one of them.")

        async def make(now: Serving, client: str, site: str) -> str:
            graph = await take_stock(now, client, site)
            return await run_in_threadpool(graph.serialize, format=_RDF[types[0]])

        return await _answer(request, serving(), types[0], make)

    @app.head("/docs", include_in_schema=False)
    @app.get("/docs", include_in_schema=False)
    def document() -> Response:
        """Show what the interface takes."""
        return render("docs.html", interface=app.openapi())

    _add_lists(app, serving)


def _add_lists(app: FastAPI, serving: _Now) -> None:
    @app.head("/feed.atom", include_in_schema=False)
    @app.get("/feed.atom")
    async def feed(request: Request) -> Response:
        """Give the newest claims as a feed in Atom, by the day on which they were made."""
        return await _answer(request, serving(), _ATOM, _feed)

    @app.head("/sitemap.xml", include_in_schema=False)
    @app.get("/sitemap.xml", include_in_schema=False)
    async def sitemap(request: Request) -> Response:
        """List the pages."""
        return await _answer(request, serving(), "application/xml", _sitemap)

    @app.head("/robots.txt", include_in_schema=False)
    @app.get("/robots.txt", include_in_schema=False)
    def robots(request: Request) -> Response:
        """Say what programs may fetch: pages, but not queries of their own making."""
        site = _site(request)
        text = f"User-agent: *\nDisallow: {VISIT.get().site}/sparql?\nSitemap: {site}/sitemap.xml\n"
        return Response(text, media_type="text/plain")


async def _answer(request: Request, serving: Serving, media_type: str, make: _Make) -> Response:
    """Return what *make* makes of the graph, unless the client has it already."""
    site = _site(request)
    validity = serving.validity(Asked(request.url.path, (media_type,)), f"{__version__} {site}")
    if validity.holds(request.scope):
        return Unchanged(validity)
    text = await unless_gone(request.receive, make(serving, client_of(request.scope), site))
    return Answered(None if text is None else Reply(media_type, text.encode()), validity)


def _site(request: Request) -> str:
    """Return the address of this server as the client knows it, without a slash at its end."""
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}{VISIT.get().site}" if _HOST.fullmatch(host) else VISIT.get().site


async def _feed(serving: Serving, client: str, site: str) -> str:
    (rows,) = await look_up(serving, client, lookup("new-claims", limit=_MOST_CLAIMS))
    entries: dict[str, dict[str, object]] = {}
    for row in rows:
        cells = {name: _NOT_XML.sub("", str(getattr(term, "value", ""))) for name, term in row.items()}
        entry = entries.setdefault(cells["claim"], {**cells, "speakers": []})
        entry["speakers"] = list(dict.fromkeys([*entry["speakers"], cells["speaker"]]))  # type: ignore[misc]
    return _write(
        "feed.xml", site=site, entries=list(entries.values()), title=TITLE, description=DESCRIPTION, space=CSD
    )


async def _sitemap(serving: Serving, client: str, site: str) -> str:
    things, terms = await look_up(serving, client, lookup("all-things", limit=_MOST_PAGES), lookup("terms"))
    slugs = sorted({str(getattr(row["thing"], "value", "")).removeprefix(CSD) for row in things})
    names = sorted({str(getattr(row["term"], "value", "")).rpartition("/")[2] for row in terms})
    paths = ["/", *(path for path, _ in navigation()), "/docs"]
    paths += [f"/queries/{name}?format=html" for name in saved_queries()]
    paths += [f"{ONTOLOGY}/{name}" for name in names] + [f"/id/{slug}" for slug in slugs]
    return _write("sitemap.xml", site=site, paths=paths[:_MOST_PAGES])


def _write(template: str, **values: object) -> str:
    return environment().get_template(template).render(**values)
