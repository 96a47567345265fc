"""Write the rows of a saved query so that they fit a terminal, with links that it can open."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chinaspace.cells import Sheet, Shown, heading

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

# What has no place in a cell: with it, data could steer the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
# A column of words that is narrower than this cannot be read.
_NARROWEST = 12
_FRAME = 3


def to_terminal(sheet: Sheet, width: int, linked: bool) -> str:
    """Return *sheet* as a table of at most *width* characters; row below row where so many columns do not fit.

    Where the terminal takes links (*linked*), things and passages are links by
    OSC 8; elsewhere passages stand there as their addresses.
    """
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=linked, color_system="standard" if linked else None, highlight=False
    )
    for part in [_table(sheet, linked)] if _needed(sheet, linked) <= width else _records(sheet, linked):
        console.print(part)
    return out.getvalue()


def _needed(sheet: Sheet, linked: bool) -> int:
    """Return the width of a table in which each column can be read."""
    total = 1
    for place, column in enumerate(sheet.columns):
        words = [heading(column), *(_words(row[place], linked) for row in sheet.rows)]
        total += min(_NARROWEST, max(map(len, words))) + _FRAME
    return total


def _table(sheet: Sheet, linked: bool) -> RenderableType:
    from rich.table import Table

    table = Table()
    for column in sheet.columns:
        is_number = column.type in ("integer", "decimal")
        table.add_column(heading(column), justify="right" if is_number else "left", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(_text(cell, linked) for cell in row))
    return table


def _records(sheet: Sheet, linked: bool) -> Iterable[RenderableType]:
    from rich.rule import Rule
    from rich.table import Table

    for number, row in enumerate(sheet.rows, start=1):
        yield Rule(str(number), align="left")
        record = Table.grid(padding=(0, 2))
        for column, cell in zip(sheet.columns, row, strict=True):
            if cell.text:
                record.add_row(heading(column), _text(cell, linked))
        yield record


def _text(cell: Shown, linked: bool) -> Text:
    from rich.style import Style
    from rich.text import Text

    link = _CONTROL.sub("", cell.link)
    return Text(_words(cell, linked), style=Style(link=link) if linked and link else "", overflow="fold")


def _words(cell: Shown, linked: bool) -> str:
    words = "open the passage" if linked and cell.kind == "passage" else cell.text
    return _CONTROL.sub(" ", words)
