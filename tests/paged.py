"""A page as a test reads it: its elements with their attributes, its text, and the texts of its scripts."""

from __future__ import annotations

from html.parser import HTMLParser

from fastapi.testclient import TestClient


class Page(HTMLParser):
    """The elements of a page with their attributes, and the texts of its scripts."""

    def __init__(self, text: str) -> None:
        """Read *text*."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)
        self.text += data

    def having(self, name: str, value: str | None = None) -> list[dict[str, str | None]]:
        """Return the elements with an attribute, or with this value of it."""
        return [found for _, found in self.tags if name in found and value in (None, found[name])]


def page(client: TestClient, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)
