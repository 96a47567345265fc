"""Build docs/vocabulary.html, the page of the vocabulary, with pyLODE: `make docs`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from pylode.profiles.ontpub import OntPub
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from chinaspace.write import write_whole

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = URIRef("https://w3id.org/chinaspace/ontology")


def build() -> Path:
    """Write the page and return where it is."""
    graph = Graph()
    for name in ("chinaspace.ttl", "classes.ttl", "properties.ttl"):
        graph.parse(ROOT / "ontology" / name)
    for term in set(graph.subjects(RDFS.label)):
        _join_labels(graph, term)
    graph.remove((ONTOLOGY, DCTERMS.title, None))
    # pyLODE's page for an ontology has no place for SKOS schemes, and its page for a scheme leaves out the concepts.
    for text in _describe_schemes(Graph().parse(ROOT / "ontology" / "schemes.ttl")):
        graph.add((ONTOLOGY, DCTERMS.description, Literal(text, lang="en")))
    page = ROOT / "docs" / "vocabulary.html"
    write_whole(page, str(OntPub(ontology=graph).make_html()))
    return page


def _join_labels(graph: Graph, term: Node) -> None:
    """Make one label of those in two languages, which pyLODE prints without a space between them."""
    labels = sorted(graph.objects(term, RDFS.label), key=lambda label: getattr(label, "language", "") or "")
    graph.remove((term, RDFS.label, None))
    graph.add((term, RDFS.label, Literal(" · ".join(map(str, labels)), lang="en")))


def _describe_schemes(schemes: Graph) -> Iterator[str]:
    for scheme in sorted(schemes.subjects(RDF.type, SKOS.ConceptScheme)):
        concepts = sorted(schemes.subjects(SKOS.inScheme, scheme))
        listed = " ".join(f"cs:{_name(concept)}: {schemes.value(concept, SKOS.definition)}" for concept in concepts)
        yield f"Scheme cs:{_name(scheme)}. {schemes.value(scheme, SKOS.definition)} {listed}"


def _name(term: Node) -> str:
    return str(term).rpartition("/")[2]


if __name__ == "__main__":
    logging.disable(logging.INFO)  # pyLODE turns on the log of everything
    sys.stdout.write(f"{build().relative_to(ROOT)}\n")
