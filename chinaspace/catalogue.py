"""Tell what a saved query takes and gives, for a list of them and for reports of what was wrong."""

from __future__ import annotations

from typing import Any

from chinaspace.forms import forms_of
from chinaspace.queries import SavedQuery
from chinaspace.translate import translate


def describe(query: SavedQuery) -> dict[str, Any]:
    """Return what the header of *query* says, and the forms in which its answer can be had."""
    return {
        "name": query.name,
        "summary": query.summary,
        "question": query.question,
        "tags": query.tags,
        "parameters": describe_parameters(query),
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "labelOf": column.of,
                "unit": column.unit or None,
                "meaning": column.meaning,
            }
            for column in query.columns
        ],
        "examples": [{"parameters": dict(example.values), "shows": example.shows} for example in query.examples],
        "chart": {"kind": query.chart.kind, "roles": dict(query.chart.roles)} if query.chart else None,
        "formats": [*(form.name for form in forms_of(query)), "html"],
    }


def describe_parameters(query: SavedQuery) -> list[dict[str, Any]]:
    """Return what *query* takes."""
    return [
        {
            "name": parameter.name,
            "type": parameter.type,
            "classes": parameter.classes,
            "choices": parameter.choices,
            "required": parameter.required,
            "default": parameter.default,
            "help": parameter.help,
        }
        for parameter in query.parameters
    ]


def by_tag(queries: list[SavedQuery]) -> dict[str, list[SavedQuery]]:
    """Return the queries of each tag, of which the first that a query has is its group; groups are sorted by name."""
    groups: dict[str, list[SavedQuery]] = {}
    for query in queries:
        groups.setdefault(query.tags[0] if query.tags else "other", []).append(query)
    return dict(sorted(groups.items()))


def matching(queries: list[SavedQuery], words: str) -> list[SavedQuery]:
    """Return the queries whose name, summary, question, tags or examples have each of *words*, in whatever case.

    Summary and question count in the language of the visit as well.
    """
    wanted = words.casefold().split()
    return [query for query in queries if all(word in _said_by(query) for word in wanted)]


def _said_by(query: SavedQuery) -> str:
    shown = (example.shows for example in query.examples)
    told = (query.summary, query.question, translate(query.summary), translate(query.question))
    return " ".join((query.name, *told, *query.tags, *shown)).casefold()
