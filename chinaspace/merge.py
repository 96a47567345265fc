"""Merge the graphs that a query takes as its default graph: a triple of several of them counts once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from chinaspace.scope import Scope

_BLANK = r"(?:\s|\#[^\r\n]*[\r\n])"
# What can hold the word without meaning it is passed over: comments, IRIs, texts, variables and names with prefixes.
_FROM = re.compile(
    rf"""
      \#[^\r\n]* | \"{{3}}(?:[^"\\]|\\.|"(?!""))*\"{{3}} | '{{3}}(?:[^'\\]|\\.|'(?!''))*'{{3}}
    | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' | [?$:@][\w.-]+
    | \bPREFIX{_BLANK}+(?P<prefix>[\w.-]*):{_BLANK}*<(?P<namespace>[^\x00-\x20<>"{{}}|^`\\]*)>
    | \b(?P<from>FROM)(?=[\s<\#]){_BLANK}*(?P<named>NAMED(?=[\s<\#]){_BLANK}*)?
      (?:<(?P<iri>[^\x00-\x20<>"{{}}|^`]*)>|(?P<name>[\w.-]*:[\w.-]*))?
    | <[^\x00-\x20<>"{{}}|^`\\]*> | \w[\w:.-]*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\\]*")


def chooses_graphs(query: str) -> bool:
    """Tell whether a query has a FROM clause.

    Oxigraph's union at query time would override it. A query that hides one
    from this and yet has it sees the union of all graphs.
    """
    return any(found["from"] for found in _find(query))


def read_dataset(query: str) -> Scope | None:
    """Return the graphs that the FROM clauses of a query name, where several make up the default graph; else nothing.

    Nothing as well where they are written in a way that only the engine reads:
    with escapes, or relative to a base.
    """
    prefixes: dict[str, str] = {}
    default: list[str] = []
    named: list[str] = []
    for found in _find(query):
        if found["namespace"] is not None:
            prefixes[found["prefix"]] = found["namespace"]
        elif found["from"]:
            iri = found["iri"] if found["name"] is None else _expand(found["name"], prefixes)
            (named if found["named"] else default).append(iri or "")
    if len(default) < 2 or not all(map(_ABSOLUTE.fullmatch, default + named)):
        return None
    return Scope(tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named)))


def _find(query: str) -> Iterator[re.Match[str]]:
    # The plain look comes first: the pattern takes longer than many a query.
    return _FROM.finditer(query) if "from" in query.casefold() else iter(())


def _expand(name: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return prefixes.get(prefix, "\\") + local


def merge(store: ox.Store, scope: Scope) -> ox.Store:
    """Return a store whose default graph is the merge of the default graphs of *scope*, with its named graphs.

    Oxigraph goes through the graphs one by one, and so gives a triple once for each.
    """
    merged = ox.Store()
    for iri in scope.default:
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        merged.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for iri in scope.named:
        merged.bulk_extend(store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))
    return merged
