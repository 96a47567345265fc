"""Locate the triples of a Turtle file: read it again, and keep line and column of each of their terms."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.errors import ReadError
from chinaspace.mappings import is_mapping_set
from chinaspace.names import RDF, XSD, Term
from chinaspace.place import Place, Placed
from chinaspace.read import read_text
from chinaspace.triple import triple

_Spot: TypeAlias = tuple[Term, int]  # a term, and the offset where it begins
_Name: TypeAlias = tuple[ox.NamedNode, int]
_Spots: TypeAlias = Iterator[tuple[_Spot, _Name, _Spot]]

ONE_GRAPH, SUFFIXES = {".ttl", ".nt", ".tsv"}, {".ttl", ".nt", ".tsv", ".nq", ".trig"}
_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))

# The terminals of the Turtle 1.1 grammar. Sets of characters are wider where a well-formed file cannot tell.
_LETTER = (
    r"[^\W\d_]|[\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF]"
)
_INSIDE = rf"(?:{_LETTER}|[\w\-\u00B7\u0300-\u036F\u203F\u2040])"
_SKIP = r"(?:[ \t\r\n]|#[^\r\n]*)*+"
_PREFIX = rf"(?:(?:{_LETTER})(?:{_INSIDE}|\.(?=[.]*{_INSIDE}))*+)?:"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = rf"(?:{_INSIDE}|:|{_ESCAPED})(?:{_INSIDE}|:|{_ESCAPED}|\.(?=[.]*(?:{_INSIDE}|:|{_ESCAPED})))*+"
_IRI = r'<[^\x00-\x20<>"{}|^`]*+>'
_TAG = r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*+"
_STRING = "|".join(
    (
        r'"""(?:"{0,2}(?:[^"\\]|\\.))*+"""',
        r"'''(?:'{0,2}(?:[^'\\]|\\.))*+'''",
        r'"(?:[^"\\\r\n]|\\.)*+"',
        r"'(?:[^'\\\r\n]|\\.)*+'",
    )
)
_NAME = rf"{_PREFIX}(?:{_LOCAL})?"
_TOKENS = {
    "string": rf"(?P<quoted>{_STRING})(?:{_SKIP}(?:(?P<tag>{_TAG})|\^\^{_SKIP}(?P<datatype>{_IRI}|{_NAME})))?",
    "iri": _IRI,
    "blank": rf"_:{_INSIDE}(?:{_INSIDE}|\.(?=[.]*{_INSIDE}))*+",
    "double": r"[+-]?(?:\d+\.\d*|\.?\d+)[eE][+-]?\d+",
    "decimal": r"[+-]?\d*\.\d+",
    "integer": r"[+-]?\d+",
    "name": _NAME,
    "prefix": rf"(?:@prefix|(?i:prefix)){_SKIP}(?P<key>{_PREFIX}){_SKIP}(?P<namespace>{_IRI})",
    "base": rf"(?:@base|(?i:base)){_SKIP}(?P<address>{_IRI})",
    "version": rf"(?:@version|(?i:version)){_SKIP}(?:{_STRING})",
    "boolean": rf"(?:true|false)(?!{_INSIDE})",
    "a": rf"a(?!{_INSIDE})",
    "nil": rf"\({_SKIP}\)",
    "sign": r"[.;,()\[\]]",
    "graph": rf"[{{}}](?!\|)|(?i:graph)(?!{_INSIDE})",
}
_BLANKS = re.compile(_SKIP)
_FORMS = "|".join(f"(?P<{kind}>{form})" for kind, form in _TOKENS.items())
# Made when it is first used, since that takes longer than many a command that has no use for it.
_token = cache(lambda: re.compile(rf"{_SKIP}(?:{_FORMS}|\Z)", re.S))


@dataclass(slots=True)
class _Open:
    """A statement, a "[" or a "(" that is not yet closed, and how far it was read: to the name of its graph if full."""

    bracket: str = "."
    subject: _Spot | None = None
    predicate: _Name | None = None
    full: bool = False


def locate(path: Path) -> Iterator[Placed]:
    """Yield the triples of a file in Turtle, TriG, N-Triples or N-Quads with their places, in the order of reading.

    So it does those of a mapping set. The file must be well-formed: what is malformed may pass here, and gives
    triples of no meaning.

    Raises:
        ReadError: a character begins nothing that Turtle 1.1 has; line and column tell where.
    """
    return triple(path) if is_mapping_set(path) else locate_text(read_text(path), path)


def locate_text(text: str, path: Path = Path("-")) -> Iterator[Placed]:
    """Yield the triples of *text*, as :func:`locate` does for a file with the ending of *path*, else as Turtle.

    Raises:
        ReadError: as for :func:`locate`.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(offset: int) -> Place:
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1)

    def stop(offset: int) -> ReadError:
        return ReadError(path, "not Turtle 1.1 from here on", *place(offset))

    for subject, predicate, value in _Reader(text, stop, path.suffix.lower()).triples():
        yield Placed(subject[0], predicate[0], value[0], place(subject[1]), place(predicate[1]), place(value[1]))


