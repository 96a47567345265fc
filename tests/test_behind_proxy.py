"""Behind a proxy: whom the server takes at their word on the client, the scheme and the host."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient

from conftest import WORLD
from live import Live, serving, soon

FORGED = {
    "x-forwarded-for": "192.0.2.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "evil.example",
    "x-forwarded-prefix": "/evil.example",
    "forwarded": "for=192.0.2.7;host=evil.example;proto=https",
    "x-real-ip": "192.0.2.7",
    "x-original-url": "/evil.example",
}
PATHS = ["/", "/queries", "/sparql", "/.well-known/void", "/feed.atom", "/sitemap.xml", "/reconcile", "/openapi.json"]


@pytest.fixture(scope="module", params=[(), ("--proxies", "10.0.0.0/8,192.0.2.1")])
def live(request: pytest.FixtureRequest) -> Iterator[Live]:
    """Serve the world to clients that are no proxies."""
    with serving(WORLD, *request.param) as running:
        yield running


@pytest.mark.parametrize("path", PATHS)
def test_a_word_that_is_not_believed(live: Live, path: str) -> None:
    """What a stranger says in forwarded headers changes neither the links of an answer nor the client in the log."""
    plain, forged = (httpx.get(live.address.rstrip("/") + path, headers=one, timeout=20) for one in ({}, FORGED))
    assert forged.status_code == plain.status_code == 200
    assert sorted(forged.headers) == sorted(plain.headers)
    assert not any(word in forged.text + str(forged.headers) for word in ("evil.example", "https://127.0.0.1"))
    assert soon(lambda: len(noted(live, path)) >= 2)
    assert {line["client"] for line in noted(live, path)} == {"127.0.0.1"}


def noted(live: Live, path: str) -> list[dict[str, str]]:
    """Return the lines of the log on a path."""
    lines = [json.loads(line) for line in live.lines if line.startswith("{")]
    return [line for line in lines if line["path"] == path]


@pytest.mark.parametrize("path", ["/queries/", "/zh/queries/", "/zh/as-of/2018-01-01/queries/", "/ontology/?a=b"])
def test_an_address_without_its_slash_is_on_this_host(client: TestClient, path: str) -> None:
    """Whoever names another host is not led there, so that no cache keeps such an answer for others."""
    answer = client.get(path, headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (307, path.replace("/?", "?").rstrip("/"))


@pytest.mark.parametrize("path", ["//evil.example/", "/%2fevil.example/", "//queries/", "/\\evil.example/"])
def test_an_address_that_could_be_another_host(client: TestClient, path: str) -> None:
    """What a browser would take for another host leads nowhere."""
    answer = client.get("http://testserver" + path)
    assert not answer.headers.get("location", "/").startswith(("//", "/\\", "http"))


def test_the_root_is_part_of_all_links() -> None:
    """Links and redirects stay below the root path, which the proxy takes off."""
    with serving(WORLD, "--root-path", "/space") as live:
        start = live.address.removesuffix("space/")
        page = httpx.get(start + "queries", headers={"accept": "text/html"}, timeout=20)
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
        assert len(links) > 10
        assert all(link.startswith("/space") for link in links)
        answer = httpx.get(start + "queries/", timeout=20)
        assert (answer.status_code, answer.headers["location"]) == (307, "/space/queries")


def test_a_report_repeats_no_markup(client: TestClient) -> None:
    """What a client sent is repeated in a report without a sign that could begin markup, and means the same."""
    sent = "<script>alert(1)</script>"
    answer = client.get("/sparql", params={"format": sent})
    assert "<" not in answer.text
    assert sent[:20] in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
