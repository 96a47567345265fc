"""The saved queries: their headers, their answers, and that two engines give the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import ResultRow

from chinaspace.ask import ask, solve
from chinaspace.bind import bind, to_term
from chinaspace.engine import select
from chinaspace.errors import HeaderError, ParameterError, UnknownQueryError
from chinaspace.load import Loaded
from chinaspace.paths import home
from chinaspace.queries import SavedQuery, find_query, read_query, saved_queries
from chinaspace.resolve import name_index

GOLDEN = Path(__file__).parent / "golden"
LEAST_QUERIES = 12
SECONDS = 30
QUERIES = list(saved_queries().values())

# What a query is asked for, where it cannot be asked without: of the world, and of the real graph.
OF_THE_WORLD = {
    "claim-passages": {"source": "source-gazette-2020"},
    "one-side-on-another": {"speaker": "country-south", "target": "country-north"},
    "who-said-what": {"thing": "mission-lamp-1"},
}
OF_THE_GRAPH = {
    "one-side-on-another": {"speaker": "country-usa", "target": "country-china"},
    "who-said-what": {"thing": "mission-change-6"},
}
# rdflib's engine takes minutes for these over the whole graph, so it is asked about a part of it.
OF_A_PART = {
    "as-of": {"day": "2022-12-31", "thing": "launch-mengtian"},
    "corroborated-facts": {"thing": "launch-mengtian"},
    "delivery-by-institution": {"institution": "institution-esa"},
    "facts": {"thing": "launch-change-5"},
    "one-side-on-another": {"speaker": "country-russia", "target": "country-china"},
    "payload-partners": {"subject": "mission-change-4"},
    "plans-as-of": {"day": "2017-12-31", "thing": "launch-change-5"},
    "single-source-facts": {"thing": "launch-change-5"},
    "slips": {"thing": "launch-change-5"},
}

RIGHT = """#+ summary: Claims
#+ question: Which claims are there?
#+ tags: claims, all
#+ min-rows: 2
#+ param: claim iri optional -- only this claim
SELECT ?claim
WHERE {
  ?claim ?property ?value .
}
ORDER BY ?claim
"""
FIRST, SECOND, FOURTH, FIFTH = (RIGHT.splitlines()[line] for line in (0, 1, 3, 4))

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


def columns(query: SavedQuery) -> list[str]:
    """Return the projected variables that are not computed from groups."""
    head = query.text.partition("\nWHERE {")[0]
    return re.findall(r"\?(\w+)", re.sub(r"\([^()]*(\([^()]*\))?[^()]*\)", "", head[head.index("SELECT") :]))


def test_there_are_queries() -> None:
    """The saved queries are found, each under the name of its file."""
    assert len(QUERIES) >= LEAST_QUERIES
    assert {query.name for query in QUERIES} == {path.stem for path in (home() / "queries").iterdir()}


def test_a_right_header(tmp_path: Path) -> None:
    """Each line of the header is read, and nothing else is."""
    path = tmp_path / "all-claims.rq"
    path.write_text(RIGHT, "utf-8")
    query = read_query(path)
    assert (query.name, query.summary, query.question) == ("all-claims", "Claims", "Which claims are there?")
    assert (query.tags, query.min_rows) == (("claims", "all"), 2)
    (parameter,) = query.parameters
    assert (parameter.name, parameter.type, parameter.optional, parameter.required) == ("claim", "iri", True, False)


@pytest.mark.parametrize(
    ("kind", "classes", "choices"),
    [
        ("iri(cs:Claim)", ("cs:Claim",), ()),
        ("iri(cs:Claim, owl:Class,skos:Concept)", ("cs:Claim", "owl:Class", "skos:Concept"), ()),
        ("one-of(open, half-open,2.0)", (), ("open", "half-open", "2.0")),
    ],
)
def test_a_type_with_a_list(tmp_path: Path, kind: str, classes: tuple[str, ...], choices: tuple[str, ...]) -> None:
    """An iri may name its classes, a one-of names its words; both are written as they are read."""
    path = tmp_path / "all-claims.rq"
    path.write_text(RIGHT.replace(" iri ", f" {kind} "), "utf-8")
    (parameter,) = read_query(path).parameters
    assert (parameter.type, parameter.classes, parameter.choices) == (kind.partition("(")[0], classes, choices)
    path.write_text(RIGHT.replace(FIFTH, f"#+ param: {parameter}"), "utf-8")
    assert read_query(path).parameters == (parameter,)


@pytest.mark.parametrize(
    ("line", "part", "instead"),
    [
        (1, FIRST + "\n", ""),
        (1, SECOND + "\n", ""),
        (1, FIRST, "#+summary: Claims"),
        (1, FIRST, "#+ summary Claims"),
        (1, FIRST, "#+ summary:"),
        (1, FIRST, "#+ Summary: Claims"),
        (2, SECOND, FIRST),
        (1, FIRST, "#+ title: Claims"),
        (1, FOURTH, "#+ min-rows: some"),
        (1, FOURTH, "#+ min-rows: -1"),
        (5, FIFTH, "#+ param: claim"),
        (5, FIFTH, "#+ param: claim iri"),
        (5, FIFTH, "#+ param: claim iri optional"),
        (5, FIFTH, "#+ param: Claim iri -- only this claim"),
        (5, FIFTH, "#+ param: ?claim iri -- only this claim"),
        (5, FIFTH, "#+ param: claim url -- only this claim"),
        (5, FIFTH, "#+ param: claim iri default -- only this claim"),
        (5, FIFTH, "#+ param: claim iri() -- only this claim"),
        (5, FIFTH, "#+ param: claim iri(Claim) -- only this claim"),
        (5, FIFTH, "#+ param: claim iri(nowhere:Claim) -- only this claim"),
        (5, FIFTH, "#+ param: claim iri(cs:) -- only this claim"),
        (5, FIFTH, "#+ param: claim iri(cs:Claim, cs:Claim) -- only this claim"),
        (5, FIFTH, "#+ param: claim iri(cs:Claim -- only this claim"),
        (5, FIFTH, "#+ param: claim iri (cs:Claim) -- only this claim"),
        (5, FIFTH, "#+ param: claim string(cs:Claim) -- only this claim"),
        (5, FIFTH, "#+ param: claim one-of -- only this claim"),
        (5, FIFTH, "#+ param: claim one-of() -- only this claim"),
        (5, FIFTH, "#+ param: claim one-of(open, ) -- only this claim"),
        (5, FIFTH, "#+ param: claim one-of(open, open) -- only this claim"),
        (5, FIFTH, "#+ param: claim one-of(half open) -- only this claim"),
        (5, FIFTH, "#+ param: claim one-of(open, settled) default shut -- only this claim"),
        (6, FIFTH, f"{FIFTH}\n{FIFTH}"),
        (1, FIFTH, "#+ param: other iri -- only this claim"),
        (1, FIFTH, "#+ param: clai iri -- only this claim"),
        (1, "WHERE {", "{"),
        (1, "WHERE {", " WHERE {"),
        (1, "WHERE {", "WHERE { #"),
        (1, "ORDER", "WHERE {\nORDER"),
    ],
)
def test_a_wrong_header_names_its_line(tmp_path: Path, line: int, part: str, instead: str) -> None:
    """What breaks the rules is an error with file and line; what is missing is told of line 1."""
    path = tmp_path / "all-claims.rq"
    path.write_text(RIGHT.replace(part, instead, 1), "utf-8")
    with pytest.raises(HeaderError, match=re.escape(f"{path}:{line}:")):
        read_query(path)


@pytest.mark.parametrize("name", ["AllClaims", "all_claims", "all claims", "-all", "all--claims"])
def test_a_wrong_file_name(tmp_path: Path, name: str) -> None:
    """A file whose name is not in kebab-case is an error."""
    path = tmp_path / f"{name}.rq"
    path.write_text(RIGHT, "utf-8")
    with pytest.raises(HeaderError):
        read_query(path)


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
def test_defaults_are_of_their_type(query: SavedQuery) -> None:
    """The default of a parameter is a value that could be given."""
    for parameter in query.parameters:
        if parameter.default is not None:
            to_term(parameter, parameter.default)


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
    """A query that lists claims gives the source, the date and the address of each."""
    if "GROUP BY" in query.text:
        return
    listed = [column for column in columns(query) if column.lower().endswith("claim")]
    assert listed
    for column in listed:
        wanted = ["Source", "Date", "Address"]
        prefix = column[: -len("claim")]
        assert {prefix + name if prefix else name.lower() for name in wanted} <= set(columns(query))


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


@pytest.fixture(scope="module")
def second_engine() -> Callable[[Loaded], rdflib.Dataset]:
    """Give what fills rdflib's own engine with the named graphs of a store, once for each store."""
    filled: dict[str, rdflib.Dataset] = {}

    def fill(loaded: Loaded) -> rdflib.Dataset:
        if loaded.digest not in filled:
            dataset = rdflib.Dataset(default_union=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # else "Z" becomes "+00:00"
                for name in loaded.store.named_graphs():
                    triples = loaded.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name)
                    dataset.graph(rdflib.URIRef(str(name).strip("<>"))).parse(data=triples, format="nt")
            filled[loaded.digest] = dataset
        return filled[loaded.digest]

    return fill


@each_query
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("which", ["world", "graph"])
def test_both_engines_agree(
    query: SavedQuery,
    which: str,
    request: pytest.FixtureRequest,
    second_engine: Callable[[Loaded], rdflib.Dataset],
    within: Callable[[int], AbstractContextManager[None]],
) -> None:
    """rdflib's engine and Oxigraph give the same rows, each as often."""
    loaded: Loaded = request.getfixturevalue(which)
    given = (OF_THE_WORLD if which == "world" else OF_THE_GRAPH | OF_A_PART).get(query.name, {})
    solutions = solve(loaded.store, query, given)
    names = [variable.value for variable in solutions.variables]
    first = [tuple(row[name].value if row[name] else "" for name in names) for row in solutions]
    dataset = second_engine(loaded)
    with within(SECONDS):
        rows = [row for row in dataset.query(bind(query, given)) if isinstance(row, ResultRow)]
    second = [tuple("" if term is None else str(term) for term in row) for row in rows]
    assert sorted(first) == sorted(second)
