"""Every problem names file, line and column of the triple at fault, or of the subject where something is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.load import load
from chinaspace.locate import locate
from chinaspace.names import CS, CSD, CSSH, XSD, Term, prefixes
from chinaspace.paths import ontology_files
from chinaspace.place import Placed
from chinaspace.point import Fault, key, point
from chinaspace.report import Problem, Spot
from chinaspace.validate import validate_files
from conftest import WORLD
from support import write_turtle

# "«Claim-modality»" stands before the place at which the shape of that name must be reported.
MARK = re.compile("«([^»]+)»")
PASSAGE = f'cs:passageStart 1 ; cs:passageEnd 9 ; cs:passageDigest "sha256:{"0" * 64}"'
GOOD = f"""cs:gist "A lamp is a lamp."@en ; cs:modality cs:asserted ; {PASSAGE} ;
  cs:source csd:source-gazette-2020 ; cs:statedBy csd:institution-north-gazette"""
FAULTS = f"""
PREFIX 😀: <urn:x:> «Claim-source»csd:claim-gazette-2020-a a cs:Claim ; cs:about csd:mission-lamp-1 ; {PASSAGE} ;
  cs:modality «Claim-modality»cs:plannd ; cs:gist "𝔏𝔞𝔪𝔭, 嫦娥."@en , '''A ; lamp
  . is "a" lamp.'''@en-GB ; cs:statedBy «Claim-statedBy»csd:institution-nosuch .
csd:claim-gazette-2020-b a cs:Claim ; {GOOD} ; «Entity-property»cs:lauchDate 1 ;
  rdf:subject csd:mission-lamp-1 ; rdf:predicate cs:launchSite ; rdf:object 007 .
csd:claim-gazette-2020-c a cs:Claim ; {GOOD} ; rdf:subject csd:launch-lamp-1 ; rdf:predicate cs:launchDate ;
  rdf:object «Claim-objectForm»«Date-wellFormed»"2020-13-01"^^xsd:date .
csd:claim-gazette-2020-d a cs:Claim ; {GOOD} ; cs:about csd:mission-lamp-1 ;
  «Property-derived»cs:earliest "2020-01-01"^^xsd:date .
csd:thing-x a «Entity-type»cs:Mision ; rdfs:label "x"@en . [] 😀:p ( 1 [ 😀:q 2 ] ) .
@base <https://w3id.org/chinaspace/id/> . @prefix d: <claim-gazette-2020-> . @prefix cs: <urn:other:> .
@prefix v: <{CS}> .
<claim-gazette-2020-e> a v:Claim ; {GOOD.replace("cs:", "v:")} ;
  v:confirms «Claim-confirms»<mission\\u002dlamp-1> , d:c ;
  v:about csd:mission-lamp-1 .
«Claim-iri»«Claim-aboutOrTriple»[ a v:Claim ; {GOOD.replace("cs:", "v:")} ] .
"""


def unchanged(text: str) -> bytes:
    return text.encode()


def on_one_line(text: str) -> bytes:
    return text.replace("\n", " ").encode()


def from_another_system(text: str) -> bytes:
    return ("\ufeff# 😀\n" + text.replace(" ; ", "\t;# ; .\n  ")).replace("\n", "\r\n").encode()


@pytest.fixture
def small_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the repository be the vocabulary and the world, which is checked in seconds."""
    monkeypatch.setattr("chinaspace.validate.graph_files", lambda: [*ontology_files(), WORLD])


def without_marks(text: str) -> tuple[str, set[tuple[str, int, int]]]:
    """Return *text* without its marks, and the shape, line and column of each."""
    expected, plain = set(), ""
    for number, part in enumerate(MARK.split(text)):
        if number % 2:
            expected.add((part, plain.count("\n") + 1, len(plain) - plain.rfind("\n")))
        else:
            plain += part
    return plain, expected


@pytest.mark.usefixtures("small_graph")
@pytest.mark.parametrize("layout", [unchanged, on_one_line, from_another_system])
def test_each_fault_is_found_where_it_stands(tmp_path: Path, layout: Callable[[str], bytes]) -> None:
    """Each marked place is reported at its line and column, in every layout."""
    path = tmp_path / "new.ttl"
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes().items())
    plain, expected = without_marks(layout(head + FAULTS).decode("utf-8-sig"))
    path.write_bytes(layout("")[:3] + plain.encode() if layout is from_another_system else plain.encode())
    problems = [problem for problem in validate_files([path]) if problem.file == str(path)]
    found = {(problem.shape.removeprefix(CSSH), problem.line, problem.column) for problem in problems}
    names = {name for name, _, _ in expected}
    assert expected == {one for one in found if one[0] in names}
    lines = path.read_bytes().decode("utf-8-sig").split("\n")
    assert all(problem.line and problem.source == lines[problem.line - 1].rstrip("\r") for problem in problems)


