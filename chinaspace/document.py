"""Write the answer to a saved query as a page that stands alone, for whoever opens it from a file."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader

from chinaspace.cells import Sheet, heading
from chinaspace.paths import PACKAGE
from chinaspace.queries import SavedQuery


def to_document(query: SavedQuery, sheet: Sheet) -> str:
    """Return a page with the style sheet in it, which loads nothing; whatever stands in the rows is escaped."""
    template = Environment(loader=PackageLoader("chinaspace"), autoescape=True, trim_blocks=True).get_template(
        "document.html"
    )
    style = (PACKAGE / "static" / "style.css").read_text("utf-8")
    return template.render(query=query, sheet=sheet, heading=heading, style=style)
