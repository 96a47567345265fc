"""How far outcomes lie from plans, in days."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.names import CS, cs
from support import SOURCE, claim, load_turtle, thing, values

LAUNCH = "csd:launch-one cs:launchDate"
DAY = "^^xsd:date"
EDTF = "^^edtf:EDTF"


def measured(folder: Path, body: str, plan: str = "claim-plan") -> tuple[set[str], set[str], set[str]]:
    """Return the least slip, the greatest slip and the lateness of a plan."""
    store = load_turtle(folder, SOURCE + body).store
    late = {value.removeprefix(CS) for value in values(store, plan, cs("lateness"))}
    return values(store, plan, cs("slipAtLeast")), values(store, plan, cs("slipAtMost")), late


def plan(value: str, name: str = "plan", more: str = "") -> str:
    """Return a plan to launch."""
    return claim(name, f"{LAUNCH} {value}", more, "cs:planned")


def outcome(value: str, link: str = "cs:resolves csd:claim-plan") -> str:
    """Return the report of a launch."""
    return claim("outcome", f"{LAUNCH} {value}", link)


@pytest.mark.parametrize(
    ("planned", "actual", "least", "most", "late"),
    [
        (f'"2020-05-01"{DAY}', f'"2020-05-01"{DAY}', "0", "0", "notLate"),
        (f'"2020-05-01"{DAY}', f'"2020-05-04"{DAY}', "3", "3", "certainlyLate"),
        (f'"2020-05-04"{DAY}', f'"2020-05-01"{DAY}', "-3", "-3", "notLate"),
        (f'"2017"{EDTF}', f'"2020-11-23"{DAY}', "1058", "1422", "certainlyLate"),
        (f'"2017"{EDTF}', f'"2017-06-15"{DAY}', "-199", "165", "notLate"),
        (f'"2020-06"{EDTF}', f'"2020"{EDTF}', "-181", "213", "possiblyLate"),
        (f'"../2022"{EDTF}', f'"2022-10-31"{DAY}', "-61", None, "notLate"),
        (f'"2017-12/.."{EDTF}', f'"2020-11-23"{DAY}', None, "1088", None),
        (f'"2020"{EDTF}', f'"2021/.."{EDTF}', "1", None, "certainlyLate"),
        (f'"2020"{EDTF}', f'"2020-06/.."{EDTF}', "-213", None, "possiblyLate"),
    ],
)
def test_slip(tmp_path: Path, planned: str, actual: str, least: str | None, most: str | None, late: str | None) -> None:
    """Vague dates give an interval, open ends no bound, and only what comes after the plan's last day is late."""
    expected = tuple({value} if value else set() for value in (least, most, late))
    assert measured(tmp_path, plan(planned) + outcome(actual)) == expected


def test_a_plan_without_a_follower_has_no_slip(tmp_path: Path) -> None:
    """What nothing resolved or replaced is neither late nor in time."""
    assert measured(tmp_path, plan(f'"2017"{EDTF}')) == (set(), set(), set())


def test_an_outcome_without_a_date_measures_nothing(tmp_path: Path) -> None:
    """A plan that was resolved without a date has no slip."""
    body = plan(f'"2017"{EDTF}') + claim(
        "outcome", "csd:launch-one cs:launches csd:craft", "cs:resolves csd:claim-plan"
    )
    assert measured(tmp_path, body) == (set(), set(), set())


def test_the_outcome_counts_before_a_newer_plan(tmp_path: Path) -> None:
    """A date that superseded the plan is what counts only while no outcome is known."""
    old = plan(f'"2017-01-01"{DAY}')
    newer = plan(f'"2019-01-01"{DAY}', "newer", "cs:supersedes csd:claim-plan")
    assert measured(tmp_path, old + newer)[0] == {"730"}
    assert measured(tmp_path, old + newer + outcome(f'"2020-01-01"{DAY}'))[0] == {"1095"}


def test_the_newest_of_several_plans_counts(tmp_path: Path) -> None:
    """Of two claims that replace a plan the one said last is taken."""
    body = plan(f'"2017-01-01"{DAY}')
    body += plan(f'"2019-01-01"{DAY}', "a", f'cs:supersedes csd:claim-plan ; cs:statedOn "2018-06-01"{DAY}')
    body += plan(f'"2018-01-01"{DAY}', "b", f'cs:supersedes csd:claim-plan ; cs:statedOn "2017-06-01"{DAY}')
    assert measured(tmp_path, body)[0] == {"730"}


def test_the_last_of_several_outcomes_counts(tmp_path: Path) -> None:
    """What came in several steps is done with the last of them."""
    steps = (("first", "2021-04-29"), ("third", "2022-10-31"), ("second", "2022-07-24"))
    body = plan(f'"../2022"{EDTF}')
    body += "".join(claim(name, f'{LAUNCH} "{day}"{DAY}', "cs:resolves csd:claim-plan") for name, day in steps)
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "claim-plan", cs("slipAtLeast")) == {"-61"}
    assert values(store, "claim-plan", cs("followedBy")) == {thing("claim-third").value}


def test_a_time_frame_is_no_promised_date(tmp_path: Path) -> None:
    """A plan that names no date has no slip, whatever its time frame."""
    body = claim("plan", "csd:country cs:pursues csd:policy", f'cs:timeFrame "2020"{EDTF}', "cs:planned")
    assert measured(tmp_path, body + outcome(f'"2021-01-01"{DAY}')) == (set(), set(), set())
