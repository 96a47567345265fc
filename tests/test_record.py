"""The log of requests, and the numbers for Prometheus."""

from __future__ import annotations

import asyncio
import io
import json
import re

import httpx
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from chinaspace.record import AccessLog
from conftest import WORLD
from live import serving, soon


@given(st.text(), st.text(), st.text())
def test_a_line_is_json_whatever_was_asked(client: str, method: str, path: str) -> None:
    """Each request is one line, and what came from a client stays a value in it."""

    async def write() -> str:
        out = io.StringIO()
        log = AccessLog(out)
        log.write(client, method, path, 200, 12, 0.0123)
        log.flush()
        return out.getvalue()

    text = asyncio.run(write())
    line = json.loads(text)
    assert text.count("\n") == 1
    assert (line["client"], line["method"], line["path"]) == (client, method, path[:200])
    assert (line["status"], line["bytes"], line["ms"]) == (200, 12, 12.3)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


def test_a_running_server_logs_without_what_was_asked() -> None:
    """The log has path and status of a request soon after it, and neither its query nor its parameters."""
    with serving(WORLD, "--proxies", "127.0.0.1") as live:
        headers = {"x-forwarded-for": "192.0.2.7"}
        httpx.get(live.address + "sparql", params={"query": "ASK { <urn:secret> ?p ?o }"}, headers=headers, timeout=10)
        assert soon(lambda: '"path": "/sparql"' in "".join(live.lines))
        lines = [json.loads(line) for line in live.lines if line.startswith("{")]
    assert lines[-1]["path"] == "/sparql"
    assert lines[-1]["status"] == 200
    assert lines[-1]["client"] == "192.0.2.7"
    assert "secret" not in "".join(live.lines)


def test_a_server_below_a_path_and_without_a_log() -> None:
    """Links begin with the root path; without a log there is none."""
    with serving(WORLD, "--no-log", "--root-path", "/space") as live:
        page = httpx.get(live.address.replace("space/", "") + "sparql", headers={"accept": "text/html"}, timeout=10)
        assert 'href="/space/queries"' in page.text
        front = httpx.get(live.address, timeout=10)
        assert 'href="/space/queries"' in front.text
    assert not [line for line in live.lines if line.startswith("{")]


def numbers(client: TestClient) -> dict[tuple[str, ...], float]:
    """Return all that the server counts."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(sample.name, *sorted(sample.labels.values())): sample.value for one in families for sample in one.samples}


def test_numbers(client: TestClient) -> None:
    """Requests, stopped queries and kept answers are counted, under names that clients cannot make up."""
    before = numbers(client)
    for target in ("/sparql?query=ASK{?s ?p 1}", "/sparql?query=ASK{?s ?p 1}", "/nowhere/1", "/nowhere/2"):
        client.get(target)
    after = numbers(client)

    def grown(*key: str) -> float:
        return after[key] - before.get(key, 0)

    assert grown("chinaspace_cache_total", "engine") == 1
    assert grown("chinaspace_cache_total", "kept") == 1
    requests = {key: value for key, value in after.items() if key[0] == "chinaspace_requests_total"}
    assert {part for key in requests for part in key if part.startswith("/")} <= {
        "/sparql",
        "/metrics",
        "/queries/NAME",
    }
    assert requests["chinaspace_requests_total", "404", "GET", "other"] == 2
    assert requests["chinaspace_requests_total", "/sparql", "200", "GET"] >= 2
