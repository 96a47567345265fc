"""Nothing that is typed for a parameter can change the query."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.query import ResultRow

from chinaspace.bind import bind
from chinaspace.errors import ParameterError
from chinaspace.header import TYPES
from chinaspace.names import XSD, expand
from chinaspace.queries import SavedQuery, saved_queries
from support import parameter

LITERALS = {"string": "string", "integer": "integer", "date": "date", "language": "string", "one-of": "string"}
HOSTILE = [
    "",
    "\0",
    "\ud800",
    "a> } SERVICE <http://127.0.0.1/> {",
    '" } } DROP ALL #',
    "\\",
    '\\" ',
    "\n}",
    "\r\n} #",
    "https://example.org/a>b",
    "https://example.org/\\u003E",
    "https://example.org/{x}",
    "csd:a b",
    "cs:",
    ":",
    "file:///etc/passwd",
    "\u2028",
    "?thing",
    "UNDEF",
    "\\u0022 } SERVICE <http://127.0.0.1/> { #",
    "\\U00000022 } #",
    "\\\\u0022",
    '\\\\\\u005C" }',
    "\\\x01u0022",
    "\\u00220022",
    "open\n",
    " open",
]
# Random text, with what means something in SPARQL more often than by chance.
TEXTS = st.text() | st.text(
    st.sampled_from("\"'\\\n\r\t{}()<>#?$^@;.,:_ uU0025dD\u2028\x85\ufeff\U0001f680"), max_size=30
)

SAVED = [query for query in saved_queries().values() if query.parameters]
# What the types of the saved queries take, as wild as it may be.
FITTING = {
    "iri": TEXTS.map(lambda text: f"https://example.org/{quote(text)}"),
    "string": TEXTS.map(lambda text: text.replace("\0", "")),
    "date": st.dates().map(str),
}


def one_term(block: str) -> ox.NamedNode | ox.Literal:
    """Return the one term of a VALUES block of one variable, which both engines read alike."""
    text = f"SELECT ?value WHERE {{ {block} }}"
    solutions = ox.Store().query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["value"]
    ((term,),) = solutions
    assert isinstance(term, ox.NamedNode | ox.Literal)
    (row,) = Graph().query(text)
    assert isinstance(row, ResultRow)
    assert str(row[0]) == term.value
    assert isinstance(row[0], URIRef) == isinstance(term, ox.NamedNode)
    return term


def parts(text: str) -> tuple[str, list[str]]:
    """Return how rdflib reads a query: all but the parts of its WHERE group, and those parts."""
    query = parseQuery(text)[1]
    group = query.pop("where")
    return str(query), [str(part) for part in group["part"]]


@pytest.mark.parametrize("kind", TYPES)
@given(value=st.one_of(st.sampled_from(HOSTILE), TEXTS, TEXTS.map(lambda text: f"https://a/{text}")))
@example(value="a> } SERVICE <http://127.0.0.1/> {")
def test_nothing_is_injected(kind: str, value: str) -> None:
    """Whatever is given is refused, or adds one VALUES block with exactly that one term and nothing else.

    Oxigraph shows no tree, so that the rest of the query is the same is told by
    its text; rdflib reads the text otherwise, so there the trees are compared.
    """
    text = "SELECT ?value\nWHERE {\n  ?value ?property ?other .\n}\nORDER BY ?value\n"
    query = SavedQuery("all", "All", "What?", (), (parameter(kind),), 0, text)
    try:
        bound = bind(query, {"value": value})
    except ParameterError:
        return
    head, tail = text.split("WHERE {\n")
    assert bound.startswith(f"{head}WHERE {{\n  VALUES ?value {{ ")
    assert bound.endswith(f" }}\n{tail}")
    term = one_term(bound[len(head) + len("WHERE {\n") : -len(tail) - 1])
    if kind == "iri":
        assert term == ox.NamedNode(expand(value))
    else:
        assert isinstance(term, ox.Literal)
        assert term.datatype.value == XSD + LITERALS[kind]
        assert kind == "integer" or term.value == value
    ox.Store().query(bound)
    (rest, (values, *others)), plain = parts(bound), parts(text)
    assert values.startswith("InlineData_")
    assert (rest, others) == plain


@pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)
@given(data=st.data())
@settings(max_examples=10)
def test_nothing_is_injected_into_a_saved_query(saved: SavedQuery, data: st.DataObject) -> None:
    """A saved query with any values that it takes keeps every line that it had, and gets one, on both engines."""
    bound = bind(saved, {one.name: data.draw(FITTING[one.type], label=one.name) for one in saved.parameters})
    lines, more = saved.text.split("\n"), bound.split("\n")
    place = lines.index("WHERE {") + 1
    assert more[:place] + more[place + 1 :] == lines
    ox.Store().query(bound)
    (rest, blocks), (plain_rest, plain_blocks) = parts(bound), parts(saved.text)
    assert rest == plain_rest
    added = blocks[: len(saved.parameters)]
    assert all(block.startswith("InlineData_") for block in added)
    assert blocks[len(added) :] == plain_blocks
