"""Draw how a number goes over time, or over another number: a line for each part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from chinaspace.axis import axis
from chinaspace.canvas import COLOURS, GREY, INK, MARGIN, PALE, PAPER, Canvas, Dash
from chinaspace.cast import Row, begin
from chinaspace.chart_bar import fitting, number, steps
from chinaspace.dates import Span
from chinaspace.fonts import extent
from chinaspace.signs import Sign, called, caption, legend

_MOST_LINES = 6
_DASHES: tuple[Dash, ...] = ("-", "--", ":", "-.", (0, (6, 2, 1, 2, 1, 2)), (0, (1, 3)))
_PLANS = ("planned", "predicted")

# Of each part: the places on the axis with the sum there, and the days that each place stands for.
Lines = dict[str, dict[float, float]]


def draw_line(canvas: Canvas, rows: Sequence[Row], meanings: Mapping[str, str]) -> str:
    """Draw the sums of "value" at each "x", a date or a number, a line for each "part"; return them in words.

    A date of several days stands at the first of them. Where dates are years,
    the line has a gap for each year without one. Points of plans are open.
    """
    caption(canvas, meanings, {"y": canvas.say("Height of a line")})
    lines, spans = _gather(rows)
    looks = {name: _look(place, name) for place, name in enumerate(lines)}
    if len(lines) > 1:
        legend(canvas, [(_sign(look), called(canvas, name)) for name, look in looks.items()])
    values = [value for line in lines.values() for value in line.values()]
    ticks = steps(min(0.0, *values), max(0.0, *values), 6) if values else [0.0]
    low, high = min(0.0, *values, *ticks), max(0.0, *values, *ticks, 1e-9)
    left = MARGIN + max(extent(number(tick), 11) for tick in ticks) + 12
    top, bottom = canvas.y + 10, canvas.y + 10 + min(420.0, 0.6 * canvas.inner + 60)
    scale = axis(spans, left, canvas.width - MARGIN)
    xs = [x for line in lines.values() for x in line]

    def at(x: float, y: float) -> tuple[float, float]:
        first, last = (scale.first, scale.last) if spans else (min(xs, default=0), max(xs, default=1))
        part = (x - first) / ((last - first) or 1)
        return left + part * (canvas.width - MARGIN - left), bottom - (y - low) / (high - low) * (bottom - top)

    for tick in ticks:
        y = at(0, tick)[1]
        canvas.line([(left, y), (canvas.width - MARGIN, y)], PALE if tick else GREY)
        canvas.text(left - 8, y + 4, number(tick), size=11, anchor="right", colour=GREY)
    for name, line in lines.items():
        for piece in _pieces(line, spans):
            _draw(canvas, [at(x, line[x]) for x in piece], looks[name])
    canvas.y = bottom
    if spans:
        scale.words(canvas)
    else:
        ticks = fitting(min(xs, default=0), max(xs, default=1), canvas.width - MARGIN - left, 8)
        _number_axis(canvas, [(at(x, low)[0], number(x)) for x in ticks])
    return _tell(canvas, lines)


def _tell(canvas: Canvas, lines: Lines) -> str:
    whole = canvas.say("sum")
    return "; ".join(
        f"{called(canvas, name) or whole}: {', '.join(map(number, line.values()))}" for name, line in lines.items()
    )


def _gather(rows: Sequence[Row]) -> tuple[Lines, list[Span]]:
    """Return the lines, and the days if the axis is one of time."""
    counted = not any("value" in row.numbers for row in rows)
    timely = any("x" in row.spans for row in rows)
    found: Lines = defaultdict(lambda: defaultdict(float))
    spans = []
    for row in rows:
        x = begin(row.spans["x"]) if timely and "x" in row.spans else None if timely else row.numbers.get("x")
        value = 1.0 if counted else row.numbers.get("value")
        if x is not None and value is not None:
            found[row.words.get("part", "")][x] += value
            spans += [row.spans["x"]] if timely else []
    order = sorted(found, key=lambda name: (-sum(map(abs, found[name].values())), name))[:_MOST_LINES]
    return {name: found[name] for name in order}, spans


def _pieces(line: Mapping[float, float], spans: Sequence[Span]) -> list[list[float]]:
    """Return the places of a line in pieces that are each drawn through."""
    yearly = bool(spans) and all(
        days.earliest and days.latest and (days.latest - days.earliest).days in (364, 365) for days in spans
    )
    pieces: list[list[float]] = []
    for x in sorted(line):
        if pieces and (not yearly or x - pieces[-1][-1] <= 366):
            pieces[-1].append(x)
        else:
            pieces.append([x])
    return pieces


_Look: TypeAlias = tuple[str, Dash, bool]


def _look(place: int, name: str) -> _Look:
    return COLOURS[place % len(COLOURS)], _DASHES[place % len(_DASHES)], name in _PLANS


def _draw(canvas: Canvas, points: Sequence[tuple[float, float]], look: _Look) -> None:
    colour, dash, is_open = look
    if len(points) > 1:
        canvas.line(points, colour, 2, dash)
    for x, y in points:
        canvas.disc(x, y, 4, PAPER if is_open else colour, colour if is_open else INK, 1.4)


def _sign(look: _Look) -> Sign:
    return lambda canvas, x, y: _draw(canvas, [(x - 9, y), (x + 9, y)], look)


def _number_axis(canvas: Canvas, ticks: Sequence[tuple[float, str]]) -> None:
    canvas.y += 18
    for x, words in ticks:
        half = extent(words, 11) / 2
        inside = min(max(x, MARGIN + half), canvas.width - MARGIN - half)
        canvas.text(inside, canvas.y, words, size=11, anchor="center", colour=GREY)
    canvas.y += 6
