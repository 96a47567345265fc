"""Forms for the commons: each is read back by a tool of others, and says no more than what is known."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, SKOS, VOID, Dataset, Graph, URIRef

from chinaspace.export import EXPORTS
from chinaspace.load import Loaded
from chinaspace.names import CS, CSD
from conftest import absent
from support import Command, claim
from wikidata import craft, launched, ours

SCHEMA = "https://schema.org/"
FORMS = ["jsonld", "linkset", "nanopub", "quickstatements", "rdf12", "schema-org", "sssom"]


def export(loaded: Loaded, form: str) -> bytes:
    """Return what a form writes."""
    out = BytesIO()
    EXPORTS[form](loaded, out)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_graph_gives_the_same_bytes(chinaspace: Command, tmp_path: Path, form: str) -> None:
    """The command writes each form whole, and the same each time."""
    world = Path(__file__).parent / "world.ttl"
    paths = [tmp_path / name for name in ("one", "two")]
    for path in paths:
        assert chinaspace("export", form, "--dataset", world, "--output", path).code == 0
    one, two = (path.read_bytes() for path in paths)
    assert one == two


def test_jsonld_holds_the_graph(world: Loaded) -> None:
    """rdflib reads the triples of the Turtle export out of the JSON-LD, the description apart."""
    found = Graph().parse(data=export(world, "jsonld"), format="json-ld")
    triples = {quad.triple for quad in ox.parse(found.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)}
    assert {_plain(one) for one in triples} == {_plain(quad.triple) for quad in _union(world)}
    assert world.triples == len(triples)


def _union(loaded: Loaded) -> list[ox.Quad]:
    return list(loaded.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def _plain(triple: ox.Triple) -> str:
    """Return a triple without the names of its blank nodes, which are nobody's."""
    return re.sub(r"_:\w+", "_:b", str(triple))


def test_jsonld_is_plain_json(world: Loaded) -> None:
    """Terms of the vocabulary have their bare names, and things are told by prefixed names."""
    nodes = {node["id"]: node for node in json.loads(export(world, "jsonld"))["@graph"]}
    launch = nodes["csd:launch-kite"]
    assert "cs:Launch" in launch["type"]
    assert launch["launches"] == "csd:spacecraft-kite"


def test_rdf12_states_no_plan(world: Loaded) -> None:
    """Each claim that is a triple reifies it, nothing is stated by that, and nothing else is lost."""
    found = {quad.triple for quad in ox.parse(export(world, "rdf12"), format=ox.RdfFormat.TURTLE)}
    reified = {one.subject: one.object for one in found if one.predicate.value.endswith("#reifies")}
    end = ox.NamedNode(CSD + "claim-gazette-2020-kite-end")
    statement = reified[end]
    assert isinstance(statement, ox.Triple)
    assert statement.subject == ox.NamedNode(CSD + "spacecraft-kite")
    assert statement not in found
    rest = {one for one in found if one.predicate.value.endswith("#reifies")}
    assert len(found - rest) + 3 * len(rest) == world.triples


def test_linksets_count_their_links(tmp_path: Path) -> None:
    """Each linkset has as many links as it says, of its kind and to its data set."""
    own = craft("kite", "Q1") + "csd:spacecraft-kite skos:closeMatch wd:Q2 , <https://ror.org/x> .\n"
    found = Graph().parse(data=export(ours(tmp_path, own), "linkset"), format="turtle")
    sets = set()
    for node in found.subjects(RDF.type, VOID.Linkset):
        predicate, target, count = (
            found.value(node, part) for part in (VOID.linkPredicate, VOID.objectsTarget, VOID.triples)
        )
        links = [other for other in found.objects(None, predicate) if str(other).startswith(str(target))]
        assert int(str(count)) == len(links)
        sets.add((str(predicate).removeprefix(str(SKOS)), str(target)))
    wikidata = "http://www.wikidata.org/entity/"
    assert sets == {("exactMatch", wikidata), ("closeMatch", wikidata), ("closeMatch", "https://ror.org/")}


def test_nanopublications_are_what_they_are_named(world: Loaded) -> None:
    """The nanopub package finds each one valid, and its digest right; a changed one is found out."""
    from nanopub.nanopub import Nanopub
    from nanopub.utils import MalformedNanopubError

    found = _nanopubs(world)
    assert len(found) == world.claims
    for name, graph in list(found.items())[::6]:
        one = Nanopub(rdf=graph)
        assert one.is_valid
        assert one.has_valid_trusty
        assert str(one.source_uri) == name
    _, graph = found.popitem()
    graph.add((URIRef("urn:a"), RDF.type, URIRef("urn:b"), next(iter(Nanopub(rdf=graph).assertion.subjects()))))
    with pytest.raises(MalformedNanopubError):
        _ = Nanopub(rdf=graph).has_valid_trusty


