"""Describe a data set within itself, so that whoever is given it, or asks it, knows which it is and has all of it."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from chinaspace.names import CSG, DCTERMS, RDF, XSD

# The data set is named as the graph of all its graphs, and described in a graph of its own.
UNION = ox.NamedNode(CSG + "union")
DESCRIPTION = ox.NamedNode(CSG + "description")

_VOID = "http://rdfs.org/ns/void#"
DIGEST = ox.NamedNode(DCTERMS + "identifier")
TRIPLES = ox.NamedNode(_VOID + "triples")
SUBSET = ox.NamedNode(_VOID + "subset")
_TYPE = ox.NamedNode(RDF + "type")
_DATASET = ox.NamedNode(_VOID + "Dataset")


def describe_dataset(digest: str, triples: int, graphs: Mapping[str, int]) -> list[ox.Quad]:
    """Return the description in VoID: the digest, how many triples there are in all, and in each graph."""
    found = [
        ox.Triple(UNION, _TYPE, _DATASET),
        ox.Triple(UNION, DIGEST, ox.Literal(digest)),
        ox.Triple(UNION, TRIPLES, _integer(triples)),
    ]
    for name, size in graphs.items():
        found.append(ox.Triple(UNION, SUBSET, ox.NamedNode(name)))
        found.append(ox.Triple(ox.NamedNode(name), TRIPLES, _integer(size)))
    return [ox.Quad(triple.subject, triple.predicate, triple.object, DESCRIPTION) for triple in found]


def graph_sizes(sizes: Mapping[ox.NamedNode | ox.BlankNode, int]) -> dict[str, int]:
    """Return the sizes of named graphs by their IRIs, sorted; blank nodes name none to others."""
    return dict(sorted((name.value, size) for name, size in sizes.items() if isinstance(name, ox.NamedNode)))


def _integer(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))
