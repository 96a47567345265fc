"""Write the reference of the saved queries: what each takes and gives, with some rows of a real answer."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from chinaspace.ask import solve
from chinaspace.cells import Sheet, heading, lay_out, quote
from chinaspace.frame import Frame, read_frame
from chinaspace.queries import SavedQuery
from chinaspace.tables import Rows, to_markdown

# So much of an answer shows what it is like. Addresses hold words of the sources, so they are left out.
_ROWS, _COLUMNS = 2, 6
_BEGIN = "| name | question | parameters |\n|---|---|---|\n"


def write_manual(page: str, store: ox.Store, queries: Iterable[SavedQuery]) -> str:
    """Return *page*, which is docs/queries.md, with what follows its introduction made anew from *store*."""
    known = list(queries)
    head = page.partition(_BEGIN)[0]
    rows = "".join(
        f"| `{query.name}` | {query.question} | {', '.join(f'`{one.name}`' for one in query.parameters)} |\n"
        for query in known
    )
    return f"{head}{_BEGIN}{rows}" + "".join(_section(store, query) for query in known)


def _section(store: ox.Store, query: SavedQuery) -> str:
    given = dict(query.examples[0].values) if query.examples else {}
    lines = [f"\n## {query.name}\n", f"{query.summary}: {query.question}\n"]
    if query.parameters:
        lines.append("\n".join(f"- `{one}`" for one in query.parameters) + "\n")
    lines.append(_columns(query))
    asked = "".join(f" --param {quote(f'{name}={value}')}" for name, value in given.items())
    shown = f", {query.examples[0].shows}" if query.examples else ""
    lines.append(f"`chinaspace query {query.name}{asked}`{shown}:\n")
    lines.append(_rows(query, read_frame(solve(store, query, given))))
    return "\n".join(lines)


def _columns(query: SavedQuery) -> str:
    rows = tuple((one.name, one.type, one.unit.replace("?", ""), one.meaning) for one in query.columns)
    return to_markdown(Rows(("column", "type", "unit", "meaning"), rows))


def _rows(query: SavedQuery, frame: Frame) -> str:
    sheet = lay_out(query, Frame(frame.columns, frame.terms[:_ROWS]), "")
    places = _chosen(sheet)
    names = tuple(heading(sheet.columns[place]) for place in places)
    return to_markdown(Rows(names, tuple(tuple(row[place].text for place in places) for row in sheet.rows)))


def _chosen(sheet: Sheet) -> list[int]:
    told = [place for place, column in enumerate(sheet.columns) if column.type not in ("iri", "address")]
    return told[:_COLUMNS]
