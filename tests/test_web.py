"""The saved queries and pages over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from chinaspace.load import Loaded
from chinaspace.queries import saved_queries
from reading import BROWSER, Page

PAGES = ["/queries?format=html", "/sparql", *(f"/queries/{name}?format=html" for name in saved_queries())]
ASKED = "/queries/who-said-what?thing=mission-lamp-1"


def test_health(client: TestClient, world: Loaded) -> None:
    """The server says that it is well, and which graph it serves."""
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["digest"] == world.digest


def test_the_front_leads_to_the_questions(client: TestClient) -> None:
    """Who comes without a path gets a page that leads to the questions."""
    answer = client.get("/", headers=BROWSER)
    assert answer.status_code == 200
    assert "/queries" in {attributes.get("href") for tag, attributes in Page(answer.text).tags if tag == "a"}


@pytest.mark.parametrize("address", [*PAGES, f"{ASKED}&format=html"])
def test_a_page_runs_and_loads_nothing_foreign(client: TestClient, address: str) -> None:
    """A page has no script, no handler, nothing from another host, and a policy that forbids them."""
    answer = client.get(address, headers=BROWSER)
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    for tag, attributes in Page(answer.text).tags:
        assert tag not in ("iframe", "object", "embed", "base")
        assert (
            tag != "script"
            or attributes.get("src")
            or attributes.get("type") in ("application/ld+json", "application/json")
        )
        assert not any(name.startswith("on") for name in attributes)
        loaded = [attributes.get(name) or "" for name in ("src", "action", "data", "formaction")]
        loaded += (
            [attributes.get("href") or ""] if tag not in ("a", "link") or attributes.get("rel") == "stylesheet" else []
        )
        assert all(value == "" or (value.startswith("/") and not value.startswith("//")) for value in loaded)


def test_the_style_sheet(client: TestClient) -> None:
    """The style sheet of the pages is there, and loads nothing."""
    answer = client.get("/static/style.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "url(" not in answer.text
    assert "@import" not in answer.text


def test_no_page_of_the_framework(client: TestClient) -> None:
    """The pages of FastAPI, which load scripts from another host, are off."""
    assert client.get("/redoc").status_code == 404
    assert "swagger" not in client.get("/docs").text


def test_any_page_may_ask_but_without_credentials(client: TestClient) -> None:
    """Any other site may read answers, and none may send cookies."""
    origin = {"origin": "https://example.org"}
    plain = client.get("/queries", headers=origin)
    asked = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    preflight = client.options("/sparql", headers=asked)
    for answer in (plain, preflight):
        assert answer.is_success
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
