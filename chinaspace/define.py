"""Define the terms of the vocabulary: what the graph says of each, and how often it uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from chinaspace.errors import BusyError, DeadlineError, KilledError
from chinaspace.lookup import Row, look_up, lookup, read
from chinaspace.names import CS, OWL, RDF, RDFS, SKOS, shorten
from chinaspace.protocol import Asked
from chinaspace.serving import Serving

# Which section of the page a term stands in: the first of these types that it has.
KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    OWL + "AnnotationProperty": "property",
    SKOS + "ConceptScheme": "scheme",
    SKOS + "Concept": "concept",
    RDFS + "Datatype": "datatype",
}
_JSON = ("application/sparql-results+json",)
_USES = ("used-properties", "used-classes", "used-concepts")
_CLAIMS = "used-claims"


@dataclass(frozen=True)
class Term:
    """A term with what is said of it, by property; *lower* are those that are narrower, or in a scheme."""

    iri: str
    said: dict[str, list[ox.NamedNode | ox.Literal]] = field(default_factory=dict)
    lower: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return its name within the vocabulary."""
        return self.iri.removeprefix(CS)

    @property
    def kind(self) -> str:
        """Return which sort of term it is; "" for one of no sort that the page knows."""
        types = self.values(RDF + "type")
        return next((kind for iri, kind in KINDS.items() if iri in types), "")

    def values(self, *properties: str) -> list[str]:
        """Return the IRIs that it has as values, sorted by name."""
        found = [
            value.value for name in properties for value in self.said.get(name, []) if isinstance(value, ox.NamedNode)
        ]
        return sorted(set(found), key=shorten)

    def text(self, name: str, language: str = "en") -> str:
        """Return what SKOS or RDFS has under *name*, such as "definition", in a language, or "".

        A store may have changed the case of a tag.
        """
        for namespace in (SKOS, RDFS):
            for value in self.said.get(namespace + name, []):
                if isinstance(value, ox.Literal) and value.language and value.language.lower() == language.lower():
                    return value.value
        return ""

    @property
    def above(self) -> list[str]:
        """Return the broader terms, or the scheme of a concept."""
        return self.values(RDFS + "subClassOf", RDFS + "subPropertyOf", SKOS + "inScheme")


@dataclass(frozen=True)
class Vocabulary:
    """The terms by name; how many statements and claims use each, by IRI, unless counting took too long."""

    terms: dict[str, Term]
    uses: dict[str, int] | None
    claims: dict[str, int] | None

    def of(self, *kinds: str) -> list[Term]:
        """Return the terms of some sorts, by name."""
        return [term for term in self.terms.values() if term.kind in kinds]


async def define(serving: Serving, client: str) -> Vocabulary:
    """Return the vocabulary of the graph that is served; without terms where that graph has none.

    Raises:
        ChinaSpaceError: as for :func:`chinaspace.lookup.look_up`.
    """
    reply, uses, claims = await asyncio.gather(
        serving.ask(Asked(lookup("terms"), _JSON), client),
        _count(serving, client, *_USES),
        _count(serving, client, _CLAIMS),
    )
    return Vocabulary(_terms(await reply.whole()), uses, claims)


async def _count(serving: Serving, client: str, *names: str) -> dict[str, int] | None:
    """Return how often terms are used; nothing where the graph is too large to count in time."""
    try:
        found = await look_up(serving, client, *map(lookup, names))
    except (BusyError, DeadlineError, KilledError):
        return None
    return dict(pair for rows in found for row in rows for pair in _counted(row))


def _counted(row: Row) -> Iterator[tuple[str, int]]:
    term, count = row.get("term"), row.get("count")
    if isinstance(term, ox.NamedNode) and isinstance(count, ox.Literal):
        yield term.value, int(count.value)


# The body of an answer that is kept is one object, whose hash is worked out once.
@lru_cache(maxsize=2)
def _terms(body: bytes) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for row in read(body):
        term, name, value = row["term"], row["property"], row["value"]
        if isinstance(term, ox.NamedNode) and isinstance(name, ox.NamedNode):
            said = terms.setdefault(term.value, Term(term.value)).said.setdefault(name.value, [])
            if isinstance(value, ox.NamedNode | ox.Literal):
                said.append(value)
    for iri in sorted(terms):
        for above in terms[iri].above:
            if above in terms:
                terms[above].lower.append(iri)
    return {found.name: found for found in sorted(terms.values(), key=lambda found: found.name.lower())}
