"""A visitor with a browser that has no script: follows links and fills in forms by what stands on them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from fastapi.testclient import TestClient

_VOID = {"input", "link", "meta", "br", "hr", "img", "source", "rect", "line", "circle", "path", "use"}
_BLANKS = re.compile(r"\s+")


@dataclass
class Form:
    """A form of a page: where it leads, its fields with what they hold, and what its button says."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    text: str = ""


class Page(HTMLParser):
    """What stands on a page: its text, its links by their text, its forms, and the text of each row and article."""

    def __init__(self, address: str, text: str) -> None:
        """Read *text*, which came from *address*."""
        super().__init__()
        self.address = address
        self.text = ""
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.blocks: list[str] = []
        self._link: str | None = None
        self._form: Form | None = None
        self._open: list[int] = []
        self._hidden = 0
        self.feed(text)
        self.text = _plain(self.text)
        self.blocks = [_plain(block) for block in self.blocks]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link or a form leads, and begin a block."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(("", urljoin(self.address, given["href"])))
            self._link = ""
        elif tag == "form":
            self._form = Form(urljoin(self.address, given.get("action", "")))
            self.forms.append(self._form)
        elif tag in ("input", "select", "textarea") and self._form and "name" in given:
            self._form.fields[given["name"]] = given.get("value", "")
        elif tag in ("tr", "article", "li", "section"):
            self._open.append(len(self.blocks))
            self.blocks.append("")
        elif tag in ("script", "style"):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if tag == "a":
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag in ("tr", "article", "li", "section") and self._open:
            self._open.pop()
        elif tag in ("script", "style"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        """Take in words."""
        if self._hidden:
            return
        self.text += f" {data}"
        if self._link is not None and self.links:
            self._link += data
            self.links[-1] = (_plain(self._link), self.links[-1][1])
        if self._form:
            self._form.text += f" {data}"
        for place in self._open:
            self.blocks[place] += f" {data}"


class Visitor:
    """Someone who begins at the front page and goes on by what a page shows, never by an address."""

    def __init__(self, client: TestClient) -> None:
        """Open the front page."""
        self._client = client
        self.page = self._open("/")

    def _open(self, address: str) -> Page:
        answer = self._client.get(address, headers={"accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        assert answer.headers["content-type"].startswith("text/html"), address
        return Page(str(answer.url), answer.text)

    def click(self, text: str) -> Visitor:
        """Follow the first link that says *text*, else the first that begins with it."""
        found = [to for said, to in self.page.links if said == text]
        found += [to for said, to in self.page.links if said.startswith(text)]
        assert found, f"no link '{text}' on {self.page.address}"
        assert found[0].startswith("http://testserver"), found[0]
        self.page = self._open(found[0])
        return self

    def fill(self, button: str, **fields: str) -> Visitor:
        """Fill in the first form whose text has *button* and that has all *fields*, and send it off."""
        known = [form for form in self.page.forms if button in form.text and set(fields) <= set(form.fields)]
        assert known, f"no form '{button}' with {list(fields)} on {self.page.address}"
        form = known[0]
        self.page = self._open(f"{form.action.partition('?')[0]}?{urlencode(form.fields | fields)}")
        return self

    def block(self, *parts: str) -> str:
        """Return the shortest row, item or article of the page that has all *parts*."""
        found = sorted((block for block in self.page.blocks if all(part in block for part in parts)), key=len)
        assert found, f"{parts} nowhere together on {self.page.address}"
        return found[0]


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()
