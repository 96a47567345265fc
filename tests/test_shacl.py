"""The W3C's tests of SHACL Core and of SPARQL constraints, as pySHACL's source distribution carries them.

They are no part of this repository: CHINASPACE_SHACL_TESTS names the folder
sht_tests of that distribution.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
import pytest

from chinaspace.errors import ShapesError
from chinaspace.judge import Judge
from chinaspace.names import RDF, SH, Term
from chinaspace.rules import Rules, usable
from chinaspace.study import study
from chinaspace.view import View
from chinaspace.walk import Path as Way
from chinaspace.walk import Step, read_path
from conftest import absent

NAMED = os.environ.get("CHINASPACE_SHACL_TESTS", "")
FOLDER = Path(NAMED)
LEAST_TESTS = 110
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

# What the W3C has ignored or left undefined is refused here, because a part that is ignored checks nothing.
REFUSED = {
    "core/node/qualified-001",  # numbers without a shape to count by
    "core/path/path-strange-001",  # two paths at once
    "core/path/path-strange-002",
    "core/property/qualifiedValueShape-001",  # uses sh:nodeShape, which is no term of SHACL
    "sparql/component/nodeValidator-001",  # components of one's own
    "sparql/component/optional-001",
    "sparql/component/propertyValidator-select-001",
    "sparql/component/validator-001",
    "sparql/pre-binding/shapesGraph-001",  # optional in SHACL
}
# Oxigraph has "1"^^xsd:boolean as true, which the W3C's test wants to be ignored.
OTHERWISE = {"core/property/uniqueLang-002"}

# Node, path, value, component, shape and severity of a result; None stands for what is not given.
Row: TypeAlias = tuple[Term | None, Way | None, Term | None, str, Term | None, Term | None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        found = [path for path in sorted(FOLDER.rglob("*.ttl")) if is_case(path)] if NAMED else []
        metafunc.parametrize("case", found, ids=map(name_of, found))


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def is_case(path: Path) -> bool:
    return name_of(path) not in OTHERWISE and "sht:Validate" in path.read_text("utf-8")


@cache
def parsed(path: Path) -> ox.Store:
    """Return what a file says; its blank nodes are the same wherever it is used."""
    store = ox.Store()
    store.extend(ox.parse(path=str(path), base_iri=path.as_uri(), format=ox.RdfFormat.TURTLE))
    return store


def one(store: ox.Store, subject: Term | None, predicate: str) -> Term | None:
    found = [quad.object for quad in store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]  # type: ignore[arg-type]
    return found[0] if found else None


def file_of(term: Term | None) -> Path:
    assert isinstance(term, ox.NamedNode)
    return Path(term.value.removeprefix("file://"))


def rules(path: Path) -> Rules:
    """Return the shapes of a test, which may have no target."""
    studied = study(parsed(path))
    return Rules(parsed(path), studied.shapes, tuple(studied.flaws))


def expected(store: ox.Store, report: Term) -> Counter[Row]:
    rows: Counter[Row] = Counter()
    view = View(store)
    for quad in store.quads_for_pattern(report, ox.NamedNode(SH + "result"), None):  # type: ignore[arg-type]
        node, path, value, component, shape, severity = (
            one(store, quad.object, SH + name)
            for name in (
                "focusNode",
                "resultPath",
                "value",
                "sourceConstraintComponent",
                "sourceShape",
                "resultSeverity",
            )
        )
        assert isinstance(component, ox.NamedNode)
        way = read_path(view, path) if path is not None else None
        kind = component.value.removeprefix(SH).removesuffix("ConstraintComponent")
        rows[node, way, value, kind, shape, severity] += 1
    return rows


def found(data: ox.Store, used: Rules) -> Counter[Row]:
    judge, shapes, rows = Judge(data, usable(used)), used.shapes, Counter[Row]()
    for shape in shapes.values():
        for result in judge.results(shape, judge.targets(shape)):
            own = shapes[result.shape]
            way = own.path if result.path == own.path_term else Step(result.path)  # type: ignore[arg-type]
            rows[result.node, way, result.value, result.component, result.shape, result.severity] += 1
    return rows


def test_the_tests_are_there() -> None:
    """As many tests are found as the distribution has; without it there is nothing to run."""
    if not NAMED:
        absent("There are no W3C tests of SHACL; name the folder sht_tests with CHINASPACE_SHACL_TESTS.")
    assert len([path for path in FOLDER.rglob("*.ttl") if is_case(path)]) >= LEAST_TESTS


def test_results(case: Path) -> None:
    """Each test gives the results that the W3C expects, or an error where it expects one, or where something would be ignored."""
    store = parsed(case)
    (entry,) = (
        q.subject for q in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(SHT + "Validate"))
    )
    action = one(store, entry, MF + "action")
    data, shapes = (file_of(one(store, action, SHT + name)) for name in ("dataGraph", "shapesGraph"))
    report = one(store, entry, MF + "result")
    assert report is not None
    if report == ox.NamedNode(SHT + "Failure") or name_of(case) in REFUSED:
        with pytest.raises(ShapesError):
            found(parsed(data), rules(shapes))
    else:
        assert found(parsed(data), rules(shapes)) == expected(store, report)
