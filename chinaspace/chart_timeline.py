"""Draw when things were planned and when they came about, with the slip between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from chinaspace.axis import Axis, axis
from chinaspace.canvas import GREY, INK, MARGIN, Canvas
from chinaspace.cast import DISPUTED, PLANNED, STATED, Row
from chinaspace.dates import Span
from chinaspace.fonts import extent
from chinaspace.lanes import Lane, lanes
from chinaspace.signs import STANDINGS, Sign, Style, called, legend
from chinaspace.wrap import shorten, wrap

_MOST_LANES = 150
_HIGH = 24.0
# A shorter span is drawn as a sign of this size.
_SIGN = 6.0
_ARROW = 22.0


def draw_timeline(canvas: Canvas, rows: Sequence[Row], meanings: Mapping[str, str]) -> str:
    """Draw "label" by the roles that :func:`chinaspace.lanes.lanes` reads; return it in words.

    An open end is an arrow. A slip is a dotted line from the end of the plan.
    """
    things: dict[str, list[Lane]] = {}
    count = 0
    for name, found in lanes(rows, canvas.say).items():
        count += len(found)
        if count > _MOST_LANES and things:
            break
        things[name] = found[:_MOST_LANES]
    every = [lane for found in things.values() for lane in found]
    _explain(canvas, every)
    left_out = len(lanes(rows, canvas.say)) - len(things)
    _Timeline(canvas, things).draw()
    if left_out:
        canvas.paragraph(
            MARGIN, [canvas.say("%(count)s later things are left out.", count=left_out)], size=12, colour=GREY
        )
    return "; ".join(f"{name}: {', '.join(_tell(canvas, lane) for lane in found)}" for name, found in things.items())


def _explain(canvas: Canvas, every: list[Lane]) -> None:
    items: list[tuple[Sign, str]] = []
    if any(lane.plan or PLANNED in dict(lane.marks).values() for lane in every):
        items.append((_sign(PLANNED), called(canvas, PLANNED)))
    for standing in (STATED, DISPUTED):
        if any(standing == other for lane in every for _, other in lane.marks):
            items.append((_sign(standing), called(canvas, standing)))
    if any(lane.slip for lane in every):
        items.append((lambda on, x, y: on.line([(x - 9, y), (x + 9, y)], INK, 1.6, ":"), canvas.say("slip")))
    style = STANDINGS[PLANNED if any(lane.plan for lane in every) else STATED]
    items.append((style.sign, canvas.say("some day in this time")))
    if any(days.earliest is None or days.latest is None for lane in every for days in lane.spans):
        items.append((lambda on, x, y: _arrow(on, x - 9, x + 9, y, style), canvas.say("open end")))
    legend(canvas, items)


class _Timeline:
    """The lanes, with their axis: beside their labels, or below them on a narrow canvas."""

    def __init__(self, canvas: Canvas, things: dict[str, list[Lane]]) -> None:
        self.canvas, self.things = canvas, things
        widest = max((extent(name, canvas.size) for name in things), default=0)
        slips = [extent(lane.slip, 12) for found in things.values() for lane in found]
        labels = 0.0 if canvas.narrow else min(widest, 0.3 * canvas.inner) + 14
        notes = 0.0 if canvas.narrow else min(max(slips, default=0), 0.2 * canvas.inner) + 8
        spans = [days for found in things.values() for lane in found for days in lane.spans]
        # Both ends have room for an arrow or half a sign.
        self.axis: Axis = axis(spans, MARGIN + labels, canvas.width - MARGIN - notes - _ARROW)

    def draw(self) -> None:
        canvas = self.canvas
        canvas.y += 4
        self.axis.words(canvas)
        for name, found in self.things.items():
            self._thing(name, found)
        canvas.rule((MARGIN, canvas.y), (canvas.width - MARGIN, canvas.y))
        self.axis.words(canvas)

    def _thing(self, name: str, found: list[Lane]) -> None:
        canvas = self.canvas
        canvas.rule((MARGIN, canvas.y), (canvas.width - MARGIN, canvas.y))
        canvas.y += 4
        if canvas.narrow:
            canvas.paragraph(MARGIN, wrap(name, canvas.inner, canvas.size))
            canvas.y += 2
            for lane in found:
                if lane.slip:
                    canvas.paragraph(MARGIN + 8, wrap(lane.slip, canvas.inner - 8, 11), size=11, colour=GREY)
                    canvas.y += 2
                self.axis.grid(canvas, canvas.y - 2, canvas.y + _HIGH)
                self._lane(lane, canvas.y)
                canvas.y += _HIGH
            return
        lines = wrap(name, self.axis.left - MARGIN - 14, canvas.size)
        height = max(_HIGH * len(found), 1.25 * canvas.size * len(lines) + 2)
        start = canvas.y + (height - 1.25 * canvas.size * len(lines)) / 2
        for place, line in enumerate(lines):
            canvas.text(self.axis.left - 14, start + canvas.size * (0.95 + 1.25 * place), line, anchor="right")
        top = canvas.y + (height - _HIGH * len(found)) / 2
        self.axis.grid(canvas, canvas.y - 4, canvas.y + height + 4)
        for place, lane in enumerate(found):
            self._lane(lane, top + place * _HIGH)
        canvas.y += height + 4

    def _lane(self, lane: Lane, top: float) -> None:
        canvas, middle = self.canvas, top + _HIGH / 2
        if lane.plan and lane.slip:
            start = _end(lane.plan, last=True)
            for days, _ in lane.marks:
                canvas.line(
                    [(self.axis.x(start), middle), (self.axis.x(_end(days, last=False)), middle)], INK, 1.6, ":"
                )
        if lane.plan:
            self._span(lane.plan, middle, PLANNED)
        for days, standing in sorted(lane.marks, key=lambda mark: (mark[1] == STATED, -_length(mark[0]))):
            self._span(days, middle, standing)
        if lane.slip and not canvas.narrow:
            left = self.axis.right + _ARROW + 8
            canvas.text(left, middle + 4, shorten(lane.slip, canvas.width - MARGIN - left, 12), size=12)

    def _span(self, days: Span, y: float, standing: str) -> None:
        style, half = STANDINGS[standing], 5.0 if standing == STATED else 7.0
        if days.earliest is None or days.latest is None:
            x = self.axis.x(_end(days, last=False))
            _arrow(self.canvas, x, x + (_ARROW if days.earliest else -_ARROW), y, style)
            return
        left, right = self.axis.x(days.earliest), self.axis.x(days.latest)
        if right - left < 2 * _SIGN:
            _sign(standing)(self.canvas, (left + right) / 2, y)
        else:
            style.box(self.canvas, left, y - half, right, y + half)


def _sign(standing: str) -> Sign:
    """Return the sign of a short span: filled and round if it was reported, else open and with corners."""
    style = STANDINGS[standing]

    def draw(canvas: Canvas, x: float, y: float) -> None:
        if standing == STATED:
            canvas.disc(x, y, _SIGN - 1, style.fill, style.edge, 1)
            return
        size = _SIGN + 1
        corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
        canvas.shape(corners, style.fill, style.edge, 1.8, style.hatch)

    return draw


def _arrow(canvas: Canvas, start: float, end: float, y: float, style: Style) -> None:
    """Draw a bar without an end."""
    neck = end - 8 if end > start else end + 8
    corners = [(start, y - 6), (neck, y - 6), (end, y), (neck, y + 6), (start, y + 6)]
    canvas.shape(corners, style.fill, style.edge, 1.8, style.hatch)


def _end(days: Span, last: bool) -> date:
    """Return the last or the first of the days, or else their other end."""
    ends = (days.latest, days.earliest) if last else (days.earliest, days.latest)
    return next((day for day in ends if day), date.min)


def _length(days: Span) -> int:
    return (days.latest - days.earliest).days if days.earliest and days.latest else 10**7


def _tell(canvas: Canvas, lane: Lane) -> str:
    plan = [f"{called(canvas, PLANNED)} {_say(canvas, lane.plan)}"] if lane.plan else []
    marks = [f"{called(canvas, standing)} {_say(canvas, days)}" for days, standing in lane.marks]
    return ", ".join([*plan, *marks, *([lane.slip] if lane.slip else [])])


def _say(canvas: Canvas, days: Span) -> str:
    if days.earliest == days.latest:
        return str(days.earliest)
    return canvas.say("%(first)s to %(last)s", first=days.earliest or "…", last=days.latest or "…")
