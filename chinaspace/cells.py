"""Prepare the rows of a saved query for a page: labels that link to their things, and headings in words."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.errors import ParameterError
from chinaspace.frame import Cell, Frame
from chinaspace.header import Column
from chinaspace.lead import lead
from chinaspace.queries import SavedQuery
from chinaspace.tables import show

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Shown:
    """One cell: its words with their language, and the address that it leads to, each "" where there is none.

    *kind* tells what it is: "passage", "number", "modality" or "".
    """

    text: str
    link: str = ""
    kind: str = ""
    language: str = ""


@dataclass(frozen=True)
class Sheet:
    """The columns that a page shows, and its rows.

    A thing and its label are one cell, so there are fewer than in the answer.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Shown, ...], ...]


def lay_out(query: SavedQuery, frame: Frame, root: str, every: bool = False) -> Sheet:
    """Return the rows of *frame* for a page whose links begin with *root*; *every* column, where that is wanted."""
    known = [query.column(name) or Column(name, "value", "") for name in frame.columns]
    labels = {column.of: column.name for column in known if column.of}
    kinds = {column.name: column.type for column in known}
    # The label takes the place of its thing; what can be no thing keeps its place, and takes the label in.
    shown = tuple(
        column
        for column in known
        if every
        or (
            not (column.type == "iri" and column.name in labels) and not (column.of and kinds.get(column.of) == "value")
        )
    )
    rows = (dict(zip(frame.columns, row, strict=True)) for row in frame.terms)
    return Sheet(shown, tuple(tuple(_cell(column, row, labels, root) for column in shown) for row in rows))


def pick(frame: Frame, names: list[str]) -> Frame:
    """Return only the columns *names* of *frame*, in the order that is asked for.

    Raises:
        ParameterError: the answer has no such column.
    """
    for name in names:
        if name not in frame.columns:
            raise ParameterError(f"There is no column '{name}'. The answer has {', '.join(frame.columns)}.")
    places = [frame.columns.index(name) for name in names]
    return Frame(tuple(names), tuple(tuple(row[place] for place in places) for row in frame.terms), frame.labels)


def heading(column: Column) -> str:
    """Return the name of a column in words, with its unit: "slip at least (days)"."""
    words = _HUMP.sub(" ", column.name.removesuffix("Name") or column.name).lower()
    return (
        words if not column.unit or column.unit.startswith("?") or column.unit == words else f"{words} ({column.unit})"
    )


def _cell(column: Column, row: dict[str, Cell], labels: dict[str, str], root: str) -> Shown:
    term = row[column.name]
    if term is None:
        return Shown("")
    if column.of:
        return Shown(show(term), _link(row.get(column.of), root), language=language_of(term))
    if isinstance(term, ox.NamedNode):
        label = row.get(labels.get(column.name, "")) if column.type == "value" else None
        return Shown(show(label or term), _link(term, root), language=language_of(label or term))
    text = show(term)
    if column.type == "address" and text.startswith(("https://", "http://")):
        return Shown(text, text, "passage")
    if column.name.lower().endswith("modality"):
        return Shown(text, kind="modality")
    return Shown(text, kind="number" if column.type in ("integer", "decimal") else "", language=language_of(term))


def language_of(term: object) -> str:
    """Return the tag of the language of a literal that has one, else ""."""
    return term.language or "" if isinstance(term, ox.Literal) else ""


def _link(term: Cell, root: str) -> str:
    """Return the address of the page of a thing; words lead nowhere."""
    return lead(term, root) if isinstance(term, ox.NamedNode) else ""


def quote(word: str) -> str:
    """Return *word* as one types it in a shell: within double quotes where these need no escape."""
    plain = shlex.quote(word)
    return f'"{word}"' if plain != word and not re.search(r'["$`!\\\n]', word) else plain
