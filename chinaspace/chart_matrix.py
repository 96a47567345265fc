"""Draw how often each row meets each column, as a table of shaded cells: who contradicts whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chinaspace.canvas import GREY, INK, MARGIN, PALE, PAPER, Canvas
from chinaspace.cast import Row
from chinaspace.fonts import extent
from chinaspace.signs import Sign, caption, legend, on, shade
from chinaspace.wrap import shorten, wrap

_CELL = 30.0
_MOST_NAMES = 60
# Names of columns: how long their lines are, and how high; two of them have room over a cell.
_HEAD, _HEAD_SIZE = 250.0, 11.5
# Each kind of relation has a sign before its number; a third and further ones share the last.
_SIGNS = ("■", "△", "○")


@dataclass(frozen=True)
class _Cells:
    """How often a row meets a column, by the kind of their relation."""

    counts: dict[tuple[str, str], Counter[str]]
    rows: list[str]
    columns: list[str]
    kinds: list[str]


def draw_matrix(canvas: Canvas, rows: Sequence[Row], meanings: Mapping[str, str]) -> str:
    """Draw the sums of "value" of each "row" and "column", by "part" if there are any; without "value" rows count.

    Columns that have no room beside each other go below, with the rows that
    meet them. Returns the cells in words.
    """
    told = {"value": canvas.say("rows of the answer")} | dict(meanings)
    heads = {"row": canvas.say("Rows"), "column": canvas.say("Columns"), "value": canvas.say("Number")}
    caption(canvas, told, heads)
    cells = _gather(rows)
    most = max((sum(parts.values()) for parts in cells.counts.values()), default=1)
    items: list[tuple[Sign, str]] = [(_look(0.0), "1"), (_look(1.0), f"{most:g}")] if most > 1 else [(_look(0.0), "1")]
    if len(cells.kinds) > 1:
        items += [(_kind(sign), name) for sign, name in zip(_SIGNS, _named(canvas, cells.kinds), strict=False)]
    legend(canvas, items)
    labels = min(max((extent(name, canvas.size) for name in cells.rows), default=0), 0.36 * canvas.inner) + 10
    narrowest = _wide(cells)
    room = max(1, int((canvas.inner - labels) // narrowest))
    wide = min(max(narrowest, (canvas.inner - labels) / max(1, min(room, len(cells.columns)))), 2 * _CELL)
    for start in range(0, len(cells.columns), room):
        columns = cells.columns[start : start + room]
        shown = [row for row in cells.rows if any((row, column) in cells.counts for column in columns)]
        _draw(canvas, cells, (shown, columns), (labels, wide), most)
    order = sorted(cells.counts)
    pairs = [(canvas.say("%(row)s against %(column)s", row=one, column=other), one, other) for one, other in order]
    return "; ".join(f"{words}: {_words(cells, one, other)}" for words, one, other in pairs)


def _gather(rows: Sequence[Row]) -> _Cells:
    counted = not any("value" in row.words for row in rows)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        value = 1.0 if counted else row.numbers.get("value")
        if value and row.words.get("row") and row.words.get("column"):
            parts = counts.setdefault((row.words["row"], row.words["column"]), Counter())
            parts[row.words.get("part", "")] += value  # type: ignore[assignment]
    totals: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    for (first, second), parts in counts.items():
        totals[0][first] += sum(parts.values())
        totals[1][second] += sum(parts.values())
        totals[2].update(parts)
    names = [sorted(total, key=lambda name: (-total[name], name))[:_MOST_NAMES] for total in totals]
    kept = {pair: parts for pair, parts in counts.items() if pair[0] in names[0] and pair[1] in names[1]}
    return _Cells(kept, names[0], names[1], names[2])


def _draw(
    canvas: Canvas, cells: _Cells, names: tuple[list[str], list[str]], widths: tuple[float, float], most: float
) -> None:
    """Draw a part of the cells; *widths* are those of the labels and of a column."""
    (rows, columns), (labels, wide) = names, widths
    left = MARGIN + labels
    _heads(canvas, columns, left, wide)
    for name in rows:
        lines = wrap(name, labels - 10, canvas.size, 4)
        high = max(_CELL, 1.25 * canvas.size * len(lines) + 6)
        for place, line in enumerate(lines):
            y = canvas.y + high / 2 + canvas.size * (0.35 + 1.25 * (place - (len(lines) - 1) / 2))
            canvas.text(left - 8, y, line, anchor="right")
        for place, column in enumerate(columns):
            box = (left + place * wide, canvas.y, left + (place + 1) * wide, canvas.y + high)
            _cell(canvas, cells, name, column, box, most)
        canvas.y += high
    canvas.y += 14


def _heads(canvas: Canvas, columns: list[str], left: float, wide: float) -> None:
    """Write the names of columns upright, in two lines if they are long."""
    heads = [wrap(name, _HEAD, _HEAD_SIZE, 2) for name in columns]
    canvas.y += max(extent(line, _HEAD_SIZE) for lines in heads for line in lines) + 12
    for place, lines in enumerate(heads):
        for row, line in enumerate(lines):
            x = left + (place + 0.5) * wide + _HEAD_SIZE * (0.35 + 1.15 * (row - (len(lines) - 1) / 2))
            canvas.text(x, canvas.y - 6, line, size=_HEAD_SIZE, upright=True)


def _cell(
    canvas: Canvas, cells: _Cells, row: str, column: str, box: tuple[float, float, float, float], most: float
) -> None:
    left, top, right, bottom = box
    parts = cells.counts.get((row, column))
    if not parts:
        canvas.box(*box, PAPER, PALE, 0.8)
        return
    part = _part(sum(parts.values()), most)
    canvas.box(*box, shade(part), PAPER, 1)
    lines = _words(cells, row, column).split(" ")
    for place, line in enumerate(lines):
        y = (top + bottom) / 2 + 11 * (0.36 + 1.15 * (place - (len(lines) - 1) / 2))
        canvas.text((left + right) / 2, y, shorten(line, right - left, 11), size=11, anchor="center", colour=on(part))


def _words(cells: _Cells, row: str, column: str) -> str:
    """Return the numbers of a cell, each after the sign of its kind where there are several kinds."""
    parts = cells.counts[row, column]
    if len(cells.kinds) < 2:
        return f"{sum(parts.values()):g}"
    sums: Counter[str] = Counter()
    for name, value in parts.items():
        sums[_SIGNS[min(cells.kinds.index(name), len(_SIGNS) - 1)]] += value
    return " ".join(f"{sign}{sums[sign]:g}" for sign in _SIGNS if sums[sign])


def _wide(cells: _Cells) -> float:
    """Return how wide a column is that all cells have room in."""
    words = [word for row, column in cells.counts for word in _words(cells, row, column).split(" ")]
    return max(_CELL, max((extent(word, 11) for word in words), default=0) + 6)


def _named(canvas: Canvas, kinds: list[str]) -> list[str]:
    """Return what each sign stands for."""
    last = len(_SIGNS) - 1
    return kinds if len(kinds) <= len(_SIGNS) else [*kinds[:last], canvas.say(" or ").join(kinds[last:])]


def _part(value: float, most: float) -> float:
    return (value - 1) / (most - 1) if most > 1 else 0.0


def _look(part: float) -> Sign:
    return lambda canvas, x, y: canvas.box(x - 8, y - 7, x + 8, y + 7, shade(part), GREY, 0.8)


def _kind(sign: str) -> Sign:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.text(x, y + 4, sign, size=11, anchor="center", colour=INK)

    return draw
