"""The saved queries and pages over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from chinaspace.ask import FORMATS, MEDIA_TYPES, solve
from chinaspace.cli import app as command
from chinaspace.load import Loaded
from chinaspace.queries import SavedQuery, find_query, read_query, saved_queries
from chinaspace.tables import read_rows
from chinaspace.web import create_app
from support import load_turtle

PAGES = ["/queries?format=html", "/sparql", *(f"/queries/{name}?format=html" for name in saved_queries())]
ASKED = "/queries/who-said-what?thing=mission-lamp-1"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MARKUP = "<script>alert(1)</script>\"'><b>"


class Page(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and the cells of its table."""

    def __init__(self, text: str) -> None:
        """Read *text*."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; a cell begins with it."""
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")
        if tag == "a" and self.cells:
            self.cells[-1] = dict(attrs)["href"] or ""

    def handle_data(self, data: str) -> None:
        """Note the text of a cell, which of a link is its address."""
        if self.tags[-1:] and self.tags[-1][0] == "td":
            self.cells[-1] += data


def test_health(client: TestClient, world: Loaded) -> None:
    """The server says that it is well, and which graph it serves."""
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["digest"] == world.digest


def test_the_front_leads_to_the_questions(client: TestClient) -> None:
    """Who comes without a path is sent to the questions."""
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/queries")


def test_the_list_of_queries(client: TestClient) -> None:
    """The list has each query with its parameters."""
    listed = {query["name"]: query for query in client.get("/queries").json()["queries"]}
    assert list(listed) == list(saved_queries())
    for query in saved_queries().values():
        given = [(one["name"], one["type"], one["default"]) for one in listed[query.name]["parameters"]]
        assert given == [(one.name, one.type, one.default) for one in query.parameters]


def test_the_list_in_a_browser(client: TestClient) -> None:
    """A browser gets a page that leads to each query."""
    answer = client.get("/queries", headers=BROWSER)
    links = {attributes.get("href") for tag, attributes in Page(answer.text).tags if tag == "a"}
    assert {f"/queries/{name}?format=html" for name in saved_queries()} <= links


@pytest.mark.parametrize("form", FORMATS)
def test_a_form_by_name_and_by_header(client: TestClient, form: str) -> None:
    """The form that "format" names is the one that its media type asks for."""
    by_name = client.get(f"{ASKED}&format={form}")
    media_type = by_name.headers["content-type"].partition(";")[0]
    assert by_name.status_code == 200
    assert MEDIA_TYPES[media_type] == form
    assert client.get(ASKED, headers={"accept": media_type}).content == by_name.content


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["who-said-what", "modality-by-source", "facts"])
def test_the_same_as_on_the_command_line(graph: Loaded, form: str, name: str) -> None:
    """Over HTTP and on the command line the answer is the same, to the byte."""
    given = {"thing": "mission-change-6"} if name != "modality-by-source" else {}
    options = [part for key, value in given.items() for part in ("--param", f"{key}={value}")]
    printed = CliRunner().invoke(command, ["query", name, "--format", form, *options])
    assert printed.exit_code == 0
    answer = TestClient(create_app(graph)).get(f"/queries/{name}", params={**given, "format": form})
    assert answer.content == printed.stdout_bytes


def test_the_rows_on_a_page(client: TestClient, world: Loaded) -> None:
    """The table of a page has the cells of the answer."""
    rows = read_rows(solve(world.store, find_query("who-said-what"), {"thing": "mission-lamp-1"}))
    page = Page(client.get(f"{ASKED}&format=html").text)
    assert [cell.strip() for cell in page.cells] == [cell for row in rows.rows for cell in row]


