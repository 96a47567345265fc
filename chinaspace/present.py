"""Present things under their own names: /id/KIND-SLUG leads to a page about the thing, or to its triples."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from chinaspace import __version__
from chinaspace.engine import UnacceptableError
from chinaspace.errors import ParameterError
from chinaspace.extract import FORMS, extract, write
from chinaspace.faults import problem
from chinaspace.lay_out import REPLACED, lay_out
from chinaspace.lead import slug_of
from chinaspace.names import CSD
from chinaspace.negotiate import ranked
from chinaspace.pages import POLICY, look, render
from chinaspace.portray import LISTS, Portrait, describe, portray
from chinaspace.protocol import FORMS as NAMES
from chinaspace.protocol import Asked
from chinaspace.reply import Answered, Unchanged, Validity, client_of, unless_gone
from chinaspace.result import Reply
from chinaspace.serving import Serving
from chinaspace.visit import VISIT, at

_Now = Callable[[], Serving]
_HTML = "html"
_MEDIA = {_HTML: "text/html"} | {form: media_type for form, (_, media_type) in FORMS.items()}
_TYPES = {media_type: form for form, media_type in _MEDIA.items()} | {"application/json": "jsonld"}
# What "format" may say: the ends of addresses, and the names that the endpoint and the vocabulary have for the same.
_NAMED = {form: form for form in _MEDIA} | {name: _TYPES[kind] for name, kind in NAMES.items() if kind in _TYPES}
_MOST_PAGES = 10_000


def add_things(app: FastAPI, serving: _Now) -> None:
    """Add the addresses of things, and of the documents about them."""

    @app.head("/id/{name}", include_in_schema=False)
    @app.get("/id/{name}")
    async def thing(name: str, request: Request) -> Response:
        """Lead from a thing to what describes it in the form that is asked for; or give that form, such as NAME.ttl."""
        slug, _, form = name.rpartition(".")
        if slug and form in _MEDIA:
            return await _document(serving(), request, slug, form)
        return await _lead_on(serving(), request, name)


async def _lead_on(now: Serving, request: Request, slug: str) -> Response:
    """Redirect from a thing, which no one can send, to a document about it (Cool URIs for the Semantic Web, 4.2)."""
    found = await _find(now, request, slug)
    form = _wanted(request)
    if found is None:
        return await _missing(now, slug, form)
    successor = next((term for term in found.of(REPLACED) if slug_of(term)), None)
    given = {name: value for name, value in request.query_params.items() if name != "format"}
    if successor is not None:
        return RedirectResponse(at(f"/id/{slug_of(successor)}", **dict(request.query_params)), 301)
    answer = RedirectResponse(at(f"/id/{slug}.{form}", **given), 303)
    answer.headers["Vary"] = "Accept, Accept-Language"
    answer.headers["Link"] = _links(slug)
    return answer


async def _document(now: Serving, request: Request, slug: str, form: str) -> Response:
    """Return the document about a thing in one form; or say that nothing has this name."""
    asked = Asked(f"{slug}.{form} {__version__} {look()} {request.url.query}", (_MEDIA[form],))
    validity = now.validity(asked)
    if validity.holds(request.scope):
        return Unchanged(validity)
    found = await _find(now, request, slug)
    if found is None:
        return await _missing(now, slug, form)
    if form != _HTML:
        return await _triples(now, request, found, form, validity)
    pages = {name: _page_number(request, name) for name in LISTS}

    async def make() -> Reply:
        await portray(now, client_of(request.scope), found, VISIT.get().day, pages)
        page = await run_in_threadpool(lay_out, found, slug)
        return Reply("text/html", bytes(page.body))

    reply = await unless_gone(request.receive, now.keep(asked, make))
    return Answered(reply, validity, [(b"link", _links(slug).encode()), *POLICY])


async def _triples(now: Serving, request: Request, found: Portrait, form: str, validity: Validity) -> Response:
    slug, number = slug_of(found.thing), _page_number(request, "page")
    wanted = extract(now, client_of(request.scope), found, VISIT.get().day, number)
    taken = await unless_gone(request.receive, wanted)
    if taken is None:
        return Answered(None, validity)
    triples, more = taken
    body = await run_in_threadpool(write, triples, form, found.thing)
    following = f', <{at(f"/id/{slug}.{form}", page=str(number + 1))}>; rel="next"' if more else ""
    fields = [(b"link", f"{_links(slug)}{following}".encode())]
    return Answered(Reply(_MEDIA[form], body), validity, fields)


async def _find(now: Serving, request: Request, slug: str) -> Portrait | None:
    node = ox.NamedNode(CSD + slug) if slug_of(CSD + slug) == slug else None
    return await describe(now, client_of(request.scope), node) if node else None


async def _missing(now: Serving, slug: str, form: str) -> Response:
    """Say that nothing has this name, and which names are nearest."""
    near = await run_in_threadpool(now.near, slug)
    detail = f"Nothing in the graph has the name '{slug[:100]}'."
    if form != _HTML:
        return problem(404, detail, candidates=[one._asdict() for one in near])
    page = render("missing.html", detail=detail, near=near)
    page.status_code = 404
    return page


def _wanted(request: Request) -> str:
    """Return the form that a request asks for, by "format" or else by its Accept header.

    Raises:
        ParameterError: the format is none.
        UnacceptableError: none is acceptable.
    """
    given = request.query_params.get("format")
    if given is not None:
        if given not in _NAMED:
            raise ParameterError(f"'{given[:40]}' is no format. Use {', '.join(_NAMED)}.")
        return _NAMED[given]
    types = ranked(request.headers.get("accept", ""), tuple(_TYPES))
    if not types:
        offered = ", ".join(_MEDIA.values())
        raise UnacceptableError(f"This is to be had as {offered}. Accept one of them, or give 'format'.")
    return _TYPES[types[0]]


def _page_number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "1")
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:8]) <= _MOST_PAGES):
        raise ParameterError(f"The parameter '{name}' is no number of a page. Give a whole number from 1 on.")
    return int(given)


def _links(slug: str) -> str:
    """Return the fields of a head that lead to the other forms, and name the thing itself."""
    site = VISIT.get().root
    links = [f'<{site}/id/{quote(slug)}.{form}>; rel="alternate"; type="{kind}"' for form, kind in _MEDIA.items()]
    return ", ".join([*links, f'<{CSD}{quote(slug)}>; rel="describes"'])
