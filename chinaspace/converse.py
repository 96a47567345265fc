"""Converse with language models: the Model Context Protocol over what is served, a tool for each saved query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server

from chinaspace import __version__
from chinaspace.errors import AmbiguousNameError, ChinaSpaceError, ParameterError
from chinaspace.header import Parameter
from chinaspace.identify import identify
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.recount import USUAL as USUAL_CLAIMS
from chinaspace.recount import recount
from chinaspace.tell import MOST, USUAL, Teller, Told

_INSTRUCTIONS = (
    "A knowledge graph of what was said about China's space programme: each claim has a modality (asserted, planned, "
    "predicted, estimated, alleged, denied, opinion), a speaker, a date and a passage. Never repeat a plan, a "
    "prediction or an allegation as a fact; name speaker and date, link the passage, and tell what other claims deny, "
    "contradict, resolve or supersede. What is said of a group is not said of each pair of its members. "
    "Begin with find_thing where a name may stand for several things; describe_thing tells all of one thing; "
    "the other tools are saved queries. What no claim says is not known here."
)
_HINTS = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_SCHEMA_TYPES = {"integer": "integer"}
_FORMATS = {"date": "date", "iri": "iri-reference"}
_PAGING = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL, "description": "Rows to return."},
    "offset": {"type": "integer", "minimum": 0, "default": 0, "description": "Rows to pass over."},
}
_THING = {"type": "string", "description": "A label, alias, slug or IRI; English or Chinese.", "minLength": 1}


def tools() -> list[types.Tool]:
    """Return all tools, the saved queries after those that are always there."""
    return [
        _tool(
            "find_thing",
            "Find things by name",
            "Which things of the graph does a name stand for? All of them are given, with kind and other names.",
            {"name": _THING, "limit": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}},
            ["name"],
        ),
        _tool(
            "describe_thing",
            "Describe a thing",
            "What is a thing, which facts are held of it, and what was said of it and its parts, by whom and when?",
            {"thing": _THING, **_PAGING, "limit": {**_PAGING["limit"], "default": USUAL_CLAIMS}},
            ["thing"],
        ),
        _tool(
            "sparql",
            "Ask in SPARQL",
            "Rows of a read-only SPARQL 1.1 SELECT query. Select ?claim to be told how each row stands.",
            {"query": {"type": "string", "minLength": 1}, **_PAGING},
            ["query"],
        ),
        *(_query_tool(query) for query in saved_queries().values()),
    ]


def _tool(name: str, title: str, description: str, properties: dict[str, Any], required: list[str]) -> types.Tool:
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return types.Tool(name=name, title=title, description=description, input_schema=schema, annotations=_HINTS)


def _query_tool(query: SavedQuery) -> types.Tool:
    properties = {parameter.name: _property(parameter) for parameter in query.parameters} | _PAGING
    required = [parameter.name for parameter in query.parameters if parameter.required]
    return _tool(query.name, query.summary, query.question, properties, required)


def _property(parameter: Parameter) -> dict[str, Any]:
    """Return the JSON Schema of a parameter."""
    found: dict[str, Any] = {"type": _SCHEMA_TYPES.get(parameter.type, "string"), "description": parameter.help}
    if parameter.type == "iri":
        kinds = f" of one of {', '.join(parameter.classes)}" if parameter.classes else ""
        found["description"] += f" (a label, alias, slug or IRI{kinds})"
    elif parameter.type in _FORMATS:
        found["format"] = _FORMATS[parameter.type]
    if parameter.choices:
        found["enum"] = list(parameter.choices)
    if parameter.default is not None:
        found["default"] = int(parameter.default) if found["type"] == "integer" else parameter.default
    return found


def create_server(teller: Teller) -> Server[Any]:
    """Return a server that answers from *teller*; it has yet to be given a transport."""

    async def list_tools(
        _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools())

    async def call_tool(_: ServerRequestContext[Any], asked: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            told = await call(teller, asked.name, asked.arguments or {})
        except ChinaSpaceError as error:
            return _fault(error)
        text = types.TextContent(type="text", text=told.text)
        return types.CallToolResult(content=[text], structured_content=told.data)

    return Server(
        "chinaspace", version=__version__, instructions=_INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool
    )


async def call(teller: Teller, name: str, given: Mapping[str, Any]) -> Told:
    """Return what the tool *name* answers.

    Raises:
        ChinaSpaceError: there is no such tool, an argument is missing, unknown or wrong, or there is no answer.
    """
    arguments = dict(given)
    limit = _number(arguments, "limit", {"find_thing": 10, "describe_thing": USUAL_CLAIMS}.get(name, USUAL), 1, MOST)
    if name == "find_thing":
        wanted = _only(arguments, "name")
        return await identify(teller, wanted, min(limit, 50))
    offset = _number(arguments, "offset", 0, 0, 10**9)
    if name == "describe_thing":
        return await recount(teller, _only(arguments, "thing"), limit, offset)
    if name == "sparql":
        return await teller.sparql(_only(arguments, "query"), limit, offset)
    values = {key: _text(key, value) for key, value in arguments.items() if value is not None}
    return await teller.answer(name, values, limit, offset)


def _number(arguments: dict[str, Any], key: str, usual: int, least: int, most: int) -> int:
    value = arguments.pop(key, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ParameterError(
            f"The argument '{key}' is no whole number from {least} to {most}. Give for example {usual}."
        )
    return value


def _only(arguments: dict[str, Any], key: str) -> str:
    """Return the argument *key*, beside which there may be none."""
    value = arguments.pop(key, None)
    if arguments:
        raise ParameterError(f"There is no argument '{str(next(iter(arguments)))[:40]}'. Give '{key}'.")
    if not isinstance(value, str) or not value.strip():
        raise ParameterError(f"The argument '{key}' is missing. Give it as a text.")
    return value


def _text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ParameterError(f"The argument '{key[:40]}' is neither a text nor a whole number. Write it as a text.")


def _fault(error: ChinaSpaceError) -> types.CallToolResult:
    """Return what went wrong, so that the model can mend its call; of an ambiguous name all that it stands for."""
    data: dict[str, Any] = {"error": str(error)}
    if isinstance(error, AmbiguousNameError):
        data["candidates"] = [one._asdict() for one in error.candidates]
    content = types.TextContent(type="text", text=json.dumps(data, ensure_ascii=False))
    return types.CallToolResult(content=[content], structured_content=data, is_error=True)


async def run(server: Server[Any]) -> None:
    """Converse on standard input and output until the input ends."""
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
