"""Measure words in the fonts of drawings, and set up matplotlib for them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from chinaspace.errors import MissingPartError
from chinaspace.remember import cache_folder

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg

Anchor: TypeAlias = Literal["left", "center", "right"]

DOTS_PER_INCH = 72  # so that a point is a pixel
# Fonts that have Chinese; the first that is installed helps out where the Latin one has no sign.
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans CJK JP",
)
_LATIN = "DejaVu Sans"


@dataclass(frozen=True)
class Box:
    """Where a thing is, in pixels from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether the two have a place in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@contextmanager
def settings() -> Iterator[None]:
    """Set up matplotlib for drawings, and put it back.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    # Its list of fonts takes seconds to make, so it is kept where ours is kept if it has no place of its own.
    with suppress(RuntimeError):  # there may be no home at all
        os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))
    try:
        import matplotlib
    except ImportError as error:
        raise MissingPartError("charts", "matplotlib") from error
    ours: dict[Any, Any] = {
        "font.family": [_LATIN, *_installed()],
        "hatch.linewidth": 0.6,
        "path.simplify": False,
        "svg.fonttype": "none",  # words stay words, which can be read aloud and found
        "svg.hashsalt": "chinaspace",
        "text.parse_math": False,
    }
    with matplotlib.rc_context(ours), warnings.catch_warnings():
        # A sign that no font has is a box in PNG; a reader of SVG may have it.
        warnings.filterwarnings("ignore", message="Glyph")
        yield


def extent(words: str, size: float, bold: bool = False) -> float:
    """Return how wide *words* are."""
    return _extent(words, size, bold)


def place(x: float, y: float, words: str, size: float, anchor: Anchor = "left", bold: bool = False) -> Box:
    """Return the place that one line of words takes on the line *y*."""
    wide = extent(words, size, bold)
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[anchor] * wide
    return Box(left, y - 0.8 * size, left + wide, y + 0.25 * size)


@cache
def _extent(words: str, size: float, bold: bool) -> float:
    from matplotlib.font_manager import FontProperties

    fonts = FontProperties(family=[_LATIN, *_installed()], size=size, weight="bold" if bold else "normal")
    found = _renderer().get_text_width_height_descent(words, fonts, False)  # type: ignore[no-untyped-call]
    return float(found[0])


@cache
def _renderer() -> RendererAgg:
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(1, 1, DOTS_PER_INCH)  # type: ignore[no-untyped-call]


@cache
def _installed() -> tuple[str, ...]:
    """Return the first font with Chinese that is installed; drawings without one have Chinese in SVG all the same."""
    from matplotlib.font_manager import fontManager

    known = set(fontManager.get_font_names())
    return tuple(name for name in CHINESE if name in known)[:1]
