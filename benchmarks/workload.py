"""The queries that endpoints are measured by, each in as many different texts as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_PREFIXES = """PREFIX cs: <https://w3id.org/chinaspace/ontology/>
PREFIX csd: <https://w3id.org/chinaspace/id/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


@dataclass(frozen=True)
class Work:
    """A class of queries: *text* with VALUE for what differs, and the *values*; where it is VALUE, whole queries."""

    name: str
    text: str
    values: tuple[str, ...]

    def queries(self) -> list[str]:
        """Return one query for each value."""
        if self.text == "VALUE":
            return list(self.values)
        return [_PREFIXES + self.text.replace("VALUE", value) for value in self.values]

    def addresses(self, before: str) -> list[str]:
        """Return what stands in a request line, after *before*; a number at the end makes a comment of its own."""
        return [before + quote(query + "\n#") for query in self.queries()]


# A thing with its claims, as a page about it would ask.
LIGHT = Work(
    "light",
    "SELECT ?claim ?gist ?modality ?source WHERE { ?claim cs:concerns VALUE ; cs:gist ?gist ; "
    "cs:modality ?modality ; cs:source ?source }",
    tuple(f"csd:launch-{number}" for number in range(2, 14)),
)
# Who speaks of the dates of launches how often: a join and an aggregate that cost Oxigraph 2 ms of a processor where
# 100,000 triples were generated.
MEDIUM = Work(
    "2 ms",
    "SELECT ?speaker ?name (COUNT(?claim) AS ?claims) WHERE { ?claim rdf:predicate VALUE ; cs:statedBy ?speaker . "
    "?speaker rdfs:label ?name FILTER ( LANG(?name) = 'en' ) } GROUP BY ?speaker ?name "
    "ORDER BY DESC(?claims) ?speaker ?name LIMIT 20",
    ("cs:launchDate",),
)
# All claims, by source and modality.
HEAVY = Work(
    "heavy",
    "SELECT ?name ?modality (COUNT(DISTINCT ?claim) AS ?claims) WHERE { ?claim cs:source/rdfs:label ?name ; "
    "cs:modality/rdfs:label ?modality FILTER ( LANG(?name) = 'en' && LANG(?modality) = VALUE ) } "
    "GROUP BY ?name ?modality ORDER BY ?name ?modality",
    ("'en'",),
)
CLASSES = (LIGHT, MEDIUM, HEAVY)

_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
# What no server can finish.
HOSTILE = (
    f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}",
    f"SELECT DISTINCT ?a ?d ?g {{ {_CROSS} }}",
    f"SELECT * {{ {_CROSS} }} ORDER BY ?l",
    f"CONSTRUCT {{ ?a ?e ?l }} {{ {_CROSS} }}",
    f"SELECT ?a (GROUP_CONCAT(STR(?l)) AS ?all) {{ {_CROSS} }} GROUP BY ?a",
    "SELECT (COUNT(*) AS ?n) { ?a (!<urn:none>)* ?b . ?b (!<urn:none>)* ?c }",
    "SELECT * { ?x ?y ?z FILTER NOT EXISTS { " + _CROSS + " FILTER (?l = ?x) } }",
    "SELECT ?v40 { BIND ('aaaaaaaa' AS ?v0) "
    + "".join(f"BIND (CONCAT(?v{one}, ?v{one}) AS ?v{one + 1}) " for one in range(40))
    + "}",
)

# A number that tells which version of a data set answers.
VERSION = "SELECT ?version { <urn:version> <urn:number> ?version }"


def version_file(path: Path, number: int) -> None:
    """Write a data set that has nothing but its number, whole or not at all."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(f"<urn:version> <urn:number> {number} .\n")
    unfinished.replace(path)