def fault(node: str, path: str = "", value: str | None = None) -> Fault:
    """Return a fault of a thing without a place."""
    problem = Problem(None, None, None, "violation", f"{CSSH}Entity-label", CSD + node, path or None, "Mend it.")
    return Fault(problem, (CS + path,) if path else (), None if value is None else key(ox.Literal(value)))


def typed(value: str, datatype: str) -> Term:
    return key(ox.Literal(value, datatype=ox.NamedNode(XSD + datatype)))


def test_a_triple_in_two_files(tmp_path: Path) -> None:
    """Both files are named: the new one as that of the problem, the older one besides."""
    old = write_turtle(tmp_path / "old.ttl", 'csd:a a cs:Mission ; cs:x "1" .')
    new = write_turtle(tmp_path / "new.ttl", 'csd:a cs:y 2 ;\n cs:x "0" , "1" .')
    store = load([*ontology_files(), old, new]).store
    lines = len(prefixes())
    by_value, by_path, missing, elsewhere = (
        point([one], store, [old, new])[0]
        for one in (fault("a", "x", "1"), fault("a", "x"), fault("a", "z"), fault("a", "y"))
    )
    assert (by_value.file, by_value.line, by_value.column) == (str(new), lines + 2, 13)
    assert by_value.also == (Spot(str(old), lines + 1, 27),)
    assert (by_path.file, by_path.line, by_path.column) == (str(new), lines + 2, 2)
    assert by_path.also == (Spot(str(old), lines + 1, 22),)
    assert (missing.file, missing.line, missing.column, missing.also) == (str(new), lines + 1, 1, ())
    assert (elsewhere.file, elsewhere.line, elsewhere.column, elsewhere.also) == (str(new), lines + 1, 7, ())
    turned = point([fault("a", "y")], store, [new, old])[0]
    assert (turned.file, turned.line) == (str(new), lines + 1)


def test_a_node_that_is_only_named(tmp_path: Path) -> None:
    """What nothing is said of is pointed to where it is named; what is nowhere has no place."""
    path = write_turtle(tmp_path / "new.ttl", "csd:a cs:x csd:b .")
    store = load([path]).store
    found, lost = (point([fault(name)], store, [path])[0] for name in ("b", "c"))
    assert (found.file, found.line, found.column) == (str(path), len(prefixes()) + 1, 12)
    assert (lost.file, lost.line, lost.column) == (None, None, None)


def test_numbers_are_compared_by_value(tmp_path: Path) -> None:
    """A value is found however it is spelt, because the report has its canonical form."""
    path = write_turtle(tmp_path / "new.ttl", 'csd:a cs:x 1 , 007 , "2020-01-01T00:00:00Z"^^xsd:dateTime , 1.50 .')
    store = load([path]).store
    for literal, column in (
        (typed("7", "integer"), 16),
        (typed("2020-01-01T00:00:00+00:00", "dateTime"), 22),
        (typed("1.5", "decimal"), 61),
    ):
        problem = replace(fault("a", "x"), value=literal)
        assert point([problem], store, [path])[0].column == column


def test_a_file_without_places(tmp_path: Path) -> None:
    """Of a file whose format keeps no places, the file alone is named."""
    path = tmp_path / "new.jsonld"
    path.write_text(f'{{"@id": "{CSD}a", "{CS}x": "1"}}', "utf-8")
    problem = point([fault("a", "x")], load([path]).store, [path])[0]
    assert (problem.file, problem.line, problem.column, problem.source) == (str(path), None, None, None)


def test_nothing_is_read_where_nothing_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read again only for a problem of what it names."""
    paths = [write_turtle(tmp_path / f"{name}.ttl", f"csd:{name} a cs:Mission .") for name in ("one", "two")]
    read = list[Path]()

    def note(path: Path) -> Iterator[Placed]:
        read.append(path)
        return locate(path)

    monkeypatch.setattr("chinaspace.point.locate", note)
    store = load(paths).store
    point([], store, paths)
    assert read == []
    point([fault("two")], store, paths)
    assert read == [paths[1]]
