"""Introduce the endpoint and its graphs, as the W3C's SPARQL 1.1 Service Description has it."""

from __future__ import annotations

from rdflib import RDF, RDFS, VOID, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from chinaspace.engine import GRAPH_TYPES, RESULT_TYPES
from chinaspace.serving import Serving

TITLE = "China space claims"
DESCRIPTION = "Who said what about China's space programme, when, in which passage, and what became of it."

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
# The IRIs that the W3C has given to formats, https://www.w3.org/ns/formats/.
FORMATS = Namespace("http://www.w3.org/ns/formats/")
FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/n-quads": "N-Quads",
    "application/trig": "TriG",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
}


def introduce(serving: Serving, address: str) -> Graph:
    """Return the service description of the endpoint at *address*, with each named graph and its size."""
    graph = Graph()
    service, dataset, default = URIRef(address), BNode(), BNode()
    for triple in (
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, service),
        (service, RDFS.label, Literal(TITLE, "en")),
        (service, RDFS.comment, Literal(DESCRIPTION, "en")),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.feature, SD.UnionDefaultGraph),
        (service, SD.defaultDataset, dataset),
        (dataset, RDF.type, SD.Dataset),
        (dataset, DCTERMS.identifier, Literal(serving.digest)),
        (dataset, SD.defaultGraph, default),
        (default, RDF.type, SD.Graph),
        (default, VOID.triples, Literal(serving.triples)),
        *(
            (service, SD.resultFormat, FORMATS[FORMAT_NAMES[media_type]])
            for media_type in (*RESULT_TYPES, *GRAPH_TYPES)
            if media_type in FORMAT_NAMES
        ),
    ):
        graph.add(triple)
    for name, size in serving.graphs:
        named, content = BNode(), BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(name)))
        graph.add((named, SD.graph, content))
        graph.add((content, VOID.triples, Literal(size)))
    return graph
