"""What a client takes best, by RFC 9110."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.negotiate import coding, ranked

JSON, XML, CSV, TSV = "application/json", "application/xml", "text/csv", "text/tab-separated-values"
OFFERED = (JSON, XML, CSV, TSV)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", OFFERED),
        ("*/*", OFFERED),
        ("text/csv", (CSV,)),
        ("TEXT/CSV ; charset=utf-8", (CSV,)),
        ("text/csv;q=0.1, text/tab-separated-values", (TSV, CSV)),
        ("text/csv, text/tab-separated-values", (CSV, TSV)),
        ("text/tab-separated-values, text/csv", (TSV, CSV)),
        ("text/*, application/json;q=0.5", (CSV, TSV, JSON)),
        ("application/xml, */*;q=0.1", (XML, JSON, CSV, TSV)),
        ("*/*, application/xml", (XML, JSON, CSV, TSV)),
        ("text/csv;q=0, */*", (JSON, XML, TSV)),
        ("*/*;q=0", ()),
        ("image/png", ()),
        ("garbage,,;q=x", ()),
    ],
)
def test_media_types(accept: str, expected: tuple[str, ...]) -> None:
    """The quality decides, then how exactly a type is named, then the order of the client."""
    assert ranked(accept, OFFERED) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.2, identity;q=0.9", ""),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("zstd", ""),
    ],
)
def test_codings(accept: str, expected: str) -> None:
    """The best coding is taken, and none that is refused."""
    assert coding(accept) == expected


@given(st.text(max_size=100))
def test_any_header(text: str) -> None:
    """Whatever a header holds, what comes out is offered, each once."""
    assert set(ranked(text, OFFERED)) <= set(OFFERED)
    assert len(set(ranked(text, OFFERED))) == len(ranked(text, OFFERED))
    assert coding(text) in ("", "br", "gzip")
