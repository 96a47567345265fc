"""Export what schema.org has words for, as JSON-LD for web pages: the data set, its things, and who said what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, TypeAlias

import pyoxigraph as ox

from chinaspace.describe import UNION
from chinaspace.load import Loaded
from chinaspace.names import CS, DCTERMS, EDTF, OWL, RDF, RDFS, SCHEMA, SKOS, XSD, Term, cs
from chinaspace.unite import Union

Members: TypeAlias = "dict[str, object]"

_TYPE = ox.NamedNode(RDF + "type")
_LABEL = ox.NamedNode(RDFS + "label")
_ENTITY, _CLAIM = cs("Entity"), cs("Claim")
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_VERSION = ox.NamedNode(OWL + "versionInfo")
# Where the vocabulary has no super-property in schema.org, the member that says the same.
_ALSO = {
    "alternateName": (SKOS + "altLabel",),
    "author": (DCTERMS + "creator", CS + "statedBy"),
    "publisher": (DCTERMS + "publisher",),
    "sameAs": (SKOS + "exactMatch",),
    "startDate": (CS + "launchDate", CS + "landingDate", CS + "eventDate"),
    "datePublished": (DCTERMS + "issued", CS + "statedOn"),
    "text": (CS + "gist",),
    "about": (CS + "about",),
    "appearance": (CS + "source",),
    "url": (CS + "passageAddress",),
}
# How a claim is meant goes here, so that no reader takes a plan for what happened.
_STATUS = "creativeWorkStatus"
# A date of schema.org is one of ISO 8601; of EDTF these forms are.
_PLAIN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def write_schema(loaded: Loaded, out: IO[bytes]) -> None:
    """Write the data set and its parts as one JSON-LD document, whose only context is schema.org as a vocabulary.

    Nothing has to be fetched to read it. Of the things, facts are told; what
    is planned, alleged or denied is told as a Claim with its status alone.
    """
    graph = Union(loaded.store)
    nodes = [_dataset(graph, loaded), *_things(graph), *_claims(graph)]
    document = {"@context": {"@vocab": SCHEMA}, "@graph": nodes}
    out.write(json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def _dataset(graph: Union, loaded: Loaded) -> Members:
    ontology = ox.NamedNode(CS.rstrip("/"))
    told = {
        "name": "chinaspace",
        "description": "Who said what about China's space programme, when, in which passage of which source, "
        "and what became of it.",
        "url": {"@id": "https://w3id.org/chinaspace"},
        "license": {"@id": _LICENCE},
        "identifier": loaded.digest,
        "isAccessibleForFree": True,
        "version": [term.value for term in graph.values(ontology, _VERSION) if isinstance(term, ox.Literal)],
    }
    return {"@id": UNION.value, "@type": "Dataset", **{key: value for key, value in told.items() if value != []}}


def _things(graph: Union) -> Iterator[Members]:
    for thing in _sorted(graph.subjects(_TYPE, _ENTITY)):
        types = graph.values(thing, _TYPE)
        ours = sorted(kind.value for kind in types if isinstance(kind, ox.NamedNode) and kind.value.startswith(CS))
        yield {
            "@id": thing.value,
            "@type": _schema_names(types) or ["Thing"],
            "name": _texts(graph.values(thing, _LABEL)),
            "additionalType": [{"@id": kind} for kind in ours if kind != _ENTITY.value],
            **_told(graph.quads(thing)),
        }


def _claims(graph: Union) -> Iterator[Members]:
    for claim in _sorted(graph.subjects(_TYPE, _CLAIM)):
        modalities = [node for node in graph.values(claim, cs("modality")) if isinstance(node, ox.NamedNode)]
        status = [label for node in modalities for label in _texts(graph.values(node, _LABEL), "en")]
        yield {"@id": claim.value, "@type": ["Claim"], _STATUS: status, **_told(graph.quads(claim))}


def _told(quads: Iterable[ox.Quad]) -> Members:
    """Return what schema.org has words for, by the super-properties of the vocabulary and by our table."""
    found: dict[str, list[object]] = {}
    for quad in sorted(quads, key=str):
        iri = quad.predicate.value
        keys = [iri.removeprefix(SCHEMA)] if iri.startswith(SCHEMA) else [k for k, v in _ALSO.items() if iri in v]
        for key in keys:
            value = _value(quad.object)
            if value is not None and value not in found.setdefault(key, []):
                found[key].append(value)
    return {key: values for key, values in sorted(found.items()) if values}


def _value(term: Term) -> object | None:
    """Return a value as schema.org takes it; None for dates that are no ISO 8601."""
    if isinstance(term, ox.NamedNode):
        return {"@id": term.value}
    if not isinstance(term, ox.Literal):
        return None
    if term.datatype == EDTF:
        return term.value if _PLAIN.fullmatch(term.value) else None
    if term.datatype.value == XSD + "anyURI":
        return {"@id": term.value}
    return {"@value": term.value, "@language": term.language} if term.language else term.value


def _schema_names(types: Iterable[Term]) -> list[str]:
    iris = [kind.value for kind in types if isinstance(kind, ox.NamedNode)]
    return sorted(iri.removeprefix(SCHEMA) for iri in iris if iri.startswith(SCHEMA))


def _texts(values: Iterable[Term], language: str | None = None) -> list[object]:
    found = [term for term in values if isinstance(term, ox.Literal) and language in (None, term.language)]
    return [_value(term) for term in sorted(found, key=str)]


def _sorted(nodes: Iterable[Term]) -> list[ox.NamedNode]:
    return sorted((node for node in nodes if isinstance(node, ox.NamedNode)), key=lambda node: node.value)
