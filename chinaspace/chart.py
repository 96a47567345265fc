"""Draw the rows of a saved query as the chart that its header asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chinaspace.canvas import GREY, MARGIN, Canvas
from chinaspace.cast import Row
from chinaspace.chart_bar import draw_bar
from chinaspace.chart_line import draw_line
from chinaspace.chart_map import draw_map
from chinaspace.chart_matrix import draw_matrix
from chinaspace.chart_network import draw_network
from chinaspace.chart_timeline import draw_timeline
from chinaspace.fonts import settings
from chinaspace.polish import polish
from chinaspace.wrap import clean, wrap

_LONGEST_DESCRIPTION = 2000

_KINDS: dict[str, Callable[[Canvas, Sequence[Row], Mapping[str, str]], str]] = {
    "bar": draw_bar,
    "line": draw_line,
    "map": draw_map,
    "matrix": draw_matrix,
    "network": draw_network,
    "timeline": draw_timeline,
}


@dataclass(frozen=True)
class Sketch:
    """What is to be drawn: a *kind* of chart, and what to write around it.

    *rows* is how many rows the whole answer has, of which the first only may be
    drawn. *meanings* tells what the columns of some roles mean. *tongue* has
    our own words in the language of the picture, where it is not English.
    """

    name: str
    title: str
    question: str
    kind: str
    rows: int
    meanings: Mapping[str, str] = field(default_factory=dict)
    tongue: Mapping[str, str] = field(default_factory=dict)


def draw(sketch: Sketch, rows: Sequence[Row], form: str, width: int) -> bytes:
    """Return the chart of *rows* as "svg" or "png", *width* pixels wide and as high as it takes.

    What was reported is filled, a plan is open, and a date that may be several
    days is as long as these. The same rows give the same bytes.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    return lay_out(sketch, rows, form, width)[0]


def lay_out(sketch: Sketch, rows: Sequence[Row], form: str, width: int) -> tuple[bytes, Canvas]:
    """Return the chart, and the canvas, which knows where all words are."""
    with settings():
        canvas = Canvas(width, sketch.tongue)
        size = 16.0 if canvas.narrow else 20.0
        canvas.paragraph(MARGIN, wrap(sketch.title, canvas.inner, size, 3, bold=True), size=size, bold=True)
        canvas.y += 4
        canvas.paragraph(MARGIN, wrap(sketch.question, canvas.inner, canvas.size, 4), colour=GREY)
        told = _KINDS[sketch.kind](canvas, rows, sketch.meanings) if rows else _say_nothing(canvas)
        canvas.y += 6
        foot = _foot(sketch, len(rows), canvas)
        canvas.paragraph(MARGIN, wrap(foot, canvas.inner, 11, 3), size=11, colour=GREY)
        description = clean_long(f"{sketch.question} {foot}. {told}")
        drawing = canvas.write(form, sketch.title, description)
    return (polish(drawing, clean(sketch.title), description) if form == "svg" else drawing), canvas


def clean_long(text: str) -> str:
    """Return a description in words that XML can hold, not without end."""
    return " ".join(clean(part) for part in text.split(" "))[:_LONGEST_DESCRIPTION]


def _foot(sketch: Sketch, drawn: int, canvas: Canvas) -> str:
    total = f"{sketch.rows:,}"
    count = canvas.say("%(total)s rows", total=total) if sketch.rows != 1 else canvas.say("1 row")
    if drawn < sketch.rows:
        count = canvas.say("first %(drawn)s of %(total)s rows", drawn=f"{drawn:,}", total=total)
    return f"chinaspace · {sketch.name} · {count}"


def _say_nothing(canvas: Canvas) -> str:
    canvas.y += 10
    words = canvas.say("No row answers the question.")
    canvas.paragraph(MARGIN, wrap(words, canvas.inner, canvas.size))
    return words
