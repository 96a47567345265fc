"""Refuse queries that could reach out of the graph, before the engine sees them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from chinaspace.errors import QueryError

# Nested groups need some 2 kB of stack each; under this length none can outgrow the engine's threads.
LONGEST_QUERY = 100_000
_DEEPEST = 1000
_OPENING, _CLOSING = "{([", "})]"

# A SERVICE clause is "SERVICE [SILENT] iri-or-variable {". It is looked for in the raw text, without taking
# strings and comments out, because a lexer that differs from Oxigraph's in one case would be a way round it.
# The price is that a literal which holds a whole such clause is refused as well. Only variables and local
# names are passed over, which no keyword can be a part of. Blanks are those of SPARQL: what else Unicode
# calls white space may stand in a name.
_WORD = re.compile(r"[?$:][\w-]*+|(service)", re.IGNORECASE)
_BLANK = r"(?:[ \t\r\n]|\#[^\r\n]*[\r\n])*+"
_REST = re.compile(
    rf"""{_BLANK} (?:silent\b {_BLANK})? ( <[^>]*> | (?:[^ \t\r\n{{}}<>"'\#\\]|\\.)++ ) {_BLANK} \{{""",
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


def check_query(text: str, services: Collection[str] = ()) -> None:
    """Let a query pass that is short enough, not too deep, and calls no other service than *services*.

    FROM and GRAPH only choose among graphs that are loaded, and updates are
    refused by the engine's query parser, so neither is looked for here.

    Raises:
        QueryError: the query is too long, too deep, or has a SERVICE clause.
    """
    check_length(text)
    _check_depth(text)
    # The plain look comes first: the patterns take longer than many a query. To fold case takes what they take.
    if "service" not in text.casefold() and "\\" not in text:
        return
    if _calls_service(text, services) or _calls_service(_ESCAPE.sub(_unescape, text), services):
        others = f"no other than {' and '.join(sorted(services))}, each by its whole IRI" if services else "no other"
        raise QueryError(f"SERVICE is closed here: this endpoint calls {others}. Send that part of the query there.")


def reroute(text: str, services: Mapping[str, str]) -> str:
    """Return a query that passed with each SERVICE clause led to the address that *services* gives for its IRI.

    A clause within a string or a comment is led there as well, which changes no
    more than that text.

    Raises:
        QueryError: a clause is left that another reading would find, since it is written with escapes.
    """
    if "service" not in text.casefold() and "\\" not in text:
        return text
    pieces, done = list[str](), 0
    for word in _WORD.finditer(text):
        clause = _REST.match(text, word.end()) if word[1] else None
        if clause:
            pieces += [text[done : clause.start(1)], f"<{services[clause[1][1:-1]]}>"]
            done = clause.end(1)
    led = "".join(pieces) + text[done:]
    if _calls_service(_ESCAPE.sub(_unescape, led), services.values()):
        raise QueryError("A SERVICE clause is written with escapes. Write the word and the IRI as they are.")
    return led


def _check_depth(text: str) -> None:
    """Let a query pass whose brackets are not open too deep; those of strings and comments count as well."""
    if max(map(text.count, _OPENING)) <= _DEEPEST:
        return
    for opening, closing in zip(_OPENING, _CLOSING, strict=True):
        depth = 0
        for sign in text:
            depth += (sign == opening) - (sign == closing)
            if depth > _DEEPEST:
                raise QueryError(f"The query has more than {_DEEPEST} of '{opening}' open at once. Nest it less.")


def _calls_service(text: str, services: Collection[str]) -> bool:
    places = [found.end() for found in _WORD.finditer(text) if found[1]]
    if len(places) > _MOST_PLACES:
        return True
    clauses = [found[1] for place in places if (found := _REST.match(text, place))]
    # What stands there is compared as it is written, so no other spelling of an IRI gets through.
    return any(clause not in {f"<{iri}>" for iri in services} for clause in clauses)


def _unescape(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 else found[0]
