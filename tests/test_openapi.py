"""The OpenAPI description: that it is one, that it tells of every query, and that the service does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from chinaspace.forms import forms_of
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.slice import MOST
from live import serving

SECONDS = 120

each_query = pytest.mark.parametrize("query", list(saved_queries().values()), ids=lambda query: query.name)


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    """Return the description of the service over the world."""
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"].startswith("application/json")
    found: dict[str, Any] = answer.json()
    return found


@each_query
def test_an_operation_for_each_query(query: SavedQuery, description: dict[str, Any]) -> None:
    """Each query is an operation with its parameters, typed, and the media types of its answer."""
    operation = description["paths"][f"/queries/{query.name}"]["get"]
    parameters = {one["name"]: one for one in operation["parameters"]}
    assert set(parameters) >= {one.name for one in query.parameters} | {"format", "limit", "offset"}
    for one in query.parameters:
        assert parameters[one.name]["required"] == one.required
        assert parameters[one.name]["description"] == one.help
        shown = [example.values[one.name] for example in query.examples if one.name in example.values]
        assert [example["value"] for example in parameters[one.name].get("examples", {}).values()] == shown
    content = operation["responses"]["200"]["content"]
    assert set(content) == {form.media_type for form in forms_of(query)} | {"text/html"}


def test_its_schemas_are_ones(client: TestClient) -> None:
    """It says which version of OpenAPI it is, each reference leads somewhere, and each schema is one of JSON Schema."""
    text = client.get("/openapi.json").text
    whole = client.get("/openapi.json").json()
    assert whole["openapi"].startswith("3.1.")
    for reference in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        Draft202012Validator.check_schema(whole["components"]["schemas"][reference])
    for path in whole["paths"].values():
        for parameter in path["get"]["parameters"]:
            Draft202012Validator.check_schema(parameter["schema"])
    names = [path["get"]["operationId"] for path in whole["paths"].values()]
    assert len(set(names)) == len(names)


def test_names_that_are_listed_are_taken(client: TestClient) -> None:
    """A thing that the description lists for a parameter is answered for."""
    whole = client.get("/openapi.json").json()
    for name in whole["components"]["schemas"]["Actor"]["enum"]:
        assert client.get("/queries/cooperations", params={"actor": name, "limit": MOST}).status_code == 200


def test_it_is_told_where_a_proxy_offers_it(client: TestClient) -> None:
    """The address of the service is that at which the description was asked for."""
    assert client.get("/zh/openapi.json").json()["servers"] == [{"url": "/zh"}]
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/"}]


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    """Requests made from the description, right and wrong ones, are answered as it says."""
    with serving(Path(__file__).parent / "world.ttl") as live:
        paths = httpx.get(f"{live.address}openapi.json").json()["paths"]
        # The others are like these: one that takes a thing and a day, and one that has a chart.
        chosen = ["/queries", "/queries/plans-as-of", "/queries/contradictions"]
        assert set(chosen) <= set(paths)
        options = [part for path in chosen for part in ("--include-path", path)]
        run = subprocess.run(
            [
                Path(sys.executable).parent / "schemathesis",
                *("run", f"{live.address}openapi.json", "--phases", "coverage,fuzzing", "--max-examples", "5"),
                *("--seed", "1", "--no-color", "--generation-database", "none", "--request-timeout", "60", *options),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert run.returncode == 0, run.stdout
