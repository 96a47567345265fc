"""Pages in a browser: nothing breaks, nothing foreign is asked for, nobody is kept out, and the editor works."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import AXE, CHROMIUM, Watch, find_pages, is_built, open_browser
from chinaspace.paths import PACKAGE
from chinaspace.queries import saved_queries
from conftest import absent
from live import Live, serving

COUNTRIES = """PREFIX cs: <https://w3id.org/chinaspace/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?country (COUNT(?claim) AS ?claims) (MIN(?said) AS ?first)
WHERE { ?claim cs:concerns ?thing ; cs:statedOn ?said . ?thing a cs:Country ; rdfs:label ?country }
GROUP BY ?country ORDER BY ?country"""
MARKUP = "<script>window.hit=1</script><img src=x onerror=window.hit=1>"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """Serve the built-in graph."""
    if not CHROMIUM:
        absent("There is no Chromium, in which pages are tested.")
    if not AXE.is_file():
        absent("There is no axe-core, which finds barriers; 'make test' installs it where Node is.")
    with serving(None) as running:
        yield running


@pytest.fixture(scope="module")
def browser(live: Live) -> Iterator[Browser]:
    """Give a browser."""
    with open_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page in a window of a desk, with the clock and the language of an English reader."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB") as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def pages(live: Live) -> list[str]:
    """Return a page or two of each kind, found by clicking from the front page."""
    return find_pages(live.address)


def with_barriers(pages: list[str], half: int) -> list[str]:
    """Return the pages in which one of two tests looks for barriers, so that each kind is looked at by one of them.

    All saved queries have the same template, so some of them stand for all.
    """
    kinds = [address for address in pages if "/queries/" not in address]
    return kinds[half::2] + [address for address in pages if "/queries/" in address][half * 4 :: 8]


def faults_of(page: Page, site: str, addresses: list[str], barriers: list[str]) -> dict[str, list[str]]:
    """Return what is wrong with each of *addresses* with which something is; *barriers* are looked for in some."""
    watch = Watch(page, site)
    found = {address: watch.visit(address, address in barriers) for address in addresses}
    return {address: faults for address, faults in found.items() if faults}


def test_each_saved_query_is_found(live: Live, pages: list[str]) -> None:
    """A click or two from the front page lead to each saved query, the query page and the vocabulary."""
    paths = {address.removeprefix(live.address).partition("?")[0] for address in pages}
    assert {f"queries/{name}" for name in saved_queries()} | {"sparql", "ontology", "docs"} <= paths


def test_every_kind_of_page(live: Live, pages: list[str], page: Page) -> None:
    """No page has an error, asks another host, fails a rule of axe, is heavy, or is wider than the window."""
    assert faults_of(page, live.address, pages, with_barriers(pages, 0)) == {}


def test_on_a_phone_in_the_dark(live: Live, pages: list[str], browser: Browser) -> None:
    """The same holds in a window of 400 pixels, in the dark, in Chinese, for the other half of the pages."""
    some = with_barriers(pages, 1)
    with browser.new_context(
        viewport={"width": 400, "height": 800}, color_scheme="dark", locale="zh-CN", reduced_motion="reduce"
    ) as context:
        assert faults_of(context.new_page(), live.address, some, some) == {}


def test_without_scripts(live: Live, browser: Browser) -> None:
    """Where no script runs, a query is written, sent and answered all the same."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live.address + "sparql")
        page.fill("textarea[name=query]", "SELECT (1 + 1 AS ?two) {}")
        page.click("form.query button")
        assert page.locator(".answer td").all_inner_texts() == ["2"]


def need_the_editor() -> None:
    if not is_built(PACKAGE / "built"):
        absent("The editor is not built; 'make web' builds it where Node is.")


def test_the_editor_completes_and_sends(live: Live, page: Page) -> None:
    """The editor completes terms of the graph, and its query is sent by keys; the address can be shared."""
    need_the_editor()
    watch = Watch(page, live.address)
    page.goto(live.address + "sparql", wait_until="networkidle")
    page.locator(".yasqe .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("PREFIX cs: <https://w3id.org/chinaspace/ontology/>\nSELECT ?c { ?c cs:passageAdd")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("cs:passageAddress")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?a } LIMIT 3")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".answer tbody tr")
    assert page.locator(".answer tbody tr").count() == 3
    shared = page.url
    page.goto(shared)
    assert page.locator(".answer tbody tr").count() == 3
    assert watch.faults == []


@pytest.mark.parametrize(("view", "drawn"), [("chart", "rect"), ("timeline", "circle"), ("map", "path.named")])
def test_views_of_an_answer(live: Live, page: Page, view: str, drawn: str) -> None:
    """An answer is drawn as a chart, a timeline and a map, which its address opens again."""
    need_the_editor()
    watch = Watch(page, live.address)
    faults = watch.visit(f"{live.address}sparql?{urlencode({'query': COUNTRIES})}#{view}")
    expect(page.locator(f".drawing svg {drawn}").first).to_be_attached()
    assert faults == []


def test_markup_in_an_answer_never_runs(live: Live, page: Page) -> None:
    """What an answer holds is text in its table and in its drawings."""
    query = (
        f"SELECT ('{MARKUP}' AS ?x) (1 AS ?number) ('2020-01-01'^^<http://www.w3.org/2001/XMLSchema#date> AS ?day) {{}}"
    )
    for view in ("table", "chart", "timeline", "map"):
        page.goto(f"{live.address}sparql?{urlencode({'query': query})}#{view}", wait_until="networkidle")
        assert page.evaluate("window.hit") is None
        assert page.locator("main img, main .answer script").count() == 0
