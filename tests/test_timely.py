"""Dates that cannot be, or hardly, are told at the triple that has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chinaspace.load import Loaded
from chinaspace.names import CSD, CSSH
from chinaspace.timely import untimely
from support import SOURCE, claim, load_turtle, thing

TODAY = date(2026, 1, 1)


def found(folder: Path, body: str) -> list[tuple[str, str]]:
    """Return rule and severity of what is wrong with the dates of *body*; csd:source-one is of 1 May 2020."""
    faults = list(untimely(load_turtle(folder, SOURCE + body).store, None, TODAY))
    assert all(fault.value is not None and fault.predicates for fault in faults)
    return [(fault.problem.shape.removeprefix(CSSH), fault.problem.severity) for fault in faults]


def said(predicate: str, value: str, modality: str = "cs:asserted", more: str = "") -> str:
    return claim("a", f'csd:launch-one cs:{predicate} "{value}"^^edtf:EDTF', more, modality)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (said("launchDate", "1857-10"), [("Claim-dateBeforeFlight", "violation")]),
        (said("landingDate", "1957-10-03"), [("Claim-dateBeforeFlight", "violation")]),
        (said("launchDate", "1957-10-04"), []),
        (said("launchDate", "195X"), []),
        (said("eventDate", "1921"), []),
        (said("launchDate", "2020-05-02"), []),
        (said("launchDate", "2020-05-03"), [("Claim-dateAfterSource", "violation")]),
        (said("launchDate", "2020-05-03", "cs:planned"), []),
        (said("launchDate", "2020"), []),
        (said("endDate", "2030"), []),
        (said("launchDate", "2200", "cs:planned"), [("Claim-dateFarOff", "warning")]),
        (said("launchDate", "2917", "cs:planned"), [("Claim-dateFarOff", "violation")]),
        (said("launchDate", "2120-05", "cs:planned"), []),
        (said("endDate", "20200"), []),
        (said("launchDate", "no date"), []),
        (said("endDate", "2019", more='cs:statedOn "1019"^^edtf:EDTF'), [("Claim-statedLongAgo", "violation")]),
        (said("endDate", "2019", more='cs:statedOn "1889"^^edtf:EDTF'), [("Claim-statedLongAgo", "warning")]),
        (said("endDate", "2019", more='cs:statedOn "1986"^^edtf:EDTF'), []),
        (said("endDate", "2019", more='cs:statedOn "2026-02"^^edtf:EDTF'), [("Date-future", "violation")]),
        (said("endDate", "2019", more='cs:statedOn "2026"^^edtf:EDTF'), []),
        ('csd:source-new a cs:Source ; dcterms:issued "2062-01-21"^^xsd:date .', [("Date-future", "violation")]),
    ],
)
def test_dates(tmp_path: Path, body: str, expected: list[tuple[str, str]]) -> None:
    """A date that is vague is wrong only if all of its days are."""
    assert found(tmp_path, body) == expected


def test_only_what_a_change_touches(tmp_path: Path) -> None:
    """A claim is looked at again where it or its source changed."""
    store = load_turtle(tmp_path, SOURCE + said("launchDate", "1857")).store
    for touched, count in (("claim-a", 1), ("source-one", 1), ("source-two", 0)):
        faults = list(untimely(store, {thing(touched)}, TODAY))
        assert [fault.problem.node for fault in faults] == [CSD + "claim-a"] * count


def test_the_graph_has_no_such_date(graph: Loaded) -> None:
    """The real graph has none."""
    assert list(untimely(graph.store)) == []
