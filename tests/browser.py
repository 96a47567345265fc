"""A browser for tests: what a page does that it should not, and which kinds of pages there are."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

from chinaspace.paths import home

AXE = home() / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MOST_BYTES = 300_000
# What WCAG 2.2 asks at its levels A and AA, as far as a program can tell.
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# Rows of a table, and entries of a list, are made alike: the first stand for all, or axe takes seconds for a page.
_ALIKE = ("tbody tr:nth-child(n+7)", "li:nth-child(n+13)", "dl > :nth-child(n+13)", "details:nth-of-type(n+4)")
_RUN = """([tags, alike]) => axe.run(
  {include: [["html"]], exclude: alike.filter(one => document.querySelector(one)).map(one => [one])},
  {runOnly: tags, resultTypes: ["violations"]})"""
_HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_MOST_FETCHED = 400


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium, until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Watch:
    """What a page complains of, asks other hosts for, and weighs."""

    def __init__(self, page: Page, site: str) -> None:
        """Watch *page*, whose own host is that of *site*."""
        self.page, self.faults, self._weights = page, list[str](), list[Request]()
        self._host = urlsplit(site).netloc
        page.on("console", self._hear)
        page.on("pageerror", self._note)
        page.on("request", self._look)
        page.on("requestfinished", self._weigh)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _note(self, error: Error) -> None:
        self.faults.append(f"error: {error}")

    def _weigh(self, request: Request) -> None:
        self._weights.append(request)

    def _look(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self._host and not request.url.startswith("data:"):
            self.faults.append(f"asks for {request.url}")

    def visit(self, address: str, barriers: bool = True) -> list[str]:
        """Return what is wrong with the page at *address*; its *barriers* take longest to find."""
        self.faults.clear()
        self._weights.clear()
        answer = self.page.goto(address, wait_until="load")
        if answer is None or answer.status != 200:
            return [f"status: {answer and answer.status}"]
        weight = sum(one.sizes()["responseBodySize"] for one in self._weights if one.resource_type != "image")
        if max(weight, len(answer.body())) > MOST_BYTES:
            self.faults.append(f"weighs {weight} bytes, {len(answer.body())} of them its own")
        return [*self.faults, *find_overflow(self.page), *(find_barriers(self.page) if barriers else ())]


def find_barriers(page: Page) -> list[str]:
    """Return the rules of axe that a page fails, each with the first place."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(_RUN, [list(_RULES), list(_ALIKE)])
    return [f"axe {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


def find_overflow(page: Page) -> list[str]:
    """Return whether the page is wider than its window."""
    width = page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
    return [f"is {width} pixels too wide"] if width > 0 else []


class _Links(HTMLParser):
    """The addresses that a page links to, those of its forms without their fields among them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")


def find_pages(site: str, most: int = 1) -> list[str]:
    """Return the addresses of the pages that can be clicked to from the front, at most so many of each kind."""
    taken: dict[str, list[str]] = {}
    left, seen, fetched = [site], {site}, 0
    with httpx.Client(headers=_HTML, timeout=60, follow_redirects=True) as client:
        while left and fetched < _MOST_FETCHED:
            address = left.pop(0)
            if len(taken.get(kind_of(site, address), ())) >= most:
                continue
            answer, fetched = client.get(address), fetched + 1
            if not (answer.is_success and answer.headers["content-type"].startswith("text/html")):
                continue
            taken.setdefault(kind_of(site, address), []).append(address)
            for link in _Links(answer.text).found:
                target = urldefrag(urljoin(str(answer.url), link))[0]
                if target.startswith(site) and target not in seen:
                    seen.add(target)
                    left.append(target)
    return [address for addresses in taken.values() for address in addresses]


def kind_of(site: str, address: str) -> str:
    """Return which kind of page an address has: its path without the name of a thing, and its parameters' names."""
    parts = urlsplit(address.removeprefix(site))
    if other := re.match(r"(zh|en|as-of)/", parts.path):  # the same pages in another language, or as of a day
        return other[1]
    path = parts.path
    path = re.sub(r"(id/[a-z]+)-.*", r"\1", path)
    path = re.sub(r"ontology/([A-Z]|[a-z]).*", lambda found: f"ontology/{'A' if found[1].isupper() else 'a'}", path)
    return f"{path}?{'&'.join(sorted(re.findall(r'(?:^|&)([^=&]+)=', parts.query)))}"


def is_built(folder: Path) -> bool:
    """Tell whether the scripts of the query page have been built."""
    return (folder / "meta.json").is_file()
