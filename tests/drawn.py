"""What tests of charts have in common: rows to draw, and what a drawing must keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as Xml

import pyoxigraph as ox

from chinaspace.canvas import Canvas
from chinaspace.cast import Row, cast
from chinaspace.chart import Sketch, lay_out
from chinaspace.frame import Frame
from chinaspace.names import EDTF, XSD

SVG = "{http://www.w3.org/2000/svg}"
# All that matplotlib and polish write; none of it runs or loads anything.
ELEMENTS = {"svg", "g", "path", "text", "tspan", "defs", "clipPath", "rect", "pattern", "title", "desc", "use"}


def term(value: object) -> ox.Literal | None:
    """Return a literal of a value of Python; a text that begins with a year is a date."""
    if value is None:
        return None
    if isinstance(value, int | float):
        return ox.Literal(str(value), datatype=ox.NamedNode(XSD + ("integer" if isinstance(value, int) else "decimal")))
    text = str(value)
    return ox.Literal(text, datatype=EDTF) if text[:4].isdigit() or text.startswith("..") else ox.Literal(text)


def rows_of(kind: str, rows: Sequence[Mapping[str, object]]) -> list[Row]:
    """Return rows that have each role of a header as a column of the same name."""
    roles = {role: role for row in rows for role in row}
    terms = tuple(tuple(term(row.get(role)) for role in roles) for row in rows)
    return cast(Frame(tuple(roles), terms), kind, roles)


def drawing(
    kind: str, rows: Sequence[Mapping[str, object]], width: int = 1200, form: str = "svg"
) -> tuple[bytes, Canvas]:
    """Return the chart of rows, and its canvas."""
    read = rows_of(kind, rows)
    return lay_out(Sketch("some-query", "Some query", "What is it?", kind, len(rows)), read, form, width)


def check(drawn: bytes, canvas: Canvas) -> None:
    """Fail unless the drawing is legible, and harmless in a page: no words on others or cut, nothing that runs."""
    for place, (words, box) in enumerate(canvas.words):
        assert 0 <= box.left < box.right <= canvas.width, words
        assert 0 <= box.top < box.bottom <= canvas.y + 16, words
        for others, other in canvas.words[place + 1 :]:
            assert not box.meets(other), (words, others)
    root = Xml.fromstring(drawn)
    assert root.get("width") == str(int(canvas.width))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        for name, value in element.attrib.items():
            assert name != "style"
            assert not name.startswith("on")
            assert "href" not in name or value.startswith("#")
            assert "url(" not in value or "url(#" in value
    assert [root[0].tag, root[1].tag] == [SVG + "title", SVG + "desc"]


def words_of(canvas: Canvas) -> str:
    """Return all words of a drawing."""
    return " ".join(words for words, _ in canvas.words)


def fills(drawn: bytes) -> list[str]:
    """Return the colour of each shape of a drawing."""
    return [element.get("fill", "") for element in Xml.fromstring(drawn).iter(SVG + "path")]
