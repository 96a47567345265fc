"""Draw a bar for each label, in parts: how many claims each speaker makes, and of which kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from chinaspace.canvas import GREY, INK, MARGIN, PALE, Canvas
from chinaspace.cast import Row
from chinaspace.fonts import extent
from chinaspace.signs import STANDINGS, Style, called, caption, legend, styles
from chinaspace.wrap import shorten, wrap

_MOST_BARS = 40
_MOST_PARTS = 6
_OTHER = "other"

Bars = dict[str, Counter[str]]


def draw_bar(canvas: Canvas, rows: Sequence[Row], meanings: Mapping[str, str]) -> str:
    """Draw the sums of "value" by "label", in parts by "part" if there are any; without any number rows are counted.

    The largest come first; what has no room is summed up below them. Returns
    what the chart shows in words.
    """
    caption(canvas, meanings, {"y": canvas.say("Length of a bar")})
    bars, kinds = _add(rows)
    order = sorted(bars, key=lambda name: (-_size(bars[name]), name))
    looks: dict[str, Style] = styles(kinds) if len(kinds) > 1 else dict.fromkeys(kinds, STANDINGS["reported"])
    if len(kinds) > 1:
        legend(canvas, [(look.sign, _named(canvas, name)) for name, look in looks.items()])
    shown, left_out = order[:_MOST_BARS], order[_MOST_BARS:]
    _Bars(canvas, {name: bars[name] for name in shown}, looks).draw()
    if left_out:
        rest = sum(_total(bars[name]) for name in left_out)
        words = canvas.say("%(count)s more with %(sum)s in all.", count=len(left_out), sum=number(rest))
        canvas.paragraph(MARGIN, wrap(words, canvas.inner, 12), size=12, colour=GREY)
    return "; ".join(f"{name}: {number(_total(bars[name]))}" for name in shown)


def _named(canvas: Canvas, part: str) -> str:
    return canvas.say("other") if part == _OTHER else called(canvas, part)


def number(value: float) -> str:
    """Return a number as people write it, with at most two digits after the point."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def steps(low: float, high: float, most: int) -> list[float]:
    """Return at most *most* round numbers from *low* to *high* for an axis."""
    span = (high - low) or 1.0
    size = 10.0 ** math.floor(math.log10(span))
    candidates = [size * factor / 10 for factor in (1, 2, 5, 10, 20, 50, 100)]
    step = next((one for one in candidates if span / one <= max(1, most - 1)), candidates[-1])
    return [round(place * step, 10) for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def fitting(low: float, high: float, width: float, most: int) -> list[float]:
    """Return at most *most* round numbers from *low* to *high* that have room beside each other on *width* pixels."""
    for count in range(most, 1, -1):
        ticks = steps(low, high, count)
        widest = max((extent(number(tick), 11) for tick in ticks), default=0)
        if len(ticks) < 2:
            return ticks
        apart = width * (ticks[-1] - ticks[0]) / ((high - low) or 1.0) / (len(ticks) - 1)
        # One at an end may have to move inwards by half of it.
        if apart > 1.5 * widest + 8:
            return ticks
    return steps(low, high, 2)[:1]


def _add(rows: Sequence[Row]) -> tuple[Bars, list[str]]:
    counted = not any("value" in row.numbers for row in rows)
    bars: Bars = {}
    sizes: Counter[str] = Counter()
    for row in rows:
        value = 1.0 if counted else row.numbers.get("value")
        if value is None or not row.words.get("label"):
            continue
        part = row.words.get("part", "")
        bars.setdefault(row.words["label"], Counter())[part] += value  # type: ignore[assignment]
        sizes[part] += abs(value)  # type: ignore[assignment]
    kept = [part for part, _ in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))]
    if len(kept) > _MOST_PARTS:
        other = set(kept[_MOST_PARTS - 1 :])
        for parts in bars.values():
            parts[_OTHER] = sum(parts.pop(name) for name in other & set(parts))
        kept = [*kept[: _MOST_PARTS - 1], _OTHER]
    return bars, kept


def _total(parts: Counter[str]) -> float:
    return sum(parts.values())


def _size(parts: Counter[str]) -> float:
    return sum(map(abs, parts.values()))


class _Bars:
    """The bars, with their scale: beside their labels, or below them on a narrow canvas."""

    def __init__(self, canvas: Canvas, bars: Bars, looks: dict[str, Style]) -> None:
        self.canvas, self.bars, self.looks = canvas, bars, looks
        widest = max((extent(name, canvas.size) for name in bars), default=0)
        labels = 0.0 if canvas.narrow else min(widest, 0.32 * canvas.inner) + 12
        ends = [number(_total(parts)) for parts in bars.values()]
        room = max((extent(end, canvas.size) for end in ends), default=0) + 10
        self.left, self.right = MARGIN + labels, canvas.width - MARGIN - room
        self.low = min((sum(value for value in parts.values() if value < 0) for parts in bars.values()), default=0.0)
        self.high = max((sum(value for value in parts.values() if value > 0) for parts in bars.values()), default=0.0)
        if self.low == self.high:
            self.high = self.low + 1

    def x(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def draw(self) -> None:
        canvas = self.canvas
        canvas.y += 8
        top = canvas.y
        ticks = fitting(self.low, self.high, self.right - self.left, 9)
        tallies = canvas.y + 14
        for tick in ticks:
            half = extent(number(tick), 11) / 2
            x = min(max(self.x(tick), half + 2), canvas.width - half - 2)
            canvas.text(x, tallies, number(tick), size=11, anchor="center", colour=GREY)
        canvas.y += 22
        places = [(name, *self._label(name)) for name in self.bars]
        for tick in ticks:
            canvas.line([(self.x(tick), top + 18), (self.x(tick), canvas.y)], PALE if tick else GREY)
        for name, bar_top, bar_bottom in places:
            self._bar(self.bars[name], bar_top, bar_bottom)
        canvas.y += 6

    def _label(self, name: str) -> tuple[float, float]:
        """Write the label of a bar, and return where the bar goes."""
        canvas = self.canvas
        if canvas.narrow:
            canvas.y += 3
            canvas.paragraph(MARGIN, wrap(name, canvas.inner, canvas.size))
            top = canvas.y + 2
            canvas.y = top + 22
            return top, top + 14
        lines = wrap(name, self.left - MARGIN - 12, canvas.size)
        top = canvas.y
        canvas.y += 1.25 * canvas.size * max(1, len(lines)) + 9
        middle = (top + canvas.y) / 2
        for place, line in enumerate(lines):
            y = middle + canvas.size * (0.35 + 1.25 * (place - (len(lines) - 1) / 2))
            canvas.text(self.left - 10, y, line, anchor="right")
        return middle - 9, middle + 9

    def _bar(self, parts: Counter[str], top: float, bottom: float) -> None:
        above = below = 0.0
        for name, look in self.looks.items():
            value = parts.get(name, 0.0)
            if not value:
                continue
            start = above if value > 0 else below
            look.box(self.canvas, self.x(start), top, self.x(start + value), bottom)
            above, below = (above + value, below) if value > 0 else (above, below + value)
        words = shorten(number(_total(parts)), self.canvas.inner, self.canvas.size)
        self.canvas.text(self.x(above) + 6, (top + bottom) / 2 + 0.35 * self.canvas.size, words, colour=INK)
