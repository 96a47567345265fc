"""A query cannot make the server call another, whatever it looks like."""

from __future__ import annotations

import time
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.engine import answer
from chinaspace.errors import QueryError
from chinaspace.guard import LONGEST_QUERY, check_query

# ADDRESS becomes that of a server which fails the test if it is called.
DISGUISES = [
    "SELECT * { SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT*{SERVICE<ADDRESS>{?s?p?o}}",
    "SELECT * { service <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE SiLeNt <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<ADDRESS>{ ?s ?p ?o } }",
    "SELECT * { SERVICE\t\r\n\n<ADDRESS>\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE#{\n<ADDRESS>#}\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE # a\n# b\r\n SILENT#c\r<ADDRESS> # <\n { ?s ?p ?o } }",
    "PREFIX a: <ADDRESS> SELECT * { SERVICE a: { ?s ?p ?o } }",
    "PREFIX : <ADDRESS> SELECT * { SERVICE : { ?s ?p ?o } }",
    "PREFIX a: <ADDRESS> SELECT * { SERVICE a:b.c { ?s ?p ?o } }",
    "PREFIX a: <ADDRESS> SELECT * { SERVICE a:b\\#c { ?s ?p ?o } }",
    "PREFIX a: <ADDRESS> SELECT * { SERVICE a:%20 { ?s ?p ?o } }",
    "PREFIX a: <ADDRESS> SELECT * { SERVICE a:\u1680 { ?s ?p ?o } }",
    "PREFIX a: <ADDRESS> SELECT * { SERVICE a:\u4e2d{ ?s ?p ?o } }",
    "PREFIX service: <ADDRESS> SELECT * { SERVICE service:service { ?s ?p ?o } }",
    "BASE <ADDRESS> SELECT * { SERVICE <b> { ?s ?p ?o } }",
    "SELECT * { BIND(<ADDRESS> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <ADDRESS> } SERVICE $x{ ?s ?p ?o } }",
    "SELECT * { ?a ?b 1.SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a ?b 1e5SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c.SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a ?b 'c'SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a ?b '#'SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a ?b '''\n'\\''''SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a ?b 'c'@en.SERVICE <ADDRESS> { ?s ?p ?o } }",
    "PREFIX a: <b#> SELECT * { ?a ?b a:.SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a ?b _:c.SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { ?a <b?c#d> 1 SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { {}SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SERVICE <ADDRESS> { ?s ?p ?o } } }",
    "SELECT * { FILTER EXISTS { SERVICE <ADDRESS> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <ADDRESS> { ?s ?p ?o } } } }",
    "SELECT * { GRAPH ?g { SERVICE <ADDRESS> { ?s ?p ?o } } }",
    "ASK { SERVICE <ADDRESS> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <ADDRESS> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { " + "?service ?service ?service . " * 50 + "SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { " + "# service\n" * 50 + "SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVIC\\u0045 <ADDRESS> { ?s ?p ?o } }",
    "SELECT * { SERVICE\\u0020<ADDRESS> \\u007B ?s ?p ?o } }",
    "SELECT * { SERVICE <ADDRESS\\u003E> { ?s ?p ?o } }",
]

HONEST = [
    "SELECT ?service { ?service ?p ?o }",
    "SELECT $service { $service ?p ?o }",
    "SELECT * { ?s <https://example.org/service> ?o }",
    "PREFIX service: <https://example.org/service#> SELECT * { ?s service:service ?o }",
    "PREFIX a: <https://example.org/> SELECT * { ?s a:service-of ?o . ?o a:in-service a:service }",
    'SELECT * { ?s ?p "data relay service"@en }',
    'SELECT * { ?s ?p ?o FILTER ( CONTAINS(?o, "service") ) }',
    "# Which service {\nSELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } # SERVICE",
    "SELECT (COUNT(*) AS ?services) { ?s ?p ?o }",
    "PREFIX cs: <https://w3id.org/chinaspace/ontology/> SELECT * { ?s cs:serviceEndDate ?o }",
]

PARTS = ["SERVICE", "SILENT", "<http://127.0.0.1:9/>", "?x", " ", "#", "\n", "{", "}", "a:b", "."]

