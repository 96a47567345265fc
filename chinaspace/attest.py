"""Attest what a comparison with linked items came to: as RDF, in the W3C's vocabulary of test reports, EARL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from chinaspace.drift import FIELDS, Row, Verdict
from chinaspace.errors import StoreError
from chinaspace.names import CSD, CSG, CSL, DCTERMS, RDF, RDFS, WIKIDATA, XSD, cs, prefixes
from chinaspace.unite import Union
from chinaspace.write import writing_whole

# The graph of the report, and the namespace of its parts.
REPORT = ox.NamedNode(CSG + "drift")

_EARL = "http://www.w3.org/ns/earl#"
_ASSERTION, _RESULT_CLASS = ox.NamedNode(_EARL + "Assertion"), ox.NamedNode(_EARL + "TestResult")
_SUBJECT, _TEST, _RESULT, _OUTCOME = (ox.NamedNode(_EARL + name) for name in ("subject", "test", "result", "outcome"))
_TYPE, _LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")
# A field that several properties of Wikidata say is named by the first of them.
_TOGETHER = {field.codes[0]: field.codes for field in FIELDS}
_FORMATS = {
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}


def write_report(path: Path, rows: Iterable[Row], asked: str, day: date) -> None:
    """Write the rows as RDF to *path*, whole or not at all: TriG or N-Quads with the graph csg:drift, or Turtle.

    *asked* names the endpoint or the file that was consulted, on *day*.

    Raises:
        StoreError: the ending of *path* is none of these, or it cannot be written.
    """
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise StoreError(f"{path}: a report is written as .trig, .nq, .ttl or .nt. Name it so.")
    quads = sorted(attest(rows, asked, day), key=str)
    said = quads if form.supports_datasets else [quad.triple for quad in quads]
    short = prefixes() if form in (ox.RdfFormat.TRIG, ox.RdfFormat.TURTLE) else None
    try:
        with writing_whole(path) as file:
            ox.serialize(said, file, format=form, prefixes=short)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}. Name a file that can be written.") from error


def attest(rows: Iterable[Row], asked: str, day: date) -> Iterator[ox.Quad]:
    """Yield the rows as assertions in the graph csg:drift, each named by its thing and field."""
    for subject, predicate, value in _statements(rows, asked, day):
        yield ox.Quad(subject, predicate, value, REPORT)


def _statements(
    rows: Iterable[Row], asked: str, day: date
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    yield REPORT, ox.NamedNode(DCTERMS + "created"), ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))
    yield REPORT, ox.NamedNode(DCTERMS + "source"), ox.Literal(asked)
    for row in rows:
        name = f"{REPORT.value}/{row.thing.removeprefix(CSD)}-{row.field or row.verdict}"
        node, result = ox.NamedNode(name), ox.NamedNode(f"{name}-result")
        yield node, _TYPE, _ASSERTION
        yield node, _LABEL, ox.Literal(row.name, language="en")
        yield node, _SUBJECT, ox.NamedNode(row.thing)
        # The item is what was linked to; that it is still there is tested by the link itself.
        yield node, ox.NamedNode(DCTERMS + "relation"), ox.NamedNode(WIKIDATA + row.item)
        yield node, _TEST, ox.NamedNode(WIKIDATA + row.field) if row.field else ox.NamedNode(f"{CSL}item-is-there")
        yield node, _RESULT, result
        yield result, _TYPE, _RESULT_CLASS
        yield result, _OUTCOME, cs(row.verdict.value)
        for predicate, text in ((cs("ourValue"), row.ours), (cs("theirValue"), row.theirs)):
            if text:
                yield result, predicate, ox.Literal(text)


def known_better(graph: Union) -> dict[tuple[str, str], bool]:
    """Return, for each thing and property of Wikidata in a report that is loaded, whether ours is the sharper value."""
    found: dict[tuple[str, str], bool] = {}
    for quad in graph.quads(None, _SUBJECT):
        for test in graph.values(quad.subject, _TEST):
            outcomes = [
                outcome
                for result in graph.values(quad.subject, _RESULT)
                if not isinstance(result, ox.Literal)
                for outcome in graph.values(result, _OUTCOME)
            ]
            if isinstance(test, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                code = test.value.removeprefix(WIKIDATA)
                for other in _TOGETHER.get(code, (code,)):
                    found[quad.object.value, other] = outcomes == [cs(Verdict.OURS.value)]
    return found
