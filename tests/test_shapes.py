"""Each shape fires on what it is for, and on nothing else."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from chinaspace.gather import gather, read_all
from chinaspace.names import CS, CSSH
from chinaspace.paths import home, ontology_files, shape_files
from chinaspace.rules import Rules, read_rules, rules_of
from chinaspace.validate import find_problems

EXAMPLES = Path(__file__).parent / "examples"
LEAST_EXAMPLES = 200
LEAST_RULES = 105
VOCABULARY = {"Class", "Concept", "Property", "Term"}

_INVALID = re.compile(r"invalid-([A-Z][A-Za-z]*-[A-Za-z]+)-[a-z0-9-]+")
_VALID = re.compile(r"valid-[a-z0-9-]+")
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "example" in metafunc.fixturenames:
        found = sorted(EXAMPLES.rglob("*.ttl"))
        metafunc.parametrize("example", found, ids=[f"{path.parent.name}/{path.stem}" for path in found])


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """Return the shapes as rdflib reads them, to be looked into."""
    found = Graph()
    for path in (*shape_files(), home() / "ontology" / "prefixes.ttl"):
        found.parse(path)
    return found


@pytest.fixture(scope="module")
def all_rules() -> Rules:
    return read_rules()


@pytest.fixture(scope="module")
def data_rules(all_rules: Rules) -> Rules:
    """Return the shapes without those of the vocabulary, which would check all its terms for each example."""
    store = ox.Store()
    store.extend(quad for quad in all_rules.store if not (_is_target(quad) and _is_of_vocabulary(quad.subject)))
    return rules_of(store)


def _is_target(quad: ox.Quad) -> bool:
    return quad.predicate.value.startswith(f"{SH}target")


def _is_of_vocabulary(shape: ox.NamedNode | ox.BlankNode | ox.Triple) -> bool:
    return isinstance(shape, ox.NamedNode) and _local(shape.value).split("-")[0] in VOCABULARY


def _local(shape: Node | str) -> str:
    return str(shape).removeprefix(CSSH)


def _all(shapes: Graph) -> set[Node]:
    return {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}


def _parts(shapes: Graph) -> set[Node]:
    """Return the shapes that others are put together from: they are never reported themselves."""
    lists = [Collection(shapes, head) for head in shapes.objects(None, SH["or"])]
    single = {*shapes.objects(None, SH["not"]), *shapes.objects(None, SH.qualifiedValueShape)}
    return single.union(*lists)


def _rules(shapes: Graph) -> set[str]:
    """Return the names of the shapes that are reported: Claim-source, for example."""
    return {_local(shape) for shape in _all(shapes) - _parts(shapes) if "-" in _local(shape)}


def _terms(text: str) -> set[str]:
    return set(re.findall(r"\bcs:([A-Za-z][A-Za-z0-9-]*)", text))


def test_example_violates_the_shape_in_its_name(example: Path, all_rules: Rules, data_rules: Rules) -> None:
    """An invalid example violates the one shape that its file name gives, a valid one violates none."""
    named = _INVALID.fullmatch(example.stem)
    expected = {f"{CSSH}{named[1]}"} if named else set()
    used = all_rules if example.parent.name in VOCABULARY else data_rules
    store, unread = read_all([*ontology_files(), example])
    assert unread == []
    problems = find_problems(gather(store).store, used)
    assert {problem.shape for problem in problems} == expected


def test_there_are_examples() -> None:
    """As many examples are found as were written, and each is named by the rule."""
    names = [path.stem for path in EXAMPLES.rglob("*.ttl")]
    assert len(names) >= LEAST_EXAMPLES
    assert [name for name in names if not (_INVALID.fullmatch(name) or _VALID.fullmatch(name))] == []


def test_each_rule_has_an_invalid_example(shapes: Graph) -> None:
    """Each shape that can be reported has an example that it is reported for."""
    matches = [_INVALID.fullmatch(path.stem) for path in EXAMPLES.rglob("invalid-*.ttl")]
    assert len(_rules(shapes)) >= LEAST_RULES
    assert {match[1] for match in matches if match} == _rules(shapes)


def test_each_class_has_a_minimal_valid_example(shapes: Graph) -> None:
    """Each node shape that stands for a class has a smallest example that conforms."""
    nodes = {_local(shape) for shape in set(shapes.subjects(RDF.type, SH.NodeShape)) - _parts(shapes)}
    found = {path.parent.name for path in EXAMPLES.rglob("valid-minimal.ttl")}
    assert {name for name in nodes if "-" not in name} == found


def test_each_shape_is_explained(shapes: Graph) -> None:
    """Each shape has an IRI of ours, one name, message and severity, and says why it exists."""
    for shape in _all(shapes):
        assert isinstance(shape, URIRef), "a shape without an IRI cannot be tested"
        assert shape.startswith(CSSH)
        for term in (SH.name, SH.message, RDFS.comment):
            words = list(shapes.objects(shape, term))
            assert [isinstance(word, Literal) and word.language for word in words] == ["en"], (shape, term)
        assert set(shapes.objects(shape, SH.severity)) <= {SH.Violation, SH.Warning}
        assert len(list(shapes.objects(shape, SH.severity))) == 1, shape


def test_no_shape_is_anonymous(shapes: Graph) -> None:
    """Blank nodes are lists and paths only, never shapes or constraints."""
    for link in (SH.property, SH.node, SH.sparql, SH["not"], SH.qualifiedValueShape):
        assert [one for one in shapes.objects(None, link) if not isinstance(one, URIRef)] == []
    assert [part for part in _parts(shapes) if not isinstance(part, URIRef)] == []


def test_each_shape_is_reached(shapes: Graph) -> None:
    """Each shape has a target or is used by a shape, or it would never be looked at."""
    targeted = {shape for target in _TARGETS for shape in shapes.subjects(target)}
    used = _parts(shapes) | set(shapes.objects(None, SH.property))
    assert _all(shapes) - targeted - used == set()
    assert (used | targeted) - _all(shapes) == set()


def test_each_rule_carries_a_constraint(shapes: Graph) -> None:
    """A rule constrains something, or it could never fire."""
    described = {RDF.type, RDFS.comment, SH.message, SH.name, SH.severity, SH.path, *_TARGETS}
    for name in _rules(shapes):
        assert set(shapes.predicates(URIRef(CSSH + name))) - described, name


def test_terms_of_ours_exist(shapes: Graph) -> None:
    """Each cs: term in a shape, its query or its message is described in the ontology."""
    ontology = Graph()
    for path in ontology_files():
        ontology.parse(path)
    known = {str(term).removeprefix(CS) for term in ontology.subjects(RDF.type) if str(term).startswith(CS)}
    nodes = [node for triple in shapes for node in triple]
    used = {str(node).removeprefix(CS) for node in nodes if isinstance(node, URIRef) and node.startswith(CS)}
    used.update(*(_terms(node) for node in nodes if isinstance(node, Literal)))
    assert len(used) > 50
    assert used - known == set()


def test_terms_of_shacl_exist(shapes: Graph) -> None:
    """Each sh: term is one of the SHACL vocabulary: sh:mincount would never fire."""
    shacl = Graph().parse(str(files("pyshacl") / "assets" / "shacl.ttl"))
    nodes = {node for triple in shapes for node in triple if isinstance(node, URIRef)}
    used = {node for node in nodes if node.startswith(str(SH))}
    assert len(used) > 25
    assert used - set(shacl.subjects(RDF.type)) == set()
