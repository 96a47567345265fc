"""Check the graph against its shapes, and say what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, SH, Graph, URIRef

from chinaspace.convert import to_rdflib
from chinaspace.derive import derive
from chinaspace.errors import ReadError, ShapesError
from chinaspace.load import Loaded, add_quads, load
from chinaspace.names import CSSH, cs, shorten
from chinaspace.paths import graph_files, home, ontology_files, shape_files
from chinaspace.read import graph_name, read_claims, read_quads

_STATEMENT = f"{CSSH}Entity-statement"
_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}

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


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where, by which shape, and what to write instead.

    *line* and *column* count from 1 and are None where they are not known;
    *severity* is "violation", which blocks, "warning" or "info".
    """

    file: str | None
    line: int | None
    column: int | None
    severity: str
    shape: str
    node: str
    path: str | None
    message: str

    @property
    def blocks(self) -> bool:
        """Tell whether the data must not be merged as it is."""
        return self.severity == "violation"


def validate_files(new_files: Iterable[Path] = ()) -> list[Problem]:
    """Return what is wrong with the repository and *new_files* together; an empty list means valid.

    A malformed file is a problem as well, and then the only kind that is
    looked for, because the rest would be checked against half a graph.

    Raises:
        ShapesError: the shapes cannot be used.
        DatasetError: there is nothing to check.
        ReadError: a file that was named is missing.
    """
    files = graph_files()
    known = {path.resolve() for path in files}
    files += [path for path in new_files if path.resolve() not in known]
    malformed = list(_malformed(files))
    if malformed:
        return malformed
    loaded = load(files)
    problems = [
        # What stands in a file is known here; the shape sees derived statements as well.
        *(one for one in find_problems(to_rdflib(loaded.store), shapes_graph()) if one.shape != _STATEMENT),
        *_bad_dates(loaded),
        *_hand_written(loaded.store),
        *_untyped(loaded.store),
    ]
    named = [(graph_name(path), path) for path in files]
    return sorted((_with_file(problem, loaded.store, named) for problem in problems), key=_order)


def _order(problem: Problem) -> tuple[str, str, str, str]:
    return problem.file or "", problem.node, problem.shape, problem.message


def find_problems(data: Graph, shapes: Graph) -> list[Problem]:
    """Return what is wrong with *data*, in a stable order; an empty list means valid.

    Bad data is an ordinary result. Broken shapes are an error, because then
    the answer is unknown and must never read as "valid".

    Raises:
        ShapesError: *shapes* is empty or cannot be evaluated.
    """
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
    return sorted(set(_read_report(report)), key=_order)


def _read_report(report: Graph) -> Iterator[Problem]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        node = report.value(result, SH.focusNode)
        messages = sorted(str(message) for message in report.objects(result, SH.resultMessage))
        found = f" Found: {shorten(str(value))}." if value is not None and value != node else ""
        yield Problem(
            file=None,
            line=None,
            column=None,
            severity=_SEVERITIES.get(URIRef(str(report.value(result, SH.resultSeverity))), "violation"),
            shape=str(report.value(result, SH.sourceShape)),
            node=str(node),
            path=str(path) if isinstance(path, URIRef) else None,
            message=" ".join(messages) + found,
        )


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
            shape = f"{CSSH}File-wellFormed"
            yield Problem(_relative(path), error.line, error.column, "violation", shape, "", None, message)


def _bad_dates(loaded: Loaded) -> Iterator[Problem]:
    for node, error in loaded.bad_dates:
        shape = f"{CSSH}Date-wellFormed"
        yield Problem(None, None, None, "violation", shape, str(node).strip("<>"), None, str(error))


def _hand_written(store: ox.Store) -> Iterator[Problem]:
    rows = store.query(_HAND_WRITTEN)
    assert isinstance(rows, ox.QuerySolutions)
    for node, prop, role in rows:
        if role == cs("derivedRole"):
            shape, message = f"{CSSH}Property-derived", "is computed when the graph is loaded. Take it out of the file."
        else:
            shape, message = _STATEMENT, "states a fact, and facts come from claims. Make it a claim in data/claims/."
        message = f"{shorten(prop.value)} {message}"
        yield Problem(None, None, None, "violation", shape, node.value, prop.value, message)


def _untyped(store: ox.Store) -> Iterator[Problem]:
    rows = store.query(_UNTYPED)
    assert isinstance(rows, ox.QuerySolutions)
    for (node,) in rows:
        message = "The thing has no type, so nothing else of it is checked. Say what it is, such as a cs:Mission."
        yield Problem(None, None, None, "violation", f"{CSSH}Entity-type", node.value, None, message)


def _with_file(problem: Problem, store: ox.Store, named: Iterable[tuple[ox.NamedNode, Path]]) -> Problem:
    """Name the file that describes the node; a new file wins over an older one."""
    if problem.file or not problem.node.startswith("http"):
        return problem
    graphs = {quad.graph_name for quad in store.quads_for_pattern(ox.NamedNode(problem.node), None, None, None)}
    found = [path for name, path in named if name in graphs]
    return replace(problem, file=_relative(found[-1]) if found else None)


def _relative(path: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(home())) if resolved.is_relative_to(home()) else str(path)
