"""Long answers of saved queries over HTTP come in pages, each with links to the others."""

from __future__ import annotations

import io
import json
import re
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from chinaspace.forms import FORMS
from chinaspace.queries import find_query

LONG = "/queries/facts?format=csv"


def links(answer: object) -> dict[str, str]:
    """Return the addresses of a Link field, by relation."""
    return {name: address for address, name in re.findall(r'<([^>]*)>; rel="(\w+)"', str(answer))}


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.fits(find_query("facts"))])
def test_pages_make_the_whole(client: TestClient, form: str) -> None:
    """Pages that follow each other by their links have all rows of the answer, in its order and each once."""
    whole = client.get(LONG).text.splitlines()[1:]
    address, rows, asked = f"/queries/facts?format={form}&limit=7", [], 0
    while True:
        answer = client.get(address)
        assert answer.status_code == 200
        rows += rows_of(form, answer.content)
        asked += 1
        following = links(answer.headers.get("link", "")).get("next")
        if following is None:
            break
        assert following.startswith("?")
        address = f"/queries/facts{following}"
    assert asked == -(-len(whole) // 7)
    assert len(rows) == len(whole)
    assert rows == [line.rpartition(",")[2].rpartition("/")[2] for line in whole]


def rows_of(form: str, body: bytes) -> list[str]:
    """Return the slugs of the claims in an answer, as an independent reader of its form finds them."""
    if form in ("arrow", "parquet"):
        table = pa.ipc.open_stream(body).read_all() if form == "arrow" else pq.read_table(io.BytesIO(body))
        return [iri.rpartition("/")[2] for iri in table.column("claim").to_pylist()]
    if form == "xml":
        return re.findall(r'<binding name="claim"><uri>[^<]*/([^</]+)</uri>', body.decode())
    if form == "json":
        return [row["claim"]["value"].rpartition("/")[2] for row in json.loads(body)["results"]["bindings"]]
    lines = body.decode().splitlines()[2 if form == "md" else 1 :]
    return [re.findall(r"claim-[\w-]+", line)[-1] for line in lines]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("limit=5", {"first": ("5", None), "next": ("5", "5"), "last": ("5", "LAST")}),
        ("limit=5&offset=5", {"first": ("5", None), "prev": ("5", None), "next": ("5", "10"), "last": ("5", "LAST")}),
        ("limit=5&offset=3", {"first": ("5", None), "prev": ("5", None), "next": ("5", "8"), "last": ("5", "LAST")}),
        ("limit=100000", {"first": ("100000", None), "last": ("100000", None)}),
        ("offset=3", {"first": (None, None)}),
        ("", {}),
    ],
)
def test_links_to_other_pages(
    client: TestClient, page: str, expected: dict[str, tuple[str | None, str | None]]
) -> None:
    """The Link field leads to the first, the last and the neighbouring pages, and keeps the rest of the address."""
    total = len(client.get(LONG).text.splitlines()) - 1
    last = str((total - 1) // 5 * 5)
    found = links(client.get(f"{LONG}&{page}").headers.get("link", ""))
    told = {name: dict(parse_qsl(urlsplit(address).query)) for name, address in found.items()}
    assert {name: (one.get("limit"), one.get("offset")) for name, one in told.items()} == {
        name: (limit, last if offset == "LAST" else offset) for name, (limit, offset) in expected.items()
    }
    assert all(one["format"] == "csv" for one in told.values())


def test_beyond_the_last_row(client: TestClient) -> None:
    """A page beyond the last row is empty, and leads back to the last rows."""
    answer = client.get(f"{LONG}&limit=5&offset=99999")
    assert (answer.status_code, len(answer.text.splitlines())) == (200, 1)
    assert "next" not in links(answer.headers["link"])
    assert client.get(f"/queries/facts{links(answer.headers['link'])['prev']}").text.count("\n") > 1


def test_pages_have_tags_of_their_own(client: TestClient) -> None:
    """Each page has an entity tag, by which it is known to be unchanged."""
    first, second = (client.get(f"{LONG}&limit=5&offset={offset}") for offset in (0, 5))
    assert first.headers["etag"] != second.headers["etag"]
    again = client.get(f"{LONG}&limit=5", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
