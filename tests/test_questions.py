"""The pages of saved queries: the list, the form, the rows, and what is wrong with a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from chinaspace.ask import solve
from chinaspace.cells import heading, lay_out
from chinaspace.frame import read_frame
from chinaspace.header import Column
from chinaspace.load import Loaded
from chinaspace.queries import SavedQuery, find_query, read_query, saved_queries
from chinaspace.web import create_app
from reading import BROWSER, Page
from support import load_turtle

ASKED = "/queries/who-said-what?thing=mission-lamp-1"
MARKUP = "<script>alert(1)</script>\"'><b>"


def test_the_list_in_a_browser(client: TestClient) -> None:
    """A browser gets a page that leads to each query."""
    answer = client.get("/queries", headers=BROWSER)
    links = {attributes.get("href") for tag, attributes in Page(answer.text).tags if tag == "a"}
    assert {f"/queries/{name}?format=html" for name in saved_queries()} <= links


def test_the_list_is_searched(client: TestClient) -> None:
    """Words find the questions that have each of them, in whatever case; none is told as such."""
    for words, expected in (("SLIP", "slips"), ("days late", "slips"), ("denied", "allegations")):
        page = Page(client.get("/queries", params={"q": words}, headers=BROWSER).text)
        links = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
        assert f"/queries/{expected}?format=html" in links
        assert "/queries/laws?format=html" not in links
        assert expected in [one["name"] for one in client.get("/queries", params={"q": words}).json()["queries"]]
    assert [one["name"] for one in client.get("/zh/queries", params={"q": "推迟 实现"}).json()["queries"]] == ["slips"]
    assert client.get("/queries", params={"q": MARKUP}).json() == {"queries": []}
    assert MARKUP not in client.get("/queries", params={"q": MARKUP}, headers=BROWSER).text


def test_words_have_their_language(client: TestClient) -> None:
    """On a page in one language, words of the other are marked as such, so that they are read aloud as they should."""
    cells = {
        root: {
            attributes.get("lang")
            for tag, attributes in Page(client.get(root + ASKED + "&format=html").text).tags
            if tag == "td"
        }
        for root in ("/en", "/zh")
    }
    assert cells == {"/en": {None}, "/zh": {None, "en"}}


def test_the_rows_on_a_page(client: TestClient, world: Loaded) -> None:
    """The table of a page has the cells of the answer: labels that lead to their things, and passages."""
    query, root = find_query("who-said-what"), ""
    frame = read_frame(solve(world.store, query, {"thing": "mission-lamp-1"}))
    page = Page(client.get(f"{ASKED}&format=html").text)
    sheet = lay_out(query, frame, root)
    assert [cell.strip() for cell in page.cells] == [cell.link or cell.text for row in sheet.rows for cell in row]
    texts = [dict(zip((column.name for column in sheet.columns), row, strict=True)) for row in sheet.rows]
    for shown, row in zip(texts, frame.terms, strict=True):
        terms = dict(zip(frame.columns, row, strict=True))
        assert shown["gist"].text == terms["gist"].value  # type: ignore[union-attr]
        assert shown["gist"].link == f"/id/{terms['claim'].value.rpartition('/')[2]}"  # type: ignore[union-attr]
        assert shown["address"].link == terms["address"].value  # type: ignore[union-attr]
        assert shown["modality"].kind == "modality"


@pytest.mark.parametrize(
    ("term", "link"),
    [
        (ox.NamedNode("https://w3id.org/chinaspace/id/mission-a"), "/zh/id/mission-a"),
        (ox.NamedNode("https://w3id.org/chinaspace/ontology/Mission"), "/zh/ontology/Mission"),
        (ox.NamedNode("https://w3id.org/chinaspace/id/a/../b"), "https://w3id.org/chinaspace/id/a/../b"),
        (ox.NamedNode("https://example.org/a"), "https://example.org/a"),
        (ox.NamedNode("javascript:alert(1)"), ""),
        (ox.Literal("https://example.org/a"), ""),
        (ox.Literal("javascript:alert(1)"), ""),
    ],
)
def test_where_a_cell_leads(term: ox.NamedNode | ox.Literal, link: str) -> None:
    """A thing of ours leads to its page, a term to the vocabulary, and nothing to what a browser would run."""
    query = SavedQuery("all", "All", "What?", (), (), 0, "", (Column("thing", "address", ""),))
    (row,) = lay_out(query, read_frame(solutions([term])), "/zh").rows
    is_address = isinstance(term, ox.Literal) and term.value.startswith("https:")
    assert row[0].link == (term.value if is_address else link)


def solutions(terms: list[ox.NamedNode | ox.Literal]) -> ox.QuerySolutions:
    """Return a column "thing" of terms."""
    found = ox.Store().query(f"SELECT ?thing {{ VALUES ?thing {{ {' '.join(map(str, terms))} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    return found


def test_headings_are_words() -> None:
    """A heading says the name of its column in words, with its unit."""
    assert heading(Column("slipAtLeast", "integer", "", unit="days")) == "slip at least (days)"
    assert heading(Column("fieldName", "string", "")) == "field"
    assert heading(Column("amount", "decimal", "", unit="?currency")) == "amount"


def test_pages_of_rows(client: TestClient) -> None:
    """A page shows some rows, and links lead to the others."""
    first = client.get("/queries/facts?format=html&limit=5")
    links = [attributes["href"] or "" for tag, attributes in Page(first.text).tags if tag == "a"]
    (following,) = {link for link in links if "offset=5" in link}
    second = Page(client.get(f"/queries/facts{following}").text)
    assert second.cells
    assert second.cells != Page(first.text).cells


@pytest.mark.parametrize("query", [query for query in saved_queries().values() if query.examples])
def test_examples_and_downloads_on_a_page(client: TestClient, query: SavedQuery) -> None:
    """Each example is a link that fills in its values, and all columns are explained."""
    answer = client.get(f"/queries/{query.name}?format=html")
    links = [attributes["href"] or "" for tag, attributes in Page(answer.text).tags if tag == "a"]
    asked = [dict(parse_qsl(link.removeprefix("?"))) for link in links if link.startswith("?")]
    for example in query.examples:
        assert {**example.values, "format": "html"} in asked
    assert all(escape(column.meaning) in answer.text for column in query.columns)


@pytest.fixture
def ambiguous(tmp_path: Path) -> Iterator[TestClient]:
    """Give a client over a graph in which a mission and its spacecraft share a name that is markup."""
    body = f'''csd:mission-lamp a cs:Mission ; rdfs:label "Lamp mission"@en ; skos:altLabel "LMP"@en , """{MARKUP}""" .
        csd:spacecraft-lamp a cs:Lander ; rdfs:label """Lamp {MARKUP}"""@en ; skos:altLabel "LMP"@en , """{MARKUP}""" .
        csd:claim-one a cs:Claim ; cs:about csd:mission-lamp ; cs:gist "A lamp."@en .'''
    with TestClient(create_app(load_turtle(tmp_path, body)), follow_redirects=False) as running:
        yield running


@pytest.mark.parametrize("accept", ["application/json", "text/csv", "*/*"])
def test_an_ambiguous_name_is_a_problem_with_candidates(ambiguous: TestClient, accept: str) -> None:
    """A name of several things is a 400 that lists them, and each as listed is taken."""
    answer = ambiguous.get("/queries/facts?thing=lmp", headers={"accept": accept})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    report = answer.json()
    assert report["parameter"] == "thing"
    assert report["candidates"] == [
        {"name": "mission-lamp", "label": "Lamp mission", "kind": "mission"},
        {"name": "spacecraft-lamp", "label": f"Lamp {MARKUP}", "kind": "lander"},
    ]
    for one in report["candidates"]:
        assert one["name"] in report["detail"]
        assert ambiguous.get("/queries/facts", params={"thing": one["name"]}).status_code == 200


def test_an_ambiguous_name_on_a_page(ambiguous: TestClient) -> None:
    """A browser gets the candidates as links that ask the same with the thing that is meant, and keep the rest."""
    day = "2022-10-31"
    answer = ambiguous.get("/queries/plans-as-of", params={"thing": MARKUP, "day": day}, headers=BROWSER)
    page = Page(answer.text)
    assert answer.status_code == 400
    assert "b" not in {tag for tag, _ in page.tags}
    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    asked = [dict(parse_qsl(link.removeprefix("?"))) for link in links if link.startswith("?")]
    assert asked[:2] == [{"thing": one, "day": day, "format": "html"} for one in ("mission-lamp", "spacecraft-lamp")]


@pytest.mark.parametrize("query", [query for query in saved_queries().values() if query.parameters])
def test_a_form_has_each_parameter(client: TestClient, query: SavedQuery) -> None:
    """The form of a query has a field for each parameter, with its type, its help, and names to choose from."""
    answer = client.get(f"/queries/{query.name}?format=html")
    page = Page(answer.text.partition("<main")[2])
    fields = {attributes["name"]: attributes for tag, attributes in page.tags if tag == "input"}
    lists = [attributes["id"] for tag, attributes in page.tags if tag == "datalist"]
    assert set(fields) == {one.name for one in query.parameters} | {"format"}
    for one in query.parameters:
        assert escape(f"{one.kind}: {one.help}") in answer.text
        assert fields[one.name]["aria-describedby"] == f"help-{one.name}"
        if fields[one.name].get("list"):
            assert fields[one.name]["list"] in lists
    assert len(lists) == sum(one.type == "iri" and one.classes != ("cs:Claim",) for one in query.parameters)
    assert len([tag for tag, _ in page.tags if tag == "option"]) <= 300 * len(lists)


def test_a_form_offers_names_that_are_taken(client: TestClient, world: Loaded) -> None:
    """Each name that a form offers is taken, and is of the class; the name of another class is not offered."""
    page = Page(client.get("/queries/cooperations?format=html").text)
    offered = [attributes["value"] for tag, attributes in page.tags if tag == "option"]
    assert "Southland" in offered
    assert "Lamp 1" not in offered
    for name in offered:
        assert client.get("/queries/cooperations", params={"actor": name}).status_code == 200


def test_a_list_of_words_on_a_page(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parameter that is one of a list is chosen from it, and anything else is a 400."""
    path = tmp_path / "by-language.rq"
    header = "#+ summary: Labels\n#+ question: Which?\n#+ param: word one-of(on, off) default off -- how\n"
    path.write_text(header + "SELECT ?word\nWHERE {\n  BIND ( 1 AS ?one )\n}\nORDER BY ?word\n", "utf-8")
    monkeypatch.setattr("chinaspace.rest.find_query", lambda name: read_query(path, own=True))
    page = Page(client.get("/queries/by-language?format=html&word=on").text)
    assert next(attributes for tag, attributes in page.tags if tag == "select")["name"] == "word"
    assert [tag for tag, _ in page.tags].count("option") == 3
    assert [cell.strip() for cell in page.cells] == ["on"]
    assert client.get("/queries/by-language?word=in").status_code == 400
    assert client.get("/queries/by-language?word=on&format=csv").text.split() == ["word", "on"]


def test_a_page_before_its_form_is_filled_in(client: TestClient) -> None:
    """The page of a query that takes a parameter shows its form, and no fault."""
    answer = client.get("/queries/who-said-what?format=html")
    assert answer.status_code == 200
    assert "alert" not in {attributes.get("role") for _, attributes in Page(answer.text).tags}


@pytest.mark.parametrize("name", ["thing", "nothing", MARKUP])
def test_markup_is_escaped(client: TestClient, name: str) -> None:
    """Whatever is given comes back as text, never as markup."""
    plain = Page(client.get("/queries/who-said-what", params={"format": "html", "thing": "mission-nowhere"}).text)
    answer = client.get("/queries/who-said-what", params={"format": "html", name: MARKUP})
    assert answer.status_code == 400
    assert [tag for tag, _ in Page(answer.text).tags] == [tag for tag, _ in plain.tags]