def test_nanopublications_assert_facts_alone(world: Loaded) -> None:
    """The assertion of a fact is its triple; that of a plan or an allegation says what it is."""
    bare, told = 0, 0
    for graph in _nanopubs(world).values():
        (assertion,) = (one for one in graph.contexts() if str(one.identifier).endswith("#assertion"))
        if (None, URIRef(f"{CS}modality"), None) in assertion:
            told += 1
        else:
            assert len(assertion) == 1
            triple = next(iter(assertion))
            assert graph.value(None, RDF.object, triple[2]) is not None or (None, RDF.object, triple[2], None) in graph
            bare += 1
    assert told
    assert bare == world.facts or bare > world.facts


def _nanopubs(loaded: Loaded) -> dict[str, rdflib.ConjunctiveGraph]:
    """Return each nanopublication by its IRI."""
    found: dict[str, rdflib.ConjunctiveGraph] = {}
    for line in export(loaded, "nanopub").decode().splitlines():
        (name,) = set(re.findall(r"<(https://w3id\.org/chinaspace/np/RA[\w-]{43})", line))
        found.setdefault(name, rdflib.ConjunctiveGraph()).parse(data=line, format="nquads")
    return found


def test_schema_org_in_its_own_words(tmp_path: Path) -> None:
    """All is in the words of schema.org, without a context to fetch; a plan is a Claim that says so, and no date."""
    own = craft("kite", "Q1") + launched("kite", '"2027"^^edtf:EDTF', 'cs:gist "Soon."@en', "cs:planned")
    own += craft("wren", "Q2") + launched("wren", '"2020-01-02"^^xsd:date')
    document: dict[str, Any] = json.loads(export(ours(tmp_path, own), "schema-org"))
    assert document["@context"] == {"@vocab": SCHEMA}
    found = Dataset()
    found.parse(data=json.dumps(document), format="json-ld")
    graph = Graph()
    for quad in found.quads():
        graph.add(quad[:3])
    assert all(str(one).startswith(SCHEMA) or one == RDF.type for one in graph.predicates())
    assert all(str(one).startswith(SCHEMA) for one in graph.objects(None, RDF.type))
    start = URIRef(f"{SCHEMA}startDate")
    assert [str(one) for one in graph.objects(URIRef(f"{CSD}launch-wren"), start)] == ["2020-01-02"]
    assert list(graph.objects(URIRef(f"{CSD}launch-kite"), start)) == []
    (planned,) = graph.subjects(URIRef(f"{SCHEMA}text"), rdflib.Literal("Soon.", lang="en"))
    assert [str(one) for one in graph.objects(planned, URIRef(f"{SCHEMA}creativeWorkStatus"))] == ["planned"]
    assert URIRef("http://www.wikidata.org/entity/Q2") in set(graph.objects(None, URIRef(f"{SCHEMA}sameAs")))


def test_the_sssom_package_reads_the_links(tmp_path: Path) -> None:
    """The mapping set is what the sssom package takes, with a row for each link."""
    if find_spec("sssom") is None:
        absent("The sssom package reads mapping sets; install the extra that brings it.")
    from sssom.parsers import parse_sssom_table

    path = tmp_path / "links.sssom.tsv"
    path.write_bytes(export(ours(tmp_path, craft("kite", "Q1")), "sssom"))
    table = parse_sssom_table(str(path)).df
    rows = {(row.subject_id, row.predicate_id, row.object_id) for row in table.itertuples()}
    assert ("csd:spacecraft-kite", "skos:exactMatch", "wd:Q1") in rows
    assert set(table["mapping_justification"]) == {"semapv:UnspecifiedMatching"}


def test_claims_without_a_triple_are_kept(tmp_path: Path) -> None:
    """An opinion has no triple, and is told by all forms that tell claims."""
    opinion = 'csd:claim-view a cs:Claim ; cs:source csd:source-one ; cs:modality cs:opinion ; cs:gist "Fine."@en .\n'
    loaded = ours(tmp_path, opinion + claim("fact", "csd:country-north cs:owner csd:country-north"))
    for form in ("rdf12", "nanopub", "jsonld", "schema-org"):
        assert b"Fine." in export(loaded, form)
