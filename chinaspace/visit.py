"""What a visitor has chosen and every page keeps: the language, and the day as of which the graph is seen.

Both stand at the head of the path, as in "/zh/as-of/2018-01-01/queries", and so belong to the root of all
links, which keep them without a word. "?lang=zh" and "?asof=2018-01-01" choose them on any page.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode

from chinaspace.errors import ParameterError

if TYPE_CHECKING:  # the command line says what pages say, and need not wait for the web
    from starlette.types import Scope

# The languages of the interface, with the tags that labels in the graph have.
LANGUAGES = {"en": "en", "zh": "zh-Hans"}
_PREFIX = re.compile(r"(?:/(en|zh)(?=/|$))?(?:/as-of/(\d{4}-\d\d-\d\d)(?=/|$))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CHOICE = re.compile(rb"(?:^|&)(?:lang|asof)=")
_LONGEST = 2000


@dataclass(frozen=True)
class Visit:
    """One request for a page.

    *site* is the path below which a proxy offers this server, *chosen* the
    language that the address names, if any, *day* a day as YYYY-MM-DD or "" for
    now, *path* what is left of the path, and *query* the rest of the address.
    """

    site: str = ""
    chosen: str = ""
    day: str = ""
    path: str = "/"
    query: str = ""
    accepted: str = ""
    digest: str = ""

    @property
    def root(self) -> str:
        """Return what the address of every page begins with, without a slash at its end."""
        return self.site + (f"/{self.chosen}" if self.chosen else "") + (f"/as-of/{self.day}" if self.day else "")

    @cached_property
    def language(self) -> str:
        """Return "en" or "zh": the language chosen, else the one that the browser prefers."""
        if self.chosen or not self.accepted:
            return self.chosen or "en"
        # Imported here because the command line, which asks no browser, would wait for it.
        from werkzeug.datastructures import LanguageAccept
        from werkzeug.http import parse_accept_header

        accepted = parse_accept_header(self.accepted[:_LONGEST], LanguageAccept)
        return accepted.best_match(LANGUAGES, default="en") or "en"

    @property
    def tag(self) -> str:
        """Return the tag of the language."""
        return LANGUAGES[self.language]

    @property
    def here(self) -> str:
        """Return the address of this page below the root."""
        return quote(self.path) + (f"?{self.query}" if self.query else "")

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of this page, for a form that leads to it again."""
        return parse_qsl(self.query[:_LONGEST], keep_blank_values=True)

    def spoken(self, language: str) -> str:
        """Return the address of this page in another language."""
        return replace(self, chosen=language).root + self.here

    def today(self) -> str:
        """Return the root of what is known now, whatever the day of this page."""
        return replace(self, day="").root


_NOWHERE = Visit()
VISIT: ContextVar[Visit] = ContextVar("VISIT", default=_NOWHERE)


def receive_visit(scope: Scope, digest: str) -> Visit:
    """Return what a visitor has chosen, and make it a part of the root in *scope*, so that the page itself is left.

    Raises:
        ParameterError: "asof" is no day.
    """
    site = scope["root_path"]
    path = scope["path"].removeprefix(site)
    accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"").decode("latin-1")
    language, day = "", ""
    if path.startswith(("/en", "/zh", "/as-of/")) and (found := _PREFIX.match(path)) and is_day(found[2]):
        language, day, path = found[1] or "", found[2] or "", path[found.end() :] or "/"
    given = scope["query_string"]
    if has_choice(given):
        given, chosen = _split(given)
        language = chosen["lang"] if chosen.get("lang") in LANGUAGES else language
        day = chosen.get("asof", day)
        if not is_day(day):
            raise ParameterError(f"'{day[:40]}' is no day. Give 'asof' as YYYY-MM-DD.")
    visit = Visit(site, language, day, path, given.decode("latin-1"), accepted, digest)
    if given != scope["query_string"] or visit.root != site:
        scope["root_path"], scope["path"], scope["query_string"] = visit.root, visit.root + path, given
        scope["raw_path"] = quote(scope["path"]).encode()
    return visit


def timeless(scope: Scope) -> Scope:
    """Return the scope of a request as if its address chose no day."""
    pairs = [pair for pair in scope["query_string"].split(b"&") if pair.partition(b"=")[0] != b"asof"]
    return {**scope, "query_string": b"&".join(pairs)}


def has_choice(query: bytes) -> bool:
    """Tell whether a query of an address chooses what all pages keep."""
    # The plain look comes first: the pattern takes longer than many a query.
    return (b"lang=" in query or b"asof=" in query) and _CHOICE.search(query) is not None


def _split(query: bytes) -> tuple[bytes, dict[str, str]]:
    """Return a query without what all pages keep, to the byte, and that."""
    kept, chosen = [], {}
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        if name in (b"lang", b"asof"):
            chosen[name.decode()] = unquote_plus(value.decode("latin-1"))
        else:
            kept.append(pair)
    return b"&".join(kept), chosen


def is_day(day: str | None) -> bool:
    """Tell whether *day* is one of the calendar, as YYYY-MM-DD, or none."""
    try:
        return not day or (_DAY.fullmatch(day) is not None and bool(date.fromisoformat(day)))
    except ValueError:
        return False


def at(path: str, **parameters: str) -> str:
    """Return the address of a page below the root of this visit; empty parameters are left out."""
    given = urlencode({name: value for name, value in parameters.items() if value})
    return VISIT.get().root + quote(path) + (f"?{given}" if given else "")
