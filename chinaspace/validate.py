"""Check the graph against its shapes, and say what is wrong and what to write instead."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Identifier, Node

from chinaspace.beyond import beyond
from chinaspace.convert import to_rdflib
from chinaspace.derive import derive
from chinaspace.errors import ReadError, ShapesError
from chinaspace.load import Loaded, add_quads, load
from chinaspace.locate import unread_from
from chinaspace.names import CS, CSD, CSSH, cs, shorten
from chinaspace.paths import graph_files, home, ontology_files, shape_files
from chinaspace.point import Fault, at, key, point
from chinaspace.read import read_claims, read_quads
from chinaspace.report import Problem
from chinaspace.suggest import suggest

_STATEMENT = f"{CSSH}Entity-statement"
_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}

_NAMES = re.compile(f"(?:{re.escape(CS)}|{re.escape(CSD)})[A-Za-z0-9_-]+")

_HAND_WRITTEN = """
PREFIX cs: <https://w3id.org/chinaspace/ontology/>
PREFIX csg: <https://w3id.org/chinaspace/graph/>
SELECT DISTINCT ?node ?property ?role WHERE {
  ?property cs:propertyRole ?role .
  GRAPH ?graph { ?node ?property ?value }
  FILTER ( ?graph NOT IN (csg:facts, csg:inferred) )
  FILTER ( ?role IN (cs:derivedRole, cs:statementRole) )
}
"""

_UNTYPED = """
PREFIX csd: <https://w3id.org/chinaspace/id/>
SELECT DISTINCT ?node WHERE {
  ?node ?property ?value .
  FILTER ( STRSTARTS(STR(?node), STR(csd:)) )
  FILTER NOT EXISTS { ?node a ?class }
}
"""


def validate_files(new_files: Iterable[Path] = (), texts: Path | None = None) -> list[Problem]:
    """Return what is wrong with the repository and *new_files* together; an empty list means valid.

    A malformed file is a problem as well, and so is a new one without a
    triple; then nothing else is looked for, because the rest would be checked
    against half a graph. *texts* is the folder of the source texts, with which
    passages are compared if it is given.

    Raises:
        TextError: the folder of the texts is missing.
        ShapesError: the shapes cannot be used.
        DatasetError: there is nothing to check.
        ReadError: a file that was named is missing.
    """
    new = {Path(os.path.realpath(path)): path for path in new_files}  # resolve() fails in a circle of links
    files = [*(path for path in graph_files() if path.resolve() not in new), *new.values()]
    if unread := list(_malformed(files)) or list(_empty(new.values())):
        return unread
    loaded = load(files)
    faults = [
        # What stands in a file is known here; the shape sees derived statements as well.
        *(one for one in _faults(to_rdflib(loaded.store), shapes_graph()) if one.problem.shape != _STATEMENT),
        *_bad_dates(loaded),
        *_hand_written(loaded.store),
        *_untyped(loaded.store),
        *beyond(loaded.store, texts),
    ]
    return point((suggest(fault, loaded.store) for fault in faults), loaded.store, files)


def find_problems(data: Graph, shapes: Graph) -> list[Problem]:
    """Return what is wrong with *data*, in a stable order; an empty list means valid.

    Bad data is an ordinary result. Broken shapes are an error, because then
    the answer is unknown and must never read as "valid". Files are not known
    here, so the problems have no places.

    Raises:
        ShapesError: *shapes* is empty or cannot be evaluated.
    """
    return sorted({fault.problem for fault in _faults(data, shapes)}, key=lambda problem: problem.order)


def _faults(data: Graph, shapes: Graph) -> set[Fault]:
    from pyshacl import validate
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    if (None, RDF.type, SH.NodeShape) not in shapes:
        raise ShapesError("There is no node shape, so nothing would be checked. Look into shapes/.")
    try:
        _, report, text = validate(data, shacl_graph=shapes, inference="none", advanced=False, inplace=True)
    except (ReportableRuntimeError, ShapeLoadError, RuntimeError) as error:
        raise ShapesError(f"The shapes cannot be evaluated: {error}. Look into shapes/.") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"The shapes cannot be evaluated: {text}. Look into shapes/.")
    return set(_read_report(report))


def _read_report(report: Graph) -> Iterator[Fault]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        node = report.value(result, SH.focusNode)
        messages = sorted(str(message) for message in report.objects(result, SH.resultMessage))
        given = value is not None and value != node
        said = report.predicate_objects(node) if isinstance(node, BNode) else ()
        problem = Problem(
            file=None,
            line=None,
            column=None,
            severity=_SEVERITIES.get(URIRef(str(report.value(result, SH.resultSeverity))), "violation"),
            shape=str(report.value(result, SH.sourceShape)),
            node="" if isinstance(node, BNode) else str(node),
            path=str(path) if isinstance(path, URIRef) else None,
            message=_NAMES.sub(lambda found: shorten(found[0]), " ".join(messages))
            + (f" Found: {shorten(str(value))}." if given else ""),
        )
        yield Fault(
            problem,
            predicates=_predicates(report, path),
            value=value if given and isinstance(value, Identifier) else None,
            described=frozenset((str(name), term) for name, term in said if isinstance(term, URIRef | Literal)),
        )


def _predicates(report: Graph, path: Node | None) -> tuple[str, ...]:
    """Return the properties with which a path can begin at its node, and none if it begins backwards."""
    if isinstance(path, URIRef):
        return (str(path),)
    if path is None or (path, SH.inversePath, None) in report:
        return ()
    if first := report.value(path, RDF.first):
        return _predicates(report, first)
    choice = report.value(path, SH.alternativePath)
    paths = Collection(report, choice) if choice else report.objects(path)
    return tuple(name for one in paths for name in _predicates(report, one))


def shapes_graph() -> Graph:
    """Return all shapes, with the prefixes that their queries use.

    Raises:
        ShapesError: there is none, or a file is malformed.
    """
    files = shape_files()
    if not files:
        raise ShapesError(f"No shape in {home() / 'shapes'}, so nothing would be checked. Check it out again.")
    store = ox.Store()
    try:
        for path in (*files, home() / "ontology" / "prefixes.ttl"):
            add_quads(store, read_quads(path))
    except ReadError as error:
        raise ShapesError(str(error)) from error
    return to_rdflib(store)


def with_derived(data: Graph) -> Graph:
    """Return *data* with the vocabulary and all that the load derives."""
    store = ox.Store()
    for path in ontology_files():
        add_quads(store, read_quads(path))
    triples = data.serialize(format="nt").encode()
    graph = ox.NamedNode("urn:x-chinaspace:data")
    parsed = ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)
    add_quads(store, (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed))
    derive(store)
    return to_rdflib(store)


def _malformed(files: Iterable[Path]) -> Iterator[Problem]:
    for path in files:
        try:
            for _ in read_claims(path):
                pass
        except ReadError as error:
            if error.line is None and not path.is_file():
                raise
            message = f"The file is not read: {error.fault}. Mend it; nothing else was checked."
            line, column = (error.line, error.column) if error.line else unread_from(path)
            yield at(path, _violation("File-wellFormed", "", message, line=line, column=column))


def _empty(files: Iterable[Path]) -> Iterator[Problem]:
    for path in files:
        if not any(read_quads(path)):
            message = "The file holds no triple, so nothing was checked. Name the file that you have written."
            yield at(path, _violation("File-content", "", message, line=1, column=1))


def _violation(
    shape: str, node: str, message: str, path: str | None = None, line: int | None = None, column: int | None = None
) -> Problem:
    return Problem(None, line, column, "violation", CSSH + shape, node, path, message)


def _bad_dates(loaded: Loaded) -> Iterator[Fault]:
    for quad, error in loaded.bad_dates:
        node = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        problem = _violation("Date-wellFormed", node, str(error))
        yield Fault(problem, (quad.predicate.value,), key(quad.object))


def _hand_written(store: ox.Store) -> Iterator[Fault]:
    rows = store.query(_HAND_WRITTEN)
    assert isinstance(rows, ox.QuerySolutions)
    for node, prop, role in rows:
        if role == cs("derivedRole"):
            shape, message = "Property-derived", "is computed when the graph is loaded. Take it out of the file."
        else:
            shape, message = (
                "Entity-statement",
                "states a fact, and facts come from claims. Make it a claim in data/claims/.",
            )
        message = f"{shorten(prop.value)} {message}"
        yield Fault(_violation(shape, node.value, message, prop.value), (prop.value,))


def _untyped(store: ox.Store) -> Iterator[Fault]:
    rows = store.query(_UNTYPED)
    assert isinstance(rows, ox.QuerySolutions)
    for (node,) in rows:
        message = "The thing has no type, so nothing else of it is checked. Say what it is, such as a cs:Mission."
        yield Fault(_violation("Entity-type", node.value, message))
