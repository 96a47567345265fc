"""Draft a thing, a source or a claim: the block of Turtle that its author completes, in the file where it belongs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from chinaspace.dates import span
from chinaspace.errors import DateError, DraftError
from chinaspace.names import CS, CSD, EDTF, OWL, RDF, RDFS, XSD, cs, expand, is_slug, prefixes, shorten
from chinaspace.paths import home
from chinaspace.unite import union
from chinaspace.write import write_whole

_TYPE = ox.NamedNode(RDF + "type")
_CLASS = ox.NamedNode(OWL + "Class")
_SUB = ox.NamedNode(RDFS + "subClassOf")
_RANGE = ox.NamedNode(RDFS + "range")

# What things take from other vocabularies, the words that people type for it, and what its values are.
_FOREIGN = {
    "date": "dcterms:issued",
    "publisher": "dcterms:publisher",
    "author": "dcterms:creator",
    "url": "schema:url",
}
# The parts of the statement that a claim makes.
PARTS = {"subject": "rdf:subject", "predicate": "rdf:predicate", "object": "rdf:object"}
_RANGES = {
    "dcterms:issued": CS + "DateValue",
    "dcterms:publisher": CS + "Actor",
    "dcterms:creator": CS + "Actor",
    "dcterms:extent": RDF + "langString",
    "schema:url": XSD + "anyURI",
    "skos:altLabel": RDF + "langString",
    "skos:editorialNote": RDF + "langString",
    "rdf:subject": CS + "Entity",
    "rdf:predicate": CS + "Property",
}


@dataclass(frozen=True)
class Kind:
    """A class of which things are described: its IRI, how their identifiers begin, and the file that holds them."""

    iri: str
    id_kind: str
    file: str

    @property
    def word(self) -> str:
        """Return what a person types for it: "mission" for cs:Mission, "space-station" for cs:SpaceStation."""
        name = self.iri.removeprefix(CS)
        return "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("-")


@dataclass(frozen=True)
class Draft:
    """A block that is not written yet: *said* are predicates and objects, as Turtle has them."""

    iri: str
    path: Path
    said: list[tuple[str, str]] = field(default_factory=list)


def kinds(store: ox.Store) -> dict[str, Kind]:
    """Return the kinds of things of the vocabulary by the words that people type, sorted.

    A class without a file of its own takes that of the nearest wider one.
    """
    classes = [quad.subject for quad in store.quads_for_pattern(None, _TYPE, _CLASS, union(store))]
    found = [kind for one in classes if isinstance(one, ox.NamedNode) and (kind := _kind(store, one))]
    return dict(sorted((kind.word, kind) for kind in found))


def find_kind(store: ox.Store, word: str) -> Kind:
    """Return the kind that *word* names: "mission", "space-station" or "cs:SpaceStation".

    Raises:
        DraftError: there is none; the message has the nearest ones.
    """
    known = kinds(store)
    names = {shorten(kind.iri): kind for kind in known.values()}
    if found := known.get(word.lower()) or names.get(word):
        return found
    near = get_close_matches(word.lower(), known, 3, 0.6)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(known)}."
    raise DraftError(f"'{word[:60]}' is no kind of thing. {hint}")


def draft(store: ox.Store, kind: Kind, slug: str, said: Iterable[tuple[str, str]]) -> Draft:
    """Return the draft of a new thing, with *said* of it besides its class.

    Raises:
        DraftError: *slug* is none, or the identifier is taken.
    """
    slug = slug.removeprefix("csd:").removeprefix(f"{kind.id_kind}-")
    if not is_slug(slug):
        raise DraftError(f"'{slug[:60]}' cannot end an identifier. Use lower-case words with hyphens, as in change-7.")
    iri = f"{CSD}{kind.id_kind}-{slug}"
    if any(store.quads_for_pattern(ox.NamedNode(iri), None, None, union(store))):
        raise DraftError(f"{shorten(iri)} is described already. Use it as it is, or choose another identifier.")
    path = home() / "data" / f"{kind.file}.ttl"
    return Draft(iri, path, [("a", shorten(kind.iri)), *said])


def write_draft(made: Draft) -> None:
    """Add a draft to its file, laid out, in one step; a file that is not there yet is begun.

    Raises:
        DraftError: its file holds the identifier already.
        ReadError: the file is malformed; nothing is written then.
    """
    # Imported here because rdflib comes with it, and validation asks this module for kinds alone.
    from chinaspace.format import format_turtle

    if made.path.exists():
        format_turtle(made.path)  # a fault that is there already is told at its own line
    before = made.path.read_text("utf-8") if made.path.exists() else ""
    if f"\n{shorten(made.iri)}\n" in f"\n{before}":
        raise DraftError(f"{shorten(made.iri)} is in {made.path} already. Complete it there.")
    declared = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in prefixes().items())
    block = "".join(f"    {predicate} {value} ;\n" for predicate, value in made.said)
    text = f"{before}\n{declared}{shorten(made.iri)}\n{block}.\n"
    made.path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        rough = Path(folder) / made.path.name
        rough.write_text(text, "utf-8")
        write_whole(made.path, format_turtle(rough))


def quoted(text: str, language: str | None = None, datatype: str | None = None) -> str:
    """Return words as a literal of Turtle."""
    if language:
        return f"{ox.Literal(text)}@{language}"  # Oxigraph would write zh-hans
    return str(ox.Literal(text, datatype=ox.NamedNode(datatype) if datatype else None))


def dated(text: str) -> str:
    """Return a date as a literal of Turtle: of a day, of an instant in UTC, or EDTF.

    Raises:
        DateError: it is none of these.
    """
    for datatype in (XSD + "date", XSD + "dateTime", EDTF.value):
        try:
            span(text, datatype)
        except DateError:
            if datatype == EDTF.value:
                raise
        else:
            break
    return quoted(text, datatype=datatype)


def named(store: ox.Store, name: str) -> str:
    """Return a thing or term that is described, as Turtle has it: "cs:newsArticle" or "institution-time".

    Raises:
        DraftError: nothing is described under that name; the message has the nearest names.
    """
    iri = expand(name)
    try:
        node = ox.NamedNode(iri)
    except ValueError as error:
        raise DraftError(f"'{name[:60]}' is no name. Write it as csd:institution-time or cs:newsArticle.") from error
    if any(store.quads_for_pattern(node, None, None, union(store))):
        short = shorten(iri)
        return str(node) if short == iri else short
    known = {
        shorten(quad.subject.value)
        for quad in store.quads_for_pattern(None, _TYPE, None, union(store))
        if isinstance(quad.subject, ox.NamedNode)
    }
    near = get_close_matches(shorten(iri), known, 3, 0.7)
    hint = f"Did you mean {' or '.join(near)}? If not, begin it" if near else "Begin it first,"
    raise DraftError(f"{shorten(iri)} is described nowhere. {hint} with chinaspace new.")


def written(store: ox.Store, key: str, value: str) -> tuple[str, str]:
    """Return a property and its value as Turtle has them: the range of the property tells what the value is.

    Raises:
        DraftError: the property is unknown, or a thing that is named is.
        DateError: the property takes a date, and the value is none.
    """
    key = _FOREIGN.get(key, key)
    prop = ox.NamedNode(expand(key if ":" in key else f"cs:{key}"))
    short = shorten(prop.value)
    ranges = (quad.object for quad in store.quads_for_pattern(prop, _RANGE, None, union(store)))
    kinds_of_value = {one.value for one in ranges if isinstance(one, ox.NamedNode)}
    if not kinds_of_value and short not in _RANGES:
        raise DraftError(f"{short} is no property that can be said here. Write it into the file yourself.")
    (kind,) = kinds_of_value or {_RANGES[short]}
    if kind == CS + "DateValue":
        return short, dated(value)
    if kind.startswith(XSD) and kind.removeprefix(XSD) in {"integer", "decimal", "boolean", "nonNegativeInteger"}:
        return short, value
    if kind.startswith((XSD, RDF)):
        return short, quoted(value, "en") if kind.startswith(RDF) else quoted(value, datatype=kind)
    return short, named(store, value if ":" in value or value.partition("-")[1] else f"cs:{value}")


def _kind(store: ox.Store, one: ox.NamedNode) -> Kind | None:
    """Return the kind of a class by its own file, or by that of the nearest wider class."""
    wider, seen = [one], {one}
    for node in wider:
        file, id_kind = _text(store, node, "dataFile"), _text(store, node, "idKind")
        if file and id_kind:
            return Kind(one.value, id_kind, file)
        above = [quad.object for quad in store.quads_for_pattern(node, _SUB, None, union(store))]
        fresh = [other for other in above if isinstance(other, ox.NamedNode) and other not in seen]
        seen.update(fresh)
        wider += sorted(fresh, key=str)
    return None


def _text(store: ox.Store, node: ox.NamedNode, name: str) -> str | None:
    quads = store.quads_for_pattern(node, cs(name), None, union(store))
    return next((quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)), None)
