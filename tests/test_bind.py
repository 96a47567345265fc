"""Parameters enter a query as terms: those that are given, and the defaults of others."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.bind import bind, describe
from chinaspace.errors import ParameterError
from chinaspace.header import Parameter
from chinaspace.names import CSD
from chinaspace.queries import SavedQuery, read_query

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


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> SavedQuery:
    path: Path = tmp_path_factory.mktemp("queries") / "all.rq"
    path.write_text(BODY, "utf-8")
    return read_query(path, own=True)


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
