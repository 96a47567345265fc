"""What days a date value can mean."""

from __future__ import annotations

import io
from contextlib import redirect_stdout, suppress
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations

import edtf
import pytest
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.dates import DATE_TYPES, Span, settle, span
from chinaspace.errors import DateError
from chinaspace.names import EDTF, XSD

DATE, DATETIME = XSD + "date", XSD + "dateTime"

DAYS = st.dates(min_value=date(1000, 1, 1))
MONTHS = DAYS.map(lambda day: f"{day:%Y-%m}")
YEARS = st.integers(1000, 9998).map(str)
POINTS = st.one_of(DAYS.map(str), MONTHS, YEARS)
DECADES = YEARS.map(lambda year: f"{year[:3]}X")
ENDS = st.one_of(POINTS, st.just(".."))
INTERVALS = st.tuples(ENDS, ENDS).map("/".join)


def days(earliest: str | None, latest: str | None) -> Span:
    return Span(*(date.fromisoformat(day) if day else None for day in (earliest, latest)))


@pytest.mark.parametrize(
    ("lexical", "day"),
    [
        ("2024-06-02", "2024-06-02"),
        ("2024-02-29", "2024-02-29"),
        ("2024-06-02Z", "2024-06-02"),
        ("2024-06-02+08:00", "2024-06-02"),
    ],
)
def test_a_day_is_itself(lexical: str, day: str) -> None:
    """An xsd:date means that one day, with or without a zone."""
    assert span(lexical, DATE) == days(day, day)


@pytest.mark.parametrize(
    ("lexical", "day"),
    [
        ("2024-06-02T20:30:00Z", "2024-06-02"),
        ("2024-06-02T23:59:59.999999Z", "2024-06-02"),
        ("2024-06-02T20:30:00", "2024-06-02"),
        ("2024-06-02T20:30:00-05:00", "2024-06-03"),
        ("2024-06-02T03:30:00+08:00", "2024-06-01"),
        ("2024-01-01T07:59:00+08:00", "2023-12-31"),
    ],
)
def test_a_moment_is_its_day_in_utc(lexical: str, day: str) -> None:
    """An xsd:dateTime means the day that it is then in UTC."""
    assert span(lexical, DATETIME) == days(day, day)


@pytest.mark.parametrize(
    ("lexical", "earliest", "latest"),
    [
        ("2024-06-02", "2024-06-02", "2024-06-02"),
        ("2024-06-02T09:00:00Z", "2024-06-02", "2024-06-02"),
        ("2017-12", "2017-12-01", "2017-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2027", "2027-01-01", "2027-12-31"),
        ("2025~", "2025-01-01", "2025-12-31"),
        ("2025?", "2025-01-01", "2025-12-31"),
        ("2025%", "2025-01-01", "2025-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2024-XX", "2024-01-01", "2024-12-31"),
        ("2023-02-XX", "2023-02-01", "2023-02-28"),
        ("2024-21", "2024-03-01", "2024-05-31"),
        ("1984/2004-06", "1984-01-01", "2004-06-30"),
        ("2004-06~/2004-08~", "2004-06-01", "2004-08-31"),
        ("[2020,2021]", "2020-01-01", "2021-12-31"),
        ("{2020..2022}", "2020-01-01", "2022-12-31"),
        ("2017-12/..", "2017-12-01", None),
        ("../2020", None, "2020-12-31"),
        ("[..2020]", None, "2020-12-31"),
        ("2030/", "2030-01-01", None),
        ("/2030", None, "2030-12-31"),
        ("../..", None, None),
        ("Y17000", None, None),
        ("-0044", None, None),
    ],
)
def test_edtf(lexical: str, earliest: str | None, latest: str | None) -> None:
    """An EDTF value means the days that it can be, and an open or unknown end is None."""
    assert span(lexical, EDTF.value) == days(earliest, latest)


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [
        ("2024-02-30", DATE),
        ("20240602", DATE),
        ("2024-W23-7", DATE),
        ("2024-6-2", DATE),
        ("2024", DATE),
        (" 2024-06-02", DATE),
        ("2024-06-02\n", DATE),
        ("", DATE),
        ("2024-06-02T25:00:00Z", DATETIME),
        ("2024-06-02", DATETIME),
        ("2024-06-02 09:00:00", DATETIME),
        ("20240602T090000", DATETIME),
        ("0001-01-01T00:00:00+14:00", DATETIME),
        ("", EDTF.value),
        ("soon", EDTF.value),
        ("2024-13", EDTF.value),
        ("2024-02-30", EDTF.value),
        ("2021/2020", EDTF.value),
        ("../soon", EDTF.value),
        ("2024", XSD + "gYear"),
        ("2024", XSD + "string"),
    ],
)
def test_malformed(lexical: str, datatype: str) -> None:
    """What is no date of its type is an error and never a guess."""
    with pytest.raises(DateError):
        span(lexical, datatype)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2020", "2020-03", True),
        ("2020", "2020", True),
        ("2020", "2019-12-31/2020-01-01", True),
        ("2020", "2021", False),
        ("2020-02", "2020-03", False),
        ("2020/..", "2021", True),
        ("2021/..", "2020", False),
        ("../2020", "2020/..", True),
        ("../2020", "2021/..", False),
        ("../..", "2020", True),
    ],
)
def test_meeting(one: str, other: str, expected: bool) -> None:
    """Two spans meet if some day is a day of both, whichever comes first; an open end has no last day."""
    a, b = span(one, EDTF.value), span(other, EDTF.value)
    assert a.meets(b) is expected
    assert b.meets(a) is expected


