"""Federation with a second SPARQL server that holds an extract in Wikidata's shape: from here to there, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from chinaspace.paths import home
from live import serving
from services import oxigraph
from support import SOURCE, claim, write_turtle
from wikidata import craft, item, launched, write_extract

FOLDER = home() / "docs" / "federation"
THERE, HERE = "https://query.wikidata.org/sparql", "https://chinaspace.example/sparql"
CHINA = "wdt:P17 wd:Q148"
EXPECTED = {
    "wikidata-launch-dates": [("kite", "2020-11-23", "2020-11-23T00:00:00Z", "2020-087A")],
    "wikidata-unlinked": [("wren", "csd:spacecraft-wren", "2021-001A", "wd:Q2")],
    "wikidata-names": [("Long Pole 2", "长杆二号", "csd:vehicle-pole", "wd:Q54162")],
}
PREFIXES = {"https://w3id.org/chinaspace/id/": "csd:", "http://www.wikidata.org/entity/": "wd:"}


@dataclass(frozen=True)
class Pair:
    """The addresses of our server, of one of ours that calls nobody, and of the one that holds the extract."""

    ours: str
    closed: str
    theirs: str


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Give the servers."""
    folder = tmp_path_factory.mktemp("federation")
    own = (
        craft("kite", "Q1", 'cs:locator "2020-087A"')
        + launched(
            "kite",
            '"2020-11-23"^^xsd:date',
            'cs:gist "Kite flew."@en ; cs:statedBy csd:person-ada ; cs:about csd:spacecraft-kite',
        )
        + craft("wren", "Q9").replace("skos:exactMatch wd:Q9", 'skos:altLabel "W"@en')
        + claim("wren-row", "csd:launch-wren cs:launches csd:spacecraft-wren", 'cs:locator "2021-001A"')
        + 'csd:vehicle-pole a cs:LaunchVehicle ; rdfs:label "Long Pole 2"@en ; skos:exactMatch wd:Q54162 .\n'
        + 'csd:person-ada a cs:Person ; rdfs:label "Ada"@en .\n'
    )
    others = (
        item("Q1", CHINA, 'wdt:P247 "2020-087A"', 'wdt:P619 "2020-11-23T00:00:00Z"^^xsd:dateTime')
        + item("Q2", "wdt:P495 wd:Q148", 'wdt:P247 "2021-001A"')
        + item("Q3", "wdt:P17 wd:Q30", 'wdt:P247 "2021-001A"')
        + 'wd:Q54162 rdfs:label "长杆二号"@zh , "Long Pole 2"@en .\n'
    )
    data = write_turtle(folder / "own.ttl", SOURCE + own)
    with (
        oxigraph(folder / "store", write_extract(folder / "extract.ttl", others)) as theirs,
        serving(data, "--allow-service", theirs, "--service-size", "0.05") as one,
        serving(data) as closed,
    ):
        yield Pair(f"{one.address}sparql", f"{closed.address}sparql", theirs)


def ask(address: str, query: str) -> httpx.Response:
    """Ask an endpoint for CSV."""
    return httpx.post(address, data={"query": query}, headers={"accept": "text/csv"}, timeout=30, trust_env=False)


def test_all_queries_are_tested() -> None:
    """Each query of the folder has the header of a saved one, and a test."""
    files = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.rq")}
    assert files.keys() == {*EXPECTED, "claims-on-items"}
    assert all(text.startswith("#+ summary: ") and "\n#+ question: " in text for text in files.values())


@pytest.mark.parametrize("name", list(EXPECTED))
def test_from_here_to_there(pair: Pair, name: str) -> None:
    """A query here takes in what the other server says; a server that has not opened it refuses the query."""
    query = (FOLDER / f"{name}.rq").read_text("utf-8").replace(THERE, pair.theirs)
    response = ask(pair.ours, query)
    assert response.status_code == 200, response.text
    rows = [tuple(map(short, row)) for row in csv.reader(io.StringIO(response.text))][1:]
    assert [row[:4] for row in rows] == EXPECTED[name]
    assert "etag" not in response.headers
    assert ask(pair.closed, query).status_code == 400


def short(value: str) -> str:
    """Return a value with the prefix of its IRI."""
    for namespace, prefix in PREFIXES.items():
        value = value.replace(namespace, prefix)
    return value


def test_from_there_to_here(pair: Pair) -> None:
    """The other server calls ours, and gets who said what of its items."""
    query = (FOLDER / "claims-on-items.rq").read_text("utf-8").replace(HERE, pair.closed)
    response = ask(pair.theirs, query)
    assert response.status_code == 200, response.text
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert (row["gist"], row["modality"], row["speaker"]) == ("Kite flew.", "asserted", "Ada")


def test_too_much_is_refused(pair: Pair) -> None:
    """What a service answers is limited, and the report names the service, not the way to it."""
    every = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
    response = ask(pair.ours, f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{pair.theirs}> {{ {every} }} }}")
    assert response.status_code == 502
    assert response.headers["content-type"] == "application/problem+json"
    assert pair.theirs in response.text
    assert "127.0.0.1" not in response.text.replace(pair.theirs, "")


def test_silent_gives_the_rest(pair: Pair) -> None:
    """A service that fails in a silent clause leaves the rest of the query as it is."""
    query = f"SELECT * {{ VALUES ?n {{ 1 }} SERVICE SILENT <{pair.theirs}> {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} }}"
    response = ask(pair.ours, query)
    assert (response.status_code, response.text.count("\r\n")) == (200, 2)
