"""What is sent to /reconcile by mistake or on purpose is refused with a reason, and takes no time."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from chinaspace.candidates import MOST_QUERIES

PATH = "/reconcile"
NAME = "x" * 501
MALFORMED = [
    "",
    "{",
    "[]",
    "null",
    "[" * 50_000,
    '{"q": 1}',
    '{"q": {}}',
    '{"q": {"query": 5}}',
    '{"q": {"query": "a", "limit": -1}}',
    '{"q": {"query": "a", "limit": NaN}}',
    '{"q": {"query": "a", "limit": true}}',
    '{"q": {"query": "a", "type": 5}}',
    '{"q": {"query": "a", "type_strict": "maybe"}}',
    '{"q": {"query": "a", "properties": {}}}',
    '{"q": {"query": "a", "properties": [{"pid": "b"}]}}',
    '{"q": {"query": "a", "properties": [{"pid": "b", "v": {}}]}}',
    '{"\\ud800": {"query": "a"}}',
    f'{{"q": {{"query": "{NAME}"}}}}',
]
MALFORMED_EXTENSIONS = [
    "",
    "[]",
    '{"ids": "a", "properties": []}',
    '{"ids": [1], "properties": []}',
    '{"ids": [], "properties": ["a"]}',
    f'{{"ids": ["{NAME}"], "properties": []}}',
]


@pytest.mark.parametrize("batch", MALFORMED)
def test_malformed_batch(client: TestClient, batch: str) -> None:
    """A malformed batch is answered with a problem report."""
    answer = client.post(PATH, data={"queries": batch})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("extension", MALFORMED_EXTENSIONS)
def test_malformed_extension(client: TestClient, extension: str) -> None:
    """So is a malformed extension."""
    assert client.post(PATH, data={"extend": extension}).status_code == 400


def test_too_much(client: TestClient) -> None:
    """Too many queries, too much text, too many things and too long a body are refused as that."""
    many = {f"q{at}": {"query": "a"} for at in range(MOST_QUERIES + 1)}
    long = {f"q{at}": {"query": "a" * 500} for at in range(MOST_QUERIES)}
    things = {"ids": [f"a{at}" for at in range(1001)], "properties": []}
    for data in ({"queries": json.dumps(many)}, {"queries": json.dumps(long)}, {"extend": json.dumps(things)}):
        assert client.post(PATH, data=data).status_code == 413
    assert client.post(PATH, data={"queries": "a" * 2**20}).status_code == 413
    assert client.get(PATH, params={"queries": "a" * 2**15}).status_code == 414


def test_other_forms(client: TestClient) -> None:
    """A body in another form is refused, and so is a POST without queries."""
    assert client.post(PATH, json={}).status_code == 415
    assert client.post(PATH, data={"a": "b"}).status_code == 400


def test_no_iri(client: TestClient) -> None:
    """Whatever stands where an identifier is expected is no part of a query."""
    odd = "a> } ; DROP ALL ; <"
    query = {"query": "Lamp 1", "type": odd, "properties": [{"pid": odd, "v": [{"id": odd}, odd, 1e308, True]}]}
    assert client.post(PATH, data={"queries": json.dumps({"q": query})}).json() == {"q": {"result": []}}
    del query["query"]
    assert client.post(PATH, data={"queries": json.dumps({"q": query})}).json() == {"q": {"result": []}}
    asked = {"ids": [odd], "properties": [{"id": odd, "settings": {"limit": 1e308}}]}
    assert client.post(PATH, data={"extend": json.dumps(asked)}).json()["rows"] == {odd: {odd: []}}


@pytest.mark.parametrize(
    "path", ["/preview?id=", "/preview?id=%3Cscript%3E", "/flyout/entity?id=nothing", "/flyout/x?id=y", "/suggest/x"]
)
def test_nothing_there(client: TestClient, path: str) -> None:
    """What is not there is not found."""
    assert client.get(PATH + path).status_code == 404


@pytest.mark.parametrize("values", [{"cursor": "-1"}, {"cursor": "x"}, {"prefix": "a" * 201}])
def test_odd_suggestions(client: TestClient, values: dict[str, str]) -> None:
    """Odd cursors and long prefixes are refused."""
    assert client.get(f"{PATH}/suggest/entity", params=values).status_code == 400


def test_long_names_take_no_time(client: TestClient, within: object) -> None:
    """The most text that is taken is matched in seconds."""
    batch = {f"q{at}": {"query": ("lamp kite north " * 32)[at % 7 :][:490]} for at in range(80)}
    with within(30):  # type: ignore[operator]
        assert client.post(PATH, data={"queries": json.dumps(batch)}).status_code == 200
