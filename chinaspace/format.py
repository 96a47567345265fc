"""Lay out Turtle in one way only, so that a change touches no line but its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox
import rdflib
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer

from chinaspace.errors import ReadError
from chinaspace.names import prefixes
from chinaspace.read import read_claims
from chinaspace.write import write_whole

# What Turtle can write without quotes.
_PLAIN = {
    XSD.boolean: re.compile("true|false"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.double: re.compile("(?!)"),
    XSD.integer: re.compile("[+-]?[0-9]+"),
}


class _Serializer(LongTurtleSerializer):
    """rdflib's long Turtle, but sorted by IRI.

    rdflib puts the most referenced subjects first, so that one new link moves
    whole blocks; here a block stays where its IRI puts it.
    """

    predicateOrder = [RDF.type, RDFS.label]  # noqa: N815, RUF012 -- the name and type are rdflib's

    def orderSubjects(self) -> list[Any]:  # noqa: N802 -- the name is rdflib's
        named = sorted((subject for subject in self._subjects if not isinstance(subject, BNode)), key=str)
        blank = sorted((subject for subject in self._subjects if isinstance(subject, BNode)), key=str)
        return [*named, *blank]

    def label(self, node: Any, position: int) -> str:
        # Without quotes rdflib would write some of them in another form, which would be another literal.
        if isinstance(node, Literal) and node.datatype in _PLAIN and not _PLAIN[node.datatype].fullmatch(node):
            return f"{Literal(str(node)).n3()}^^{self.get_pname(node.datatype) or node.datatype.n3()}"
        return str(super().label(node, position))

    def startDocument(self) -> None:  # noqa: N802 -- the name is rdflib's
        for prefix, namespace in sorted(self.namespaces.items()):
            self.write(f"@prefix {prefix}: <{namespace}> .\n")

    def serialize(self, stream: IO[bytes], *args: Any, **kwargs: Any) -> None:
        self._spacious = False
        super().serialize(stream, *args, **kwargs)


def format_turtle(path: Path) -> str:
    """Return the content of *path* in the project's layout.

    Subjects are sorted by IRI, "a" and rdfs:label come first, each object has
    its own line. Only the prefixes that are used are declared.

    Raises:
        ReadError: the file is missing or malformed.
    """
    if path.suffix.lower() != ".ttl" and path.is_file():
        raise ReadError(path, "only Turtle, with the ending .ttl, is laid out")
    before = _statements(read_claims(path))  # the strict parser says where a fault is; rdflib's does not
    graph = Graph(bind_namespaces="none")
    graph += _parse_as_written(path)
    for prefix, namespace in prefixes().items():
        graph.bind(prefix, namespace)
    out = io.BytesIO()
    _Serializer(graph).serialize(out)
    text = out.getvalue().decode().strip() + "\n"
    if _statements(ox.parse(text, format=ox.RdfFormat.TURTLE)) != before:
        raise ReadError(
            path, "a literal is written as the layout cannot keep it, such as 042 or +7 for a number; write it plainly"
        )
    return text


def format_files(paths: Iterable[Path], check: bool) -> list[Path]:
    """Lay out files in place, unless *check*; return those that were not laid out.

    Raises:
        ReadError: a file is missing or malformed; no file is changed then.
    """
    changed = {path: text for path in paths if (text := format_turtle(path)) != path.read_bytes().decode()}
    for path, text in {} if check else changed.items():
        write_whole(path, text)
    return list(changed)


def _statements(quads: Iterable[ox.Quad]) -> str:
    dataset = ox.Dataset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, dataset)))


def _parse_as_written(path: Path) -> Graph:
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False  # else "Z" becomes "+00:00"
    try:
        return Graph(bind_namespaces="none").parse(path, format="turtle")
    except (ValueError, SyntaxError) as error:
        raise ReadError(path, f"not well-formed: {error}") from error
    finally:
        rdflib.NORMALIZE_LITERALS = before
