"""Each triple of a Turtle file is found where it stands, however the file is laid out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.errors import ReadError
from chinaspace.locate import locate, locate_text
from chinaspace.names import RDF
from chinaspace.paths import graph_files, shape_files
from chinaspace.place import Place, Placed
from chinaspace.read import read_quads
from conftest import WORLD

LEAST_FILES = 280
FILES = [*graph_files(), *shape_files(), *sorted((WORLD.parent / "examples").rglob("*.ttl")), WORLD]
IDS = [f"{path.parent.name}/{path.stem}" for path in FILES]

GAPS = st.sampled_from([" ", "  ", "\n", "\r\n", "\t", ' # no . "comment\n', "#😀 <\r\n", "\n\n    "])
DIRECTIVES = [
    ("@prefix {p}: <{n}> .", ["http://example.org/", "urn:x:", "http://example.org/a#"]),
    ("PREFIX {p}:<{n}>", ["http://example.org/", "http://example.net/é/"]),
    ("@base <{n}> .", ["http://example.org/b/c", "http://example.net/"]),
    ("base <{n}>", ["d/", "../x", "http://example.com/?q"]),
]
IRIS = [
    "<http://example.org/x>",
    "<#y>",
    "<>",
    "<../z>",
    "<\\u0061>",
    "p:a",
    "p:",
    ":b.c",
    ":1",
    "p:%20x",
    ":a\\,b",
    "p:é",
    "p:x\u0fb1",
    ":\u0e47.\u1fff",
]
LITERALS = [
    '"x"', "'it\\'s'", '"""two\nlines "" and \\""""', "'''a'b\r\n''c'''", '"😀"', '"\\U0001F600"', '""', '""""""',
    '"x"@en', '"x" @zh-Hans', '"1"^^p:t', '"1" ^^ # no\n <http://example.org/t>', '"a . ; , ] ) # b"',
    "1", "-1.5", "+.5e-3", "2.E1", "true", "false", '"# <"^^<x>',
]  # fmt: skip


class Writer:
    """Writes a file of any layout, and keeps where it put the terms of each triple."""

    def __init__(self, draw: st.DrawFn) -> None:
        """Begin with an empty file."""
        self.draw, self.text, self.expected = draw, "", set[tuple[int, int, int]]()

    def __repr__(self) -> str:
        """Show the file when a test fails."""
        return repr(self.text)

    def pick(self, options: list[str]) -> str:
        """Choose one of *options*."""
        return self.draw(st.sampled_from(options))

    def put(self, token: str) -> int:
        """Write a token behind a gap, and return its offset."""
        sign = token in ".;,[]()" or (self.text and self.text[-1] in ";,[]()\n>")
        self.text += "" if sign and self.draw(st.booleans()) else self.draw(GAPS)
        self.text += token
        return len(self.text) - len(token)

    def directive(self) -> None:
        """Write a prefix or a base."""
        form, names = self.draw(st.sampled_from(DIRECTIVES))
        self.put(form.format(p=self.pick(["", "p"]), n=self.pick(names)))

    def node(self, depth: int, options: list[str]) -> int:
        """Write a subject or an object, at most *depth* brackets deep, and return its offset."""
        kind = self.draw(st.integers(0, 9)) if depth else 0
        if kind == 7:
            at = self.put("[")
            self.predicates(at, depth - 1)
            self.put("]")
            return at
        if kind == 8:
            return self.collection(depth - 1)
        return self.put(self.pick(["[ ]", "()"] if kind == 9 else [*options, "_:b", "_:b.1-é"]))

    def collection(self, depth: int) -> int:
        """Write a list, and return its offset."""
        start = self.put("(")
        cell = start
        for number in range(self.draw(st.integers(1, 3))):
            item = self.node(depth, [*IRIS, *LITERALS])
            if number:
                self.expected.add((cell, item, item))
            cell = item if number else start
            self.expected.add((cell, item, item))
        end = self.put(")")
        self.expected.add((cell, end, end))
        return start

    def predicates(self, subject: int, depth: int) -> None:
        """Write what is said of a subject."""
        for number in range(self.draw(st.integers(1, 3))):
            if number:
                self.put(self.pick([";", ";;", "; ;"]))
            predicate = self.put(self.pick([*IRIS, "a"]))
            for other in range(self.draw(st.integers(1, 2))):
                if other:
                    self.put(",")
                self.expected.add((subject, predicate, self.node(depth, [*IRIS, *LITERALS])))
        if self.draw(st.booleans()):
            self.put(";")


@st.composite
def files(draw: st.DrawFn) -> Writer:
    """Write prefixes and statements in any order, after those that every name needs."""
    writer = Writer(draw)
    writer.put("@base <http://example.org/> . @prefix : <urn:y:> . PREFIX p: <http://example.org/p/>")
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            writer.directive()
        writer.predicates(writer.node(2, IRIS), 2)
        writer.put(".")
    writer.text += "\n"  # without it Oxigraph refuses an escaped name right before the last full stop
    return writer


def canonical(triples: Iterable[Placed | ox.Triple]) -> set[ox.Quad]:
    """Return triples with their blank nodes named by RDFC-1.0."""
    found = ox.Dataset(ox.Quad(one.subject, one.predicate, one.object) for one in triples)  # type: ignore[arg-type]
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def offset(text: str, place: Place) -> int:
    """Return the offset of a place, by counting lines and characters in the plainest way."""
    return sum(len(line) for line in text.split("\n")[: place.line - 1]) + place.line - 1 + place.column - 1


@given(files())
def test_any_layout(writer: Writer) -> None:
    """The triples are those that Oxigraph reads, and each term stands where it was written."""
    found = list(locate_text(writer.text))
    assert canonical(found) == canonical(quad.triple for quad in ox.parse(writer.text, format=ox.RdfFormat.TURTLE))
    places = {tuple(offset(writer.text, place) for place in one[3:]) for one in found}
    assert places == writer.expected


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_each_file_of_the_project(path: Path) -> None:
    """The triples of a file are those that are loaded from it, and their terms begin where a token does."""
    found = list(locate(path))
    assert canonical(found) == canonical(quad.triple for quad in read_quads(path))
    lines = path.read_text("utf-8").split("\n")
    for place in {place for one in found for place in one[3:]}:
        before = lines[place.line - 1][: place.column - 1]
        assert not before or before[-1] in " ,;[(\t"
        assert lines[place.line - 1][place.column - 1] not in " ,;."


def test_there_are_files() -> None:
    """As many files are compared as there are."""
    assert len(FILES) >= LEAST_FILES


def test_columns_count_characters(tmp_path: Path) -> None:
    """Columns count code points, lines end with a line feed, and a byte order mark is not counted."""
    path = tmp_path / "marked.ttl"
    path.write_bytes('\ufeff<urn:a> <urn:b> "😀é" , <urn:c> ;\r\n\t<urn:d> 1 .'.encode())
    first, second, third = locate(path)
    assert first[3:] == (Place(1, 1), Place(1, 9), Place(1, 17))
    assert second.object_at == Place(1, 24)
    assert third[3:] == (Place(1, 1), Place(2, 2), Place(2, 10))
    assert canonical(quad.triple for quad in read_quads(path)) == canonical([first, second, third])


@pytest.mark.parametrize(("body", "column"), [('"x"@en--ltr', 23), ("<< <urn:c> a 1 >>", 17), ("1 {| a 2 |}", 19)])
def test_what_only_rdf_12_has(body: str, column: int) -> None:
    """What is no Turtle 1.1 is told with its place."""
    with pytest.raises(ReadError) as error:
        list(locate_text(f"<urn:a> <urn:b> {body} ."))
    assert (error.value.line, error.value.column) == (1, column)


def test_deep_nesting() -> None:
    """No depth of nesting is too deep, and the time grows with the length of the text."""
    deep = 50_000
    text = "<urn:a> <urn:b> " + "(" * deep + "1" + ")" * deep + " , " + "[ a " * deep + "1" + "]" * deep + " ."
    found = list(locate_text(text))
    assert len(found) == 2 + 2 * deep + deep
    assert {one.predicate for one in found} == {
        ox.NamedNode("urn:b"), *(ox.NamedNode(RDF + name) for name in ("first", "rest", "type"))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("x.nq", '<urn:a> <urn:b> "c" <urn:g> .\n_:a <urn:b> _:c _:g .\n', [(1, 17), (2, 13)]),
        ("x.trig", 'prefix : <urn:> GRAPH :g {:a :b 1,\n2} :h { :c :d ( 3 ) . [] :e 4 . } { } :a :b 5 .', [
            (1, 33), (2, 1), (2, 15), (2, 17), (2, 19), (2, 29), (2, 45),
        ]),
    ],
)  # fmt: skip
def test_formats_with_graphs(tmp_path: Path, name: str, text: str, places: list[tuple[int, int]]) -> None:
    """In N-Quads and TriG each triple is found as well, whatever graph it is in."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    found = list(locate(path))
    assert canonical(found) == canonical(quad.triple for quad in read_quads(path))
    assert sorted(one.object_at for one in found) == places


@pytest.mark.parametrize(
    "text", ["<urn:a> { <urn:b> <urn:c> 1 }", "nope:a <urn:b> 1 .", f'<urn:a> <urn:b> "{"x" * 2**24}" .']
)
def test_what_is_no_turtle(text: str) -> None:
    """A graph, a name without its prefix and a string that is too long are told with their place."""
    with pytest.raises(ReadError) as error:
        list(locate_text(text))
    assert error.value.line == 1
