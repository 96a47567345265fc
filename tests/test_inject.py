"""Whatever is typed into an address or a command is refused or taken to the letter, and asks nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from chinaspace.queries import SavedQuery, read_query, saved_queries
from chinaspace.web import create_app
from support import Command, load_turtle, one_sentence

HOSTILE = [
    "'",
    '"',
    '"""',
    "\\",
    '\\"',
    "}",
    "{",
    "} UNION { ?s ?p ?o",
    '" } UNION { ?s ?p ?o } #',
    "> } UNION { ?s ?p ?o } #",
    "\n} UNION { ?s ?p ?o } #",
    "# nothing",
    "a # b",
    "\\u0022 } UNION { ?s ?p ?o } #",
    "\\U00000022 } #",
    "\\\\u0022",
    "%22%20%7D",
    "%00",
    "UNDEF",
    "?text",
    "$text",
    "<https://example.org/a b>",
    "https://example.org/a b",
    "https://example.org/a>b",
    "https://example.org/\\u003E",
    "https://example.org/%3E",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "csd:x> <csd:y",
    "cs:Mission UNDEF",
    "mission-lamp-1 ",
    "mission-lamp-1\u200b } #",
    "SERVICE <http://127.0.0.1/> {}",
    "' OR '1'='1",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\U0001f680",
    "a" * 50_000,
    '"' * 20_000,
]
TEXTS = ["plain", "it's", '"', "}", "\\u0022", "# nothing", "%22%20%7D", "UNDEF"]
BODY = """#+ param: text string -- the words
#+ param: number integer optional -- how many
#+ param: word one-of(on, off) optional -- which
SELECT ?text
WHERE {
  ?thing <https://example.org/says> ?text .
  BIND ( CONCAT(STR(?number), ?word) AS ?both )
}
ORDER BY ?text
"""

with_things = [
    (query.name, one.name) for query in saved_queries().values() for one in query.parameters if one.type == "iri"
]


def written(text: str) -> str:
    return str(ox.Literal(text))


@pytest.fixture(scope="module")
def of_texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, SavedQuery]]:
    """Give a client over a graph of texts, and a query that takes one."""
    folder = tmp_path_factory.mktemp("texts")
    said = " , ".join(map(written, TEXTS))
    loaded = load_turtle(folder, f"csd:mission-lamp a cs:Mission ; <https://example.org/says> {said} .")
    path = folder / "words.rq"
    path.write_text(BODY, "utf-8")
    with TestClient(create_app(loaded)) as running:
        yield running, read_query(path, own=True)


@pytest.fixture
def texts(of_texts: tuple[TestClient, SavedQuery], monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Return a client that asks this query, whatever its name."""
    running, query = of_texts
    monkeypatch.setattr("chinaspace.rest.find_query", lambda name: query)
    return running


@pytest.mark.parametrize("value", [*HOSTILE, *TEXTS], ids=lambda value: repr(value)[:40])
def test_a_text_is_taken_to_the_letter(texts: TestClient, value: str) -> None:
    """A text gives the rows that have this very text, and no others; what is no text is a 400."""
    answer = texts.get("/queries/words", params={"text": value, "format": "json"})
    if answer.status_code != 400:
        assert answer.status_code == 200
        found = [row["text"]["value"] for row in answer.json()["results"]["bindings"]]
        assert found == ([value] if value in TEXTS else [])


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:40])
@pytest.mark.parametrize("name", ["number", "word", "limit", "offset", "format", "nothing", "text[]"])
def test_what_is_no_text_is_refused(texts: TestClient, name: str, value: str) -> None:
    """A number, a word of a list, a page, a form or an unknown name that is hostile is a 400, on pages as well."""
    for more in ({}, {"format": "html"}) if name != "format" else ({},):
        assert texts.get("/queries/words", params={"text": "plain", name: value, **more}).status_code == 400


@pytest.mark.parametrize(("query", "parameter"), with_things)
def test_a_thing_is_found_or_refused(client: TestClient, query: str, parameter: str) -> None:
    """What names no thing is a 400 for each query that takes one, however it is written."""
    for value in HOSTILE:
        answer = client.get(f"/queries/{query}", params={parameter: value})
        # Blanks at the end of a name are no matter, and it is that very thing.
        assert answer.status_code == 400 or value == "mission-lamp-1 ", value[:60]


@pytest.mark.parametrize("raw", ["%", "%zz", "%ff", "%c3%28", "%ed%a0%80", "%00", "%u0022", "+", "%2522", "a%0d%0ab"])
def test_bytes_of_an_address(client: TestClient, raw: str) -> None:
    """An address that is not well encoded is a 400, or names nothing."""
    assert client.get(f"/queries/facts?thing={raw}").status_code == 400
    assert client.get(f"/queries/{raw}").status_code == 404


@pytest.mark.parametrize("value", [one for one in HOSTILE if "\0" not in one and len(one) < 1000])
def test_a_hostile_command(chinaspace: Command, value: str, tmp_path: Path) -> None:
    """On the command line the same is told in one sentence, for a name, a form, columns, a page and a file."""
    for options in (
        [f"x{value}"],
        ["--file", str(tmp_path / quote(value, safe=""))],
        ["facts", "--limit", f"x{value}"],
        ["facts", "--offset", f"x{value}"],
        ["facts", "--format", f"x{value}"],
    ):
        run = chinaspace("query", *options)
        assert run.code == 2
        assert one_sentence(run)