HOSTILE = [
    "SERVICE " * 12_500,
    "SERVICE#" * 12_500,
    "SERVICE\n#" * 11_000,
    "SERVICE <" * 11_000,
    "SERVICE " + "#\n" * 49_000,
    "SERVICE " + " " * 99_000,
    "SERVICE SILENT" + "\t" * 99_000,
    "SERVICE " + "a" * 99_000,
    "SERVICE " + "\\a" * 49_000,
    "SERVICE <" + "a" * 99_000,
    "?" + "a" * 99_000,
    "?" * 99_000,
    "\\u0053" * 16_000,
    "\\u0053ERVICE " * 7_600,
    "serv" * 25_000,
    "<" * 99_000,
    '"' * 99_000,
]


@pytest.mark.parametrize("query", DISGUISES, ids=lambda query: query[:60])
def test_service_is_refused(query: str, uncalled: str) -> None:
    """A SERVICE clause is refused in any disguise, and nobody is called."""
    with pytest.raises(QueryError):
        answer(ox.Store(), query.replace("ADDRESS", uncalled), [])


@pytest.mark.parametrize("query", HONEST)
def test_the_word_service_passes(query: str) -> None:
    """A query in which "service" is a name, a word or a comment is answered."""
    check_query(query)
    answer(ox.Store(), query, [])


@given(st.lists(st.sampled_from(PARTS)))
def test_whatever_passes_has_no_service_clause(parts: list[str]) -> None:
    """Of texts made of the parts of such a clause, none that passes is one to Oxigraph."""
    query = f"PREFIX a: <http://127.0.0.1:9/> SELECT * {{ {''.join(parts)} }}"
    cause = None
    try:
        answer(ox.Store(), query, [])
    except QueryError as error:
        cause = error.__cause__
    # To call port 9 is what Oxigraph refuses by itself; it must not come to that.
    assert not isinstance(cause, OSError)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_no_text_holds_up_the_guard(text: str) -> None:
    """Texts as long as allowed, made to be slow, are judged in time."""
    assert len(text) <= LONGEST_QUERY
    start = time.perf_counter()
    with suppress(QueryError):
        check_query(text)
    assert time.perf_counter() - start < 2


def test_a_query_has_a_longest_length() -> None:
    """A query of the greatest length passes, and one character more is refused."""
    query = "ASK {}"
    check_query(query + " " * (LONGEST_QUERY - len(query)))
    with pytest.raises(QueryError):
        check_query(query + " " * (LONGEST_QUERY - len(query) + 1))


CALL = "SELECT * WHERE { SERVICE %s { ?s ?p ?o } }"


@pytest.mark.parametrize(
    "clause", ["<https://a.example/sparql>", "silent <https://a.example/sparql>", "#\n<https://a.example/sparql>"]
)
def test_a_service_that_is_allowed(clause: str) -> None:
    """A service that the operator has named may be called, by its IRI as it was named."""
    check_query(CALL % clause, ["https://a.example/sparql", "https://b.example/"])
    with pytest.raises(QueryError, match=r"no other than https://b\.example/"):
        check_query(CALL % clause, ["https://b.example/"])


@pytest.mark.parametrize(
    "clause",
    [
        "?service",
        "a:b",
        "<https://a.example/sparql/>",
        "<HTTPS://a.example/sparql>",
        "<https://a.example/sparq\\u006C>",
        "#<https://a.example/sparql> {\n<https://evil.example/>",
        "<https://a.example/sparql> { } SERVICE <https://evil.example/>",
    ],
)
def test_no_other_spelling_gets_through(clause: str) -> None:
    """Variables, prefixed names, other spellings and other services are refused."""
    with pytest.raises(QueryError):
        check_query(CALL % clause, ["https://a.example/sparql"])


@pytest.mark.parametrize("signs", ["{}", "()", "[]"])
def test_depth(signs: str) -> None:
    """Brackets may be many, but not open too deep at once."""
    check_query(signs * 20_000)
    check_query(signs[0] * 900 + signs[1] * 900)
    with pytest.raises(QueryError, match="Nest it less"):
        check_query(signs[0] * 1_100 + signs[1] * 1_100)
