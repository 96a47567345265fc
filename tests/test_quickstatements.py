"""QuickStatements: what Wikidata could take without a second look, in the precision of the source, and no more."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from chinaspace.attest import write_report
from chinaspace.drift import Row, Verdict
from chinaspace.export_quickstatements import write_quickstatements
from chinaspace.load import Loaded, load
from chinaspace.names import CSD
from chinaspace.paths import ontology_files
from support import claim
from wikidata import craft, launched, ours

# A line of V1, as https://www.wikidata.org/wiki/Help:QuickStatements has it.
VALUE = r'Q\d+|[a-z-]+:"[^\t]*"|"[^\t]*"|[+-]\d{4}-\d\d-\d\dT00:00:00Z/(?:9|10|11)'
LINE = re.compile(rf"(Q\d+)\t(P\d+)\t({VALUE})((?:\tS\d+\t(?:{VALUE}))*)")
SOURCES = """
csd:source-one dcterms:title "One"@en ; schema:url "https://example.org/one"^^xsd:anyURI .
csd:source-leak a cs:Source ; dcterms:issued "2020-05-01"^^xsd:date ; cs:sourceStanding cs:unofficialStanding ;
    schema:url "https://example.org/leak"^^xsd:anyURI .
cs:launchDate skos:closeMatch wd:P619 . cs:launchVehicle skos:closeMatch wd:P375 . cs:owner skos:exactMatch wd:P127 .
cs:name skos:exactMatch wd:P1448 . cs:massKilograms skos:exactMatch wd:P2067 .
cs:developer skos:closeMatch wd:P178 .
"""
REFERENCE = {"S854": '"https://example.org/one"', "S1476": 'en:"One"', "S577": "+2020-05-01T00:00:00Z/11"}
DAY = '"2020-11-23T20:30:22Z"^^xsd:dateTime'


def statements(loaded: Loaded) -> list[tuple[str, str, str, dict[str, str]]]:
    """Return item, property, value and reference of each line, all of which must be well-formed."""
    out = BytesIO()
    write_quickstatements(loaded, out)
    found = []
    for line in out.getvalue().decode().splitlines():
        match = LINE.fullmatch(line)
        assert match, line
        parts = match[4].split("\t")[1:]
        found.append((match[1], match[2], match[3], dict(zip(parts[::2], parts[1::2], strict=True))))
    return found


def said(folder: Path, body: str) -> list[tuple[str, str, str]]:
    """Return item, property and value of what is exported."""
    return [one[:3] for one in statements(ours(folder, SOURCES + body))]


def test_a_statement_has_its_source(tmp_path: Path) -> None:
    """A fact has address, title and date of its source; that of a launch is told of what was launched."""
    loaded = ours(tmp_path, SOURCES + craft("kite", "Q1") + launched("kite", DAY))
    assert statements(loaded) == [("Q1", "P619", "+2020-11-23T00:00:00Z/11", REFERENCE)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ('"2020"^^edtf:EDTF', ["+2020-00-00T00:00:00Z/9"]),
        ('"2020-11"^^edtf:EDTF', ["+2020-11-00T00:00:00Z/10"]),
        ('"2020-11-23"^^edtf:EDTF', ["+2020-11-23T00:00:00Z/11"]),
        ('"2020-11-23"^^xsd:date', ["+2020-11-23T00:00:00Z/11"]),
        ('"2020-11-23T23:30:00-08:00"^^xsd:dateTime', ["+2020-11-24T00:00:00Z/11"]),
        ('"2020-12/.."^^edtf:EDTF', []),
        ('"2020~"^^edtf:EDTF', []),
        ('"2019/2020"^^edtf:EDTF', []),
    ],
)
def test_dates_keep_their_precision(tmp_path: Path, day: str, expected: list[str]) -> None:
    """A year stays a year; what Wikidata has no word for is left out rather than rounded."""
    found = said(tmp_path, craft("kite", "Q1") + launched("kite", day))
    assert [value for _, _, value in found] == expected


def test_the_sharpest_date_is_told(tmp_path: Path) -> None:
    """Of a year and a day in it, the day is worth telling."""
    body = craft("kite", "Q1") + launched("kite", '"2020"^^edtf:EDTF') + launched("kite", DAY)
    assert said(tmp_path, body) == [("Q1", "P619", "+2020-11-23T00:00:00Z/11")]


@pytest.mark.parametrize(
    "body",
    [
        launched("kite", DAY, modality="cs:planned"),
        launched("kite", DAY, "cs:rank cs:deprecated"),
        launched("kite", DAY) + launched("kite", '"2021-11-23"^^xsd:date'),
        launched("kite", DAY).replace("csd:source-one", "csd:source-leak"),
        launched("kite", DAY).replace("csd:source-one", "csd:source-two"),
        launched("kite", DAY, "cs:identityBasis cs:inferredIdentity"),
        claim("mass", "csd:spacecraft-kite cs:massKilograms 100.0"),
        claim("owner", "csd:spacecraft-kite cs:owner csd:institution-club"),
        claim("developer", "csd:spacecraft-kite cs:developer csd:institution-agency"),
        claim("orbits", "csd:spacecraft-kite cs:orbits csd:country-north"),
        "csd:spacecraft-kite skos:exactMatch wd:Q8 ." + launched("kite", DAY),
    ],
    ids=[
        "plan",
        "deprecated",
        "conflict",
        "leak",
        "no address",
        "our conclusion",
        "unit",
        "value",
        "near",
        "property",
        "two items",
    ],
)
def test_what_is_left_out(tmp_path: Path, body: str) -> None:
    """Plans, conflicts, leaks, conclusions, and what has no item, no property or no unit there stay here."""
    club = 'csd:institution-club a cs:Company ; rdfs:label "Club"@en .\n'
    assert said(tmp_path, craft("kite", "Q1") + club + body) == []


def test_other_values(tmp_path: Path) -> None:
    """Things are told by their items, words with their language, and no sign breaks a line."""
    body = craft("kite", "Q1") + claim("owner", "csd:spacecraft-kite cs:owner csd:institution-agency")
    body += claim("vehicle", "csd:launch-kite cs:launchVehicle csd:vehicle-long-pole")
    body += claim("name", 'csd:spacecraft-kite cs:name "K\\ti\\n\\"te\\""@en')
    body += claim("row", "csd:launch-kite cs:launches csd:spacecraft-kite", 'cs:locator "2020-087A"')
    assert set(said(tmp_path, body)) == {
        ("Q1", "P127", "Q91"),
        ("Q1", "P375", "Q90"),
        ("Q1", "P1448", 'en:"K i "te""'),
        ("Q1", "P247", '"2020-087A"'),
    }


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_what_is_better_here(tmp_path: Path, verdict: Verdict) -> None:
    """With a comparison at hand, only what we know better goes there."""
    ours(tmp_path, SOURCES + craft("kite", "Q1") + launched("kite", DAY))
    row = Row(f"{CSD}spacecraft-kite", "Q1", "P619", "launch date", "2020-11-23", "2020", verdict)
    other = Row(f"{CSD}spacecraft-wren", "Q2", "P619", "launch date", "2020-11-23", "2020", Verdict.DIFFER)
    write_report(tmp_path / "report.trig", [row, other], "extract", date(2026, 1, 2))
    loaded = load([*ontology_files(), tmp_path / "small.ttl", tmp_path / "report.trig"])
    assert len(statements(loaded)) == (verdict is Verdict.OURS)
