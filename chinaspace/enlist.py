"""Enlist the things of a graph with their names, kinds, countries and years, by queries that any store answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import pyoxigraph as ox

from chinaspace.match import Thing
from chinaspace.names import CS, CSD, RDF, RDFS, SCHEMA, SKOS, cs
from chinaspace.region import code_of, names_of

Rows = Iterable[Mapping[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]]
Solve = Callable[[str], Rows]

# Each is a table of ?thing and what is said of it. Sorted, so that a store that gives few rows at a time can page.
NAMES = (
    f"SELECT DISTINCT ?thing ?rank ?value WHERE {{ VALUES (?property ?rank) {{ (<{RDFS}label> 0) "
    f"(<{SKOS}prefLabel> 0) (<{SKOS}altLabel> 1) (<{SCHEMA}alternateName> 1) (<{SKOS}hiddenLabel> 2) }} "
    "?thing ?property ?value FILTER(isIRI(?thing) && isLiteral(?value)) } ORDER BY ?thing ?rank ?value"
)
KINDS = (
    f"SELECT DISTINCT ?thing ?value WHERE {{ ?thing <{RDF}type> ?value ; <{RDFS}label> ?label "
    "FILTER(isIRI(?thing) && isIRI(?value)) } ORDER BY ?thing ?value"
)
COUNTRIES = f"SELECT DISTINCT ?thing ?value WHERE {{ ?thing {cs('country')} ?value }} ORDER BY ?thing ?value"
YEARS = (
    f"SELECT DISTINCT ?thing ?value ?last WHERE {{ {{ ?thing {cs('earliest')} ?value ; {cs('latest')} ?last }} UNION "
    f"{{ ?launch {cs('launches')} ?thing ; {cs('earliest')} ?value ; {cs('latest')} ?last }} "
    f"FILTER NOT EXISTS {{ ?thing a {cs('Claim')} }} }} ORDER BY ?thing ?value ?last"
)
WEIGHTS = (
    f"SELECT ?thing (COUNT(*) AS ?value) WHERE {{ ?claim {cs('concerns')} ?thing }} GROUP BY ?thing ORDER BY ?thing"
)
ALL = (NAMES, KINDS, COUNTRIES, YEARS, WEIGHTS)
# A span as long as this tells nothing.
_LONGEST_SPAN = 30
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def enlist(solve: Solve) -> list[Thing]:
    """Return the things with names that *solve* finds, terms of the vocabulary left out, sorted by their IRIs."""
    return gather(*(solve(query) for query in ALL))


def gather(names: Rows, kinds: Rows, countries: Rows, years: Rows, weights: Rows) -> list[Thing]:
    """Return things from the rows of :data:`ALL`."""
    called: dict[str, dict[str, int]] = defaultdict(dict)
    languages: dict[tuple[str, str], str] = {}
    for row in names:
        iri, value = _text(row["thing"]), row["value"]
        if not iri.startswith(CS) and isinstance(value, ox.Literal) and value.value:
            called[iri].setdefault(value.value, int(_text(row["rank"]) or 0))
            languages.setdefault((iri, value.value), value.language or "")
    classes: dict[str, set[str]] = defaultdict(set)
    for row in kinds:
        classes[_text(row["thing"])].add(short(_text(row["value"])))
    spoken = {_text(row["thing"]): int(_text(row["value"]) or 0) for row in weights}
    spans = _spans(years)
    codes = {iri: code_of(tuple(texts)) for iri, texts in called.items() if "Country" in classes[iri]}
    places = {_text(row["thing"]): codes.get(_text(row["value"]), "") for row in countries}
    found = []
    for iri, texts in sorted(called.items()):
        # The English label is what a thing is called by.
        ranked = sorted(texts.items(), key=lambda one: (one[1], languages[iri, one[0]] != "en", one[0]))
        more = names_of(codes[iri]) if codes.get(iri) else ()
        ranked += [(name, 1) for name in more if name not in texts]
        country = codes.get(iri) or places.get(iri, "")
        found.append(Thing(iri, tuple(ranked), frozenset(classes[iri]), country, spans.get(iri), spoken.get(iri, 0)))
    return found


def short(iri: str) -> str:
    """Return what a class, property or thing is called in the API: without the namespace where it is of ours."""
    return iri.removeprefix(CS) if iri.startswith(CS) else iri.removeprefix(CSD)


def _spans(rows: Rows) -> dict[str, tuple[int, int]]:
    spans: dict[str, tuple[int, int]] = {}
    for row in rows:
        first, last = _year(row["value"]), _year(row["last"])
        if not (_FIRST_YEAR <= first <= last <= _LAST_YEAR):
            continue
        iri = _text(row["thing"])
        before = spans.get(iri, (first, last))
        spans[iri] = min(before[0], first), max(before[1], last)
    return {iri: span for iri, span in spans.items() if span[1] - span[0] < _LONGEST_SPAN}


def _year(term: object) -> int:
    text = _text(term)[:4]
    return int(text) if text.isdecimal() else 0


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