@given(st.one_of(POINTS, DECADES, INTERVALS))
def test_earliest_is_never_after_latest(lexical: str) -> None:
    """Whatever EDTF gives, its first day is not after its last; an interval that runs backwards is an error."""
    try:
        found = span(lexical, EDTF.value)
    except DateError:
        start, end = (span(part, EDTF.value) for part in lexical.split("/"))
        assert start.earliest is not None
        assert end.latest is not None
        assert start.earliest > end.latest
    else:
        assert found.earliest is None or found.latest is None or found.earliest <= found.latest


@given(st.text(alphabet="0123456789X-/.~?%YSE[]{},TZ:+ ", max_size=14), st.sampled_from(sorted(DATE_TYPES)))
def test_any_text_is_a_span_or_a_date_error(lexical: str, datatype: str) -> None:
    """No text ends in another error, and none in a span that runs backwards."""
    try:
        found = span(lexical, datatype)
    except DateError:
        return
    assert found.earliest is None or found.latest is None or found.earliest <= found.latest


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_the_same_moment_is_the_same_day_in_every_zone(moment: datetime, minutes: int) -> None:
    """Two ways to write one moment mean the same day."""
    there = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    assert span(there.isoformat(), DATETIME) == span(f"{moment.isoformat()}Z", DATETIME)


@given(
    st.one_of(
        st.text(alphabet="0129X-/.~?%[]{},TZ:", max_size=12),
        st.tuples(POINTS, st.sampled_from("~?%")).map("".join),
        st.tuples(POINTS | DECADES, st.sampled_from(["", "~", "?"]), ENDS).map(
            lambda one: f"{one[0]}{one[1]}/{one[2]}"
        ),
        st.sampled_from(
            ["2017-21", "2017-XX", "2017-12-XX", "Y17000", "{2017,2018}", "2017-12/2018~", "/2017", "2017/"]
        ),
    )
)
def test_the_commonest_forms_mean_what_the_library_says(lexical: str) -> None:
    """Trying single forms first gives the days that the library's whole grammar gives."""
    bounds: list[date | None] = []
    with suppress(EDTFParseException, ValueError, TypeError, AttributeError), redirect_stdout(io.StringIO()):
        value = edtf.parse_edtf(lexical)
        for moment in (value.lower_strict(), value.upper_strict()):
            known = not isinstance(moment, float) and 1 <= moment.tm_year <= 9999
            bounds.append(date(moment.tm_year, moment.tm_mon, moment.tm_mday) if known else None)
    try:
        found = span(lexical, EDTF.value)
    except DateError:
        assert len(bounds) < 2 or (bounds[0] and bounds[1] and bounds[0] > bounds[1])
    else:
        # An unknown end has a width in the library, and none here.
        unknown = lexical.startswith("/") or lexical.endswith("/")
        assert unknown or [found.earliest, found.latest] == bounds


@pytest.mark.parametrize(
    ("dates", "earliest", "latest"),
    [
        (["2020", "2020-05", "2020-05-03"], "2020-05-03", "2020-05-03"),
        (["2017", "2020", "../2022"], "2017-01-01", "2020-12-31"),
        (["2017", "2019", "2019-05"], "2017-01-01", "2019-05-31"),
        (["2017", "2019/.."], "2017-01-01", None),
        (["2020"], "2020-01-01", "2020-12-31"),
    ],
)
def test_several_dates_settle_in_any_order(dates: list[str], earliest: str | None, latest: str | None) -> None:
    """Those that agree leave the sharpest, those that do not span from the first to the last."""
    spans = [span(one, EDTF.value) for one in dates]
    assert {settle(order) for order in permutations(spans)} == {days(earliest, latest)}
