"""Lay out Turtle in one way only, so that a change touches no line but its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox
import rdflib
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer
from rdflib.term import Identifier

from chinaspace.canonical import blank_names, canonical_lines
from chinaspace.convert import quiet, to_node
from chinaspace.errors import ReadError
from chinaspace.mappings import is_mapping_set
from chinaspace.names import Term, prefixes
from chinaspace.paths import built_in, home
from chinaspace.read import check_own, read_claims, read_text
from chinaspace.tabulate import format_mappings
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
    if is_mapping_set(path):
        check_own(path)
        return format_mappings(path)
    if path.suffix.lower() != ".ttl" and path.is_file():
        raise ReadError(path, "only Turtle and mapping sets, with the endings .ttl and .sssom.tsv, are laid out")
    quads = list(dict.fromkeys(map(_without_graph, read_claims(path))))
    graph = _as_written(quads)
    for prefix, namespace in (_own_prefixes(path) | prefixes()).items():
        graph.bind(prefix, namespace)
    try:
        text = _lay_out(graph)
        after = canonical_lines(ox.parse(text, format=ox.RdfFormat.TURTLE))
    except RecursionError as error:
        raise ReadError(
            path, "brackets are nested too deep to be laid out; give things names, as data/ does"
        ) from error
    except SyntaxError as error:  # rdflib writes lists that share a part as nobody can read them
        raise ReadError(path, "lists that share a part cannot be laid out; write each out") from error
    if after != canonical_lines(quads):
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


def _own_prefixes(path: Path) -> dict[str, str]:
    """Return the prefixes that a file of another graph declares; here ontology/prefixes.ttl has them all."""
    if home() == built_in():
        return {}
    parser = ox.parse(read_text(path), format=ox.RdfFormat.TURTLE)
    for _ in parser:
        pass
    return parser.prefixes


def _lay_out(graph: Graph) -> str:
    # rdflib numbers namespaces without a prefix as it meets them, which each run does in an order of its own.
    for predicate in sorted(set(map(str, graph.predicates()))):
        with suppress(ValueError):  # of some nothing can be a local name
            graph.compute_qname(predicate)
    out = io.BytesIO()
    _Serializer(graph).serialize(out)
    return out.getvalue().decode().strip() + "\n"


def _without_graph(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _as_written(quads: list[ox.Quad]) -> Graph:
    """Return quads as a graph of rdflib with each literal in the form that it was written in."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False  # else "Z" becomes "+00:00"
    graph = Graph(bind_namespaces="none")
    nodes = _blank_nodes(quads)
    try:
        with quiet():
            for quad in quads:
                subject, value = nodes.get(quad.subject), nodes.get(quad.object)
                graph.add((subject or to_node(quad.subject), to_node(quad.predicate), value or _object(quad)))
        return graph
    finally:
        rdflib.NORMALIZE_LITERALS = before


def _blank_nodes(quads: Iterable[ox.Quad]) -> dict[Term, BNode]:
    """Return blank nodes of rdflib that sort by what is said with them, so that each run lays them out alike."""
    names = blank_names(quads)
    ordered = sorted(names, key=lambda node: names[node])
    return {ox.BlankNode(node): BNode(f"{names[node][2:]}{number:05}") for number, node in enumerate(ordered)}


def _object(quad: ox.Quad) -> Identifier:
    if isinstance(quad.object, ox.Literal) and quad.object.language:
        return Literal(quad.object.value, lang=_tag(quad.object.language))
    return to_node(quad.object)


def _tag(language: str) -> str:
    """Return a language tag in the case that BCP 47 recommends, which Oxigraph does not keep: zh-Hans, en-GB."""
    first, *others = language.split("-")
    private = others.index("x") if "x" in others else len(others)
    cased = {2: str.upper, 4: str.title}
    shown = [cased.get(len(part), str.lower)(part) if i < private else part for i, part in enumerate(others)]
    return "-".join([first, *shown])
