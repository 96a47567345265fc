"""Merge the graphs that a query takes as its default graph: a triple of several of them counts once."""

from __future__ import annotations

import re

import pyoxigraph as ox

from chinaspace.scope import Scope

# What can hold the word without meaning it is passed over: comments, IRIs, texts, variables and prefixed names.
_FROM = re.compile(
    r"""\#[^\r\n]* | '''(?:[^\\]|\\.)*?''' | \"""(?:[^\\]|\\.)*?\""" | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*"
    | [?$][\w]+ | \bPREFIX\s+(?P<prefix>[\w.-]*):\s*<(?P<namespace>[^<>"{}|^`\s]*)>
    | \bFROM\s+(?P<named>NAMED\s+)?(?:<(?P<iri>[^<>"{}|^`\s]*)>|(?P<name>[\w.-]*:[\w.-]*)) | <[^<>"{}|^`\s]*> | [\w.:-]+
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\\]*")


def read_dataset(query: str) -> Scope | None:
    """Return the graphs that the FROM clauses of a query name, where several make up the default graph; else nothing.

    Nothing as well where they are written in a way that only the engine reads:
    with escapes, or relative to a base.
    """
    if query.casefold().count("from") < 2:
        return None
    prefixes: dict[str, str] = {}
    default: list[str] = []
    named: list[str] = []
    for found in _FROM.finditer(query):
        if found["namespace"] is not None:
            prefixes[found["prefix"]] = found["namespace"]
        elif found["iri"] is not None or found["name"] is not None:
            (named if found["named"] else default).append(found["iri"] or _expand(found["name"], prefixes))
    if len(default) < 2 or not all(map(_ABSOLUTE.fullmatch, default + named)):
        return None
    return Scope(tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named)))


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
