"""Take stock of the data set: what it has of each class, property, graph and link, as VoID and DCAT tell it."""

from __future__ import annotations

import asyncio

from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, XSD, BNode, Graph, Literal, URIRef

from chinaspace.describe import UNION
from chinaspace.engine import GRAPH_TYPES, RESULT_TYPES
from chinaspace.errors import DeadlineError, KilledError
from chinaspace.introduce import DESCRIPTION, FORMAT_NAMES, FORMATS, TITLE
from chinaspace.lookup import Row, look_up, lookup
from chinaspace.names import CSD, prefixes
from chinaspace.serving import Serving

_LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
_LANGUAGES = ("en", "zh-Hans")
_MOST_LINKSETS = 100
_EXAMPLES = ("mission-change-5", "claim-time-2022-mengtian-launch-date")


async def take_stock(serving: Serving, client: str, site: str) -> Graph:
    """Return the description of the data set that is served at *site*, an address without a slash at its end.

    Partitions count triples and things, as https://www.w3.org/TR/void/ has them; the
    data set is the union of all graphs, and each graph a subset of it.

    What takes longer to count than a query may is left out.

    Raises:
        ChinaSpaceError: as for :func:`chinaspace.lookup.look_up`.
    """
    queries = [lookup(name) for name in ("used-classes", "used-properties", "void-sizes")]
    queries.append(lookup("void-links", limit=_MOST_LINKSETS))
    classes, properties, sizes, links = await asyncio.gather(*(_count_all(serving, client, one) for one in queries))
    graph, dataset = Graph(), URIRef(UNION.value)
    for prefix, namespace in (*prefixes().items(), ("dcat", str(DCAT)), ("formats", str(FORMATS))):
        graph.bind(prefix, namespace)
    _introduce(graph, dataset, serving, site)
    _offer(graph, dataset, site)
    for row in sizes:
        graph.add((dataset, VOID.distinctSubjects, _count(row, "subjects")))
        graph.add((dataset, VOID.distinctObjects, _count(row, "values")))
    _divide(graph, dataset, classes, properties)
    _link(graph, dataset, links)
    return graph


async def _count_all(serving: Serving, client: str, query: str) -> list[Row]:
    try:
        (rows,) = await look_up(serving, client, query)
    except (DeadlineError, KilledError):
        return []
    return rows


def _introduce(graph: Graph, dataset: URIRef, serving: Serving, site: str) -> None:
    for kind in (VOID.Dataset, DCAT.Dataset):
        graph.add((dataset, RDF.type, kind))
    graph.add((dataset, DCTERMS.title, Literal(TITLE, "en")))
    graph.add((dataset, DCTERMS.description, Literal(DESCRIPTION, "en")))
    graph.add((dataset, DCTERMS.license, _LICENCE))
    graph.add((dataset, DCTERMS.identifier, Literal(serving.digest)))
    graph.add((dataset, FOAF.homepage, URIRef(f"{site}/")))
    graph.add((dataset, DCAT.landingPage, URIRef(f"{site}/")))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(f"{site}/sparql")))
    graph.add((dataset, VOID.uriSpace, Literal(CSD)))
    graph.add((dataset, VOID.triples, Literal(serving.triples)))
    for language in _LANGUAGES:
        graph.add((dataset, DCTERMS.language, Literal(language)))
    for slug in _EXAMPLES:
        graph.add((dataset, VOID.exampleResource, URIRef(CSD + slug)))
    for name, size in serving.graphs:
        part = URIRef(name)
        graph.add((dataset, VOID.subset, part))
        graph.add((part, RDF.type, VOID.Dataset))
        graph.add((part, VOID.triples, Literal(size)))


def _offer(graph: Graph, dataset: URIRef, site: str) -> None:
    """Say where it can be had: a service that answers queries, whose formats are those of a download as well."""
    service, distribution = URIRef(f"{site}/sparql"), BNode()
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.title, Literal(f"{TITLE}: SPARQL", "en")))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, DCAT.endpointDescription, service))
    graph.add((service, DCAT.servesDataset, dataset))
    graph.add((service, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")))
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCTERMS.title, Literal("Answers to queries", "en")))
    graph.add((distribution, DCTERMS.license, _LICENCE))
    graph.add((distribution, DCAT.accessURL, service))
    graph.add((distribution, DCAT.accessService, service))
    for media_type in (*RESULT_TYPES, *GRAPH_TYPES):
        if media_type in FORMAT_NAMES:
            graph.add((dataset, VOID.feature, FORMATS[FORMAT_NAMES[media_type]]))


def _divide(graph: Graph, dataset: URIRef, classes: list[Row], properties: list[Row]) -> None:
    used = set()
    for rows, number, partition, name, size in (
        (classes, VOID.classes, VOID.classPartition, VOID["class"], VOID.entities),
        (properties, VOID.properties, VOID.propertyPartition, VOID.property, VOID.triples),
    ):
        if rows:
            graph.add((dataset, number, Literal(len(rows))))
        for row in rows:
            term, part = _iri(row, "term"), BNode()
            if term is None:
                continue
            used.add(_namespace(term))
            graph.add((dataset, partition, part))
            graph.add((part, name, term))
            graph.add((part, size, _count(row, "count")))
    for namespace in used:
        graph.add((dataset, VOID.vocabulary, URIRef(namespace)))


def _link(graph: Graph, dataset: URIRef, links: list[Row]) -> None:
    for row in links:
        linkset, target, property_ = BNode(), BNode(), _iri(row, "property")
        if property_ is None:
            continue
        graph.add((dataset, VOID.subset, linkset))
        graph.add((linkset, RDF.type, VOID.Linkset))
        graph.add((linkset, VOID.linkPredicate, property_))
        graph.add((linkset, VOID.triples, _count(row, "count")))
        graph.add((linkset, VOID.subjectsTarget, dataset))
        graph.add((linkset, VOID.objectsTarget, target))
        graph.add((target, RDF.type, VOID.Dataset))
        graph.add((target, VOID.uriSpace, Literal(getattr(row.get("namespace"), "value", ""))))


def _iri(row: Row, name: str) -> URIRef | None:
    value = getattr(row.get(name), "value", None)
    return URIRef(value) if isinstance(value, str) else None


def _count(row: Row, name: str) -> Literal:
    return Literal(int(getattr(row.get(name), "value", 0)), datatype=XSD.integer)


def _namespace(term: URIRef) -> str:
    return term[: max(term.rfind("/"), term.rfind("#")) + 1]
