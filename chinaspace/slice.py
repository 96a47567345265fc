"""Cut a page out of an answer: some rows, and the links to those before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from chinaspace.errors import ParameterError

MOST = 100_000
_LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Page:
    """At most *limit* rows of an answer, all if it is None, from the row *offset* on, which counts from 0."""

    limit: int | None = None
    offset: int = 0

    @property
    def whole(self) -> bool:
        """Tell whether it is all of the answer."""
        return self.limit is None and not self.offset

    def links(self, total: int) -> dict[str, Page]:
        """Return the pages that lead on from this one, of *total* rows, by their relation: first, prev, next, last."""
        if self.limit is None:
            return {"first": Page()} if self.offset else {}
        found = {"first": Page(self.limit)}
        if self.offset:
            found["prev"] = Page(self.limit, max(0, min(self.offset, total) - self.limit))
        if self.offset + self.limit < total:
            found["next"] = Page(self.limit, self.offset + self.limit)
        found["last"] = Page(self.limit, max(0, (total - 1) // self.limit * self.limit))
        return found


def read_page(limit: str | None, offset: str | None) -> Page:
    """Return the page that was asked for in two numbers as they were typed.

    Raises:
        ParameterError: one of them is no number, or out of bounds.
    """
    rows = None if limit is None else _number("limit", limit)
    if rows is not None and not 1 <= rows <= MOST:
        raise ParameterError(f"'limit' is {rows}. Give how many rows you want, from 1 to {MOST}.")
    return Page(rows, 0 if offset is None else _number("offset", offset))


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise ParameterError(f"'{name}' is {text[:40]!r}. Give a whole number of rows, such as {name}=100.")
    return int(text)


def cut(body: bytes, page: Page) -> tuple[bytes, int]:
    """Return an answer in SPARQL JSON with the rows of *page* only, and how many rows the whole has.

    What is cut is the answer itself and not its query, so that all pages are of
    one answer, and a service that sorts only so many rows gives each of them.
    """
    answer = json.loads(body)
    rows = answer["results"]["bindings"]
    end = None if page.limit is None else page.offset + page.limit
    answer["results"]["bindings"] = rows[page.offset : end]
    return (body if page.whole else json.dumps(answer, ensure_ascii=False).encode()), len(rows)


def link_field(given: dict[str, str], page: Page, total: int) -> str:
    """Return the Link field of RFC 8288 for the pages around *page*; "" where it is the whole answer.

    The links are relative to the address that was asked for, of which *given* are the parameters.
    """
    return ", ".join(f'<{address(given, other)}>; rel="{name}"' for name, other in page.links(total).items())


def address(given: dict[str, str], page: Page) -> str:
    """Return the address of another page of the same answer, relative to that of this one."""
    numbers = {"limit": page.limit, "offset": page.offset or None}
    asked = given | {name: str(number) for name, number in numbers.items() if number is not None}
    return f"?{urlencode(asked, quote_via=quote)}" if asked else "?"
