"""Language and day are kept by the address of every page, and what pages say is there in both languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chinaspace.pages import environment
from chinaspace.paths import PACKAGE
from chinaspace.queries import saved_queries
from chinaspace.translate import messages
from chinaspace.visit import VISIT, Visit, at, receive_visit

TEMPLATES = sorted((PACKAGE / "templates").glob("*.html"))
LEAST_MESSAGES = 10
# The roles of which a picture tells what they mean.
DRAWN = {
    "bar": ["y"],
    "line": ["y"],
    "map": ["value"],
    "matrix": ["row", "column", "value"],
    "network": ["from", "to"],
}
CHINESE = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.5", "accept": "text/html"}
ENGLISH = {"accept-language": "en-GB", "accept": "text/html"}


def said() -> Iterator[str]:
    """Yield what templates and modules translate, with what saved queries say of themselves and on their pictures."""
    for template in TEMPLATES:
        for _, _, message in environment().extract_translations(template.read_text("utf-8")):  # type: ignore[attr-defined]
            yield from [one for one in message if one] if isinstance(message, tuple) else [message]
    for module in PACKAGE.glob("*.py"):
        for quoted in re.findall(r'\b(?:translate|say)\(\s*("(?:[^"\\]|\\.)*")', module.read_text("utf-8")):
            yield tomllib.loads(f"said = {quoted}")["said"]
    for query in saved_queries().values():
        yield from (query.summary, query.question)
        for role in DRAWN.get(query.chart.kind, ()) if query.chart else ():
            column = query.column(query.chart.roles[role]) if query.chart and role in query.chart.roles else None
            yield from [column.meaning] if column else []


def visit(path: str, query: str = "", site: str = "", language: str = "") -> tuple[Visit, dict[str, Any]]:
    headers = [(b"accept-language", language.encode())] if language else []
    scope: dict[str, Any] = {"root_path": site, "path": site + path, "query_string": query.encode(), "headers": headers}
    return receive_visit(scope, ""), scope


def language(client: TestClient, address: str, headers: dict[str, str]) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    found = re.search('<html lang="([^"]+)"', answer.text)
    assert found
    return found[1]


def test_both_languages_are_complete() -> None:
    """Whatever pages say is there in Chinese, and nothing that no page says."""
    spoken = set(said())
    assert len(spoken) >= LEAST_MESSAGES
    chinese = messages()
    plural = {many for many in spoken if "%(num)s" in many and many not in chinese}
    assert {one for one in spoken - set(chinese) if one not in plural} == set()
    assert set(chinese) - spoken == set()


def test_translations_keep_the_places() -> None:
    """What is put into a sentence is put into its translation."""
    for english, chinese in messages().items():
        assert set(re.findall(r"%\((\w+)\)s", english)) == set(re.findall(r"%\((\w+)\)s", chinese)), english
        words = re.sub(r"%\(\w+\)s", "", english)
        assert re.search("[\u4e00-\u9fff]", chinese) or not re.search("[a-z]{4}", words), english


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/queries", "", ("", "", "/queries", "")),
        ("/zh/queries", "", ("zh", "", "/queries", "")),
        ("/zh", "", ("zh", "", "/", "")),
        ("/zh/as-of/2018-01-01/id/mission-lamp-1", "", ("zh", "2018-01-01", "/id/mission-lamp-1", "")),
        ("/as-of/2018-01-01", "", ("", "2018-01-01", "/", "")),
        ("/queries", "lang=zh&asof=2018-01-01&q=%E5%AB%A6&lang=zh", ("zh", "2018-01-01", "/queries", "q=%E5%AB%A6")),
        ("/as-of/2018-01-01/queries", "asof=", ("", "", "/queries", "")),
        ("/zh/queries", "lang=xx", ("zh", "", "/queries", "")),
        ("/zhang", "", ("", "", "/zhang", "")),
        ("/as-of/2018-02-30/queries", "", ("", "", "/as-of/2018-02-30/queries", "")),
        ("/as-of/2018-01-01x", "", ("", "", "/as-of/2018-01-01x", "")),
    ],
)
@pytest.mark.parametrize("site", ["", "/space"])
def test_the_choice_is_taken_off_the_address(
    path: str, query: str, expected: tuple[str, str, str, str], site: str
) -> None:
    """Path and parameters give language and day, and only the page is left, below the root."""
    found, scope = visit(path, query, site)
    assert (found.chosen, found.day, found.path, found.query) == expected
    assert found.root.startswith(site)
    assert (scope["root_path"], scope["path"]) == (found.root, found.root + found.path)
    assert scope["query_string"] == found.query.encode()


def test_addresses_in_another_language_and_on_another_day() -> None:
    """The switches lead to the same page, with its parameters."""
    found, _ = visit("/zh/as-of/2018-01-01/search", "q=a%26b&asof=2019-01-01", "/space")
    assert found.spoken("en") == "/space/en/as-of/2019-01-01/search?q=a%26b"
    assert found.today() == "/space/zh"
    token = VISIT.set(found)
    assert at("/search", q="嫦", kind="") == "/space/zh/as-of/2019-01-01/search?q=%E5%AB%A6"
    VISIT.reset(token)


@pytest.mark.parametrize("day", ["2018-02-30", "yesterday", "20180101", "2018-W01-1", "'\"><script>"])
def test_what_is_no_day_is_refused(client: TestClient, day: str) -> None:
    """A day that the calendar does not have is a fault of the request."""
    for path in ("/queries", "/sparql", "/id/mission-none"):
        answer = client.get(path, params={"asof": day})
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        shown = client.get(path, params={"asof": day, "lang": "zh"}, headers=ENGLISH)
        assert (shown.status_code, shown.headers["cache-control"]) == (400, "no-store")
        assert shown.headers["content-type"].startswith("text/html")
        assert '<html lang="zh-Hans"' in shown.text
        assert 'href="/zh/queries"' in shown.text
        assert "<script>" not in shown.text


def test_the_language_of_the_browser(client: TestClient) -> None:
    """Without a choice the browser's language counts, with one the choice; caches are told."""
    assert language(client, "/queries?format=html", CHINESE) == "zh-Hans"
    assert language(client, "/queries?format=html", ENGLISH) == "en"
    assert language(client, "/en/queries?format=html", CHINESE) == "en"
    assert language(client, "/queries?format=html&lang=zh", ENGLISH) == "zh-Hans"
    answer = client.get("/queries?format=html", headers=CHINESE)
    assert "accept-language" in answer.headers["vary"]


