"""Prefixes, IRIs and their short forms; the only list of prefixes is ontology/prefixes.ttl."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.paths import prefix_file

CS = "https://w3id.org/chinaspace/ontology/"
CSD = "https://w3id.org/chinaspace/id/"
CSSH = "https://w3id.org/chinaspace/shape/"
CSG = "https://w3id.org/chinaspace/graph/"
CSL = "https://w3id.org/chinaspace/link/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
# The items of the two data sets that most links lead to.
WIKIDATA = "http://www.wikidata.org/entity/"
ROR = "https://ror.org/"
EDTF = ox.NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")
FACTS = ox.NamedNode(CSG + "facts")
INFERRED = ox.NamedNode(CSG + "inferred")

# What can be the subject of a triple, and what its object.
Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple
Term: TypeAlias = Node | ox.Literal

_PREFIX = SH + "prefix"
_NAMESPACE = SH + "namespace"

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Local names that need no escape in Turtle and SPARQL; anything else stays a full IRI.
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


def cs(name: str) -> ox.NamedNode:
    """Return the vocabulary term *name*."""
    return ox.NamedNode(CS + name)


@cache
def prefixes() -> dict[str, str]:
    """Return every prefix of the project with its namespace, sorted by prefix."""
    declared: dict[str, dict[str, str]] = {}
    for quad in ox.parse(path=str(prefix_file())):
        declared.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value
    pairs = [(node[_PREFIX], node[_NAMESPACE]) for node in declared.values() if _PREFIX in node]
    return dict(sorted(pairs))


def is_slug(text: str) -> bool:
    """Tell whether *text* is lower-case ASCII words and numbers with single hyphens between them."""
    return _SLUG.fullmatch(text) is not None


def shorten(iri: str) -> str:
    """Return *iri* with a prefix of the project, or unchanged where none fits."""
    for prefix, namespace in prefixes().items():
        if iri.startswith(namespace) and _PLAIN_LOCAL.fullmatch(iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def short_name(iri: str) -> str:
    """Return the shortest name that :func:`expand` undoes: the slug of a thing of ours, else as :func:`shorten`."""
    slug = iri.removeprefix(CSD)
    return slug if is_slug(slug) else shorten(iri)


def expand(name: str, namespace: str = CSD) -> str:
    """Return the IRI that *name* stands for: an IRI, a prefixed name, or one in *namespace*, as the slug of a thing.

    "csd:mission-change-6" and "mission-change-6" both become the IRI of that mission.
    """
    prefix, colon, local = name.partition(":")
    if not colon:
        return namespace + name
    return prefixes()[prefix] + local if prefix in prefixes() else name
