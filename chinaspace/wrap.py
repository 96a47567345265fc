"""Break words into lines of a width in pixels, Latin at spaces and Chinese anywhere."""

from __future__ import annotations

import re
import unicodedata

from chinaspace.fonts import extent

_PART = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+")
_DOTS = "…"
# No label is looked at beyond this.
_LONGEST = 400


def clean(text: str) -> str:
    """Return *text* on one line, without signs that are invisible or that XML cannot hold."""
    kept = ("" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") else sign for sign in _spaced(text))
    return " ".join("".join(kept).split())[:_LONGEST]


def wrap(text: str, width: float, size: float, most: int = 3, bold: bool = False) -> list[str]:
    """Return *text* in at most *most* lines that are no wider than *width*; what has no room ends in "…"."""
    lines, line = [], ""
    for part in _PART.findall(clean(text)):
        for piece in _pieces(part, width, size, bold):
            if extent((line + piece).rstrip(), size, bold) <= width:
                line += piece
                continue
            lines.append(line.rstrip())
            line = piece.lstrip()
    lines = [one for one in (*lines, line.rstrip()) if one]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shorten(" ".join(lines[most - 1 :]), width, size, bold)]


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return as much of *text* as there is room for, with "…" at its end where that is not all."""
    text = clean(text)
    if extent(text, size, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if extent(text[:middle].rstrip() + _DOTS, size, bold) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _DOTS


def _pieces(part: str, width: float, size: float, bold: bool) -> list[str]:
    """Return a word in pieces that each have room on a line."""
    if extent(part, size, bold) <= width:
        return [part]
    pieces, piece = [], ""
    for sign in part:
        if piece and extent(piece + sign, size, bold) > width:
            pieces.append(piece)
            piece = ""
        piece += sign
    return [*pieces, piece]


def _spaced(text: str) -> str:
    """Return *text* with a space for each sign that ends a line or a column."""
    return re.sub(r"[\t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]", " ", text)