def test_links_keep_language_and_day(client: TestClient) -> None:
    """Every link of a page to another stays in its language and at its day, but those that change them."""
    text = client.get("/zh/as-of/2021-01-01/queries?format=html").text
    links = re.findall(r'<a [^>]*href="(/[^"]*)"', text)
    assert len(links) > LEAST_MESSAGES
    other = [link for link in links if not link.startswith("/zh/as-of/2021-01-01")]
    assert sorted(other) == ["/en/as-of/2021-01-01/queries?format=html", "/zh/queries?format=html"]
    assert client.get("/zh/as-of/2021-01-01/queries/slips?format=html").status_code == 200


def test_copies_in_two_languages_are_two(client: TestClient) -> None:
    """The tag of a page in one language does not hold for the other."""
    tags = {client.get("/queries/launches?format=html", headers=one).headers["etag"] for one in (CHINESE, ENGLISH)}
    assert len(tags) == 2


def test_sparql_is_not_touched(client: TestClient) -> None:
    """A query that speaks of languages is asked as it is."""
    query = 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(LANG(?o)="en"&&"lang=zh"!="") }'
    plain = client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"})
    assert plain.status_code == 200
    assert client.get("/zh/sparql", params={"query": query}, headers={"accept": "text/csv"}).text == plain.text


def test_files_are_kept_for_long(client: TestClient) -> None:
    """The address of the style sheet changes with it, and has neither language nor day."""
    text = client.get("/zh/queries?format=html").text
    found = re.search(r'<link rel="stylesheet" href="(/static/[^"]+)"', text)
    assert found
    answer = client.get(found[1])
    assert "max-age=31536000" in answer.headers["cache-control"]
    for name in ("base.html", "..%2Fpages.py", "style.css%00"):
        assert client.get(f"/static/{name}").status_code == 404
