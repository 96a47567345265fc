"""Export claims as nanopublications: each a small data set of its own, named by a digest of what it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from chinaspace.errors import MissingPartError
from chinaspace.load import Loaded
from chinaspace.names import CS, CSG, DCTERMS, FACTS, RDF, SKOS, Node, cs
from chinaspace.unite import Union

if TYPE_CHECKING:
    import rdflib

# The last part of the IRI is the digest, as trusty URIs have it (https://trustyuri.net): it begins with RA.
_BASE = "https://w3id.org/chinaspace/np/"
_NP = "http://www.nanopub.org/nschema#"
_PROV = "http://www.w3.org/ns/prov#"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_SAID = (CS, RDF, SKOS)
_TYPE = ox.NamedNode(RDF + "type")
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
# Of these the assertion is made; all else that is said of a claim tells where it comes from.
_CONTENT = {
    _SUBJECT,
    _PREDICATE,
    _OBJECT,
    _TYPE,
    *map(cs, ("about", "gist", "modality", "exactness", "timeFrame", "isGarbled")),
}


def write_nanopubs(loaded: Loaded, out: IO[bytes]) -> None:
    """Write a nanopublication for each claim as N-Quads, sorted by claim.

    The assertion of a claim that became a fact is its triple. That of any
    other, a plan or an allegation for instance, is the claim with its modality,
    so that nobody who reads assertions takes it for a fact. They are not
    signed: a key made for the purpose would vouch for nothing, and would give
    other bytes each time. Who publishes them signs them.

    Raises:
        MissingPartError: the nanopub package is not installed.
    """
    # The package brings a client for the web, and is needed for nothing else.
    try:
        from nanopub.sign_utils import replace_trusty_in_graph
        from nanopub.trustyuri.rdf import RdfHasher, RdfUtils
    except ImportError as error:
        raise MissingPartError("commons", "nanopub") from error
    graph = Union(loaded.store)
    claims = (node for node in graph.subjects(_TYPE, cs("Claim")) if isinstance(node, ox.NamedNode))
    for claim in sorted(claims, key=lambda node: node.value):
        draft = _to_rdflib(_draft(loaded.store, graph, claim))
        digest = RdfHasher.make_hash(RdfUtils.get_quads(draft), baseuri=_BASE, hashstr=" ")
        named = replace_trusty_in_graph(digest, _BASE, draft)
        lines = named.serialize(format="nquads").splitlines()
        out.write("".join(f"{line}\n" for line in sorted(lines) if line).encode())


def _draft(store: ox.Store, graph: Union, claim: ox.NamedNode) -> list[ox.Quad]:
    """Return the four graphs of a nanopublication, whose IRI is to get its digest yet."""
    this, (head, content, origin, about) = (
        ox.NamedNode(_BASE),
        map(_part, ("Head", "assertion", "provenance", "pubinfo")),
    )
    # What follows from the vocabulary, such as that each claim is an entity, need not be said each time.
    said = [quad.triple for quad in graph.quads(claim) if quad.predicate.value.startswith(_SAID) and _is_plain(quad)]
    fact = _fact(store, graph, claim)
    quads = [
        ox.Quad(this, _TYPE, ox.NamedNode(_NP + "Nanopublication"), head),
        ox.Quad(this, ox.NamedNode(_NP + "hasAssertion"), content, head),
        ox.Quad(this, ox.NamedNode(_NP + "hasProvenance"), origin, head),
        ox.Quad(this, ox.NamedNode(_NP + "hasPublicationInfo"), about, head),
        ox.Quad(content, ox.NamedNode(_PROV + "wasDerivedFrom"), claim, origin),
        ox.Quad(this, ox.NamedNode(DCTERMS + "license"), ox.NamedNode(_LICENCE), about),
        ox.Quad(this, ox.NamedNode(DCTERMS + "isPartOf"), ox.NamedNode(CSG + "union"), about),
    ]
    if fact:
        quads.append(ox.Quad(fact.subject, fact.predicate, fact.object, content))
    for triple in said:
        where = content if not fact and triple.predicate in _CONTENT else origin
        quads.append(ox.Quad(triple.subject, triple.predicate, triple.object, where))
    return quads


def _is_plain(quad: ox.Quad) -> bool:
    """Tell whether a value can stand in a nanopublication, and is no class of another vocabulary."""
    if quad.predicate == _TYPE:
        return quad.object == cs("Claim")
    return isinstance(quad.object, ox.NamedNode | ox.Literal)


def _part(name: str) -> ox.NamedNode:
    return ox.NamedNode(_BASE + name)


def _fact(store: ox.Store, graph: Union, claim: Node) -> ox.Quad | None:
    """Return the fact that a claim asserts, if it does."""
    if cs("asserted") not in graph.values(claim, cs("modality")):
        return None
    for subject in graph.values(claim, _SUBJECT):
        for predicate in graph.values(claim, _PREDICATE):
            for value in graph.values(claim, _OBJECT):
                if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode):
                    quad = ox.Quad(subject, predicate, value, FACTS)
                    if quad in store:
                        return quad
    return None


def _to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.ConjunctiveGraph:
    import rdflib

    found = rdflib.ConjunctiveGraph()
    found.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_QUADS), format="nquads")
    return found
