"""Tell a client what went wrong: a problem report by RFC 9457, or a page for a browser."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from fastapi.responses import Response

from chinaspace.engine import UnacceptableError
from chinaspace.errors import (
    AmbiguousNameError,
    BusyError,
    ChinaSpaceError,
    DeadlineError,
    KilledError,
    ParameterError,
    QueryError,
    RemoteError,
    ServiceError,
    UnknownQueryError,
)
from chinaspace.pages import render
from chinaspace.protocol import RefusalError

_RETRY_AFTER = "5"
_WIDEST = 100  # of the line of a query that is shown
_LONGEST_SHOWN = 10_000
# The first that fits counts, so what is more special stands before.
_STATUS: tuple[tuple[type[ChinaSpaceError], int], ...] = (
    (UnknownQueryError, 404),
    (UnacceptableError, 406),
    (QueryError, 400),
    (ParameterError, 400),
    (BusyError, 503),
    (RemoteError, 502),
    (DeadlineError, 504),
    (KilledError, 507),
)


def refuse(error: ChinaSpaceError, page: bool = False, query: str = "", **more: Any) -> Response:
    """Return the report of an error, with its status, and with *more* members that help to mend it.

    Who is to come again is told when; a query that takes too much would only
    do so once more.
    """
    status = error.status if isinstance(error, RefusalError | ServiceError) else _status(error)
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": _RETRY_AFTER} if status == 503 else {})
    if isinstance(error, QueryError) and error.line is not None:
        more |= {"line": error.line, "column": error.column} | ({"hint": error.hint} if error.hint else {})
    if isinstance(error, AmbiguousNameError):
        more |= {"parameter": error.parameter, "candidates": [one._asdict() for one in error.candidates]}
    if page:
        return _page(status, str(error), headers, query, more)
    return problem(status, str(error), headers, **more)


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Return a problem report."""
    report = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    # It repeats what a client sent, so it has no sign that could begin markup, for whatever reads it.
    text = json.dumps(report, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")
    return Response(text.encode("utf-8", "replace"), status, headers, "application/problem+json")


def _status(error: ChinaSpaceError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _page(status: int, detail: str, headers: dict[str, str], query: str, more: dict[str, Any]) -> Response:
    """Return a page with the line of the query at which it is malformed, and a mark below its column."""
    excerpt, line, column = "", more.get("line"), more.get("column")
    lines = query.split("\n")
    if line and column and line <= len(lines):
        start = max(0, column - _WIDEST // 2)
        shown = lines[line - 1].rstrip("\r").replace("\t", " ")[start : start + _WIDEST]
        excerpt = f"{shown}\n{' ' * (column - 1 - start)}^"
    title = HTTPStatus(status).phrase
    page = render("fault.html", title=title, detail=detail, excerpt=excerpt, query=query[:_LONGEST_SHOWN])
    page.status_code = status
    page.headers.update(headers)
    return page
