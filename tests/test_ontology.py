"""The vocabulary: consistent, satisfiable, and with the names that others rely on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from chinaspace.names import CS
from chinaspace.paths import ontology_files
from conftest import absent
from support import write_turtle

MODALITIES = {"asserted", "planned", "estimated", "alleged", "denied", "opinion", "predicted"}
RANKS = {"preferred", "normal", "deprecated"}
CLASSES = {
    *{"Mission", "Spacecraft", "Lander", "Rover", "ReturnCraft", "StationModule", "SpaceStation", "Launch"},
    *{"LaunchVehicle", "Instrument", "Programme", "Constellation", "Institution", "Agency", "Academy", "Institute"},
    *{"Company", "University", "Publisher", "MilitaryBody", "Person", "Country", "Place", "LaunchSite", "Agreement"},
    *{"Cooperation", "Law", "Policy", "Event", "Source", "Claim", "Figure"},
}
LINKS = {
    *{"about", "modality", "source", "statedBy", "speakerRole", "speakingFor", "rank", "launchedBy"},
    *{"denies", "confirms", "contradicts", "supersedes", "resolves", "party"},
    *{"coDeveloper", "payloadProvider", "groundSupport", "launchCustomer", "recipient", "host", "financier"},
}
VALUES = {
    *{"gist", "statedOn", "passageStart", "passageEnd", "passageDigest", "locator", "rankReason"},
    *{"textDigest", "dateBasis", "earliest", "latest", "launchDate"},
}
PARTIES = {"coDeveloper", "payloadProvider", "groundSupport", "launchCustomer", "recipient", "host", "financier"}
SINGLE = {"modality", "source", "rank", "gist", "passageStart", "passageEnd", "passageDigest", "textDigest"}

UNSATISFIABLE = """
cs:Person a owl:Class ; owl:disjointWith cs:Country .
cs:Country a owl:Class .
cs:CountryPerson a owl:Class ; rdfs:subClassOf cs:Person , cs:Country .
"""


def cs(name: str) -> URIRef:
    return URIRef(CS + name)


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    found = Graph()
    for path in ontology_files():
        found.parse(path)
    return found


def unsatisfiable(graph: Graph, folder: Path) -> set[str]:
    """Return the classes that can have no member, by HermiT; an inconsistent vocabulary is an error of its own."""
    if shutil.which("java") is None:
        absent("The OWL reasoner needs a Java runtime; install one, such as default-jre-headless.")
    import owlready2

    path = folder / "vocabulary.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    ontology = world.get_ontology(path.as_uri()).load()
    with ontology:
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    return {str(found.iri) for found in world.inconsistent_classes()} - {str(OWL.Nothing)}


@pytest.mark.reasoner
def test_no_class_is_unsatisfiable(vocabulary: Graph, tmp_path: Path) -> None:
    """The vocabulary is consistent, and each of its classes can have members."""
    assert unsatisfiable(vocabulary, tmp_path) == set()


@pytest.mark.reasoner
def test_the_reasoner_finds_an_unsatisfiable_class(tmp_path: Path) -> None:
    """A class below two disjoint ones is found, so the check does check."""
    broken = Graph().parse(write_turtle(tmp_path / "broken.ttl", UNSATISFIABLE))
    assert unsatisfiable(broken, tmp_path) == {CS + "CountryPerson"}


@pytest.mark.reasoner
def test_the_reasoner_knows_the_disjointness_of_the_vocabulary(vocabulary: Graph, tmp_path: Path) -> None:
    """A class below two kinds of things is found, so disjointness is stated in a way that a reasoner reads."""
    broken = Graph() + vocabulary
    broken.add((cs("Both"), RDF.type, OWL.Class))
    broken.add((cs("Both"), RDFS.subClassOf, cs("Person")))
    broken.add((cs("Both"), RDFS.subClassOf, cs("Country")))
    assert unsatisfiable(broken, tmp_path) == {CS + "Both"}


@pytest.mark.parametrize(("scheme", "members"), [("modalities", MODALITIES), ("ranks", RANKS)])
def test_members_of_schemes(vocabulary: Graph, scheme: str, members: set[str]) -> None:
    """A scheme has the members that the design names, and no others."""
    assert set(vocabulary.subjects(SKOS.inScheme, cs(scheme))) == {cs(member) for member in members}
    assert all((cs(member), RDF.type, SKOS.Concept) in vocabulary for member in members)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_classes(vocabulary: Graph, name: str) -> None:
    """A class that the design names is one."""
    assert (cs(name), RDF.type, OWL.Class) in vocabulary


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, OWL.ObjectProperty) for name in sorted(LINKS)] + [(name, OWL.DatatypeProperty) for name in sorted(VALUES)],
)
def test_properties(vocabulary: Graph, name: str, kind: URIRef) -> None:
    """A property that the design names links things, or gives values, as it says, and not both."""
    kinds = {OWL.ObjectProperty, OWL.DatatypeProperty}
    assert kinds & set(vocabulary.objects(cs(name), RDF.type)) == {kind}


@pytest.mark.parametrize("name", sorted(SINGLE))
def test_functional_properties(vocabulary: Graph, name: str) -> None:
    """A property that has one value at most is functional."""
    assert (cs(name), RDF.type, OWL.FunctionalProperty) in vocabulary


@pytest.mark.parametrize("name", sorted(PARTIES))
def test_roles_of_parties(vocabulary: Graph, name: str) -> None:
    """A role in a cooperation is a way to be a party of it."""
    assert (cs(name), RDFS.subPropertyOf, cs("party")) in vocabulary


def test_every_term_says_where_it_is_defined(vocabulary: Graph) -> None:
    """Each class and property of ours names the vocabulary, and has one definition."""
    terms = {
        term
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in vocabulary.subjects(RDF.type, kind)
        if str(term).startswith(CS)
    }
    assert len(terms) >= 100
    for term in terms:
        assert list(vocabulary.objects(term, RDFS.isDefinedBy)) == [URIRef(CS[:-1])]
        assert len(list(vocabulary.objects(term, SKOS.definition))) == 1
