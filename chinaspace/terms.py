"""The pages of the vocabulary, /ontology and /ontology/TERM, and the same as RDF for programs."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chinaspace import __version__
from chinaspace.define import Term, Vocabulary, define
from chinaspace.engine import UnacceptableError
from chinaspace.lookup import look_up, lookup
from chinaspace.names import CS, prefixes, shorten
from chinaspace.negotiate import ranked
from chinaspace.pages import POLICY, look, render
from chinaspace.prescribe import prescribe
from chinaspace.preview import cell
from chinaspace.protocol import FORMS, Asked, RefusalError, read_form
from chinaspace.reply import Answered, Unchanged, client_of, unless_gone
from chinaspace.result import Reply
from chinaspace.serving import Serving

PATH = "/ontology"
_RDF = tuple(FORMS[form] for form in ("turtle", "ntriples", "jsonld", "rdfxml"))
_PAGE = "text/html"
_EXAMPLES = {
    "class": ("example-things",),
    "property": ("example-claims", "example-values"),
    "concept": ("example-uses",),
}
_MOST_EXAMPLES = 3

_Now = Callable[[], Serving]


def add_terms(app: FastAPI, serving: _Now) -> None:
    """Add the pages of the vocabulary that *serving* has to *app*."""

    @app.head(PATH, include_in_schema=False)
    @app.get(PATH)
    async def answer_vocabulary(request: Request) -> Response:
        """Give the vocabulary: a page, or RDF as Turtle, N-Triples, JSON-LD or RDF/XML."""
        return await _answer(serving(), request, "")

    @app.head(PATH + "/{name}", include_in_schema=False)
    @app.get(PATH + "/{name}")
    async def answer_term(name: str, request: Request) -> Response:
        """Give a term of the vocabulary: a page, or RDF as Turtle, N-Triples, JSON-LD or RDF/XML."""
        return await _answer(serving(), request, name)


async def _answer(serving: Serving, request: Request, name: str) -> Response:
    query = lookup("term", term=ox.NamedNode(_iri(name))) if name else lookup("ontology")
    accept = read_form(request.scope["query_string"], request.headers.get("accept", ""))
    types = ranked(accept, (*_RDF, _PAGE))
    if not types:
        raise UnacceptableError(f"This is to be had as {', '.join((*_RDF, _PAGE))}. Accept one of them.")
    asked = Asked(query, ("application/n-triples",))
    is_page = types[0] == _PAGE
    validity = serving.validity(asked, f"{types[0]} {__version__} {look() if is_page else ''}")
    if validity.holds(request.scope):
        return Unchanged(validity)
    client = client_of(request.scope)
    if not is_page:
        reply = await unless_gone(request.receive, serving.ask(asked, client))
        written = await run_in_threadpool(_write, await reply.whole(), types[0]) if reply is not None else None
        if written == b"":
            raise _unknown(name)
        return Answered(Reply(types[0], written) if written is not None else None, validity)
    made = await unless_gone(request.receive, _make(serving, client, name))
    return Answered(Reply(_PAGE, made) if made is not None else None, validity, POLICY)


async def _make(serving: Serving, client: str, name: str) -> bytes:
    vocabulary = await define(serving, client)
    if not name:
        return _list(vocabulary)
    if name not in vocabulary.terms:
        raise _unknown(name)
    term = vocabulary.terms[name]
    return _show(vocabulary, term, await _examples(serving, client, term))


def _list(vocabulary: Vocabulary) -> bytes:
    page = render("ontology.html", vocabulary=vocabulary, shorten=shorten, namespace=CS)
    return bytes(page.body)


def _show(vocabulary: Vocabulary, term: Term, examples: list[list[object]]) -> bytes:
    page = render(
        "term.html",
        vocabulary=vocabulary,
        term=term,
        rules=prescribe().get(term.iri, ()),
        examples=[[cell(value) for value in example] for example in examples],
        shorten=shorten,
    )
    return bytes(page.body)


async def _examples(serving: Serving, client: str, term: Term) -> list[list[object]]:
    """Return some statements of the graph with the term, claims before others."""
    queries = [lookup(name, limit=_MOST_EXAMPLES, term=ox.NamedNode(term.iri)) for name in _EXAMPLES.get(term.kind, ())]
    found = await look_up(serving, client, *queries)
    return next(([list(row.values()) for row in rows] for rows in found if rows), [])


def _iri(name: str) -> str:
    """Return the IRI of a term.

    Raises:
        RefusalError: no term can have that name.
    """
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        raise _unknown(name)
    return CS + name


def _write(triples: bytes, media_type: str) -> bytes:
    """Return N-Triples in another format, each once, with the prefixes of the project; nothing where there are none."""
    found = sorted({quad.triple for quad in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)}, key=str)
    form = ox.RdfFormat.from_media_type(media_type)
    return ox.serialize(found, format=form, prefixes=prefixes()) or b"" if found else b""


def _unknown(name: str) -> RefusalError:
    if not name:
        return RefusalError(404, "This graph has no vocabulary of its own. Ask for its classes at /.well-known/void.")
    return RefusalError(404, f"The vocabulary has no term '{name[:60]}'. {PATH} lists all that there are.")
