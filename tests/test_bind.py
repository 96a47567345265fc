"""Parameters enter a query as terms, and nothing that is typed can change the query."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from chinaspace.bind import bind, describe, to_term
from chinaspace.errors import ParameterError
from chinaspace.names import CS, CSD, XSD, expand
from chinaspace.queries import TYPES, Parameter, SavedQuery, read_query

BODY = """#+ summary: All
#+ question: What is there?
#+ param: thing iri -- the thing
#+ param: text string optional -- the text
#+ param: number integer optional -- the number
#+ param: day date default 2022-10-31 -- the day
#+ param: tag language optional -- the language
SELECT ?thing ?text ?number ?day ?tag
WHERE {
  ?thing ?property ?text .
  # WHERE { is not here
  FILTER ( ?text = "WHERE {" )
}
ORDER BY ?thing
"""
LITERALS = {"string": "string", "integer": "integer", "date": "date", "language": "string"}
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
]


def parameter(kind: str) -> Parameter:
    return Parameter("value", kind, optional=False, default=None, help="any")


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> SavedQuery:
    path: Path = tmp_path_factory.mktemp("queries") / "all.rq"
    path.write_text(BODY, "utf-8")
    return read_query(path)


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("iri", "mission-change-6", ox.NamedNode(CSD + "mission-change-6")),
        ("iri", "csd:mission-change-6", ox.NamedNode(CSD + "mission-change-6")),
        ("iri", "cs:Mission", ox.NamedNode(CS + "Mission")),
        ("iri", "https://example.org/a?b=c#d", ox.NamedNode("https://example.org/a?b=c#d")),
        ("string", 'a "b" \\ c', ox.Literal('a "b" \\ c')),
        ("string", "", ox.Literal("")),
        ("integer", "2022", ox.Literal("2022", datatype=ox.NamedNode(XSD + "integer"))),
        ("integer", "-007", ox.Literal("-7", datatype=ox.NamedNode(XSD + "integer"))),
        ("date", "2022-10-31", ox.Literal("2022-10-31", datatype=ox.NamedNode(XSD + "date"))),
        ("language", "zh-Hans", ox.Literal("zh-Hans")),
    ],
)
def test_a_value_of_its_type(kind: str, value: str, term: ox.NamedNode | ox.Literal) -> None:
    """A value of the right type becomes a term of that type."""
    assert to_term(parameter(kind), value) == term


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", "a b"),
        ("iri", ":a"),
        ("iri", "https://example.org/<a>"),
        ("iri", "https://example.org/a\\u003Eb"),
        ("string", "a\0b"),
        ("string", "a\ud800b"),
        ("integer", ""),
        ("integer", "two"),
        ("integer", "2.0"),
        ("integer", "1_000"),
        ("integer", " 1"),
        ("integer", "٢"),
        ("integer", "9" * 5000),
        ("date", "2022"),
        ("date", "2022-02-30"),
        ("date", "20221031"),
        ("date", "2022-W44-1"),
        ("date", "2022-10-31T00:00:00"),
        ("language", ""),
        ("language", "english language"),
        ("language", "en_GB"),
    ],
)
def test_a_value_of_another_type(kind: str, value: str) -> None:
    """A value of another type is an error."""
    with pytest.raises(ParameterError):
        to_term(parameter(kind), value)


@pytest.mark.parametrize("given_", [{"thing": "mission-a", "other": "1"}, {"Thing": "mission-a"}])
def test_an_unknown_parameter(query: SavedQuery, given_: dict[str, str]) -> None:
    """A name that the query does not take is an error, also if only its case differs."""
    with pytest.raises(ParameterError):
        bind(query, given_)


def test_a_missing_parameter(query: SavedQuery) -> None:
    """A parameter without a default that is not optional must be given."""
    with pytest.raises(ParameterError, match="thing"):
        bind(query, {"day": "2022-10-31"})


def test_defaults_and_options(query: SavedQuery) -> None:
    """A default is bound, what is optional and not given is not, and what is given replaces the default."""
    plain = bind(query, {"thing": "mission-a"})
    assert plain.count("VALUES ?") == 2
    assert '"2022-10-31"' in plain
    other = bind(query, {"thing": "mission-a", "day": "2020-01-01", "tag": "en"})
    assert other.count("VALUES ?") == 3
    assert '"2022-10-31"' not in other


def test_what_a_query_takes(query: SavedQuery) -> None:
    """The description of what a query takes names each parameter."""
    assert all(parameter.name in describe(query) for parameter in query.parameters)


def test_a_bound_query_is_answered(query: SavedQuery) -> None:
    """A row is given for the bound thing only, in the bound value."""
    store = ox.Store()
    for name in "ab":
        node = ox.NamedNode(CSD + name)
        store.add(ox.Quad(node, node, ox.Literal("WHERE {")))
    rows = store.query(bind(query, {"thing": "a"}))
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["thing"].value for row in rows] == [CSD + "a"]


def one_term(block: str) -> ox.NamedNode | ox.Literal:
    """Return the one term of a VALUES block of one variable."""
    solutions = ox.Store().query(f"SELECT ?value WHERE {{ {block} }}")
    assert isinstance(solutions, ox.QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["value"]
    ((term,),) = solutions
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term


@pytest.mark.parametrize("kind", TYPES)
@given(value=st.one_of(st.sampled_from(HOSTILE), st.text(), st.text(max_size=20).map(lambda text: f"https://a/{text}")))
@example(value="a> } SERVICE <http://127.0.0.1/> {")
def test_nothing_is_injected(kind: str, value: str) -> None:
    """Whatever is given is refused, or adds one VALUES block with exactly that one term and nothing else."""
    text = "SELECT ?value\nWHERE {\n  ?value ?property ?other .\n}\nORDER BY ?value\n"
    query = SavedQuery("all", "All", "What?", (), (parameter(kind),), 0, text)
    try:
        bound = bind(query, {"value": value})
    except ParameterError:
        return
    head, tail = text.split("WHERE {\n")
    assert bound.startswith(f"{head}WHERE {{\n  VALUES ?value {{ ")
    assert bound.endswith(f" }}\n{tail}")
    block = bound[len(head) + len("WHERE {\n") : -len(tail) - 1]
    term = one_term(block)
    if kind == "iri":
        assert term == ox.NamedNode(expand(value))
    else:
        assert isinstance(term, ox.Literal)
        assert term.datatype.value == XSD + LITERALS[kind]
        assert kind == "integer" or term.value == value
    if "\\u" not in value.lower():  # rdflib reads the escape of a code point even where its backslash is escaped
        prepareQuery(bound)
