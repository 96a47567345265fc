"""The pages of things show the same from every store."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from test_stores import other, there

__all__ = ["other", "there"]  # fixtures

ADDRESSES = [
    "/id/mission-lamp-1.html",
    "/id/country-north.html",
    "/id/claim-gazette-2020-lamp-1-launch.html",
    "/as-of/2020-06-01/id/mission-lamp-1.html",
    "/as-of/2020-06-01/id/source-gazette-2020.html",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_of_things(address: str, there: TestClient, client: TestClient) -> None:
    """A page shows the same now and as of a day, but for the digest in its foot."""
    pages = [one.get(address) for one in (there, client)]
    assert [page.status_code for page in pages] == [200, 200]
    shown, expected = (page.text.partition("<main")[2].partition("<footer")[0] for page in pages)
    # No service but Oxigraph keeps how a number was written.
    assert re.sub(r"(?<=\d)\.0(?=<)", "", shown) == re.sub(r"(?<=\d)\.0(?=<)", "", expected)
