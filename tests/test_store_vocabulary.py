"""The vocabulary and the description of the data set are the same from every store."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from rdflib import RDF, VOID, Graph

from test_stores import other, there

__all__ = ["other", "there"]  # fixtures

PAGES = ["/ontology", "/ontology/Claim", "/ontology/launchDate", "/ontology/planned", "/ontology/modalities"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_terms(address: str, there: TestClient, client: TestClient) -> None:
    """The page of a term shows the same definition, counts, examples and rules."""
    pages = [one.get(address, headers={"accept": "text/html"}) for one in (there, client)]
    assert [page.status_code for page in pages] == [200, 200]
    shown, expected = (page.text.partition("<main")[2].partition("<footer")[0] for page in pages)
    assert shown == expected


@pytest.mark.parametrize("address", PAGES)
def test_terms_as_rdf(address: str, there: TestClient, client: TestClient) -> None:
    """The triples of a term are the same, blank nodes apart."""
    shown, expected = (
        {
            quad.triple
            for quad in ox.parse(one.get(f"{address}?format=ntriples").content, format=ox.RdfFormat.N_TRIPLES)
            if ox.BlankNode not in (type(quad.subject), type(quad.object))
        }
        for one in (there, client)
    )
    assert shown == expected


def test_partitions_and_linksets(there: TestClient, client: TestClient) -> None:
    """Each partition and linkset has the same count."""

    def read(one: TestClient) -> set[tuple[str, ...]]:
        graph = Graph().parse(data=one.get("/.well-known/void").text, format="turtle")
        parts = set(graph.objects(None, VOID.classPartition)) | set(graph.objects(None, VOID.propertyPartition))
        parts |= set(graph.subjects(RDF.type, VOID.Linkset))
        names = (VOID["class"], VOID.property, VOID.linkPredicate, VOID.entities, VOID.triples)
        return {tuple(str(graph.value(part, name)) for name in names) for part in parts}

    assert read(there) == read(client)


def test_the_feed_and_the_list_of_pages(there: TestClient, client: TestClient) -> None:
    """The feed and the list are the same to the letter."""
    for path in ("/feed.atom", "/sitemap.xml"):
        assert there.get(path).text == client.get(path).text
