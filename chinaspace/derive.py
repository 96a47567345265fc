"""Derive what is never typed: facts, super-classes, bounds of dates, and conflicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import chain, combinations
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from chinaspace.dates import DATE_TYPES, Span, span
from chinaspace.errors import DateError
from chinaspace.names import CS, CSG, FACTS, INFERRED, RDF, RDFS, XSD, cs

_PREFIXES = {
    "cs": CS,
    "csg": CSG,
    "rdf": RDF,
    "rdfs": RDFS,
    "dcterms": "http://purl.org/dc/terms/",
}

_TYPE = ox.NamedNode(RDF + "type")
_FUNCTIONAL = ox.NamedNode("http://www.w3.org/2002/07/owl#FunctionalProperty")

_ASSERTED = """
SELECT ?claim ?subject ?predicate ?object ?rank WHERE {
  ?claim cs:modality cs:asserted ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .
  OPTIONAL { ?claim cs:rank ?rank }
}
"""

_INFERENCES = (
    # Defaults first: they are read by what follows.
    """INSERT { ?claim cs:statedOn ?date . GRAPH csg:inferred { ?claim cs:statedOn ?date } }
    WHERE { ?claim a cs:Claim ; cs:source/dcterms:issued ?date FILTER NOT EXISTS { ?claim cs:statedOn ?said } }""",
    """INSERT { ?claim cs:rank cs:normal . GRAPH csg:inferred { ?claim cs:rank cs:normal } }
    WHERE { ?claim a cs:Claim FILTER NOT EXISTS { ?claim cs:rank ?rank } }""",
    """INSERT { ?thing a ?class . GRAPH csg:inferred { ?thing a ?class } }
    WHERE { ?thing a ?own . ?own rdfs:subClassOf+ ?class FILTER NOT EXISTS { ?thing a ?class } }""",
    """INSERT { ?thing ?wider ?value . GRAPH csg:inferred { ?thing ?wider ?value } }
    WHERE { ?property rdfs:subPropertyOf+ ?wider . ?thing ?property ?value
      FILTER NOT EXISTS { ?thing ?wider ?value } }""",
)


Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple
Term: TypeAlias = Node | ox.Literal


class Support(NamedTuple):
    """A claim and the statement that it makes a fact."""

    claim: Node
    subject: Node
    predicate: ox.NamedNode
    object: Term


class Derived(NamedTuple):
    """What :func:`derive` found: counts, and the date values that are none."""

    facts: int
    conflicts: int
    bad_dates: list[tuple[Node, DateError]]


def derive(store: ox.Store) -> Derived:
    """Add csg:facts and csg:inferred to *store*, in both cases to the default graph as well.

    The default graph must hold the union of the named graphs, the vocabulary among them.
    """
    supports = _supports(store)
    _add(store, FACTS, ((one.subject, one.predicate, one.object) for one in supports))
    for update in _INFERENCES:
        store.update(update, prefixes=_PREFIXES)
    bad_dates = _derive_bounds(store)
    conflicts = _derive_conflicts(store, supports)
    return Derived(sum(1 for _ in store.quads_for_pattern(None, None, None, FACTS)), conflicts, bad_dates)


def _supports(store: ox.Store) -> list[Support]:
    """Return the claims that support facts: asserted, not deprecated, of the best rank on their subject and property.

    This is Wikidata's "truthy" rule. It is worked out here and not in SPARQL,
    where "no better claim" is looked for anew for each claim.
    """
    ranked: dict[tuple[Term, Term], dict[bool, list[Support]]] = defaultdict(lambda: {True: [], False: []})
    solutions = store.query(_ASSERTED, prefixes=_PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    for row in solutions:
        if row["rank"] != cs("deprecated"):
            support = Support(row["claim"], row["subject"], row["predicate"], row["object"])
            ranked[support.subject, support.predicate][row["rank"] == cs("preferred")].append(support)
    return [support for by_rank in ranked.values() for support in by_rank[True] or by_rank[False]]


def _add(store: ox.Store, graph: ox.NamedNode, triples: Iterable[tuple[Node, ox.NamedNode, Term]]) -> None:
    quads = [(ox.Quad(*triple, graph), ox.Quad(*triple)) for triple in triples]
    store.extend(chain.from_iterable(quads))


def _derive_bounds(store: ox.Store) -> list[tuple[Node, DateError]]:
    """Bound each claim's date value and day of utterance, each source, and each thing with dated facts."""
    default = ox.DefaultGraph()
    values = chain(
        store.quads_for_pattern(None, ox.NamedNode(RDF + "object"), None, default),
        store.quads_for_pattern(None, ox.NamedNode(_PREFIXES["dcterms"] + "issued"), None, default),
        store.quads_for_pattern(None, None, None, FACTS),
    )
    utterances = store.quads_for_pattern(None, cs("statedOn"), None, default)
    bad_dates: list[tuple[Node, DateError]] = []
    for quads, earliest, latest in (
        (values, "earliest", "latest"),
        (utterances, "statedEarliest", "statedLatest"),
    ):
        spans, wrong = _spans(quads)
        bad_dates += wrong
        _add(store, INFERRED, ((node, cs(earliest), _day(one.earliest)) for node, one in spans.items() if one.earliest))
        _add(store, INFERRED, ((node, cs(latest), _day(one.latest)) for node, one in spans.items() if one.latest))
    return bad_dates


def _spans(quads: Iterable[ox.Quad]) -> tuple[dict[Node, Span], list[tuple[Node, DateError]]]:
    """Return for each subject the span over all its date values, and the values that are no dates."""
    spans: dict[Node, Span] = {}
    wrong: list[tuple[Node, DateError]] = []
    for quad in quads:
        literal = quad.object
        if isinstance(literal, ox.Literal) and literal.datatype.value in DATE_TYPES:
            try:
                found = span(literal.value, literal.datatype.value)
            except DateError as error:
                wrong.append((quad.subject, error))
            else:
                spans[quad.subject] = spans[quad.subject].cover(found) if quad.subject in spans else found
    return spans, wrong


def _day(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))


def _derive_conflicts(store: ox.Store, supports: Iterable[Support]) -> int:
    """Link claims of fact that exclude each other; return the number of subjects and properties with any."""
    functional = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _FUNCTIONAL, ox.DefaultGraph())}
    values: dict[tuple[Node, Node], list[Support]] = defaultdict(list)
    for support in supports:
        if support.predicate in functional:
            values[support.subject, support.predicate].append(support)
    conflicts, link = 0, cs("conflictsWith")
    for rivals in values.values():
        pairs = [(a.claim, b.claim) for a, b in combinations(rivals, 2) if not compatible(a.object, b.object)]
        conflicts += bool(pairs)
        _add(store, INFERRED, (triple for a, b in pairs for triple in ((a, link, b), (b, link, a))))
    return conflicts


def compatible(one: Term, other: Term) -> bool:
    """Tell whether two values of a functional property can both be right.

    Dates agree if some day fits both, as for a vaguer one and a sharper one
    within it; numbers agree by value, as 46 and 46.0 do.
    """
    if one == other:
        return True
    if not (isinstance(one, ox.Literal) and isinstance(other, ox.Literal)):
        return False
    if {one.datatype.value, other.datatype.value} <= DATE_TYPES:
        try:
            a, b = (span(value.value, value.datatype.value) for value in (one, other))
        except DateError:
            return False
        return a.meets(b)
    try:
        return float(one.value) == float(other.value)
    except ValueError:
        return False
