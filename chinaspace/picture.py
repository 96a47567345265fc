"""Give the answer to a saved query as the picture that its header asks for."""

from __future__ import annotations

from collections.abc import Mapping

from chinaspace.cast import cast
from chinaspace.chart import Sketch
from chinaspace.depict import depict
from chinaspace.errors import ParameterError
from chinaspace.frame import Frame
from chinaspace.queries import SavedQuery
from chinaspace.translate import tongue, translate

LEAST_WIDTH, MOST_WIDTH, USUAL_WIDTH = 320, 2400, 1200
# What an address may say of a picture.
OPTIONS = ("width",)


def has_chart(query: SavedQuery) -> bool:
    """Tell whether the header of a query asks for a chart."""
    return query.chart is not None


def to_svg(query: SavedQuery, frame: Frame, options: Mapping[str, str]) -> bytes:
    """Return the chart of a query as SVG, as wide as the option "width" says in pixels.

    Raises:
        BusyError, DeadlineError, KilledError, MissingPartError: as for :func:`chinaspace.depict.depict`.
        ParameterError: the width is wrong, or the query has no chart.
    """
    return _picture(query, frame, "svg", options)


def to_png(query: SavedQuery, frame: Frame, options: Mapping[str, str]) -> bytes:
    """Return the chart of a query as PNG; else as :func:`to_svg`.

    Raises:
        BusyError, DeadlineError, KilledError, MissingPartError, ParameterError: as for :func:`to_svg`.
    """
    return _picture(query, frame, "png", options)


def read_width(text: str | None) -> int:
    """Return a width in pixels that was typed; the usual one where there is none.

    Raises:
        ParameterError: it is no number, or nothing can be read at that width.
    """
    if text is None:
        return USUAL_WIDTH
    if not (text.isascii() and text.isdigit() and len(text) < 6 and LEAST_WIDTH <= int(text) <= MOST_WIDTH):
        raise ParameterError(
            f"'width' is {text[:40]!r}. Give a number of pixels from {LEAST_WIDTH} to {MOST_WIDTH}, such as width=400."
        )
    return int(text)


def _picture(query: SavedQuery, frame: Frame, form: str, options: Mapping[str, str]) -> bytes:
    width = read_width(options.get("width"))
    if query.chart is None:
        raise ParameterError(f"'{query.name}' has no chart. Ask for its rows, for example as csv.")
    columns = {role: query.column(name) for role, name in query.chart.roles.items()}
    meanings = {role: column.meaning for role, column in columns.items() if column and column.meaning}
    told = {role: translate(meaning) for role, meaning in meanings.items()}
    title, question = translate(query.summary), translate(query.question)
    sketch = Sketch(query.name, title, question, query.chart.kind, len(frame), told, tongue())
    return depict(sketch, cast(frame, query.chart.kind, query.chart.roles), form, width)