def test_empty_parameters_are_not_given(client: TestClient) -> None:
    """A field that was left empty is as if it were not there."""
    assert client.get("/queries/facts?thing=&format=csv").content == client.get("/queries/facts?format=csv").content


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/queries/cooperations?actor=Southland", 200),
        ("/queries/cooperations?actor=mission-lamp-1", 400),
        ("/queries/no-such-query", 404),
        ("/queries/no-such-query?format=html", 404),
        ("/nowhere", 404),
        ("/queries/who-said-what?thing=mission-nowhere", 400),
        ("/queries/who-said-what?thing=a%20b", 400),
        ("/queries/who-said-what?thing=mission-nowhere&format=html", 400),
        ("/queries/facts?nothing=1", 400),
        ("/queries/plans-as-of?day=soon", 400),
        ("/queries/facts?format=pdf", 400),
        ("/queries/facts?format=", 400),
        ("/queries?format=pdf", 400),
    ],
)
def test_wrong_requests(client: TestClient, address: str, status: int) -> None:
    """What the client did wrong is told with a status of the 400s."""
    assert client.get(address).status_code == status


def test_a_fault_is_a_problem_report(client: TestClient) -> None:
    """A fault is told in the form of RFC 9457."""
    answer = client.get("/queries/no-such-query")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
    assert answer.json()["detail"]


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
    assert asked == [{"thing": one, "day": day, "format": "html"} for one in ("mission-lamp", "spacecraft-lamp")]


@pytest.mark.parametrize("address", ["?thing=mission-nowhere", "?thing=a&thing=b", "?nothing=1", "?day=soon"])
def test_a_wrong_parameter_comes_with_the_list(client: TestClient, address: str) -> None:
    """What is wrong with a parameter is told with the parameters that there are, and their help."""
    report = client.get(f"/queries/plans-as-of{address}").json()
    assert [(one["name"], one["help"]) for one in report["parameters"]] == [
        (one.name, one.help) for one in find_query("plans-as-of").parameters
    ]


@pytest.mark.parametrize("query", [query for query in saved_queries().values() if query.parameters])
def test_a_form_has_each_parameter(client: TestClient, query: SavedQuery) -> None:
    """The form of a query has a field for each parameter, with its type, its help, and names to choose from."""
    answer = client.get(f"/queries/{query.name}?format=html")
    page = Page(answer.text)
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
    monkeypatch.setattr("chinaspace.site.find_query", lambda name: read_query(path))
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


@pytest.mark.parametrize("address", [*PAGES, f"{ASKED}&format=html"])
def test_a_page_runs_and_loads_nothing_foreign(client: TestClient, address: str) -> None:
    """A page has no script, no handler, nothing from another host, and a policy that forbids them."""
    answer = client.get(address, headers=BROWSER)
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    for tag, attributes in Page(answer.text).tags:
        assert tag not in ("script", "iframe", "object", "embed", "base")
        assert not any(name.startswith("on") for name in attributes)
        loaded = [attributes.get(name) or "" for name in ("src", "action", "data", "formaction")]
        loaded += [attributes.get("href") or ""] if tag != "a" else []
        assert all(value == "" or (value.startswith("/") and not value.startswith("//")) for value in loaded)


def test_the_style_sheet(client: TestClient) -> None:
    """The style sheet of the pages is there, and loads nothing."""
    answer = client.get("/style.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "url(" not in answer.text
    assert "@import" not in answer.text


@pytest.mark.parametrize("address", ["/docs", "/redoc"])
def test_no_page_of_the_framework(client: TestClient, address: str) -> None:
    """The pages of FastAPI, which load scripts from another host, are off."""
    assert client.get(address).status_code == 404


def test_any_page_may_ask_but_without_credentials(client: TestClient) -> None:
    """Any other site may read answers, and none may send cookies."""
    origin = {"origin": "https://example.org"}
    plain = client.get("/queries", headers=origin)
    asked = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    preflight = client.options("/sparql", headers=asked)
    for answer in (plain, preflight):
        assert answer.is_success
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


def test_json_is_what_sparql_calls_json(client: TestClient) -> None:
    """The JSON of a saved query is the SPARQL results format."""
    body = json.loads(client.get(ASKED).content)
    assert body["head"]["vars"][0] == "gist"
    assert all("value" in row["gist"] for row in body["results"]["bindings"])
