"""Read pages as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Page(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and the cells of its table."""

    def __init__(self, text: str) -> None:
        """Read *text*."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.within = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; a cell begins with it."""
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")
            self.within = True
        if tag == "a" and self.within:
            self.cells[-1] = dict(attrs)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a cell."""
        self.within = self.within and tag != "td"

    def handle_data(self, data: str) -> None:
        """Note the text of a cell, which of a link is its address."""
        if self.within and self.tags[-1][0] != "a":
            self.cells[-1] += data