def unread_from(path: Path) -> tuple[int | None, int | None]:
    """Return line and column from which on a well-formed file is not Turtle 1.1, None twice if it is or is another."""
    try:
        deque(locate(path) if path.suffix.lower() in SUFFIXES else (), maxlen=0)
    except ReadError as error:
        return error.line, error.column
    return None, None


class _Reader:
    """Reads one text; no nesting is too deep, because what is open is kept in a list."""

    def __init__(self, text: str, stop: Callable[[int], ReadError], suffix: str) -> None:
        self._text, self._stop, self._suffix = text, stop, suffix
        self._base: str | None = None
        self._prefixes: dict[str, str] = {}
        self._blanks: dict[str, ox.BlankNode] = {}
        self._parsed: dict[tuple[str | None, str], Term] = {}
        self._open = [_Open()]

    def triples(self) -> _Spots:
        end, token = 0, _token()
        while end < len(self._text):
            match = token.match(self._text, end)
            if match is None:
                raise self._stop(_BLANKS.match(self._text, end).end())  # type: ignore[union-attr]
            end = match.end()
            try:
                yield from self._token(match, match.lastgroup)
            except (ValueError, SyntaxError, MemoryError) as error:  # no prefix, no IRI, or too long
                raise self._stop(match.start(match.lastgroup or 0)) from error

    def _token(self, match: re.Match[str], kind: str | None) -> _Spots:
        if kind == "sign":
            yield from self._sign(match[kind], match.start(kind))
        elif kind == "prefix":
            self._prefixes[match["key"]] = self._iri(match["namespace"])
        elif kind == "base":
            self._base = self._iri(match["address"])
        elif kind == "graph":
            if self._suffix != ".trig":
                raise ValueError("only TriG has graphs")
            self._open = [_Open()]  # what stood before "{" was the name of the graph
        elif kind not in (None, "version"):
            yield from self._give(self._term(match, kind), match.start(kind))

    def _sign(self, sign: str, at: int) -> _Spots:
        if sign == ".":
            self._open = [_Open()]
        elif sign == ";":
            self._open[-1].predicate = None
        elif sign in "[(":
            node = ox.BlankNode()
            yield from self._give(node, at)
            self._open.append(_Open(sign, (node, at)))
        elif sign in "])" and len(self._open) > 1:
            closed = self._open.pop()
            if closed.bracket == "(" and closed.subject:
                yield closed.subject, (_REST, at), (_NIL, at)

    def _give(self, term: Term, at: int) -> _Spots:
        """Put a term where the innermost open bracket waits for one."""
        here = self._open[-1]
        if here.bracket == "(" and here.subject:
            if here.predicate:  # there was an item before, so this one needs a cell of its own
                cell = (ox.BlankNode(), at)
                yield here.subject, (_REST, at), cell
                here.subject = cell
            here.predicate = (_FIRST, at)
            yield here.subject, here.predicate, (term, at)
        elif here.subject is None:
            here.subject = (term, at)
        elif here.predicate is None:
            if not isinstance(term, ox.NamedNode):
                raise self._stop(at)
            here.predicate = (term, at)
        elif not here.full:
            here.full = self._suffix == ".nq"
            yield here.subject, here.predicate, (term, at)

    def _term(self, match: re.Match[str], kind: str) -> Term:
        text = match[kind]
        if kind == "iri":
            return ox.NamedNode(self._iri(text))
        if kind == "name":
            return ox.NamedNode(self._name(text))
        if kind == "blank":
            return self._blanks.setdefault(text, ox.BlankNode())
        if kind in ("a", "nil"):
            return _TYPE if kind == "a" else _NIL
        if kind != "string":
            return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
        if match["datatype"] is None:
            return self._parse(match["quoted"] + (match["tag"] or ""))
        found = match["datatype"]
        datatype = self._iri(found) if found.startswith("<") else self._name(found)
        return ox.Literal(str(getattr(self._parse(match["quoted"]), "value", "")), datatype=ox.NamedNode(datatype))

    def _name(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        return self._prefixes.get(prefix + colon, "") + re.sub(r"\\(.)", r"\1", local)

    def _iri(self, text: str) -> str:
        return str(getattr(self._parse(text), "value", ""))

    def _parse(self, text: str) -> Term:
        """Leave escapes, language tags and relative IRIs to Oxigraph, so that they are read as it reads them."""
        key = (self._base, text)
        if key not in self._parsed:
            statement = f"<x:s> <x:p> {text} ."
            parsed = ox.parse(statement, format=ox.RdfFormat.TURTLE, base_iri=self._base)
            self._parsed[key] = next(iter(parsed)).object
        return self._parsed[key]
