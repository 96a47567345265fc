"""What an analyst does, done from the front page by clicking alone, on the real graph."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from chinaspace.ask import solve
from chinaspace.load import Loaded
from chinaspace.queries import find_query
from chinaspace.tables import Rows, read_rows
from chinaspace.web import create_app
from visitor import Visitor


@pytest.fixture(scope="module")
def pages(graph: Loaded) -> Iterator[TestClient]:
    """Give a client of the web application over the real graph."""
    with TestClient(create_app(graph)) as running:
        yield running


@pytest.fixture
def visitor(pages: TestClient) -> Visitor:
    """Give someone who has just opened the front page."""
    return Visitor(pages)


def answer(graph: Loaded, name: str, **given: str) -> list[dict[str, str]]:
    """Return the rows of a saved query, which the pages are compared with."""
    rows: Rows = read_rows(solve(graph.store, find_query(name), given))
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]


def test_when_was_change_5_announced_and_when_did_it_fly(visitor: Visitor, graph: Loaded) -> None:
    """By search: the page of the mission has the first date that was announced, the actual one and the slip."""
    visitor.fill("Search", q="Chang'e 5").click("Chang'e 5")
    slip = next(row for row in answer(graph, "slips", thing="launch-change-5") if row["slipAtLeast"])
    assert slip["planned"] in visitor.block(slip["planned"], slip["planner"], slip["slipAtLeast"], slip["slipAtMost"])
    assert slip["actual"][:10] in visitor.page.text


def test_the_same_question_on_the_front_page(visitor: Visitor, graph: Loaded) -> None:
    """The front page answers it without a click, and a click leads to the claim with its passage."""
    slip = next(row for row in answer(graph, "slips", thing="launch-change-5") if row["slipAtLeast"])
    row = visitor.block(slip["planned"], slip["planner"], slip["slipAtLeast"])
    assert slip["actual"][:10] in row
    assert slip["planAddress"] in [to for _, to in visitor.page.links]
    visitor.click(slip["planned"])
    assert slip["plan"] in visitor.page.text


def test_who_answered_an_allegation(visitor: Visitor, graph: Loaded) -> None:
    """The register has each allegation beside its denial, or says that there is none."""
    visitor.click("Allegations")
    for row in answer(graph, "allegations"):
        found = visitor.block(row["allegation"], row["accuser"])
        assert not row["denial"] or (row["denial"] in found and row["denier"] in found)
    assert "unanswered" in visitor.page.text


def test_which_partners_have_payloads_on_which_missions(visitor: Visitor, graph: Loaded) -> None:
    """The page on cooperation has a row for each mission, with its partners."""
    visitor.click("Cooperation")
    rows = answer(graph, "payload-partners")
    assert rows
    for row in rows:
        visitor.block(row["subjectName"], row["partnerName"])


def test_what_changed_between_two_days(visitor: Visitor, graph: Loaded) -> None:
    """Two days are given; the number of claims made in between comes, and what became of older plans."""
    visitor.click("Changes").fill("Compare", **{"from": "2017-12-31", "to": "2025-01-31"})
    outcomes = [
        row
        for row in answer(graph, "slips")
        if row["planDate"][:2] == "20" and row["planDate"] <= "2017-12-31" < row["outcomeDate"] <= "2025-01-31"
    ]
    assert outcomes
    for row in outcomes:
        visitor.block(row["plan"], row["relation"])
    launch = visitor.block("Launch of Chang'e 5", "launch date", "2017")
    assert "2020-11-23" in launch


def test_what_is_overdue_on_a_day(visitor: Visitor, graph: Loaded) -> None:
    """A day is chosen, and the plans that were overdue then are listed."""
    visitor.fill("As of", asof="2026-06-01").click("Plans")
    due = [row for row in answer(graph, "overdue-plans", day="2026-06-01") if row["date"] <= "2026-06-01"]
    assert due
    for row in due:
        visitor.block(row["gist"])


def test_which_conflicts_a_rule_has_settled(visitor: Visitor, graph: Loaded) -> None:
    """The register, narrowed to what is settled, has both sides, the rule and its reason."""
    visitor.click("Conflicts").click("settled")
    rows = [row for row in answer(graph, "conflict-register") if row["status"] == "settled"]
    assert rows
    for row in rows:
        found = visitor.block(row["gist"], row["otherGist"])
        assert row["rule"] in found
        assert row["reason"] in found


def test_what_a_person_said_in_which_office(visitor: Visitor, graph: Loaded) -> None:
    """By kind: people, one of them, with the office and what was said in it."""
    visitor.click("Browse").click("person").click("Wu Ji")
    offices = answer(graph, "offices", person="person-wu-ji")
    assert any(row["office"] in visitor.page.text for row in offices)
    said = [row for row in answer(graph, "who-said-what", thing="person-wu-ji") if row["speaker"] == "Wu Ji"]
    assert not said or any(row["gist"] in visitor.page.text for row in said)


def test_what_was_launched_in_a_year(visitor: Visitor, graph: Loaded) -> None:
    """By year: the launches of it, each with its date."""
    visitor.click("Browse").click("2016")
    rows = [row for row in answer(graph, "launches") if row["launched"].startswith("2016-")]
    assert rows
    for row in rows:
        visitor.block(row["name"], row["launched"][:7])


def test_how_much_of_a_source_is_covered(visitor: Visitor, graph: Loaded) -> None:
    """By source: its page goes through it claim by claim, each with a link that opens the passage."""
    visitor.click("Browse").click("TIME on the launch of Mengtian")
    claims = answer(graph, "claim-passages", source="source-time-2022")
    addresses = {row["address"] for row in claims}
    assert addresses & {to for _, to in visitor.page.links}


def test_what_was_known_of_a_mission_on_a_day(visitor: Visitor) -> None:
    """As of a day before it flew, the page of the mission has the plan and not the launch; today leads back."""
    visitor.fill("As of", asof="2018-06-01").fill("Search", q="嫦娥5号").click("Chang'e 5")
    assert "2017" in visitor.page.text
    assert "2020-11-23" not in visitor.page.text
    visitor.click("Show what is known now")
    assert "2020-11-23" in visitor.page.text


def test_a_saved_question_with_its_form(visitor: Visitor, graph: Loaded) -> None:
    """A question is chosen from the list, its form filled in, and the table is that of the command line."""
    visitor.click("Questions").click(find_query("cooperations").summary)
    visitor.fill("actor", actor="European Space Agency")
    rows = answer(graph, "cooperations", actor="institution-esa")
    assert rows
    for row in rows:
        visitor.block(row["cooperation"], row["partner"])


def test_the_same_in_chinese(visitor: Visitor) -> None:
    """The language is changed by a click and stays so, down to the page of a thing."""
    visitor.click("中文").click("年表")
    assert "/zh/timeline" in visitor.page.address
    visitor.fill("搜索", q="guojiahangtianju").click("国家航天局")
    assert "/zh/id/" in visitor.page.address
