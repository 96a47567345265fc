"""Export the graph as JSON-LD with a context, so that programs which know nothing of RDF read it as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import IO, TypeAlias
from typing import Union as Either

import pyoxigraph as ox

from chinaspace.arrange import arrange_union
from chinaspace.errors import DatasetError
from chinaspace.load import Loaded
from chinaspace.names import CS, OWL, RDF, XSD, Term, prefixes, shorten
from chinaspace.unite import Union

Json: TypeAlias = Either[str, bool, float, "list[Json]", "dict[str, Json]"]

_TYPE = ox.NamedNode(RDF + "type")
_OBJECT_PROPERTY = ox.NamedNode(OWL + "ObjectProperty")
_KEYWORDS: dict[str, Json] = {"id": "@id", "type": "@type"}


def write_jsonld(loaded: Loaded, out: IO[bytes]) -> None:
    """Write the union of all graphs as JSON-LD 1.1: a context, and below "@graph" one line for each node.

    Terms of the vocabulary have their own names, all others their prefixed
    ones. Values of object properties are plain IRIs, by the context.

    Raises:
        DatasetError: the graph holds triple terms, which JSON-LD has no form for.
    """
    graph = Union(loaded.store)
    objects = {node.value for node in graph.subjects(_TYPE, _OBJECT_PROPERTY) if isinstance(node, ox.NamedNode)}
    out.write(b'{"@context": %s,\n"@graph": [' % _dump(context(objects)))
    between = b"\n"
    for subject, found in groupby(arrange_union(loaded.store), key=lambda triple: triple.subject):
        out.write(between + _dump({"id": _name(subject), **_members(found, objects)}))
        between = b",\n"
    out.write(b"\n]}\n")


def context(objects: Iterable[str]) -> dict[str, Json]:
    """Return the context: the prefixes of the project, and the properties *objects*, whose values are IRIs.

    A key without a colon is a term of the vocabulary; "id" and "type" stand for JSON-LD's own keys.
    """
    terms: dict[str, Json] = {_key(iri): {"@id": iri, "@type": "@id"} for iri in sorted(objects)}
    return {"@version": 1.1, "@vocab": CS, **_KEYWORDS, **prefixes(), **terms}


def _key(iri: str) -> str:
    """Return how a property is called: the bare name of a term of ours, else a prefixed name."""
    short = shorten(iri)
    bare = short.removeprefix("cs:")
    return short if bare in _KEYWORDS or bare in prefixes() else bare


def _members(triples: Iterable[ox.Triple], objects: set[str]) -> dict[str, Json]:
    """Return the properties of a node, each with its value, or with a list of several."""
    members: dict[str, Json] = {}
    for predicate, found in groupby(triples, key=lambda triple: triple.predicate):
        if predicate == _TYPE:
            values: list[Json] = [_name(triple.object) for triple in found]
            key = "type"
        else:
            values = [_value(triple.object, predicate.value in objects) for triple in found]
            key = _key(predicate.value)
        members[key] = values[0] if len(values) == 1 else values
    return members


def _value(term: Term, plain: bool) -> Json:
    if not isinstance(term, ox.Literal):
        return _name(term) if plain else {"id": _name(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD + "string":
        # Under a property of IRIs a bare text would be read as one.
        return {"@value": term.value} if plain else term.value
    return {"@value": term.value, "@type": shorten(term.datatype.value)}


def _name(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    raise DatasetError("JSON-LD has no form for triple terms, which this graph holds. Export it as turtle.")


def _dump(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
