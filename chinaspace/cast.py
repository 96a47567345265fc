"""Read the cells of a query in the roles that a chart gives its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from chinaspace.dates import DATE_TYPES, Span, span
from chinaspace.errors import DateError
from chinaspace.frame import Cell, Frame
from chinaspace.names import shorten
from chinaspace.tables import show
from chinaspace.wrap import clean

# No more rows are drawn; the picture tells.
MOST_ROWS = 500
STATED, PLANNED, DISPUTED = "reported", "planned", "alleged, denied or opinion"
_STANDING = {"planned": PLANNED, "predicted": PLANNED, "alleged": DISPUTED, "denied": DISPUTED, "opinion": DISPUTED}
# What roles of headers mean, where two kinds of chart say the same in other words.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "bar": {"x": "label", "y": "value", "group": "part"},
    "line": {"y": "value", "group": "part"},
    "map": {"kind": "modality"},
    "matrix": {"kind": "part"},
    "network": {"kind": "modality"},
    "timeline": {"start": "date", "kind": "modality"},
}


@dataclass(frozen=True)
class Row:
    """A row: what each role has as words, as a number and as days, where it is one."""

    words: Mapping[str, str]
    numbers: Mapping[str, float]
    spans: Mapping[str, Span]

    @property
    def standing(self) -> str:
        """Return whether it was reported, planned or disputed, by the role "modality"; reported without one."""
        return _STANDING.get(self.words.get("modality", "").rpartition(":")[2], STATED)


def cast(frame: Frame, kind: str, roles: Mapping[str, str]) -> list[Row]:
    """Return the first MOST_ROWS rows of *frame* for a *kind* of chart, with the columns of a header's *roles*.

    Roles that mean the same in several kinds get one name; an empty cell has none.
    """
    places = {role: frame.columns.index(column) for role, column in _named(kind, roles).items()}
    return [
        _read({role: row[place] for role, place in places.items()}, frame.labels) for row in frame.terms[:MOST_ROWS]
    ]


def _named(kind: str, roles: Mapping[str, str]) -> dict[str, str]:
    names = dict(_NAMES[kind])
    if "end" in roles:  # of a timeline: a plan and what came of it
        names |= {"start": "planned", "end": "actual"}
    return {names.get(role, role): column for role, column in roles.items()}


def _read(cells: Mapping[str, Cell], labels: Mapping[str, str]) -> Row:
    there = {role: cell for role, cell in cells.items() if cell is not None}
    words = {role: clean(_words(cell, labels)) for role, cell in there.items()}
    numbers = {role: number for role, cell in there.items() if (number := _number(cell)) is not None}
    spans = {role: days for role, cell in there.items() if (days := _span(cell)) is not None}
    return Row(words, numbers, spans)


def _words(cell: Cell, labels: Mapping[str, str]) -> str:
    if isinstance(cell, ox.NamedNode):
        return labels.get(cell.value) or shorten(cell.value)
    return show(cell)


def _number(cell: Cell) -> float | None:
    if not isinstance(cell, ox.Literal):
        return None
    try:
        number = float(cell.value)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # neither infinite nor longer than a label


def _span(cell: Cell) -> Span | None:
    if not isinstance(cell, ox.Literal) or cell.datatype.value not in DATE_TYPES:
        return None
    try:
        days = span(cell.value, cell.datatype.value)
    except DateError:
        return None
    return days if days.earliest or days.latest else None


def begin(days: Span) -> float:
    """Return the first of the days as a day number; where the start is open, the last."""
    return float((days.earliest or days.latest or date.min).toordinal())
