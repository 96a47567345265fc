"""Derive what is never typed: facts, super-classes, bounds of dates, slips, and conflicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import chain, combinations
from typing import NamedTuple

import pyoxigraph as ox

from chinaspace.compare import compatible
from chinaspace.dates import DATE_TYPES, Span, span
from chinaspace.errors import DateError
from chinaspace.names import CS, CSG, FACTS, INFERRED, RDF, RDFS, XSD, Node, Term, cs
from chinaspace.slip import slips

_PREFIXES = {
    "cs": CS,
    "csg": CSG,
    "rdf": RDF,
    "rdfs": RDFS,
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
}

_TYPE = ox.NamedNode(RDF + "type")
_ISSUED = ox.NamedNode(_PREFIXES["dcterms"] + "issued")
_FUNCTIONAL = ox.NamedNode(_PREFIXES["owl"] + "FunctionalProperty")

_ASSERTED = """
SELECT ?claim ?subject ?predicate ?object ?rank ?exactness WHERE {
  ?claim cs:modality cs:asserted ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .
  FILTER ( !isLiteral(?subject) && isIRI(?predicate) )
  OPTIONAL { ?claim cs:rank ?rank }
  OPTIONAL { ?claim cs:exactness ?exactness }
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
    """INSERT { ?claim cs:concerns ?thing . GRAPH csg:inferred { ?claim cs:concerns ?thing } }
    WHERE { ?claim rdf:subject|rdf:object|cs:about ?thing . ?claim a cs:Claim . ?thing a cs:Entity }""",
    """INSERT { ?arrangement cs:involves ?actor . GRAPH csg:inferred { ?arrangement cs:involves ?actor } }
    WHERE { ?role rdfs:subPropertyOf* cs:party . ?claim rdf:predicate ?role .
      ?claim rdf:subject ?arrangement . ?claim rdf:object ?actor }""",
    """INSERT { ?arrangement cs:involves ?actor . GRAPH csg:inferred { ?arrangement cs:involves ?actor } }
    WHERE { ?arrangement cs:involves ?group . ?claim rdf:object ?group . ?claim rdf:predicate cs:memberOf .
      ?claim rdf:subject ?actor FILTER NOT EXISTS { ?arrangement cs:involves ?actor } }""",
    """INSERT { ?value ?property ?thing . GRAPH csg:inferred { ?value ?property ?thing } }
    WHERE { ?property a owl:SymmetricProperty . ?thing ?property ?value
      FILTER NOT EXISTS { ?value ?property ?thing } }""",
    # A property path takes no variable, so the one transitive property is named; a test holds the vocabulary to it.
    """INSERT { ?thing cs:locatedIn ?far . GRAPH csg:inferred { ?thing cs:locatedIn ?far } }
    WHERE { ?thing cs:locatedIn+ ?far FILTER NOT EXISTS { ?thing cs:locatedIn ?far } }""",
    """INSERT { ?thing ?wider ?value . GRAPH csg:inferred { ?thing ?wider ?value } }
    WHERE { ?property rdfs:subPropertyOf+ ?wider . ?thing ?property ?value
      FILTER NOT EXISTS { ?thing ?wider ?value } }""",
)


class Support(NamedTuple):
    """A claim that asserts a statement, its rank, and how exact its number is."""

    claim: Node
    subject: Node
    predicate: ox.NamedNode
    object: Term
    rank: Term | None
    exactness: Term | None


class Derived(NamedTuple):
    """What :func:`derive` found: counts, and the date values that are none."""

    facts: int
    conflicts: int
    bad_dates: list[tuple[ox.Quad, DateError]]


def derive(store: ox.Store) -> Derived:
    """Add csg:facts and csg:inferred to *store*, in both cases to the default graph as well.

    The default graph must hold the union of the named graphs, the vocabulary among them.
    """
    asserted = _asserted(store)
    _add(store, FACTS, ((one.subject, one.predicate, one.object) for one in _truthy(asserted)))
    for update in _INFERENCES:
        store.update(update, prefixes=_PREFIXES)
    bad_dates = _derive_bounds(store)
    _add(store, INFERRED, slips(store))
    conflicts = _derive_conflicts(store, asserted)
    return Derived(sum(1 for _ in store.quads_for_pattern(None, None, None, FACTS)), conflicts, bad_dates)


