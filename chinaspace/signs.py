"""Draw the signs that all charts share: filled is what was reported, open is a plan, grey is disputed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chinaspace.canvas import COLOURS, GREY, HATCHES, INK, MARGIN, PAPER, Canvas
from chinaspace.cast import DISPUTED, PLANNED, STATED
from chinaspace.fonts import extent
from chinaspace.wrap import shorten, wrap

# Draws a sign in the middle of a line: on a canvas, at x and y.
Sign = Callable[[Canvas, float, float], None]


@dataclass(frozen=True)
class Style:
    """How an area is filled: the same in colour and in print."""

    fill: str
    edge: str
    hatch: str = ""

    def box(self, canvas: Canvas, left: float, top: float, right: float, bottom: float) -> None:
        """Fill a rectangle; what is too narrow for an edge is all edge if it is open, and all filled if not."""
        if right - left < 4:
            canvas.box(left, top, max(right, left + 1.5), bottom, self.edge if self.fill == PAPER else self.fill)
            return
        canvas.box(left, top, right, bottom, self.fill, self.edge, 1.4, self.hatch)

    def sign(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw the sign of the legend."""
        self.box(canvas, x - 8, y - 6, x + 8, y + 6)


STANDINGS = {
    STATED: Style(COLOURS[1], INK),
    PLANNED: Style(PAPER, COLOURS[0]),
    DISPUTED: Style("#bdbdbd", GREY, "xxxx"),
}
# What makes an area open, whatever its colour.
_OPEN = {"planned": COLOURS[0], "predicted": COLOURS[2]}


def styles(names: Iterable[str]) -> dict[str, Style]:
    """Return a style for each name: plans and predictions are open, the others filled, each in its own way."""
    found: dict[str, Style] = {}
    filled = [(colour, hatch) for colour, hatch in zip(COLOURS[1:], HATCHES, strict=False)]
    for name in names:
        if name in _OPEN:
            found[name] = Style(PAPER, _OPEN[name], "////" if name == "predicted" else "")
        else:
            colour, hatch = filled[len([one for one in found if one not in _OPEN]) % len(filled)]
            found[name] = Style(colour, INK, hatch)
    return found


def called(canvas: Canvas, name: str) -> str:
    """Return what a legend calls a standing or a modality; any other name as it is."""
    own = {
        STATED: canvas.say("reported"),
        DISPUTED: canvas.say("alleged, denied or opinion"),
        "asserted": canvas.say("asserted"),
        "planned": canvas.say("planned"),
        "predicted": canvas.say("predicted"),
        "estimated": canvas.say("estimated"),
        "alleged": canvas.say("alleged"),
        "denied": canvas.say("denied"),
        "opinion": canvas.say("opinion"),
    }
    return own.get(name, name)


def legend(canvas: Canvas, items: Sequence[tuple[Sign, str]]) -> None:
    """Write what the signs mean, in as many lines as it takes."""
    x, canvas.y = MARGIN, canvas.y + 20
    for sign, words in items:
        words = shorten(words or canvas.say("not told"), canvas.inner - 26, canvas.size)
        wide = 26 + extent(words, canvas.size)
        if x > MARGIN and x + wide > canvas.width - MARGIN:
            x, canvas.y = MARGIN, canvas.y + 22
        sign(canvas, x + 9, canvas.y - 4)
        canvas.text(x + 26, canvas.y, words)
        x += wide + 20
    canvas.y += 14


def caption(canvas: Canvas, meanings: Mapping[str, str], roles: Mapping[str, str]) -> None:
    """Write what the columns of some *roles* mean, each after its word."""
    parts = [f"{word}: {meanings[role]}" for role, word in roles.items() if meanings.get(role)]
    if parts:
        canvas.y += 2
        canvas.paragraph(MARGIN, wrap(" · ".join(parts), canvas.inner, 12, 4), size=12, colour=GREY)


def shade(part: float) -> str:
    """Return a blue that is the darker the larger *part* is, from 0 to 1."""
    light, dark = (222, 235, 247), (8, 69, 148)
    mixed = (round(first + (last - first) * part) for first, last in zip(light, dark, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def on(part: float) -> str:
    """Return the colour of words that are read on a shade."""
    return PAPER if part > 0.45 else INK
