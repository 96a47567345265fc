"""The query page: what a browser gets for a query, and that it shows no more than the beginning of much."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from chinaspace.bundle import find_bundle
from chinaspace.names import CS, CSD
from chinaspace.preview import MOST_ROWS
from chinaspace.protocol import FORMS
from chinaspace.queries import find_query, saved_queries

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ALL = "SELECT * { ?s ?p ?o }"
MARKUP = "<script>alert(1)</script>"


def ask(client: TestClient, query: str, **more: str) -> str:
    answer = client.get("/sparql", params={"query": query, **more}, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "unsafe" not in answer.headers["content-security-policy"]
    return answer.text


def rows(page: str) -> int:
    return page.count("<tr>") - 1


def test_the_rows_of_an_answer(client: TestClient) -> None:
    """A browser gets a table, with the query in the form above it, and things and terms as links."""
    query = f"SELECT * {{ VALUES ?x {{ <{CSD}mission-lamp-1> <{CS}Claim> 'y' }} }}"
    page = ask(client, query)
    assert rows(page) == 3
    assert {'href="/id/mission-lamp-1"', 'href="/ontology/Claim"'} <= set(re.findall(r'href="[^"]*"', page))
    assert query in unescape(page.partition("</textarea>")[0].replace("&#39;", "'"))


def test_a_long_answer_is_cut(client: TestClient) -> None:
    """Of many rows a page has the first, and says so; the downloads have all."""
    page = ask(client, ALL)
    assert 10 < rows(page) <= MOST_ROWS
    assert len(page) < 300_000
    address = next(unescape(link) for link in re.findall(r'href="(/sparql\?[^"]*)"', page) if "format=csv" in link)
    assert len(client.get(address).text.splitlines()) > MOST_ROWS + 1


def test_a_long_value_is_cut(client: TestClient) -> None:
    """A row that is too long for a page is left out, and no part of it is shown."""
    values = f"'short' '{'x' * 30_000}' '{'x' * 15_000}'"
    query = f"SELECT ?x (CONCAT(?x, ?x, ?x) AS ?y) {{ VALUES ?x {{ {values} }} }}"
    page = client.post("/sparql", data={"query": query}, headers=BROWSER).text
    assert rows(page) == 1
    assert len(page) < 300_000


@pytest.mark.parametrize(
    ("query", "shown"),
    [("ASK { ?s ?p ?o }", "<strong>"), ("DESCRIBE <https://w3id.org/chinaspace/id/mission-lamp-1>", "<pre")],
)
def test_other_answers(client: TestClient, query: str, shown: str) -> None:
    """A yes or no is said, and a graph is shown as Turtle."""
    assert shown in ask(client, query)


@pytest.mark.parametrize("form", ["csv", "json", "tsv", "xml"])
def test_a_form_by_name(client: TestClient, form: str) -> None:
    """ "format" names the form of an answer where the header cannot."""
    by_name = client.get("/sparql", params={"query": ALL + " LIMIT 1", "format": form}, headers=BROWSER)
    assert by_name.headers["content-type"].partition(";")[0] == FORMS[form]
    by_header = client.get("/sparql", params={"query": ALL + " LIMIT 1"}, headers={"accept": FORMS[form]})
    assert by_name.content == by_header.content


def test_no_such_form(client: TestClient) -> None:
    """A form that there is not is refused."""
    assert client.get("/sparql", params={"query": ALL, "format": MARKUP}).status_code == 400


def test_a_page_and_data_have_other_tags(client: TestClient) -> None:
    """A page is not taken for the data, and is not sent again while it holds."""
    params = {"query": ALL + " LIMIT 1"}
    page = client.get("/sparql", params=params, headers=BROWSER)
    data = client.get("/sparql", params=params)
    assert page.headers["etag"] != data.headers["etag"]
    again = client.get("/sparql", params=params, headers={**BROWSER, "if-none-match": page.headers["etag"]})
    assert again.status_code == 304


def test_chosen_graphs_are_kept(client: TestClient) -> None:
    """The graphs that an address chooses stay chosen in the form and in the downloads."""
    page = ask(client, ALL, **{"named-graph-uri": "http://example.org/none"})
    assert 'name="named-graph-uri" value="http://example.org/none"' in page
    links = [parse_qs(urlsplit(unescape(link)).query) for link in re.findall(r'href="(/sparql\?[^"]*)"', page)]
    assert ["http://example.org/none"] in [link.get("named-graph-uri") for link in links]


@pytest.mark.parametrize(
    "query", ["SELECT ('%s' AS ?x) {}", "SELECT ?x { VALUES ?x { <http://example.org/%s> } }", "%s"]
)
def test_markup_stays_text(client: TestClient, query: str) -> None:
    """Markup in a query or an answer is escaped."""
    answer = client.get("/sparql", params={"query": query % MARKUP}, headers=BROWSER)
    assert MARKUP not in answer.text


@pytest.mark.parametrize("name", list(saved_queries())[:3])
def test_a_saved_query_is_edited(client: TestClient, name: str) -> None:
    """The page takes a saved query into its form."""
    page = client.get("/sparql", params={"edit": name}, headers=BROWSER).text
    assert find_query(name).text.strip() in unescape(page)


def test_a_saved_query_that_is_not_there(client: TestClient) -> None:
    """A saved query that there is not is a 404."""
    assert client.get("/sparql", params={"edit": MARKUP}, headers=BROWSER).status_code == 404


def test_a_bundle_is_found_by_its_record(tmp_path: Path) -> None:
    """The script and the style are those that the record of the build names; without it there are none."""
    assert find_bundle(tmp_path) is None
    outputs = {"../built/query-AB.js": {"entryPoint": "src/query.js", "cssBundle": "../built/query-CD.css"}, "x.js": {}}
    (tmp_path / "meta.json").write_text(json.dumps({"outputs": outputs}), "utf-8")
    find_bundle.cache_clear()
    found = find_bundle(tmp_path)
    assert found is not None
    assert (found.script, found.style) == ("/built/query-AB.js", "/built/query-CD.css")


@pytest.mark.parametrize("name", ["nothing.js", "meta.json", "..%2Fpages.py", "%2e%2e/pages.py"])
def test_only_what_was_built_is_sent(client: TestClient, name: str) -> None:
    """No other file can be had by the address of scripts."""
    assert client.get(f"/built/{name}").status_code == 404
