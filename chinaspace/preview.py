"""Show the answer to a query on a page: the first rows as a table, or the beginning of a graph as Turtle."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pyoxigraph as ox

from chinaspace.cells import Shown, language_of
from chinaspace.errors import DeadlineError
from chinaspace.lead import lead
from chinaspace.protocol import Asked
from chinaspace.reply import Validity
from chinaspace.result import Reply
from chinaspace.serving import Serving
from chinaspace.tables import show

_TABLE, _GRAPH = "text/tab-separated-values", "text/turtle"
# A page of more is neither read nor light; the whole answer is a link away.
MOST_ROWS = 200
_MOST_BYTES = 95_000


@dataclass(frozen=True)
class Preview:
    """An answer for a page: a table, or a yes or no, or Turtle; *cut* where the page has its beginning only."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = ()
    truth: bool | None = None
    turtle: str = ""
    cut: bool = False


async def preview(serving: Serving, asked: Asked, client: str) -> Preview:
    """Return the beginning of the answer to a query; of a long one no more is fetched than is shown.

    Raises:
        ChinaSpaceError: as for :meth:`chinaspace.serving.Serving.ask`.
        DeadlineError: the rows that are to be shown do not come in time.
    """
    reply = await serving.ask(as_shown(asked), client)
    body, cut = await _begin(reply)
    if reply.media_type == _GRAPH:
        return Preview(turtle=body.decode(errors="ignore"), cut=cut)
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.TSV)
    if isinstance(found, ox.QueryBoolean):
        return Preview(truth=bool(found))
    assert isinstance(found, ox.QuerySolutions)
    columns = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(cell(term) for term in solution) for solution in found)
    return Preview(columns, rows[:MOST_ROWS], cut=cut or len(rows) > MOST_ROWS)


def as_shown(asked: Asked) -> Asked:
    """Return the same query, asked for in the formats that a page is made of."""
    return replace(asked, types=(_TABLE, _GRAPH))


def validity_of(serving: Serving, asked: Asked, look: str) -> Validity:
    """Return what tells whether a copy of the page still holds; *look* is what else shapes it."""
    return serving.validity(as_shown(asked), f"page {look}")


async def _begin(reply: Reply) -> tuple[bytes, bool]:
    """Return the first whole lines of an answer, one row each, and whether more were left out."""
    held = bytearray(reply.body)
    if reply.rest is not None:
        try:
            async with asyncio.timeout_at(reply.finish):
                async for piece in reply.rest:
                    held += piece
                    if _enough(held):
                        break
        except TimeoutError as error:
            raise DeadlineError("The answer took too long to write. Ask for less, or for CSV or JSON.") from error
        finally:
            reply.close()
    if not _enough(held):
        return bytes(held), False
    # The last line may be a part of one.
    return bytes(held[:_MOST_BYTES]).rpartition(b"\n")[0] + b"\n", True


def _enough(held: bytearray) -> bool:
    return len(held) > _MOST_BYTES


def cell(term: object) -> Shown:
    """Return a term as a page shows it."""
    return Shown(show(term), lead(term), language=language_of(term))
