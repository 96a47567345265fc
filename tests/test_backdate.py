"""A saved query as of a day has the rows whose claims had been made by then, and no other."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from chinaspace.ask import prepare
from chinaspace.backdate import backdate, given_day, heeds_day
from chinaspace.engine import select
from chinaspace.load import Loaded
from chinaspace.names import cs, expand
from chinaspace.queries import SavedQuery, find_query, saved_queries
from chinaspace.tables import Rows, read_rows
from support import values

DAY = "2020-12-31"
HEEDING = [query for query in saved_queries().values() if heeds_day(query)]
OWN = {"as-of", "overdue-plans", "plans-as-of"}
LEAST = 35


def rows_of(world: Loaded, query: SavedQuery, day: str) -> Rows:
    return read_rows(select(world.store, backdate(query, prepare(world.store, query, {}), day)))


def known(world: Loaded, claim: str) -> str:
    return min(values(world.store, expand(claim).rpartition("/")[2], cs("statedLatest")), default="")


def test_most_queries_can_be_asked_as_of_a_day() -> None:
    """Whatever shows each claim that it uses can; what counts, or hides a claim, cannot."""
    assert len(HEEDING) >= LEAST
    for name in ("allegations", "voices", "speakers", "modality-by-source"):
        assert not heeds_day(find_query(name))


@pytest.mark.parametrize("query", [one for one in HEEDING if one.name not in OWN], ids=lambda query: query.name)
def test_rows_as_of_a_day(world: Loaded, query: SavedQuery) -> None:
    """The rows are those of the query whose claims were all made by the day, in the same order."""
    if any(parameter.required for parameter in query.parameters):
        pytest.skip("It has to be told what to look for.")
    whole, dated = rows_of(world, query, ""), rows_of(world, query, DAY)
    places = [place for place, name in enumerate(whole.columns) if name.lower().endswith("claim")]
    expected = [row for row in whole.rows if all(not row[at] or known(world, row[at]) <= DAY for at in places)]
    assert list(dated.rows) == expected


def test_something_is_left_out(world: Loaded) -> None:
    """The small world has claims from before and after the day."""
    query = find_query("who-said-what")
    given = {"thing": "mission-lamp-1"}
    sizes = [
        len(read_rows(select(world.store, backdate(query, prepare(world.store, query, given), day))).rows)
        for day in ("", DAY, "1990-01-01")
    ]
    assert sizes[0] > sizes[1] > sizes[2] == 0


def test_a_query_with_a_day_of_its_own() -> None:
    """It is asked for the day of the visit, unless it is given another."""
    query = find_query("overdue-plans")
    assert given_day(query, {}, DAY) == {"day": DAY}
    assert given_day(query, {"day": "2019-01-01"}, DAY) == {"day": "2019-01-01"}
    assert given_day(query, {}, "") == {}
    assert given_day(find_query("launches"), {}, DAY) == {}


def test_over_http(client: TestClient) -> None:
    """The address of a day gives the rows of that day, in every form, and a page says so when it cannot."""
    whole = client.get("/queries/launches?format=csv").text.splitlines()
    dated = client.get("/as-of/1990-01-01/queries/launches?format=csv").text.splitlines()
    assert len(dated) == 1 < len(whole)
    heeding = client.get("/as-of/2020-12-31/queries/launches?format=html").text
    other = client.get("/as-of/2020-12-31/queries/voices?format=html").text
    assert "what is known now, not" in other
    assert "what is known now, not" not in heeding
