"""Read a request of the SPARQL 1.1 Protocol: the one query, the graphs that it sees, and the forms it may come in."""

from __future__ import annotations

import hashlib
import re
from binascii import a2b_qp
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import unquote_to_bytes

from chinaspace.engine import GRAPH_TYPES, RESULT_TYPES, UnacceptableError
from chinaspace.errors import ChinaSpaceError
from chinaspace.guard import LONGEST_QUERY
from chinaspace.negotiate import ranked
from chinaspace.scope import Scope

# Loose names stand for a table or for a graph, so they come last: who asks for no type gets a name that says which.
OFFERED = tuple(sorted(RESULT_TYPES | GRAPH_TYPES, key=(RESULT_TYPES.keys() & GRAPH_TYPES.keys()).__contains__))
LONGEST_TARGET = 2**16  # bytes of an address
LONGEST_BODY = 12 * LONGEST_QUERY + 2**16  # bytes of a body: the longest query, percent-encoded

# The names that "format" has for media types in an address, where a link or a person cannot set the Accept header.
FORMS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}

_FORM = "application/x-www-form-urlencoded"
_BODIES = {"application/sparql-query": "query", "application/sparql-update": "update"}
_MOST_FIELDS = 1000
_MANY = 4
_SHORT = 4096
_CHARSET = re.compile(r'charset\s*=\s*"?([^";\s]*)', re.IGNORECASE)
# Such a query may answer otherwise a moment later. An escape can hide each of these names.
_HINTS = ("\\u", "now", "rand", "uuid", "service")
_VOLATILE = re.compile(r"\\u|\b(?:now|rand|uuid|struuid|service)\b")


class RefusalError(ChinaSpaceError):
    """A request that is not answered, with the status of HTTP that says why."""

    def __init__(self, status: int, detail: str) -> None:
        """Say in *detail* what to send instead."""
        self.status = status
        super().__init__(detail)


@dataclass(frozen=True)
class Asked:
    """A query with the media types that are taken, best first, and the graphs that were chosen."""

    query: str
    types: tuple[str, ...]
    scope: Scope | None = None

    @cached_property
    def volatile(self) -> bool:
        """Tell whether the same query may have another answer next time."""
        lowered = self.query.lower()
        # The plain look comes first: a pattern that ignores case takes longer than many a query.
        return any(hint in lowered for hint in _HINTS) and _VOLATILE.search(lowered) is not None

    def tag(self, digest: str, more: str = "") -> str:
        """Return an entity tag: the same wherever the same is asked of the same data set.

        It is a weak one, because blank nodes and rows without an order may come
        in another guise.
        """
        if (digest, more) not in self._tags:
            text = "\n".join((digest, more, repr(self.types), repr(self.scope), self.query))
            self._tags.clear()
            self._tags[digest, more] = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        return self._tags[digest, more]

    @cached_property
    def _tags(self) -> dict[tuple[str, str], str]:
        return {}

    def __hash__(self) -> int:
        """Return a hash that is worked out once."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.query, self.types, self.scope))


def read_get(query_string: bytes, accept: str) -> Asked | None:
    """Return what a request without a body asks; nothing where it has no query.

    Raises:
        RefusalError: as for :func:`read_fields` and :func:`find_query`.
        UnacceptableError: as for :func:`read_types`.
    """
    return (_remember if len(query_string) + len(accept) <= _SHORT else _read_get)(query_string, accept)


def _read_get(query_string: bytes, accept: str) -> Asked | None:
    fields = _parse(query_string)
    query = find_query(fields, "GET")
    return None if query is None else Asked(query, read_types(accept), read_scope(fields))


# What is asked again and again is not taken apart again and again.
_remember = lru_cache(maxsize=1024)(_read_get)


def read_post(query_string: bytes, content_type: str, body: bytes, accept: str) -> Asked:
    """Return what a request with a body asks.

    Raises:
        RefusalError: as for :func:`read_fields` and :func:`find_query`.
        UnacceptableError: as for :func:`read_types`.
    """
    fields = read_fields(query_string, content_type, body)
    query = find_query(fields, "POST")
    assert query is not None
    return Asked(query, read_types(accept), read_scope(fields))


def read_fields(query_string: bytes, content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a request, those of its body among them; the protocol's section 2.1 names the forms.

    Raises:
        RefusalError: the body is in none of these forms, or something is not UTF-8.
    """
    fields = _parse(query_string)
    media_type = content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in ("", "utf-8", "utf8"):
        raise RefusalError(415, f"The charset {charset[1][:40]} is not read here. Send UTF-8.")
    if media_type == _FORM:
        return fields + _parse(body)
    if media_type not in _BODIES:
        raise RefusalError(415, f"Send a query as {_FORM} or as application/sparql-query.")
    try:
        return [*fields, (_BODIES[media_type], body.decode())]
    except UnicodeDecodeError as error:
        raise RefusalError(400, "The body is not UTF-8. Send it in UTF-8.") from error


