"""Turtle has one layout, and the layout never changes what a file says."""

from __future__ import annotations

import difflib
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.errors import ReadError
from chinaspace.format import format_files, format_turtle
from chinaspace.names import CS, CSD, RDF, RDFS, XSD
from chinaspace.paths import graph_files, shape_files
from conftest import WORLD
from support import write_turtle

LEAST_FILES = 20
FILES = [*graph_files(), *shape_files(), WORLD]

NAMES = st.sampled_from(["mission-a", "mission-b", "b", "a.b", "a/b", "a%20b", "á"]).map(lambda name: CSD + name)
NODES = st.one_of(NAMES, st.just("https://example.org/x#y")).map(ox.NamedNode)
PREDICATES = st.sampled_from([RDF + "type", RDFS + "label", CS + "gist", "urn:x:p"]).map(ox.NamedNode)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), max_size=12)
TYPED = st.sampled_from(
    [
        ("2024-06-02T09:00:00Z", "dateTime"),
        ("2024-06-02T09:00:00.000+00:00", "dateTime"),
        ("2024-06-02Z", "date"),
        ("-7", "integer"),
        ("12.50", "decimal"),
        ("1.", "decimal"),
        ("1e3", "double"),
        ("1", "boolean"),
        ("true", "boolean"),
        ("https://example.org/#:~:text=a%2Cb,c", "anyURI"),
        ("nonsense", "date"),
    ]
).map(lambda pair: ox.Literal(pair[0], datatype=ox.NamedNode(XSD + pair[1])))
LITERALS = st.one_of(
    TEXT.map(ox.Literal),
    st.sampled_from(['a "quote"', "two\nlines", "\\", 'ends in "', '"""', "\ttab\r", "'"]).map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXT, st.sampled_from(["en", "zh-hans"])),
    TYPED,
)
GRAPHS = st.sets(st.builds(ox.Triple, NODES, PREDICATES, st.one_of(NODES, LITERALS)), min_size=1, max_size=8)


def statements(text: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}


@given(GRAPHS)
def test_the_layout_says_the_same_and_is_stable(triples: set[ox.Triple]) -> None:
    """Whatever a file says it says afterwards, to the letter of each literal, and a second time changes nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "small.ttl"
        path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b"")
        once = format_turtle(path)
        assert statements(once) == triples
        path.write_text(once, "utf-8")
        assert format_turtle(path) == once


def test_blank_nodes_and_lists_stay(tmp_path: Path) -> None:
    """Lists and blank nodes, which shapes use, are said again and are stable."""
    body = 'cssh:A sh:in ( cs:a "b" ) ; sh:property [ sh:path cs:gist ; sh:or ( [ sh:minCount 1 ] ) ] .\n'
    path = write_turtle(tmp_path / "small.ttl", body)
    format_files([path], check=False)
    assert format_files([path], check=True) == []
    assert len(statements(path.read_text("utf-8"))) == 11


def test_the_layout(tmp_path: Path) -> None:
    """Subjects are sorted by IRI, "a" and the label come first, each object has its line, unused prefixes go."""
    body = 'csd:b cs:about csd:a ; rdfs:label "B"@en , "乙"@zh-Hans ; a cs:Mission .\ncsd:a a cs:Mission .\n'
    text = format_turtle(write_turtle(tmp_path / "small.ttl", body))
    assert text.splitlines() == [
        "@prefix cs: <https://w3id.org/chinaspace/ontology/> .",
        "@prefix csd: <https://w3id.org/chinaspace/id/> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "",
        "csd:a",
        "    a cs:Mission ;",
        ".",
        "",
        "csd:b",
        "    a cs:Mission ;",
        "    rdfs:label",
        '        "B"@en ,',
        '        "乙"@zh-Hans ;',
        "    cs:about csd:a ;",
        ".",
    ]


def test_a_new_subject_moves_no_other_line(tmp_path: Path) -> None:
    """A subject that is added, and refers to others, adds its own block and changes nothing else."""
    subjects = [f"csd:mission-{name} a cs:Mission ; cs:about csd:mission-{name}x .\n" for name in "bdf"]
    before = format_turtle(write_turtle(tmp_path / "small.ttl", "".join(subjects)))
    new = "csd:mission-c a cs:Mission ; cs:about csd:mission-f , csd:mission-b .\n"
    after = format_turtle(write_turtle(tmp_path / "small.ttl", "".join([new, *subjects])))
    changes = [
        change
        for change in difflib.SequenceMatcher(None, before.splitlines(), after.splitlines()).get_opcodes()
        if change[0] != "equal"
    ]
    assert len(changes) == 1
    assert changes[0][0] == "insert"


def test_a_malformed_file_stops_all(tmp_path: Path) -> None:
    """One malformed file is an error with its place, and no file is written then."""
    loose = write_turtle(tmp_path / "loose.ttl", "csd:b a cs:Mission . csd:a a cs:Mission .")
    broken = write_turtle(tmp_path / "broken.ttl", "csd:b a .")
    before = [path.read_bytes() for path in (loose, broken)]
    with pytest.raises(ReadError) as caught:
        format_files([loose, broken], check=False)
    assert caught.value.path == broken
    assert caught.value.line is not None
    assert [path.read_bytes() for path in (loose, broken)] == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.ttl", "loose.ttl"]


def test_check_writes_nothing(tmp_path: Path) -> None:
    """A check names what is not laid out and leaves it as it is; laying out then mends it."""
    path = write_turtle(tmp_path / "loose.ttl", "csd:b a cs:Mission . csd:a a cs:Mission .")
    before = path.read_bytes()
    assert format_files([path], check=True) == [path]
    assert path.read_bytes() == before
    assert format_files([path], check=False) == [path]
    assert format_files([path], check=True) == []


def test_there_are_files() -> None:
    """The files of the project are found."""
    assert len(FILES) >= LEAST_FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_file_of_the_project_is_laid_out(path: Path) -> None:
    """Each Turtle file of the project has the layout."""
    assert format_files([path], check=True) == []
