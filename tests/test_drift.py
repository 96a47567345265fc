"""Drift: what we hold on linked things beside what their items say, by dates as vague as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.ask import solve
from chinaspace.attest import REPORT, write_report
from chinaspace.confer import Dump, confer
from chinaspace.drift import ASKED, Row, Verdict, compare_all, linked_items
from chinaspace.load import load
from chinaspace.names import CSD
from chinaspace.paths import ontology_files
from chinaspace.queries import find_query
from support import claim
from wikidata import craft, item, launched, ours, time, write_extract

V = Verdict


def compare(folder: Path, own: str, extract: str) -> list[Row]:
    """Compare *own* things with an extract."""
    loaded = ours(folder, own)
    dump = Dump(write_extract(folder / "extract.ttl", extract))
    return compare_all(loaded.store, confer(dump, linked_items(loaded.store).values(), ASKED))


def verdicts(rows: list[Row], slug: str) -> dict[str, Verdict]:
    """Return what was found on one thing, by the name of the field."""
    return {row.name: row.verdict for row in rows if row.thing == CSD + slug}


@pytest.mark.parametrize(
    ("day", "theirs", "precision", "verdict"),
    [
        ('"2020-11-23T20:30:22Z"^^xsd:dateTime', "2020-11-23", 11, V.AGREE),
        ('"2020-11-23"^^xsd:date', "2020-01-01", 9, V.OURS),
        ('"2020-11-23"^^xsd:date', "2020-11-01", 10, V.OURS),
        ('"2020"^^edtf:EDTF', "2020-01-01", 9, V.AGREE),
        ('"2020"^^edtf:EDTF', "2020-11-23", 11, V.THEIRS),
        ('"2020-11"^^edtf:EDTF', "2020-01-01", 9, V.OURS),
        ('"2020-11-23"^^xsd:date', "2020-11-24", 11, V.DIFFER),
        ('"2019"^^edtf:EDTF', "2020-01-01", 9, V.DIFFER),
        ('"2020-11-23"^^xsd:date', "2020-01-01", 8, V.OURS),
        ('"2020-12/.."^^edtf:EDTF', "2020-01-01", 9, V.AGREE),
        ('"2020-12/.."^^edtf:EDTF', "2021-05-01", 11, V.THEIRS),
    ],
)
def test_dates(tmp_path: Path, day: str, theirs: str, precision: int, verdict: Verdict) -> None:
    """Who leaves fewer days open, within those of the other, is sharper; only what excludes the other differs."""
    own = craft("kite", "Q1") + launched("kite", day)
    rows = compare(tmp_path, own, item("Q1") + time("Q1", "P619", theirs, precision))
    assert verdicts(rows, "spacecraft-kite") == {"launch date": verdict}


@pytest.mark.parametrize(
    ("theirs", "verdict"), [("2020-01-01", V.OURS), ("2020-11-01", V.OURS), ("2020-11-23", V.AGREE)]
)
def test_times_without_precision(tmp_path: Path, theirs: str, verdict: Verdict) -> None:
    """A direct value on the first of a year or month may stand for all of it, so it never differs from a day in it."""
    own = craft("kite", "Q1") + launched("kite", '"2020-11-23"^^xsd:date')
    rows = compare(tmp_path, own, item("Q1", f'wdt:P619 "{theirs}T00:00:00Z"^^xsd:dateTime'))
    assert verdicts(rows, "spacecraft-kite") == {"launch date": verdict}


def test_the_best_rank_counts(tmp_path: Path) -> None:
    """A preferred time goes before others, and a deprecated one is not taken."""
    own = craft("kite", "Q1") + launched("kite", '"2020-11-23"^^xsd:date')
    other = time("Q1", "P619", "2020-11-23", 11, "PreferredRank") + time("Q1", "P619", "2021-11-23", 11)
    rows = compare(tmp_path, own, item("Q1") + other)
    assert verdicts(rows, "spacecraft-kite") == {"launch date": V.AGREE}
    rows = compare(tmp_path, own, item("Q1") + time("Q1", "P619", "2021-11-23", 11, "DeprecatedRank"))
    assert verdicts(rows, "spacecraft-kite") == {"launch date": V.OURS}


def test_plans_are_not_compared(tmp_path: Path) -> None:
    """What we hold is facts: a plan is no date of ours."""
    own = craft("kite", "Q1") + launched("kite", '"2020"^^edtf:EDTF', modality="cs:planned")
    rows = compare(tmp_path, own, item("Q1") + time("Q1", "P619", "2021-11-23", 11))
    assert verdicts(rows, "spacecraft-kite") == {"launch date": V.THEIRS}


def test_other_fields(tmp_path: Path) -> None:
    """Vehicle, operator, country and designator are compared by what they are linked to."""
    own = craft("kite", "Q1", 'cs:locator "2020-087A"')
    own += claim("vehicle", "csd:launch-kite cs:launchVehicle csd:vehicle-long-pole")
    own += claim("owner", "csd:spacecraft-kite cs:owner csd:institution-agency")
    all_agree = ("wdt:P375 wd:Q90", "wdt:P137 wd:Q91", "wdt:P17 wd:Q93", 'wdt:P247 "2020-087A"')
    rows = compare(tmp_path, own, item("Q1", *all_agree))
    assert set(verdicts(rows, "spacecraft-kite").items()) == {
        (name, V.AGREE) for name in ("vehicle", "operator", "country", "COSPAR id")
    }
    others = ("wdt:P375 wd:Q92", "wdt:P137 wd:Q92", "wdt:P495 wd:Q92", 'wdt:P247 "2020-088A"')
    rows = compare(tmp_path, own, item("Q1", *others))
    assert set(verdicts(rows, "spacecraft-kite").values()) == {V.DIFFER}
    assert set(verdicts(compare(tmp_path, own, item("Q1")), "spacecraft-kite").values()) == {V.OURS}
    rows = compare(tmp_path, own, item("Q1", 'wdt:P247 "2020-087"'))
    assert verdicts(rows, "spacecraft-kite")["COSPAR id"] is V.OURS


def test_what_has_no_link_is_not_called_different(tmp_path: Path) -> None:
    """An owner of ours without an item may well be theirs."""
    own = craft("kite", "Q1") + 'csd:institution-club a cs:Company ; rdfs:label "Club"@en .\n'
    own += claim("owner", "csd:spacecraft-kite cs:owner csd:institution-club")
    rows = compare(tmp_path, own, item("Q1", "wdt:P137 wd:Q92"))
    assert verdicts(rows, "spacecraft-kite") == {"operator": V.UNCLEAR}


def test_a_mission_has_the_launch_of_its_craft(tmp_path: Path) -> None:
    """Where the item is linked to the mission, the launch of its spacecraft is compared."""
    own = craft("kite", "Q1").replace(" ; skos:exactMatch wd:Q1", "") + launched("kite", '"2020"^^edtf:EDTF')
    own += 'csd:mission-kite a cs:Mission ; rdfs:label "Kite"@en ; skos:exactMatch wd:Q1 .\n'
    own += claim("uses", "csd:mission-kite cs:usesSpacecraft csd:spacecraft-kite")
    rows = compare(tmp_path, own, item("Q1") + time("Q1", "P619", "2020-05-01", 11))
    assert verdicts(rows, "mission-kite") == {"launch date": V.THEIRS}


def test_redirected_and_deleted(tmp_path: Path) -> None:
    """A merged item is followed to its end, and what it says there is compared; an item that is gone is deleted."""
    own = craft("kite", "Q1") + launched("kite", '"2020"^^edtf:EDTF') + craft("gone", "Q7") + craft("circle", "Q8")
    extract = "wd:Q1 owl:sameAs wd:Q2 . wd:Q2 owl:sameAs wd:Q3 . wd:Q8 owl:sameAs wd:Q9 . wd:Q9 owl:sameAs wd:Q8 .\n"
    rows = compare(tmp_path, own, extract + item("Q3") + time("Q3", "P619", "2021-01-01", 9))
    assert verdicts(rows, "spacecraft-kite") == {"item": V.REDIRECTED, "launch date": V.DIFFER}
    assert [row.theirs for row in rows if row.verdict is V.REDIRECTED][-1] == "Q3"
    assert verdicts(rows, "spacecraft-gone") == {"item": V.DELETED}


@pytest.mark.parametrize("ending", [".trig", ".nq", ".ttl", ".nt"])
def test_the_report_is_read_back(tmp_path: Path, ending: str) -> None:
    """The report is RDF in a graph of its own, and the saved query shows what it found."""
    own = craft("kite", "Q1") + launched("kite", '"2020"^^edtf:EDTF') + craft("gone", "Q7")
    rows = compare(tmp_path, own, item("Q1") + time("Q1", "P619", "2021-01-01", 9))
    report = tmp_path / f"report{ending}"
    write_report(report, rows, "extract", date(2026, 1, 2))
    if ending in (".trig", ".nq"):
        assert {quad.graph_name for quad in ox.parse(path=str(report))} == {REPORT}
    store = load([*ontology_files(), tmp_path / "small.ttl", report]).store
    shown = {(row["name"].value, row["found"].value) for row in solve(store, find_query("link-drift"), {})}
    assert {("kite", "differs"), ("gone", "deleted")} <= shown
    assert len(list(solve(store, find_query("link-drift"), {}))) == len(rows)
