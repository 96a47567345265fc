"""Narrow a query to what a remote store may be asked: no comments, no graph it might fetch, no functions of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from chinaspace.errors import QueryError
from chinaspace.names import CSD
from chinaspace.scope import Scope

# The tokens of SPARQL 1.1, as far as they can hold a word that is no keyword. Only text that Oxigraph's parser has
# taken comes here, so that what is wrong with it is no matter.
# No part of the pattern goes back over what it has passed, so that it takes time in proportion to the text.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*+)
    | (?P<iri><[^<>"{}|^`\x00-\x20]*+>)
    | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*+\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{3}
        | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
    | (?P<name>[?$@]\w[\w-]*+ | (?:[^\W\d][\w.-]*+)?+:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.|[.-](?=[\w.:%\\-]))*+)
    | (?P<word>[^\W\d][\w.-]*+)
    | (?P<number>[0-9]++)
    | (?P<space>\s++)
    | (?P<open>["'])
    | (?P<other>[^\w\s\#<"'?$@:]++ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
# Functions by which some services run code, read files or call out: those of Virtuoso's SQL, and Java's classes.
_CODE = re.compile(r"<\s*(?:bif|sql|java|virtrdf):", re.IGNORECASE)
# An IRI that has to be resolved, or a comparison that looks like one, to which a base does nothing.
_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Narrowed:
    """A query without its comments and FROM clauses, the graphs that these chose, and the limit of its rows."""

    text: str
    scope: Scope | None
    limit: int | None


class _Token(NamedTuple):
    kind: str
    text: str
    start: int

    def is_word(self, word: str) -> bool:
        return self.kind == "word" and self.text.upper() == word


def narrow(query: str) -> Narrowed:
    """Take out of *query*, which is well-formed, what a remote store is not to see.

    A store may take a comment for an order, and the graph of a FROM clause for
    an address to fetch. Places in the text stay, so that faults are found again; but
    where an IRI is relative, the base that our own stores have is put before it all.

    Raises:
        QueryError: the query calls functions that belong to a service and not to SPARQL.
    """
    everything = list(_tokens(query))
    for token in everything:
        if token.kind == "iri" and _CODE.match(_unescape(token.text)):
            raise QueryError(f"{token.text[:40]} belongs to no standard, and is closed here. Use functions of SPARQL.")
    text = list(query)
    for token in everything:
        if token.kind == "comment":
            _blank(text, token)
    tokens = [token for token in everything if token.kind not in ("comment", "space")]
    if any(token.kind == "word" and "FROM" in token.text.upper() and len(token.text) > 4 for token in tokens):
        raise QueryError("FROM stands there without a blank before or after it. Write it as a word of its own.")
    default, named = list[str](), list[str]()
    for graph, clause in _clauses(tokens):
        (named if len(clause) > 2 else default).append(graph)
        for token in clause:
            _blank(text, token)
    scope = Scope(tuple(default), tuple(named)) if default or named else None
    base = f"BASE <{CSD}> " if any(token.kind == "iri" and _RELATIVE.match(token.text) for token in tokens) else ""
    return Narrowed(base + "".join(text), scope, _limit(tokens))


def _tokens(query: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(query):
        if found.lastgroup == "open":
            raise QueryError("A text in the query has no end. Close its quotation mark.")
        yield _Token(found.lastgroup or "", found[0], found.start())


def _blank(text: list[str], token: _Token) -> None:
    text[token.start : token.start + len(token.text)] = " " * len(token.text)


def _clauses(tokens: list[_Token]) -> Iterator[tuple[str, list[_Token]]]:
    """Yield the graph and the tokens of each FROM clause."""
    base, prefixes = CSD, dict[str, str]()
    for place, token in enumerate(tokens):
        if token.is_word("BASE"):
            base = urljoin(base, tokens[place + 1].text[1:-1])
        elif token.is_word("PREFIX"):
            prefixes[tokens[place + 1].text] = urljoin(base, tokens[place + 2].text[1:-1])
        elif token.is_word("FROM"):
            length = 3 if tokens[place + 1].is_word("NAMED") else 2
            yield _resolve(tokens[place + length - 1], base, prefixes), tokens[place : place + length]


def _resolve(token: _Token, base: str, prefixes: dict[str, str]) -> str:
    if token.kind == "iri":
        return urljoin(base, _unescape(token.text[1:-1]))
    prefix, colon, local = token.text.partition(":")
    return prefixes.get(prefix + colon, "") + re.sub(r"\\(.)", r"\1", local)


def _limit(tokens: list[_Token]) -> int | None:
    """Return the limit of the outermost query."""
    depth, limit = 0, None
    for place, token in enumerate(tokens):
        if token.kind == "other":
            depth += token.text.count("{") - token.text.count("}")
        if not depth and token.is_word("LIMIT"):
            limit = int(tokens[place + 1].text[:18])
    return limit


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)), text)
