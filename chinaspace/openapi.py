"""Describe what is served over HTTP in OpenAPI 3.1: an operation for each saved query, made from its header."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chinaspace.errors import Candidate
from chinaspace.forms import Form, forms_of
from chinaspace.header import Parameter
from chinaspace.picture import LEAST_WIDTH, MOST_WIDTH
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.slice import MOST

# Returns the things that a form in the browser offers for classes.
Offers = Callable[[tuple[str, ...]], tuple[Candidate, ...]]

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_FAULTS = {
    "400": "A parameter is missing, wrong or unknown, or a name stands for several things.",
    "406": "None of the forms that the Accept header takes is to be had.",
    "503": "Too many queries wait already; come again when Retry-After says.",
    "504": "The query took longer than it may.",
    "507": "The query took more memory than it may.",
}
_RESULTS = {
    "type": "object",
    "required": ["head", "results"],
    "properties": {
        "head": {"type": "object", "required": ["vars"]},
        "results": {"type": "object", "required": ["bindings"]},
    },
}
_BOUNDS = {
    "limit": ("At most so many rows.", {"type": "integer", "minimum": 1, "maximum": MOST}),
    "offset": ("From this row on, counted from 0.", {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}),
    "width": ("The width of a picture in pixels.", {"type": "integer", "minimum": LEAST_WIDTH, "maximum": MOST_WIDTH}),
}


def describe_api(version: str, root: str, offers: Offers) -> dict[str, Any]:
    """Return the description of the service below the path *root*; *offers* gives names of things for parameters.

    The names that are listed for a thing are those that its form offers: labels
    and slugs of the graph that is served. Other names of theirs are taken as well.
    """
    queries = list(saved_queries().values())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "chinaspace",
            "version": version,
            "summary": "Who said what about China's space programme, and what became of it.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": root or "/"}],
        "tags": [{"name": tag} for tag in sorted({query.tags[0] for query in queries if query.tags})],
        "paths": {"/queries": {"get": _list()}}
        | {f"/queries/{query.name}": {"get": _operation(query)} for query in queries},
        "components": {
            "schemas": {"Problem": _problem(), "Queries": _queries()}
            | {_key(parameter): _names(query, parameter, offers) for query in queries for parameter in _things(query)}
        },
    }


def _list() -> dict[str, Any]:
    return {
        "operationId": "list-queries",
        "summary": "List the saved queries, with what they take and give",
        "parameters": [
            _parameter("q", "Only queries with these words.", {"type": "string"}),
            _parameter("format", "The form of the list.", {"type": "string", "enum": ["json", "html"]}, empty=False),
        ],
        "responses": {
            "200": {
                "description": "The queries.",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Queries"}},
                    "text/html": {"schema": {"type": "string"}},
                },
            }
        }
        | _faults("400", "406"),
    }


def _operation(query: SavedQuery) -> dict[str, Any]:
    forms = forms_of(query)
    options = dict.fromkeys(["limit", "offset", *(option for form in forms for option in form.options)])
    return {
        "operationId": query.name,
        "summary": query.summary,
        "description": "\n".join((query.question, "", *(f"- `{one.name}`: {one.meaning}" for one in query.columns))),
        "tags": list(query.tags[:1]),
        "parameters": [
            *(_of_query(query, parameter) for parameter in query.parameters),
            _parameter(
                "format",
                "The form of the answer; without it the Accept header chooses.",
                {"type": "string", "enum": [*(form.name for form in forms), "html"]},
                empty=False,
            ),
            *(_parameter(name, *_BOUNDS[name]) for name in options if name in _BOUNDS),
        ],
        "responses": {
            "200": {
                "description": "The rows of the answer.",
                "headers": {
                    "ETag": {"description": "Changes with the data.", "schema": {"type": "string"}},
                    "Link": {
                        "description": "The first, previous, next and last page (RFC 8288), where rows were left out.",
                        "schema": {"type": "string"},
                    },
                },
                "content": {form.media_type: _content(form) for form in forms}
                | {"text/html": {"schema": {"type": "string"}}},
            }
        }
        | _faults(*_FAULTS),
    }


def _content(form: Form) -> dict[str, Any]:
    if form.name == "json":
        return {"schema": _RESULTS}
    if form.name == "geojson":
        return {"schema": {"type": "object", "required": ["type", "features"]}}
    return {"schema": {"type": "string"}} if form.media_type.startswith("text/") else {}


def _of_query(query: SavedQuery, parameter: Parameter) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {
        "iri": {"$ref": f"#/components/schemas/{_key(parameter)}"},
        "integer": {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
        "date": {"type": "string", "format": "date"},
        "language": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
        "one-of": {"type": "string", "enum": list(parameter.choices)},
    }
    schema = known.get(parameter.type, {"type": "string", "minLength": 1, "pattern": "^[^\\u0000\\ud800-\\udfff]*$"})
    told = _parameter(parameter.name, parameter.help, schema, parameter.required)
    shown = {
        f"example{number}": {"summary": example.shows, "value": example.values[parameter.name]}
        for number, example in enumerate(query.examples, start=1)
        if parameter.name in example.values
    }
    return told | ({"examples": shown} if shown else {})


def _parameter(
    name: str, description: str, schema: dict[str, Any], required: bool = False, empty: bool = True
) -> dict[str, Any]:
    """Return a parameter; what need not be given may also be left empty, as a form in the browser does."""
    if not required and empty and schema != {"type": "string"}:
        schema = {"anyOf": [schema, {"type": "string", "const": ""}]}
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def _things(query: SavedQuery) -> list[Parameter]:
    return [parameter for parameter in query.parameters if parameter.type == "iri"]


def _key(parameter: Parameter) -> str:
    """Return the name of the schema for the things that a parameter takes."""
    return "-".join(name.partition(":")[2] for name in parameter.classes) or "Thing"


def _names(query: SavedQuery, parameter: Parameter, offers: Offers) -> dict[str, Any]:
    names = [candidate.name for candidate in offers(parameter.classes)]
    names = names or [one.values[parameter.name] for one in query.examples if parameter.name in one.values]
    kinds = ", ".join(parameter.classes) or "any class"
    described = f"A thing of {kinds}. Any other label, alias, slug or IRI of one is taken as well."
    return {"type": "string", "description": described} | ({"enum": list(dict.fromkeys(names))} if names else {})


def _faults(*statuses: str) -> dict[str, Any]:
    # Whoever asks for a page is told on it what is wrong with a parameter, beside the form.
    page = {"text/html": {"schema": {"type": "string"}}}
    return {
        status: {"description": _FAULTS[status], "content": _PROBLEM | (page if status == "400" else {})}
        for status in statuses
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "What went wrong, by RFC 9457; a wrong parameter comes with those that the query takes.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "parameters": {"type": "array", "items": {"type": "object"}},
            "parameter": {"type": "string"},
            "candidates": {"type": "array", "items": {"type": "object", "required": ["name", "label", "kind"]}},
        },
    }


def _queries() -> dict[str, Any]:
    keys = ["name", "summary", "question", "tags", "parameters", "columns", "examples", "chart", "formats"]
    return {
        "type": "object",
        "required": ["queries"],
        "properties": {"queries": {"type": "array", "items": {"type": "object", "required": keys}}},
    }