def _asserted(store: ox.Store) -> list[Support]:
    solutions = store.query(_ASSERTED, prefixes=_PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    return [Support(*(row[name] for name in Support._fields)) for row in solutions]


def _truthy(asserted: Iterable[Support]) -> list[Support]:
    """Return the claims that make facts: not deprecated, and of the best rank on their subject and property.

    This is Wikidata's "truthy" rule. It is worked out here and not in SPARQL,
    where "no better claim" is looked for anew for each claim.
    """
    ranked: dict[tuple[Term, Term], dict[bool, list[Support]]] = defaultdict(lambda: {True: [], False: []})
    for one in asserted:
        if one.rank != cs("deprecated"):
            ranked[one.subject, one.predicate][one.rank == cs("preferred")].append(one)
    return [one for by_rank in ranked.values() for one in by_rank[True] or by_rank[False]]


def _add(store: ox.Store, graph: ox.NamedNode, triples: Iterable[tuple[Node, ox.NamedNode, Term]]) -> None:
    quads = [(ox.Quad(*triple, graph), ox.Quad(*triple)) for triple in triples]
    store.extend(chain.from_iterable(quads))


def _derive_bounds(store: ox.Store) -> list[tuple[ox.Quad, DateError]]:
    """Bound each claim's date value and day of utterance, each source, and each thing with dated facts.

    A claim whose object is no date takes the bounds of its time frame, and a
    source those of dcterms:issued, whatever claims tell of it as a work.
    """
    default = ox.DefaultGraph()
    issued, bad_issues = _spans(
        store.quads_for_pattern(None, ox.NamedNode(_PREFIXES["dcterms"] + "issued"), None, default)
    )
    dated, bad_dates = _spans(store.quads_for_pattern(None, ox.NamedNode(RDF + "object"), None, default))
    framed, bad_frames = _spans(store.quads_for_pattern(None, cs("timeFrame"), None, default))
    uttered, bad_utterances = _spans(store.quads_for_pattern(None, cs("statedOn"), None, default))
    things, _ = _spans(store.quads_for_pattern(None, None, None, FACTS))
    for spans, earliest, latest in (
        ({**things, **framed, **dated, **issued}, "earliest", "latest"),
        (uttered, "statedEarliest", "statedLatest"),
    ):
        _add(store, INFERRED, ((node, cs(earliest), _day(one.earliest)) for node, one in spans.items() if one.earliest))
        _add(store, INFERRED, ((node, cs(latest), _day(one.latest)) for node, one in spans.items() if one.latest))
    return [*bad_dates, *bad_issues, *bad_frames, *bad_utterances]


def _spans(quads: Iterable[ox.Quad]) -> tuple[dict[Node, Span], list[tuple[ox.Quad, DateError]]]:
    """Return for each subject the span of its dates, and the values that are no dates.

    Dates of one property that agree leave the days that fit them all, so the
    sharpest counts; dates that exclude each other, and those of several
    properties, span from the first to the last.
    """
    by_property: dict[tuple[Node, ox.NamedNode], Span] = {}
    wrong: list[tuple[ox.Quad, DateError]] = []
    for quad in quads:
        literal, key = quad.object, (quad.subject, quad.predicate)
        if isinstance(literal, ox.Literal) and literal.datatype.value in DATE_TYPES:
            try:
                found = span(literal.value, literal.datatype.value)
            except DateError as error:
                wrong.append((quad, error))
            else:
                known = by_property.setdefault(key, found)
                by_property[key] = known.narrow(found) if known.meets(found) else known.cover(found)
    spans: dict[Node, Span] = {}
    for (subject, _), one in by_property.items():
        spans[subject] = spans[subject].cover(one) if subject in spans else one
    return spans, wrong


def _day(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))


def _derive_conflicts(store: ox.Store, asserted: Iterable[Support]) -> int:
    """Link asserted claims that exclude each other; return the number of subjects and properties with any.

    A conflict that is settled by rank is still one: both sides stay in view, with the rule that decided.
    Two things that a claim of fact calls the same are no two values.
    """
    same = {(quad.subject, quad.object) for quad in store.quads_for_pattern(None, cs("sameThingAs"), None, FACTS)}
    functional = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _FUNCTIONAL, ox.DefaultGraph())}
    values: dict[tuple[Node, Node], list[Support]] = defaultdict(list)
    for one in asserted:
        if one.predicate in functional:
            values[one.subject, one.predicate].append(one)
    conflicts, link = 0, cs("conflictsWith")
    for rivals in values.values():
        pairs = [
            (a.claim, b.claim)
            for a, b in combinations(rivals, 2)
            if not compatible(a.object, b.object, a.exactness, b.exactness)
            and not {(a.object, b.object), (b.object, a.object)} & same
        ]
        conflicts += bool(pairs)
        _add(store, INFERRED, (triple for a, b in pairs for triple in ((a, link, b), (b, link, a))))
    return conflicts
