"""Export the links to other data sets as VoID linksets, by which catalogues of linked data know what is joined."""

from __future__ import annotations

from collections import defaultdict
from typing import IO

import pyoxigraph as ox

from chinaspace.describe import DIGEST, TRIPLES, UNION
from chinaspace.load import Loaded
from chinaspace.names import CSL, RDF, SKOS, XSD, prefixes
from chinaspace.unite import Union

_VOID = "http://rdfs.org/ns/void#"
MATCHES = tuple(ox.NamedNode(f"{SKOS}{kind}Match") for kind in ("exact", "close", "broad", "narrow", "related"))
_TYPE = ox.NamedNode(RDF + "type")
_LINKSET, _DATASET = ox.NamedNode(_VOID + "Linkset"), ox.NamedNode(_VOID + "Dataset")
_SUBJECTS, _OBJECTS, _PREDICATE, _SUBSET, _SPACE = (
    ox.NamedNode(_VOID + name) for name in ("subjectsTarget", "objectsTarget", "linkPredicate", "subset", "uriSpace")
)


def write_linkset(loaded: Loaded, out: IO[bytes]) -> None:
    """Write as Turtle, for each other data set and each kind of match, a void:Linkset, and then the links."""
    graph = Union(loaded.store)
    groups: dict[tuple[str, ox.NamedNode], list[ox.Triple]] = defaultdict(list)
    for match in MATCHES:
        for quad in graph.quads(None, match):
            if isinstance(quad.object, ox.NamedNode):
                groups[_space(quad.object.value), match].append(quad.triple)
    told = [ox.Triple(UNION, _TYPE, _DATASET), ox.Triple(UNION, DIGEST, ox.Literal(loaded.digest))]
    for (space, match), links in sorted(groups.items(), key=str):
        told += _describe(space, match, len(links))
    links = sorted((link for found in groups.values() for link in found), key=str)
    ox.serialize([*dict.fromkeys(told), *links], out, format=ox.RdfFormat.TURTLE, prefixes=prefixes())


def _describe(space: str, match: ox.NamedNode, count: int) -> list[ox.Triple]:
    name = next((prefix for prefix, namespace in prefixes().items() if namespace == space), "")
    kind = match.value.removeprefix(SKOS)
    # Without a prefix of ours a data set has the name of its host, which is in the address.
    node = ox.NamedNode(f"{CSL}linkset-{name or space.split('/')[2]}-{kind}")
    other = ox.NamedNode(space)
    return [
        ox.Triple(other, _TYPE, _DATASET),
        ox.Triple(other, _SPACE, ox.Literal(space)),
        ox.Triple(node, _TYPE, _LINKSET),
        ox.Triple(node, _SUBJECTS, UNION),
        ox.Triple(node, _OBJECTS, other),
        ox.Triple(node, _PREDICATE, match),
        ox.Triple(node, TRIPLES, ox.Literal(str(count), datatype=ox.NamedNode(XSD + "integer"))),
        ox.Triple(UNION, _SUBSET, node),
    ]


def _space(iri: str) -> str:
    """Return the namespace of an IRI: the longest of a prefix of ours, or all up to its last / or #."""
    fitting = [namespace for namespace in prefixes().values() if iri.startswith(namespace)]
    return max(fitting, key=len, default=iri[: max(iri.rfind("/"), iri.rfind("#")) + 1])
