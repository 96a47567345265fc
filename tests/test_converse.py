"""Language models are offered typed tools, get the same rows as everyone, and learn what is wrong with their call."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest
from jsonschema import Draft202012Validator

from chinaspace.ask import ask
from chinaspace.cache import Cache
from chinaspace.load import Loaded
from chinaspace.queries import saved_queries
from chinaspace.tell import Teller
from chinaspace.web import open_serving
from chinaspace.work import Limits

mcp = pytest.importorskip("mcp", reason="the library mcp is not installed")

from chinaspace.converse import create_server, tools  # noqa: E402 - only where the library is there

T = TypeVar("T")
FREE = [query for query in saved_queries().values() if not any(one.required for one in query.parameters)]
# The rows of this one are as old as the hour.
STEADY = [query for query in FREE if "NOW()" not in query.text]


@pytest.fixture(scope="module")
def teller(graph: Loaded) -> Iterator[Teller]:
    """Return what answers from the real graph."""
    serving = open_serving(graph, Cache(2**24), Limits(seconds=2))
    yield Teller(serving)
    serving.close()


@pytest.fixture(scope="module")
def told(teller: Teller) -> Callable[[str, dict[str, Any]], Any]:
    """Return a function that calls a tool as a client does, over the protocol."""

    def call(name: str, arguments: dict[str, Any]) -> Any:
        async def talk() -> Any:
            async with mcp.Client(create_server(teller)) as client:
                return await client.call_tool(name, arguments)

        return run(talk())

    return call


def run(work: Awaitable[T]) -> T:
    """Run *work*, for a minute at most."""
    return asyncio.run(asyncio.wait_for(work, 60))


def test_each_saved_query_is_a_tool() -> None:
    """Beside three of its own, each saved query is a tool with its parameters, and all only read."""
    found = {tool.name: tool for tool in tools()}
    assert found.keys() == {"find_thing", "describe_thing", "sparql", *saved_queries()}
    for tool in found.values():
        Draft202012Validator.check_schema(tool.input_schema)
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.description
    for query in saved_queries().values():
        schema = found[query.name].input_schema
        assert schema["properties"].keys() == {*(one.name for one in query.parameters), "limit", "offset"}
        assert schema["required"] == [one.name for one in query.parameters if one.required]


def test_a_client_sees_the_tools(teller: Teller) -> None:
    """A client of the protocol gets the same list, and is told how to read what comes."""

    async def talk() -> tuple[list[str], str | None]:
        async with mcp.Client(create_server(teller)) as client:
            return [tool.name for tool in (await client.list_tools()).tools], client.instructions

    names, instructions = run(talk())
    assert names == [tool.name for tool in tools()]
    assert instructions


@pytest.mark.parametrize("query", STEADY, ids=lambda query: query.name)
def test_the_same_rows(told: Callable[..., Any], graph: Loaded, query: Any) -> None:
    """A tool gives the rows that the command line and the web give as CSV."""
    expected = list(csv.reader(io.StringIO(ask(graph.store, query, {}, "csv").body.decode(), newline="")))
    data = told(query.name, {}).structured_content
    assert [column["name"] for column in data["columns"]] == expected[0]
    assert [["" if cell is None else cell for cell in row.values()] for row in data["rows"]] == expected[1:]
    assert data["total"] == len(expected) - 1
    # Whatever names a claim tells how it stands.
    assert {cell for row in data["rows"] for cell in row.values() if cell and "/id/claim-" in cell} <= {*data["claims"]}


def test_paging(told: Callable[..., Any]) -> None:
    """Pages follow each other without a gap, and say where the next begins."""
    whole = told("launches", {}).structured_content["rows"]
    first = told("launches", {"limit": 30}).structured_content
    second = told("launches", {"limit": 30, "offset": first["next_offset"]}).structured_content
    assert first["rows"] + second["rows"] == whole[:60]
    assert first["total"] == len(whole)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("who-said-what", {"thing": "no such thing at all"}),
        ("who-said-what", {"nothing": "x"}),
        ("who-said-what", {"limit": 0}),
        ("who-said-what", {"limit": "many"}),
        ("who-said-what", {"thing": ["mission-change-6"]}),
        ("as-of", {"day": "yesterday"}),
        ("no-such-tool", {}),
        ("describe_thing", {}),
        ("describe_thing", {"thing": "x", "more": 1}),
        ("find_thing", {"name": " "}),
        ("sparql", {"query": "SELECT nonsense"}),
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}),
        ("sparql", {"query": "ASK { ?s ?p ?o }"}),
        ("sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}),
    ],
)
def test_a_wrong_call(told: Callable[..., Any], tool: str, arguments: dict[str, Any]) -> None:
    """What is wrong with a call comes back as an error that the model can read, and within the deadline."""
    answer = told(tool, arguments)
    assert answer.is_error
    assert answer.structured_content["error"] == json.loads(answer.content[0].text)["error"]


def test_an_ambiguous_name(told: Callable[..., Any]) -> None:
    """A name of several things is not guessed at: all of them come back."""
    answer = told("describe_thing", {"thing": "ILRS"})
    assert answer.is_error
    assert len(answer.structured_content["candidates"]) > 1


def test_nothing_typed_changes_a_query(told: Callable[..., Any]) -> None:
    """A parameter that would end the query and add another is a name that nothing has."""
    hostile = "x> } UNION { ?claim ?any ?thing } #"
    assert told("who-said-what", {"thing": hostile}).is_error


def test_over_standard_input_and_output() -> None:
    """The command speaks the protocol on its standard streams, and ends with its input."""

    async def talk() -> tuple[bool, str]:
        parameters = mcp.StdioServerParameters(
            command=sys.executable, args=["-c", "from chinaspace.cli import main; main()", "mcp"]
        )
        async with mcp.Client(mcp.stdio_client(parameters)) as client:
            answer = await client.call_tool("describe_thing", {"thing": "嫦娥五号"})
            return answer.is_error, answer.structured_content["thing"]

    assert run(talk()) == (False, "https://w3id.org/chinaspace/id/mission-change-5")
