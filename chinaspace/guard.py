"""Refuse queries that could reach out of the graph, before the engine sees them."""

from __future__ import annotations

import re

from chinaspace.errors import QueryError

# Nested groups need some 2 kB of stack each; under this length none can outgrow the engine's threads.
LONGEST_QUERY = 100_000

# A SERVICE clause is "SERVICE [SILENT] iri-or-variable {". It is looked for in the raw text, without taking
# strings and comments out, because a lexer that differs from Oxigraph's in one case would be a way round it.
# The price is that a literal which holds a whole such clause is refused as well. Only variables and local
# names are passed over, which no keyword can be a part of. Blanks are those of SPARQL: what else Unicode
# calls white space may stand in a name.
_WORD = re.compile(r"[?$:][\w-]*+|(service)", re.IGNORECASE)
_BLANK = r"(?:[ \t\r\n]|\#[^\r\n]*[\r\n])*+"
_REST = re.compile(
    rf"""{_BLANK} (?:silent\b {_BLANK})? (?: <[^>]*> | (?:[^ \t\r\n{{}}<>"'\#\\]|\\.)++ ) {_BLANK} \{{""",
    re.IGNORECASE | re.VERBOSE,
)
# Each place costs a look at what may be the rest of the query; more of them have no honest use.
_MOST_PLACES = 20
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check_length(text: str) -> None:
    """Let a query pass that is short enough.

    Raises:
        QueryError: it is too long.
    """
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"The query has {len(text)} characters; {LONGEST_QUERY} are allowed. Shorten it.")


def check_query(text: str) -> None:
    """Let a query pass that is short enough and calls no other service.

    FROM and GRAPH only choose among graphs that are loaded, and updates are
    refused by the engine's query parser, so neither is looked for here.

    Raises:
        QueryError: the query is too long or has a SERVICE clause.
    """
    check_length(text)
    if _calls_service(text) or _calls_service(_ESCAPE.sub(_unescape, text)):
        raise QueryError("SERVICE is closed here: this endpoint calls no other. Send that part of the query there.")


def _calls_service(text: str) -> bool:
    places = [found.end() for found in _WORD.finditer(text) if found[1]]
    return len(places) > _MOST_PLACES or any(_REST.match(text, place) for place in places)


def _unescape(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 else found[0]
