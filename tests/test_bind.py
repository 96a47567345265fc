"""Parameters enter a query as terms, and nothing that is typed can change the query."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.query import ResultRow

from chinaspace.bind import bind, describe
from chinaspace.errors import ParameterError
from chinaspace.header import TYPES, Parameter
from chinaspace.names import CS, CSD, XSD, expand
from chinaspace.queries import SavedQuery, read_query, saved_queries
from chinaspace.term import to_term

BODY = """#+ summary: All
#+ question: What is there?
#+ param: thing iri -- the thing
#+ param: text string optional -- the text
#+ param: number integer optional -- the number
#+ param: day date default 2022-10-31 -- the day
#+ param: tag language optional -- the language
#+ param: state one-of(open, settled, half-open) optional -- the state
SELECT ?thing ?text ?number ?day ?tag ?state
WHERE {
  ?thing ?property ?text .
  # WHERE { is not here
  FILTER ( ?text = "WHERE {" )
}
ORDER BY ?thing
"""
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


def parameter(kind: str) -> Parameter:
    choices = ("open", "settled", "half-open") if kind == "one-of" else ()
    return Parameter("value", kind, optional=False, default=None, help="any", choices=choices)


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> SavedQuery:
    path: Path = tmp_path_factory.mktemp("queries") / "all.rq"
    path.write_text(BODY, "utf-8")
    return read_query(path, own=True)


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
        ("one-of", "half-open", ox.Literal("half-open")),
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
        ("one-of", ""),
        ("one-of", "Open"),
        ("one-of", "open, settled"),
        ("one-of", "half"),
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


@pytest.mark.parametrize("given_", [{"day": "2022-10-31"}, {"thing": "mission-a", "day": "soon"}, {"that": "a"}])
def test_what_is_missing_or_wrong_comes_with_the_list(query: SavedQuery, given_: dict[str, str]) -> None:
    """A parameter that must be given and is not, or is wrong or unknown, is told with all parameters and their help."""
    with pytest.raises(ParameterError) as raised:
        bind(query, given_)
    assert all(str(one) in str(raised.value) for one in query.parameters)
    assert len(str(raised.value).splitlines()) == 1


def test_a_name_is_looked_up(query: SavedQuery) -> None:
    """What is given for an iri goes through the look-up, a default and other types do not."""
    asked = []

    def find(parameter: Parameter, name: str) -> str:
        asked.append((parameter.name, name))
        return CSD + "mission-a"

    assert bind(query, {"thing": 'A " }', "text": "b"}, find) == bind(query, {"thing": "mission-a", "text": "b"})
    assert asked == [("thing", 'A " }')]


def test_what_is_found_is_still_checked(query: SavedQuery) -> None:
    """An IRI that would end its brackets is refused, wherever it comes from."""
    with pytest.raises(ParameterError):
        bind(query, {"thing": "a"}, lambda parameter, name: "https://example.org/> } #")


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
