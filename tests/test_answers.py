"""How answers go out: with validators, compressed, to HEAD, and with the fields that browsers need."""

from __future__ import annotations

import gzip
import json

import brotli
import pytest
from fastapi.testclient import TestClient

ASK = "ASK { ?thing a <https://w3id.org/chinaspace/ontology/Mission> }"
ALL = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
VOLATILE = "SELECT (NOW() AS ?now) {}"
SAVED = "/queries/modality-by-source"
ADDRESSES = [f"/sparql?query={ASK}", f"/sparql?query={ALL}", SAVED, f"{SAVED}?format=md", f"{SAVED}?format=html"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_copy_that_still_holds(client: TestClient, address: str, method: str) -> None:
    """Who has a copy is told that it holds, without a body; with another tag he gets the answer."""
    first = client.request(method, address)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    assert {part.strip() for part in first.headers["vary"].split(",")} >= {"accept", "accept-encoding"}
    again = client.request(method, address, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.request(method, address, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_lists_of_tags(client: TestClient, address: str) -> None:
    """Tags are compared weakly, each as a whole, wherever in a list, and with commas in others."""
    weak = client.get(address).headers["etag"]
    strong = weak.removeprefix("W/")
    for given in (weak, strong, f'"a,b",{strong}', f'W/"a", "" ,\t{weak} , "b"'):
        assert client.get(address, headers={"if-none-match": given}).status_code == 304, given
    for given in (strong.strip('"'), strong[:-2] + '"', f'"a,{strong[1:]}', f"W/{strong[1:]}", '"*"', '"a" *'):
        assert client.get(address, headers={"if-none-match": given}).status_code == 200, given
    assert client.get(address, headers=[("if-none-match", '"a"'), ("if-none-match", weak)]).status_code == 304


@pytest.mark.parametrize("address", [*ADDRESSES, f"/sparql?query={VOLATILE}", "/", "/queries", "/sparql", "/healthz"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_any_tag(client: TestClient, address: str, method: str) -> None:
    """Who wants an answer only where there is none is told that there is one, in what fields there are for that."""
    first = client.get(address)
    answer = client.request(method, address, headers={"if-none-match": "*"})
    assert (answer.status_code, answer.content) == (304, b"")
    assert not {"content-type", "content-length", "content-encoding"} & {*answer.headers}
    assert answer.headers.get("etag") == first.headers.get("etag")


@pytest.mark.parametrize(
    ("address", "status"),
    [("/sparql?query=SELECT", 400), ("/id/mission-none", 404), ("/queries/none", 404), ("/sparql?update=CLEAR", 403)],
)
def test_any_tag_of_nothing(client: TestClient, address: str, status: int) -> None:
    """Where there is no answer, that is told as without a condition."""
    assert client.get(address, headers={"if-none-match": "*"}).status_code == status


def test_any_tag_is_no_matter_to_post(client: TestClient) -> None:
    """A query by POST is answered; there is no copy of it."""
    assert client.post("/sparql", data={"query": ASK}, headers={"if-none-match": "*"}).status_code == 200


def test_a_tag_is_that_of_one_form(client: TestClient) -> None:
    """Each form of an answer has a tag of its own."""
    accepted = ["text/csv", "application/sparql-results+json", "application/sparql-results+xml"]
    tags = {client.get(ADDRESSES[0], headers={"accept": accept}).headers["etag"] for accept in accepted}
    tags |= {client.get(f"{SAVED}?format={form}").headers["etag"] for form in ("md", "html", "csv")}
    assert len(tags) == 6


def test_what_may_change_is_not_to_be_kept(client: TestClient) -> None:
    """An answer with the time of day has no tag, and is not to be kept; nor is a fault."""
    for query in ("SELECT (NOW() AS ?now) {}", "SELECT"):
        answer = client.get("/sparql", params={"query": query})
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    first, second = (client.get("/sparql", params={"query": "SELECT (UUID() AS ?id) {}"}).content for _ in "ab")
    assert first != second


@pytest.mark.parametrize("address", ADDRESSES[1:])
@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_codings(client: TestClient, address: str, coding: str) -> None:
    """Compressed or not, the answer is the same; both the first time and from what is kept."""
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for _ in range(2):
        with client.stream("GET", address, headers={"accept-encoding": coding}) as answer:
            raw = b"".join(answer.iter_raw())
        packed = answer.headers.get("content-encoding", "identity")
        assert packed == (coding if len(plain.content) >= 1024 else "identity")
        undo = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}[packed]
        assert undo(raw) == plain.content


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_a_body(client: TestClient, address: str) -> None:
    """HEAD has the fields of GET."""
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "vary", "cache-control", "content-length"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", "text/turtle"])
def test_charset(client: TestClient, accept: str) -> None:
    """What is text says that it is UTF-8."""
    query = "CONSTRUCT { ?s ?p '嫦娥' } WHERE { ?s ?p ?o } LIMIT 1" if accept == "text/turtle" else ALL
    answer = client.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_a_preflight(client: TestClient, method: str) -> None:
    """A page of another site may ask, with any header, and without credentials."""
    fields = {"origin": "https://example.org", "access-control-request-method": method}
    answer = client.options("/sparql", headers=fields)
    assert answer.status_code == 204
    assert method in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_options_and_other_methods(client: TestClient) -> None:
    """OPTIONS lists the methods, and so does the refusal of another one."""
    for method in ("OPTIONS", "PUT", "DELETE"):
        answer = client.request(method, "/sparql")
        assert answer.status_code == (204 if method == "OPTIONS" else 405)
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("address", [*ADDRESSES, "/sparql", "/nowhere", "/sparql?query=SELECT", "/metrics", "/queries"])
def test_fields_of_every_answer(client: TestClient, address: str) -> None:
    """Every answer may be read by any page, and is never taken for another type."""
    answer = client.get(address)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_where_a_query_is_malformed(client: TestClient) -> None:
    """The report of a malformed query names line and column, and the prefixes to declare."""
    query = "SELECT ?s WHERE {\n  ?s cs:gist ?gist .\n}"
    report = client.get("/sparql", params={"query": query}).json()
    assert (report["status"], report["line"], report["type"]) == (400, 2, "about:blank")
    assert "PREFIX cs: <https://w3id.org/chinaspace/ontology/>" in report["hint"]
    assert report["hint"] in report["detail"]
    assert json.dumps(report)


def test_a_malformed_query_on_a_page(client: TestClient) -> None:
    """A browser gets a page with the line, a mark below it, and the query to mend, all as text."""
    query = "SELECT ?s WHERE {\n  ?s <urn:p> '<b>' <script> .\n}"
    answer = client.get("/sparql", params={"query": query}, headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>" not in answer.text
    assert "^</pre>" in answer.text
    assert answer.text.count("&lt;script&gt;") >= 2


@pytest.mark.parametrize("target", ["/sparql?query=ASK{}", SAVED])
def test_a_form_that_is_not_there(client: TestClient, target: str) -> None:
    """A form that cannot be given is refused, with those that can."""
    answer = client.get(target, headers={"accept": "image/gif"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert "text/csv" in answer.json()["detail"]


@pytest.mark.parametrize("fields", [{"content-encoding": "gzip"}, {"content-length": "9999999"}])
def test_bodies_that_are_not_read(client: TestClient, fields: dict[str, str]) -> None:
    """A compressed body is not unpacked, and one that says that it is too long is not waited for."""
    headers = {"content-type": "application/sparql-query", **fields}
    answer = client.post("/sparql", content=b"ASK {}", headers=headers)
    assert answer.status_code == (415 if "content-encoding" in fields else 413)
