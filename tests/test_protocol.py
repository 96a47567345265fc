"""How a request of the SPARQL 1.1 Protocol is read."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.engine import UnacceptableError
from chinaspace.guard import LONGEST_QUERY
from chinaspace.protocol import LONGEST_BODY, OFFERED, Asked, RefusalError, read_fields, read_get, read_post, read_types
from chinaspace.scope import Scope

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(TEXT)
def test_each_form_is_read_alike(query: str) -> None:
    """The same query is read from an address, from a form and from a body."""
    address, body = urlencode({"query": query}).encode(), query.encode()
    asked = read_get(address, "")
    assert asked == Asked(query, OFFERED)
    assert read_post(b"", FORM, address, "") == asked
    assert read_post(b"", f"{QUERY}; charset=utf-8", body, "") == asked


@given(st.lists(TEXT, unique=True, max_size=4), st.lists(TEXT, unique=True, max_size=4))
def test_graphs(default: list[str], named: list[str]) -> None:
    """Chosen graphs are read wherever they stand, each once."""
    graphs = [("default-graph-uri", one) for one in default * 2] + [("named-graph-uri", one) for one in named]
    expected = Scope(tuple(default), tuple(named)) if default or named else None
    asked = read_get(urlencode([("query", "ASK {}"), *graphs]).encode(), "")
    assert asked
    assert asked.scope == expected
    assert read_post(urlencode(graphs).encode(), QUERY, b"ASK {}", "").scope == expected


def test_no_query() -> None:
    """An address without a query asks nothing; one with an empty query asks that."""
    assert read_get(b"", "") is None
    assert read_get(b"default-graph-uri=urn:a", "") is None
    assert read_get(b"query=", "") == Asked("", OFFERED)


@pytest.mark.parametrize(
    ("query_string", "content_type", "body", "status"),
    [
        (b"", FORM, b"update=CLEAR+ALL", 403),
        (b"update=CLEAR+ALL", QUERY, b"ASK {}", 403),
        (b"", "application/sparql-update", b"CLEAR ALL", 403),
        (b"", "text/plain", b"ASK {}", 415),
        (b"", "", b"ASK {}", 415),
        (b"", f"{QUERY}; charset=latin-1", b"ASK {}", 415),
        (b"", "multipart/form-data; boundary=x", b"--x--", 415),
        (b"", FORM, b"", 400),
        (b"", FORM, b"query=ASK{}&query=ASK{}", 400),
        (b"query=ASK{}", QUERY, b"ASK {}", 400),
        (b"", QUERY, b"\xff", 400),
        (b"query=%ff", FORM, b"", 400),
        (b"", FORM, b"&".join([b"a=1"] * 2000), 400),
        (b"", QUERY, b"#" * 100_001, 413),
    ],
)
def test_refusals(query_string: bytes, content_type: str, body: bytes, status: int) -> None:
    """What is not a query in a form of the protocol is refused with the status that says why."""
    with pytest.raises(RefusalError) as found:
        read_post(query_string, content_type, body, "")
    assert found.value.status == status


def test_the_longest_query_fits_into_a_body() -> None:
    """A query of as many characters as are allowed can be sent in a form, whatever the characters are."""
    assert len(urlencode({"query": "\U0001f680" * LONGEST_QUERY})) < LONGEST_BODY
    with pytest.raises(RefusalError) as found:
        read_get(b"query=" + b"a" * 100_001, "")
    assert found.value.status == 414


def test_types() -> None:
    """A browser gets what there is, another client what it takes, and nothing fitting is an error."""
    assert read_types("text/html,application/xml;q=0.9,*/*;q=0.8") == OFFERED
    assert read_types("text/turtle") == ("text/turtle",)
    with pytest.raises(UnacceptableError):
        read_types("image/png")


@pytest.mark.parametrize(
    ("query", "volatile"),
    [
        ("SELECT (NOW() AS ?now) {}", True),
        ("SELECT (rAnD#\n() AS ?r) {}", True),
        ("SELECT (STRUUID() AS ?u) {}", True),
        ("SELECT (N\\u004FW() AS ?n) {}", True),
        ("SELECT ?known { ?known ?brand 'snow' }", False),
        ("ASK {}", False),
    ],
)
def test_what_may_change(query: str, volatile: bool) -> None:
    """A query that may have another answer a moment later is known by the functions that it calls."""
    assert Asked(query, ()).volatile is volatile


def test_tags() -> None:
    """A tag is the same for the same question to the same data, and another for any other."""
    one = Asked("ASK {}", ("text/csv",))
    assert one.tag("a") == Asked("ASK {}", ("text/csv",)).tag("a")
    others = [
        one.tag("b"),
        one.tag("a", "page"),
        Asked("ASK { }", ("text/csv",)).tag("a"),
        Asked("ASK {}", ()).tag("a"),
        Asked("ASK {}", ("text/csv",), Scope(("urn:a",))).tag("a"),
        Asked("ASK {}", ("text/csv",), Scope((), ("urn:a",))).tag("a"),
    ]
    assert len({one.tag("a"), *others}) == 7


@given(st.one_of(st.binary(max_size=60), st.text("%=&+0aAfF9zé\n\r _?", max_size=60).map(str.encode)))
def test_parameters_are_read_as_by_the_library(sent: bytes) -> None:
    """A body is read as Python's library reads it, whatever is wrong with its codes; what is not UTF-8 is refused."""

    def fields() -> list[tuple[str, str]] | None:
        try:
            return read_fields(b"", FORM, sent)
        except RefusalError:
            return None

    try:
        wanted = parse_qsl(sent.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        assert fields() is None
    else:
        assert fields() == wanted


def test_what_is_asked_again_is_read_the_same() -> None:
    """An address that was read before is read as the first time, with whatever is accepted then."""
    address = b"query=" + quote("ASK { ?s ?p '嫦娥' }").encode()
    assert read_get(address, "") == read_get(address, "")
    csv = read_get(address, "text/csv")
    assert csv
    assert csv.types == ("text/csv",)
