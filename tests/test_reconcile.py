"""The Reconciliation Service API 0.2, as a client such as OpenRefine speaks it, held to its schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing
import referencing.jsonschema
from fastapi.testclient import TestClient

SCHEMAS = Path(__file__).parent / "schemas" / "reconciliation"
LEAST_SCHEMAS = 9
PATH = "/reconcile"
LAMP = {"q0": {"query": "Lamp 1"}}


def check(name: str, value: object) -> None:
    """Hold a reply to a schema of the specification."""
    resources = [(path.name, json.loads(path.read_text("utf-8"))) for path in SCHEMAS.glob("*.json")]
    assert len(resources) >= LEAST_SCHEMAS
    # The security definitions of Swagger are not at hand, and no reply here has them.
    resources.append(("http://swagger.io/v2/schema.json", {"definitions": {"securityDefinitions": {}}}))
    registry: Any = referencing.Registry()
    for place, schema in resources:
        made = referencing.jsonschema.DRAFT7.create_resource(schema)
        registry = registry.with_resource(place, made).with_resource(schema.get("$id", place), made)
    schema = dict(resources)[f"{name}.json"]
    jsonschema.Draft7Validator(schema, registry=registry).validate(value)


def ask(client: TestClient, queries: object) -> dict[str, Any]:
    answer = client.post(PATH, data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    check("reconciliation-query-batch", queries)
    check("reconciliation-result-batch", answer.json())
    return dict(answer.json())


def first(client: TestClient, **query: object) -> dict[str, Any]:
    return dict(ask(client, {"q": query})["q"]["result"][0])


def test_manifest(client: TestClient) -> None:
    """Without queries the service introduces itself, to every page."""
    answer = client.get(PATH)
    check("manifest", answer.json())
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["versions"] == ["0.2"]


def test_addresses_of_the_manifest(client: TestClient) -> None:
    """Every address that the manifest names answers."""
    found = client.get(PATH).json()
    places = [found["preview"]["url"].replace("{{id}}", "mission-lamp-1")]
    for what, key in (("entity", "mission-lamp-1"), ("type", "Mission"), ("property", "launchDate")):
        service = found["suggest"][what]
        places.append(f"{service['service_url']}{service['service_path']}?prefix=lamp")
        places.append(f"{service['flyout_service_url']}{service['flyout_service_path'].replace('${id}', key)}")
    propose = found["extend"]["propose_properties"]
    places.append(f"{propose['service_url']}{propose['service_path']}?type=Mission")
    for place in places:
        assert client.get(place).status_code == 200, place


def test_batch(client: TestClient) -> None:
    """Each query of a batch has its candidates under its key, the best first, and GET answers like POST."""
    queries = {"a": {"query": "Lamp 2", "limit": 3}, "b": {"query": "Nothland Space Agnecy"}}
    found = ask(client, queries)
    assert found["a"]["result"][0]["id"] == "mission-lamp-2"
    assert found["b"]["result"][0]["id"] == "institution-north-agency"
    assert client.get(PATH, params={"queries": json.dumps(queries)}).json() == found
    for key in found:
        scores = [one["score"] for one in found[key]["result"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)


def test_sure(client: TestClient) -> None:
    """A match is certain only where the name is right and nothing else has it."""
    assert first(client, query="Northland Space Agency")["match"]
    assert not first(client, query="Nothland Space Agency")["match"]


def test_limit(client: TestClient) -> None:
    """No more candidates come than are asked for."""
    assert len(ask(client, {"q": {"query": "Lamp 1", "limit": 1}})["q"]["result"]) == 1


def test_types(client: TestClient) -> None:
    """A type leaves out what is of another, by its short name, its prefixed name or its IRI; "should" prefers it."""
    for name in ("Spacecraft", "cs:Spacecraft", "https://w3id.org/chinaspace/ontology/Spacecraft"):
        found = ask(client, {"q": {"query": "Lamp 1", "type": name, "limit": 20}})["q"]["result"]
        assert found[0]["id"] == "spacecraft-lamp-1"
        assert all("Spacecraft" in {kind["id"] for kind in one["type"]} for one in found)
    query = {"query": "Lamp 1", "type": ["Spacecraft"], "type_strict": "should", "limit": 20}
    assert len(ask(client, {"q": query})["q"]["result"]) > len(found)


def test_properties(client: TestClient) -> None:
    """A property decides between things of one name, and one that differs makes no sure match."""
    country = [{"pid": "country", "v": {"id": "country-south"}}]
    assert first(client, query="Space Agency", properties=country)["id"] == "institution-south-agency"
    wrong = first(client, query="Northland Space Agency", properties=country)
    assert not wrong["match"]
    right = first(client, query="Northland Space Agency", properties=[{"pid": "country", "v": "Northland"}])
    assert (right["id"], right["match"]) == ("institution-north-agency", True)


def test_properties_alone(client: TestClient) -> None:
    """A query without a name finds what has the values."""
    query = {"properties": [{"pid": "country", "v": "Southland"}]}
    found = ask(client, {"q": query})["q"]["result"]
    assert "institution-south-agency" in {one["id"] for one in found}
    assert "institution-north-agency" not in {one["id"] for one in found}


def test_extension(client: TestClient) -> None:
    """Tables get the values of properties: things with names, dates as instants, and nothing for what is unknown."""
    asked = {
        "ids": ["institution-north-agency", "launch-lamp-1", "nothing"],
        "properties": [{"id": "country"}, {"id": "launchDate"}],
    }
    check("data-extension-query", asked)
    found = client.get(PATH, params={"extend": json.dumps(asked)}).json()
    check("data-extension-response", found)
    assert [one["id"] for one in found["meta"]] == ["country", "launchDate"]
    assert found["rows"]["institution-north-agency"]["country"] == [{"id": "country-north", "name": "Northland"}]
    assert all(set(one) <= {"date", "str"} for one in found["rows"]["launch-lamp-1"]["launchDate"])
    assert found["rows"]["launch-lamp-1"]["launchDate"]
    assert found["rows"]["nothing"] == {"country": [], "launchDate": []}


def test_extension_of_what_was_launched(client: TestClient) -> None:
    """What a launch says is said of what it launched, as many values as are asked for."""
    asked = {"ids": ["spacecraft-lamp-1"], "properties": [{"id": "launchDate", "settings": {"limit": "1"}}]}
    found = client.post(PATH, data={"extend": json.dumps(asked)}).json()
    assert len(found["rows"]["spacecraft-lamp-1"]["launchDate"]) == 1


def test_proposed_properties(client: TestClient) -> None:
    """Properties that things of a class have are proposed."""
    found = client.get(f"{PATH}/properties", params={"type": "Launch", "limit": "5"}).json()
    check("data-extension-property-proposal", found)
    assert "launches" in {one["id"] for one in found["properties"]}
    assert len(found["properties"]) == 5


@pytest.mark.parametrize(
    ("what", "prefix", "key", "schema"),
    [
        ("entity", "lam", "mission-lamp-1", "suggest-entities-response"),
        ("property", "launch d", "launchDate", "suggest-properties-response"),
        ("type", "miss", "Mission", "suggest-types-response"),
    ],
)
def test_suggestions(client: TestClient, what: str, prefix: str, key: str, schema: str) -> None:
    """What begins so is suggested, from a cursor on, with a few words on it."""
    found = client.get(f"{PATH}/suggest/{what}", params={"prefix": prefix}).json()
    check(schema, found)
    assert key in {one["id"] for one in found["result"]}
    later = client.get(f"{PATH}/suggest/{what}", params={"prefix": prefix, "cursor": "1"}).json()
    assert later["result"] == found["result"][1:] or len(later["result"]) == len(found["result"])
    flyout = client.get(f"{PATH}/flyout/{what}", params={"id": key}).json()
    assert flyout["id"] == key
    assert flyout["html"]


def test_preview(client: TestClient) -> None:
    """A preview may be framed by any page, and runs nothing."""
    answer = client.get(f"{PATH}/preview", params={"id": "mission-lamp-1"})
    policy = answer.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "frame-ancestors *" in policy[0]
    assert "script" not in policy[0]
    assert "Lamp 1" in answer.text
