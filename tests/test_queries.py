"""The saved queries: that each keeps the rules, and what it answers over the world and the graph."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from asked import OF_THE_GRAPH, OF_THE_WORLD
from chinaspace.ask import ask, prepare, solve
from chinaspace.engine import select
from chinaspace.errors import ParameterError, UnknownQueryError
from chinaspace.load import Loaded
from chinaspace.names import shorten
from chinaspace.paths import home
from chinaspace.queries import SavedQuery, find_query, saved_queries
from chinaspace.resolve import name_index

GOLDEN = Path(__file__).parent / "golden"
LEAST_QUERIES = 12
# What has no label beside it: sources are told by theirs, or chosen by the parameter.
UNLABELLED = {"source", "preferred", "item"}
HOLDS = {
    "iri": {"iri"},
    "string": {"string"},
    "integer": {"integer"},
    "decimal": {"integer", "decimal"},
    "boolean": {"boolean"},
    "date": {"date", "dateTime", "EDTF"},
    "address": {"anyURI"},
    "wkt": {"wktLiteral"},
    "value": {"iri", "string", "integer", "decimal", "boolean", "date", "dateTime", "EDTF", "anyURI"},
}
QUERIES = list(saved_queries().values())

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


def test_there_are_queries() -> None:
    """The saved queries are found, each under the name of its file."""
    assert len(QUERIES) >= LEAST_QUERIES
    assert {query.name for query in QUERIES} == {path.stem for path in (home() / "queries").iterdir()}


def test_an_unknown_query() -> None:
    """A name that no query has is an error, which offers the nearest."""
    with pytest.raises(UnknownQueryError, match="who-said-what"):
        find_query("who-said-wht")


@each_query
def test_the_rules_of_a_query(query: SavedQuery) -> None:
    """A query asks a question, sorts its rows, names its columns, and is SPARQL as it stands."""
    assert query.question.endswith("?")
    assert "ORDER BY" in query.text
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", query.text)
    assert query.tags
    prepareQuery(query.text)
    ox.Store().query(query.text)


@each_query
def test_classes_take_all_that_is_answered(query: SavedQuery, graph: Loaded) -> None:
    """A parameter takes whatever the query answers for its variable, so that a class forbids no right value."""
    head, body = re.split(r"^SELECT.*\nWHERE \{\n", query.text, flags=re.MULTILINE)
    names = name_index(graph.store)
    for parameter in (one for one in query.parameters if one.type == "iri"):
        pattern = body[: body.index("\n}\n")]
        rows = select(graph.store, f"{head}SELECT DISTINCT ?{parameter.name} WHERE {{\n{pattern}\n}}")
        things = {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}
        assert things
        assert {names.find(parameter, thing) for thing in things} == things
        if parameter.default is not None:
            assert names.find(parameter, parameter.default)


@each_query
def test_every_row_leads_back_to_the_passage(query: SavedQuery) -> None:
    """A query that lists claims gives how, by whom, when and where each was said, with the address of the passage."""
    columns = {column.name: column for column in query.columns}
    claims = [name for name, column in columns.items() if column.type == "iri" and name.lower().endswith("claim")]
    assert claims or "GROUP BY" in query.text
    for claim in claims:
        prefix = claim[: -len("claim")]
        wanted = [prefix + name if prefix else name.lower() for name in ("Source", "Date", "Address", "Modality")]
        assert set(wanted) <= set(columns)
        assert (columns[wanted[1]].type, columns[wanted[2]].type) == ("date", "address")


@each_query
def test_no_thing_without_a_label(query: SavedQuery, graph: Loaded) -> None:
    """Wherever an answer has a thing it has the label as well, but of claims and sources that stand beside it."""
    labelled = {column.of for column in query.columns}
    bare = [column.name for column in query.columns if column.type in ("iri", "value") and column.name not in labelled]
    assert not [name for name in bare if not name.lower().endswith("claim") and name not in UNLABELLED]
    names = [column.name for column in query.columns]
    pairs = [(names.index(column.of), names.index(column.name)) for column in query.columns if column.of]
    for row in solve(graph.store, query, OF_THE_GRAPH.get(query.name, {})):
        assert all(isinstance(row[label], ox.Literal) for thing, label in pairs if isinstance(row[thing], ox.NamedNode))


@each_query
def test_columns_hold_what_they_say(query: SavedQuery, graph: Loaded) -> None:
    """The values of a column are of the type that the header tells."""
    rows = list(solve(graph.store, query, OF_THE_GRAPH.get(query.name, {})))
    for place, column in enumerate(query.columns):
        types = {_type(row[place]) for row in rows} - {"nothing"}
        assert types <= HOLDS[column.type], column.name


def _type(term: object) -> str:
    if isinstance(term, ox.Literal):
        return "string" if term.language else shorten(term.datatype.value).partition(":")[2]
    return "iri" if isinstance(term, ox.NamedNode) else "nothing"


@each_query
@pytest.mark.parametrize("which", ["world", "graph"])
def test_the_order_is_total(query: SavedQuery, which: str, request: pytest.FixtureRequest) -> None:
    """Rows that are not the same differ in what they are sorted by, so that every engine gives one order."""
    store: ox.Store = request.getfixturevalue(which).store
    names = [column.name for column in query.columns]
    given = (OF_THE_WORLD if which == "world" else OF_THE_GRAPH).get(query.name, {})
    body, _, order = prepare(store, query, given).rpartition("ORDER BY ")
    keys = re.findall(r"\?\w+|[A-Z]+\((?:[^()]|\([^()]*\))*\)", order.replace("DESC(", "("))
    places = [names.index(key[1:]) for key in keys if key[1:] in names]
    others = [key for key in keys if key[1:] not in names]
    head, where, rest = body.partition("\nWHERE {")
    also = " ".join(f"( {key} AS ?key{place} )" for place, key in enumerate(others))
    rows = [tuple(map(str, row)) for row in select(store, f"{head} {also}{where}{rest}")]
    assert len({(*(row[place] for place in places), *row[len(names) :]) for row in rows}) == len(set(rows))


@each_query
def test_examples_are_answered(query: SavedQuery, graph: Loaded) -> None:
    """Each example of a header gives rows, and a query that takes something has one."""
    assert query.examples or not query.parameters
    for example in query.examples:
        assert list(solve(graph.store, query, example.values))


@each_query
def test_golden_answer(query: SavedQuery, world: Loaded, request: pytest.FixtureRequest) -> None:
    """The answer over the world is the one that was reviewed; --rewrite writes it anew."""
    answer = ask(world.store, query, OF_THE_WORLD.get(query.name, {}), "csv").body.decode().replace("\r\n", "\n")
    path = GOLDEN / f"{query.name}.csv"
    if request.config.getoption("--rewrite"):
        path.write_text(answer, "utf-8")
    assert answer.splitlines() == path.read_text("utf-8").splitlines()
    assert len(answer.splitlines()) > 1


def test_no_golden_answer_is_left_over() -> None:
    """Each golden answer is that of a query."""
    assert {path.stem for path in GOLDEN.iterdir()} == {query.name for query in QUERIES}


@each_query
def test_enough_rows(query: SavedQuery, graph: Loaded) -> None:
    """Over the real graph a query gives at least the rows that its header promises."""
    rows = list(solve(graph.store, query, OF_THE_GRAPH.get(query.name, {})))
    assert len(rows) >= query.min_rows


def test_an_undescribed_thing(world: Loaded) -> None:
    """A thing of ours that the graph does not describe is an error, and not an empty answer."""
    with pytest.raises(ParameterError, match="mission-lamp-1"):
        solve(world.store, find_query("who-said-what"), {"thing": "mission-lamp-11"})


def test_a_thing_of_another_class(world: Loaded) -> None:
    """A thing that is of no class that the parameter takes is an error, and not an empty answer."""
    with pytest.raises(ParameterError, match="cs:Actor"):
        solve(world.store, find_query("cooperations"), {"actor": "mission-lamp-1"})


def test_labels_give_the_same_rows(world: Loaded) -> None:
    """Labels and aliases of things and concepts give the rows that their slugs and prefixed names give."""
    for name, called, exact in (
        ("cooperations", {"actor": "southland"}, {"actor": "country-south"}),
        ("partners", {"field": "Deep space exploration"}, {"field": "cs:deepSpaceField"}),
        ("people-and-institutions", {"institution": "nsa"}, {"institution": "institution-north-agency"}),
        ("things", {"kind": "Mission"}, {"kind": "cs:Mission"}),
    ):
        answer = ask(world.store, find_query(name), called, "csv")
        assert answer == ask(world.store, find_query(name), exact, "csv")
        assert answer != ask(world.store, find_query(name), {}, "csv")
