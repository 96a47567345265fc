"""Draw shapes and words on a white ground in pixels, and write them as SVG or PNG.

Matplotlib measures and writes what is drawn; where each thing goes is decided
by whoever draws, so that no word ends up on another one. Its state that all
share, the settings, is changed by :func:`chinaspace.fonts.settings` alone.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from chinaspace.fonts import DOTS_PER_INCH, Anchor, Box, place

# What a line is drawn in: one of matplotlib's signs, or the lengths of dashes and gaps in points.
Dash: TypeAlias = Literal["-", "--", ":", "-."] | tuple[float, Sequence[float]]
Point: TypeAlias = tuple[float, float]

INK, GREY, PALE, PAPER = "#1a1a1a", "#595959", "#d9d9d9", "#ffffff"
# Told apart by all kinds of sight: M. Okabe and K. Ito, Color Universal Design, 2008.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5c5c5c")
# A second sign beside the colour, for print without it.
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "||||", "----")
MARGIN = 16.0


class Canvas:
    """A drawing of a fixed width that grows downwards: *y* is where the next thing goes.

    *words* are the places of all words. *narrow* drawings leave out what has no room on a telephone.
    """

    def __init__(self, width: int, tongue: Mapping[str, str] | None = None) -> None:
        """Begin an empty drawing, within :func:`chinaspace.fonts.settings`; *tongue* has our words in its language."""
        from matplotlib.figure import Figure

        self.width, self.y = float(width), MARGIN
        self.narrow = width < 640
        self.size = 12.0 if self.narrow else 13.0
        self._tongue = tongue or {}
        self.words: list[tuple[str, Box]] = []
        self._layer = 0
        self._rules: list[Point] = []
        self._figure = Figure(figsize=(width / DOTS_PER_INCH, 1), dpi=DOTS_PER_INCH, facecolor=PAPER)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)

    @property
    def inner(self) -> float:
        """Return the width between the margins."""
        return self.width - 2 * MARGIN

    def say(self, message: str, **values: object) -> str:
        """Return our own words in the language of the drawing, with *values* where they name them."""
        said = self._tongue.get(message, message)
        return said % values if values else said

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 0,
        anchor: Anchor = "left",
        bold: bool = False,
        colour: str = INK,
        upright: bool = False,
    ) -> Box:
        """Write one line of *words* on the line *y*, or *upright* from there to the top; return its place."""
        size = size or self.size
        self._axes.text(
            x,
            y,
            words,
            size=size,
            ha=anchor,
            va="baseline",
            color=colour,
            weight="bold" if bold else "normal",
            rotation=90 if upright else 0,
            rotation_mode="anchor",
            zorder=self._next(),
        )
        box = place(x, y, words, size, anchor, bold)
        if upright:
            box = Box(x - 0.8 * size, y - (box.right - x), x + 0.25 * size, y - (box.left - x))
        self.words.append((words, box))
        return box

    def paragraph(
        self, x: float, lines: Iterable[str], *, size: float = 0, bold: bool = False, colour: str = INK
    ) -> None:
        """Write lines below each other at *y*, which moves on."""
        size = size or self.size
        for line in lines:
            self.y += 1.1 * size
            self.text(x, self.y, line, size=size, bold=bold, colour=colour)
            self.y += 0.25 * size

    def line(self, points: Iterable[Point], colour: str = INK, width: float = 1, dash: Dash = "-") -> None:
        """Draw a line through points."""
        self._line(points, self._next(), colour, width, dash)

    def _line(self, points: Iterable[Point], layer: int, colour: str, width: float = 1, dash: Dash = "-") -> None:
        from matplotlib.lines import Line2D

        xs, ys = zip(*points, strict=True)
        self._axes.add_line(Line2D(xs, ys, color=colour, linewidth=width, linestyle=dash, zorder=layer))

    def rule(self, start: Point, end: Point) -> None:
        """Draw a pale line behind everything; thousands of them cost no more than one."""
        self._rules += [start, end, (float("nan"), float("nan"))]

    def shape(
        self, points: Iterable[Point], fill: str = PAPER, edge: str = "none", width: float = 1, hatch: str = ""
    ) -> None:
        """Draw a closed shape."""
        from matplotlib.patches import Polygon

        drawn = Polygon(
            list(points),
            closed=True,
            facecolor=fill,
            edgecolor=edge,
            linewidth=width,
            hatch=hatch or None,
            zorder=self._next(),
        )
        self._axes.add_patch(drawn)

    def disc(self, x: float, y: float, radius: float, fill: str = PAPER, edge: str = INK, width: float = 1.5) -> None:
        """Draw a circle."""
        from matplotlib.patches import Circle

        self._axes.add_patch(
            Circle((x, y), radius, facecolor=fill, edgecolor=edge, linewidth=width, zorder=self._next())
        )

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: str = PAPER,
        edge: str = "none",
        width: float = 1,
        hatch: str = "",
    ) -> None:
        """Draw a rectangle."""
        self.shape([(left, top), (right, top), (right, bottom), (left, bottom)], fill, edge, width, hatch)

    def _next(self) -> int:
        """Return the layer above all that is there."""
        self._layer += 1
        return self._layer

    def is_free(self, box: Box) -> bool:
        """Tell whether words can go there: within the margins, and on no other words."""
        inside = box.left >= MARGIN / 2 and box.right <= self.width - MARGIN / 2 and box.top >= 0
        return inside and not any(box.meets(other) for _, other in self.words)

    def write(self, form: str, title: str, description: str) -> bytes:
        """Return the drawing as "svg" or "png", as high as *y*; the same each time."""
        height = round(self.y + MARGIN)
        self._axes.set_ylim(height, 0)
        self._figure.set_size_inches(self.width / DOTS_PER_INCH, height / DOTS_PER_INCH)
        if self._rules:
            self._line(self._rules, 0, PALE)
        out = io.BytesIO()
        told: dict[str, Any] = {"Creator": None, "Date": None, "Format": None, "Type": None}
        if form == "png":
            told = {"Software": None, "Title": _latin(title), "Description": _latin(description)}
        self._figure.savefig(out, format=form, metadata=told, dpi=DOTS_PER_INCH)
        return out.getvalue()


def _latin(text: str) -> str:
    """Return *text* in the signs that a PNG can hold."""
    return unicodedata.normalize("NFKD", text).encode("latin-1", "ignore").decode("latin-1")
