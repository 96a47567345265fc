"""The first and the last day of claims, sources and things."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.names import INFERRED, XSD, cs
from support import SOURCE, claim, load_turtle, thing, values

LAUNCH = "csd:launch-one cs:launchDate"


@pytest.mark.parametrize("subject", ["claim-a", "launch-one"])
def test_bounds_of_a_claim_and_of_its_thing(tmp_path: Path, subject: str) -> None:
    """A date value bounds its claim, and as a fact also its thing, by xsd:date."""
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020-03"^^edtf:EDTF')).store
    assert values(store, subject, cs("earliest"), INFERRED) == {"2020-03-01"}
    assert values(store, subject, cs("latest"), INFERRED) == {"2020-03-31"}
    quad = next(iter(store.quads_for_pattern(thing(subject), cs("earliest"), None, INFERRED)))
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.datatype.value == XSD + "date"


def test_bounds_of_a_source(tmp_path: Path) -> None:
    """A source has the bounds of its date."""
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF')).store
    assert values(store, "source-two", cs("earliest")) == {"2021-01-01"}
    assert values(store, "source-two", cs("latest")) == {"2021-12-31"}


def test_the_sharpest_of_agreeing_dates_bounds_a_thing(tmp_path: Path) -> None:
    """Where a vague date and a sharp one agree, the thing is as sharply bounded as the sharp one."""
    body = claim("a", f'{LAUNCH} "2020"^^edtf:EDTF') + claim("b", f'{LAUNCH} "2020-05-03"^^xsd:date')
    body += claim("c", f'{LAUNCH} "2019/.."^^edtf:EDTF')
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "launch-one", cs("earliest")) == {"2020-05-03"}
    assert values(store, "launch-one", cs("latest")) == {"2020-05-03"}


def test_dates_that_exclude_each_other_span_a_thing(tmp_path: Path) -> None:
    """Where dates conflict, the bounds reach from the first to the last; so they do for several properties."""
    body = claim("a", f'{LAUNCH} "2020"^^edtf:EDTF') + claim("b", f'{LAUNCH} "2022-05"^^edtf:EDTF')
    body += claim("c", 'csd:facility cs:establishmentDate "1999"^^edtf:EDTF')
    body += claim("d", 'csd:facility cs:serviceEndDate "2024"^^edtf:EDTF')
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "launch-one", cs("earliest")) == {"2020-01-01"}
    assert values(store, "launch-one", cs("latest")) == {"2022-05-31"}
    assert values(store, "facility", cs("earliest")) == {"1999-01-01"}
    assert values(store, "facility", cs("latest")) == {"2024-12-31"}


def test_a_source_is_dated_by_its_own_description(tmp_path: Path) -> None:
    """What another source says of its date does not widen it."""
    body = claim("a", 'csd:source-two cs:publicationDate "2019"^^edtf:EDTF')
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "source-two", cs("earliest")) == {"2021-01-01"}


def test_an_open_end_has_no_bound(tmp_path: Path) -> None:
    """Where every date is open at an end, there is no bound at that end."""
    body = claim("a", f'{LAUNCH} "2020/.."^^edtf:EDTF') + claim("b", f'{LAUNCH} "2022/.."^^edtf:EDTF')
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "claim-a", cs("latest")) == set()
    assert values(store, "launch-one", cs("latest")) == set()
    assert values(store, "launch-one", cs("earliest")) == {"2022-01-01"}


def test_a_plan_bounds_no_thing(tmp_path: Path) -> None:
    """The date of a plan bounds its claim only."""
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF', modality="cs:planned")).store
    assert values(store, "claim-a", cs("earliest")) == {"2020-01-01"}
    assert values(store, "launch-one", cs("earliest")) == set()


def test_a_bad_date_is_listed(tmp_path: Path) -> None:
    """A date that is none is given back with its claim, and bounds nothing."""
    loaded = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "soon"^^edtf:EDTF', modality="cs:planned"))
    assert [quad.subject for quad, _ in loaded.bad_dates] == [thing("claim-a")]
    assert values(loaded.store, "claim-a", cs("earliest")) == set()


def test_a_time_frame_bounds_a_claim_without_a_date(tmp_path: Path) -> None:
    """The time frame dates a claim whose object is no date, and gives way to an object that is one."""
    frame = 'cs:timeFrame "2022-01/2027-01"^^edtf:EDTF'
    body = claim("a", "csd:country-one cs:pursues csd:policy-one", frame, "cs:planned")
    body += claim("b", f'{LAUNCH} "2023"^^edtf:EDTF', frame, "cs:planned")
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "claim-a", cs("earliest"), INFERRED) == {"2022-01-01"}
    assert values(store, "claim-a", cs("latest"), INFERRED) == {"2027-01-31"}
    assert values(store, "claim-b", cs("latest"), INFERRED) == {"2023-12-31"}
    assert values(store, "country-one", cs("latest"), INFERRED) == set()