def _parse(text: bytes) -> list[tuple[str, str]]:
    """Return the parameters, in their order, as the URL standard has it for forms."""
    if text.count(b"&") >= _MOST_FIELDS:
        raise RefusalError(400, f"There are more than {_MOST_FIELDS} parameters. Send fewer.")
    pairs = [pair.partition(b"=") for pair in text.split(b"&") if pair]
    try:
        return [(_unquote(name).decode(), _unquote(value).decode()) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise RefusalError(400, "The parameters are not UTF-8. Send them percent-encoded, in UTF-8.") from error


def _unquote(text: bytes) -> bytes:
    """Return a name or a value of a form as it was before its encoding."""
    plain = text.replace(b"+", b" ")
    count = plain.count(b"%")
    if count < _MANY or b"=" in plain or b"\n" in plain or b"\r" in plain:
        return unquote_to_bytes(plain)
    # Quoted-printable has another sign, and else the same code, which the library reads in C, ten times as fast. It
    # is left where it stands what is no code in it, so the length tells whether all was.
    read = a2b_qp(plain.replace(b"%", b"="))
    return read if len(read) == len(plain) - 2 * count else unquote_to_bytes(plain)


def read_form(query_string: bytes, accept: str) -> str:
    """Return the media type that "format" names in an address, else the Accept header.

    Raises:
        RefusalError: it names none.
    """
    if b"format=" not in query_string:
        return accept
    named = [value for name, value in _parse(query_string) if name == "format"]
    if named and named[0] not in FORMS:
        raise RefusalError(400, f"'{named[0][:40]}' is no format. Use {', '.join(FORMS)}, or the Accept header.")
    return FORMS[named[0]] if named else accept


def find_query(fields: list[tuple[str, str]], method: str) -> str | None:
    """Return the one query of a request; None where one without a body has none.

    Raises:
        RefusalError: there is an update, there are several queries, a POST has none, or it is too long.
    """
    if any(name == "update" for name, _ in fields):
        raise RefusalError(403, "This endpoint is read-only. Data change by a pull request.")
    queries = [value for name, value in fields if name == "query"]
    if len(queries) > 1:
        raise RefusalError(400, "There are several queries. Send one.")
    if not queries:
        if method == "POST":
            raise RefusalError(400, "There is no query. Send one as the parameter 'query'.")
        return None
    if len(queries[0]) > LONGEST_QUERY:
        status = 413 if method == "POST" else 414
        raise RefusalError(status, f"The query has more than {LONGEST_QUERY} characters. Shorten it.")
    return queries[0]


def read_scope(fields: list[tuple[str, str]]) -> Scope | None:
    """Return the graphs that a request chooses, if it does."""
    default = tuple(dict.fromkeys(value for name, value in fields if name == "default-graph-uri"))
    named = tuple(dict.fromkeys(value for name, value in fields if name == "named-graph-uri"))
    return Scope(default, named) if default or named else None


def read_types(accept: str) -> tuple[str, ...]:
    """Return the media types that an Accept header takes; a browser, which asks for pages, takes all.

    Raises:
        UnacceptableError: none of them is offered for any query.
    """
    types = OFFERED if "text/html" in accept else ranked(accept, OFFERED)
    if not types:
        raise UnacceptableError(f"None of {accept[:200]} is offered. Accept one of {', '.join(OFFERED)}.")
    return types
