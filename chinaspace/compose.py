"""Make a page of what look-ups find: with the names of all things on it, and an entity tag."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pyoxigraph as ox
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from chinaspace import __version__
from chinaspace.caption import Captions, caption
from chinaspace.errors import ParameterError
from chinaspace.lead import lead
from chinaspace.lookup import Row, look_up
from chinaspace.moment import moment
from chinaspace.names import CSD, XSD, expand, short_name
from chinaspace.pages import POLICY, look, render
from chinaspace.recite import Claim, recite
from chinaspace.reply import Answered, Unchanged, Validity, client_of, unless_gone
from chinaspace.result import Reply
from chinaspace.serving import Serving
from chinaspace.visit import VISIT, at

_DAY = ox.NamedNode(XSD + "date")
_LAST = "9999-12-31"
_MOST_PAGES = 10_000


class Reader:
    """Asks for what stands on one page, and remembers whatever on it has a name."""

    def __init__(self, serving: Serving, client: str) -> None:
        """Ask *serving* for *client*."""
        self._serving, self._client = serving, client
        self._terms: set[object] = set()

    async def rows(self, *queries: str) -> list[list[Row]]:
        """Return the rows of several queries, which are asked at once."""
        tables = await look_up(self._serving, self._client, *queries)
        self._terms.update(term for rows in tables for row in rows for term in row.values() if not _is_claim(term))
        return tables

    async def claims(self, claims: Iterable[object]) -> dict[object, Claim]:
        """Return what those of *claims* that are IRIs say."""
        found = await recite(self._serving, self._client, (one for one in claims if isinstance(one, ox.NamedNode)))
        self._terms.update(term for claim in found.values() for term in claim.terms())
        return {node: claim for node, claim in found.items() if claim.said}

    def remember(self, *terms: object) -> None:
        """Have *terms* called by their names, whether anything that was found names them or not."""
        self._terms.update(terms)

    async def captions(self) -> Captions:
        """Return what to call all that was found."""
        return await caption(self._serving, self._client, self._terms)


def _is_claim(term: object) -> bool:
    """Tell whether a term is a claim, which has no name."""
    return isinstance(term, ox.NamedNode) and term.value.startswith(f"{CSD}claim-")


# No list that a page is made of has more rows than this; what is left out is told.
LONGEST = 2000


def many(number: int) -> str:
    """Return a number of rows, with a plus sign where there may be more."""
    return f"{number}+" if number >= LONGEST else str(number)


Make = Callable[[Reader], Awaitable[tuple[str, dict[str, Any]]]]


async def compose(request: Request, serving: Serving, make: Make, more: str = "") -> Response:
    """Return the page that *make* gives as a template and its values; *more* is what else it depends on, as the day.

    Raises:
        ChinaSpaceError: whatever *make* raises.
    """
    validity = validity_of(request, serving, more)
    if validity.holds(request.scope):
        return Unchanged(validity)
    reader = Reader(serving, client_of(request.scope))

    async def whole() -> tuple[str, dict[str, Any]]:
        template, values = await make(reader)
        return template, values | {"caption": await reader.captions()}

    made = await unless_gone(request.receive, whole())
    if made is None:
        return Answered(None, validity)
    page = await run_in_threadpool(
        render,
        made[0],
        short_name=short_name,
        many=many,
        lead=lead,
        moment=moment,
        at=at,
        turned=_turn(request),
        **made[1],
    )
    return Answered(Reply("text/html", bytes(page.body)), validity, POLICY)


def validity_of(request: Request, serving: Serving, more: str = "") -> Validity:
    """Return what tells whether a copy of a page still holds: its address, what shapes it, and the data."""
    if not serving.digest:
        return Validity()
    address = f"{request.url.path}?{request.url.query}"
    text = "\n".join((serving.digest, __version__, look(), address, more))
    return Validity(f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"')


def _turn(request: Request) -> Callable[[int], str]:
    """Return what gives the address of another page of the same list."""
    given = dict(request.query_params)
    return lambda page: at(VISIT.get().path, **{**given, "page": str(page)})


def until() -> ox.Literal:
    """Return the day by which whatever a page shows has been said: that of the visit, or the last there is."""
    return day(VISIT.get().day or _LAST)


def day(text: str) -> ox.Literal:
    """Return a day, given as YYYY-MM-DD, as a term."""
    return ox.Literal(text, datatype=_DAY)


def number(request: Request, name: str = "page") -> int:
    """Return a number that a page was given, from 1; 1 if it was given none.

    Raises:
        ParameterError: it is none, or too large.
    """
    given = request.query_params.get(name) or "1"
    if not (given.isascii() and given.isdigit() and 0 < int(given[:9]) <= _MOST_PAGES):
        raise ParameterError(f"'{given[:40]}' is no number of a page. Give '{name}' as a number from 1.")
    return int(given[:9])


def anchor(request: Request, name: str) -> ox.NamedNode | None:
    """Return the thing that a page was given by slug, prefixed name or IRI, if it was given any.

    Raises:
        ParameterError: it is no IRI.
    """
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        return ox.NamedNode(expand(given[:2000]))
    except ValueError as error:
        raise ParameterError(f"'{given[:40]}' names nothing. Give '{name}' as a slug or an IRI.") from error
