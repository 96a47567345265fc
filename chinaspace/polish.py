"""Make an SVG drawing fit for pages: told in words, without style sheets, scripts and references to elsewhere."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml  # the drawings are our own

from chinaspace.fonts import CHINESE

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
# The reader's machine has other fonts than ours; none of these is wider than the one that words were measured in.
_FONTS = ", ".join(("DejaVu Sans", "Verdana", "Arial", *CHINESE, "sans-serif"))


def polish(drawing: bytes, title: str, description: str) -> bytes:
    """Return matplotlib's SVG with a title and a description for those who do not see it, sized in pixels.

    A strict Content-Security-Policy keeps out style attributes, so each becomes
    presentation attributes, which SVG 1.1 has for the same properties.
    """
    root = Xml.fromstring(drawing)  # noqa: S314
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}style", f"{_SVG}metadata"):
                parent.remove(child)
    for element in root.iter():
        # With one namespace, and without its prefix, every reader of pages takes it.
        element.tag = element.tag.removeprefix(_SVG)
        element.attrib = {name.removeprefix(_XLINK): value for name, value in element.attrib.items()}
        for name, value in _properties(element.attrib.pop("style", "")):
            element.set(name, _FONTS if name == "font-family" else value)
    root.set("xmlns", _SVG.strip("{}"))
    root.set("width", root.get("width", "").removesuffix("pt"))
    root.set("height", root.get("height", "").removesuffix("pt"))
    # What the style sheet said of all that has no word of its own on it.
    root.attrib |= {"role": "img", "aria-labelledby": "title description", "stroke-linejoin": "round"}
    for place, (name, words) in enumerate((("title", title), ("desc", description))):
        told = Xml.Element(name, {"id": "title" if name == "title" else "description"})
        told.text = words
        root.insert(place, told)
    drawn: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return drawn


def _properties(style: str) -> list[tuple[str, str]]:
    pairs = (part.partition(":") for part in re.split(r";(?![^(]*\))", style))
    return [(name.strip(), value.strip()) for name, _, value in pairs if value.strip()]
