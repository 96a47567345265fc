"""Answer saved queries over HTTP: as a list, as a page with a form, and in the forms that programs take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from chinaspace import __version__
from chinaspace.catalogue import by_tag, describe, matching
from chinaspace.cells import Sheet, heading, lay_out, quote
from chinaspace.engine import UnacceptableError
from chinaspace.errors import ParameterError
from chinaspace.forms import MEDIA_TYPES, Form, find_form, forms_of, options_of, parse, write
from chinaspace.frame import read_frame
from chinaspace.negotiate import ranked
from chinaspace.pages import POLICY, ROOT, look, render
from chinaspace.protocol import Asked
from chinaspace.queries import SavedQuery, find_query, saved_queries
from chinaspace.reply import Answered, Unchanged, client_of, unless_gone
from chinaspace.result import Reply
from chinaspace.serving import Serving
from chinaspace.slice import Page, address, cut, link_field, read_page

_Now = Callable[[], Serving]
_JSON = "application/sparql-results+json"
# A page of the browser has so many rows where nothing else is asked for.
ROWS = 100
# A picture has words of ours, in the language that a browser asks for where the address names none.
_OF_TONGUE = (b"vary", b"accept-language")
_SAID = ("format", "limit", "offset")


@dataclass(frozen=True)
class Wanted:
    """One request for the answer to a saved query: the parameters *given*, and how it is to be told.

    *form* is nothing for a page of the browser; *options* are those of the form;
    *said* is the whole of the address, for links to other pages of the answer.
    """

    query: SavedQuery
    given: dict[str, str]
    form: Form | None
    page: Page = field(default_factory=Page)
    options: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    @property
    def in_words(self) -> bool:
        """Tell whether the answer says more than its rows, in the language of the visit: a page, or a picture."""
        return self.form is None or self.form.media_type.startswith("image/")

    @property
    def shape(self) -> str:
        """Return what shapes the answer beside its query and the data, for its entity tag."""
        name = self.form.name if self.form else "html"
        name += f" {look()}" if self.in_words else ""
        options = " ".join(f"{key}={value}" for key, value in sorted(self.options.items()))
        return f"{name} {self.page.limit} {self.page.offset} {options} {__version__}"


def add_queries(app: FastAPI, serving: _Now) -> None:
    """Add /queries and /queries/NAME to *app*, answered from what *serving* gives."""

    @app.head("/queries", include_in_schema=False)
    @app.get("/queries")
    def list_queries(request: Request) -> Response:
        """List the saved queries, with their parameters."""
        wanted = _only(request, "format", "q")
        queries = matching(list(saved_queries().values()), wanted.get("q", ""))
        if _choose(request, {"application/json": "json", "text/html": "html"}) == "html":
            return render("queries.html", groups=by_tag(queries), words=wanted.get("q", ""), found=len(queries))
        return JSONResponse({"queries": [describe(query) for query in queries]})

    @app.head("/queries/{name}", include_in_schema=False)
    @app.get("/queries/{name}")
    async def answer_query(name: str, request: Request) -> Response:
        """Answer a saved query; its parameters are those of the address, and "format" chooses the form."""
        now, query = serving(), find_query(name)
        form = _form(request, query)
        try:
            wanted = _read(request, query, form)
            sparql = await run_in_threadpool(now.prepare, query, wanted.given)
        except ParameterError as error:
            if form is not None:
                raise
            # Someone who opens the page has not filled in the form yet.
            said = {key: value for key, value in request.query_params.items() if value and key != "format"}
            given = {key: value for key, value in said.items() if key not in _SAID}
            return await run_in_threadpool(_show, now, Wanted(query, given, None), None, 0, error if said else None)
        return await _answer(request, now, wanted, sparql)


async def _answer(request: Request, now: Serving, wanted: Wanted, sparql: str) -> Response:
    streamed = wanted.form is not None and wanted.form.engine is not None and wanted.page.whole
    asked = Asked(sparql, (wanted.form.media_type if wanted.form and streamed else _JSON,))
    validity = now.validity(asked, wanted.shape)
    if validity.holds(request.scope):
        return Unchanged(validity)
    reply = await unless_gone(request.receive, now.ask(asked, client_of(request.scope)))
    if reply is None or streamed:
        return Answered(reply, validity)
    body = await reply.whole()
    if wanted.form is None:
        part, total = await run_in_threadpool(cut, body, wanted.page)
        sheet = await run_in_threadpool(lambda: lay_out(wanted.query, read_frame(parse(part)), ROOT.get()))
        page = await run_in_threadpool(_show, now, wanted, sheet, total, None)
        return Answered(Reply("text/html", bytes(page.body)), validity, [*POLICY, *_links(wanted, total)])
    made, total = await run_in_threadpool(write, wanted.query, body, wanted.form, wanted.page, wanted.options)
    tongue = [_OF_TONGUE] if wanted.in_words else []
    return Answered(Reply(wanted.form.media_type, made), validity, [*tongue, *_links(wanted, total)])


def _links(wanted: Wanted, total: int) -> list[tuple[bytes, bytes]]:
    field = link_field(wanted.said, wanted.page, total)
    return [(b"link", field.encode())] if field else []


def _read(request: Request, query: SavedQuery, form: Form | None) -> Wanted:
    """Return what a request asks for; an empty field of a form is none.

    Raises:
        ParameterError: a part of the address stands twice, or is no number where it should be one.
    """
    said = _once(request)
    options = options_of(query, said)
    given = {name: value for name, value in said.items() if name not in (*_SAID, *options)}
    limit = said.get("limit") or (None if form else str(ROWS))
    page = read_page(limit, said.get("offset"))
    kept = {name: value for name, value in said.items() if name not in ("limit", "offset")}
    return Wanted(query, given, form, page, options, kept)


def _once(request: Request) -> dict[str, str]:
    said: dict[str, str] = {}
    for key, value in request.query_params.multi_items():
        if key in said:
            raise ParameterError(f"The parameter '{key[:40]}' is given twice. Give it once.")
        if value or key == "format":
            said[key] = value
    return said


def _only(request: Request, *names: str) -> dict[str, str]:
    said = _once(request)
    for name in said:
        if name not in names:
            raise ParameterError(f"There is no parameter '{name[:40]}' here. Use {' or '.join(names)}.")
    return said


def _form(request: Request, query: SavedQuery) -> Form | None:
    """Return the form that a request asks for; nothing for a page of the browser.

    Raises:
        ParameterError: "format" names none of this query.
        UnacceptableError: nothing that the Accept header takes is to be had.
    """
    fitting = {form.name for form in forms_of(query)}
    known = {_JSON: "json", "text/html": "html"} | {kind: name for kind, name in MEDIA_TYPES.items() if name in fitting}
    name = _choose(request, known, free=True)
    return None if name == "html" else find_form(query, name)


def _choose(request: Request, known: dict[str, str], free: bool = False) -> str:
    """Return the name of a form, by "format" or else by the Accept header, out of *known* by media type.

    Whoever checks the name himself lets any pass that is given by "format": *free*.
    """
    wanted = request.query_params.get("format")
    if wanted is not None:
        if not free and wanted not in known.values():
            raise ParameterError(f"{wanted[:40]!r} is no format. Use {', '.join(known.values())}.")
        return wanted
    types = ranked(request.headers.get("accept", ""), tuple(known))
    if not types:
        raise UnacceptableError(f"This is to be had as {', '.join(known)}. Accept one of them, or give 'format'.")
    return known[types[0]]


def _show(now: Serving, wanted: Wanted, sheet: Sheet | None, total: int, fault: ParameterError | None) -> Response:
    """Return the page of a query: its form, and its rows or what is wrong."""
    iris = [parameter for parameter in wanted.query.parameters if parameter.type == "iri"]
    chosen = wanted.said if sheet else {}
    page = render(
        "query.html",
        query=wanted.query,
        given=wanted.given,
        sheet=sheet,
        heading=heading,
        quote=quote,
        total=total,
        page=wanted.page,
        links={name: address(chosen, other) for name, other in wanted.page.links(total).items()},
        downloads=[form for form in forms_of(wanted.query) if not form.media_type.startswith("image/")],
        pictures=[form for form in forms_of(wanted.query) if form.media_type.startswith("image/")],
        address=lambda **more: address({key: wanted.given[key] for key in wanted.given} | more, Page()),
        example=lambda values: address({**values, "format": "html"}, Page()),
        fault=fault,
        offered={parameter.name: now.offers(parameter.classes) for parameter in iris},
    )
    page.status_code = 400 if fault else 200
    return page
