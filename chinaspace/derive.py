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
    "owl": "http://www.w3.org/2002/07/owl#",
}

# A claim supports a fact if it is asserted, not deprecated, and no better ranked
# claim speaks of the same subject and property: Wikidata's "truthy" rule.
_SUPPORTS = """
  ?claim cs:modality cs:asserted ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .
  FILTER NOT EXISTS { ?claim cs:rank cs:deprecated }
  FILTER ( EXISTS { ?claim cs:rank cs:preferred } || NOT EXISTS {
    ?better rdf:subject ?subject ; rdf:predicate ?predicate ; cs:modality cs:asserted ; cs:rank cs:preferred
  } )
"""

_FACTS = f"""
INSERT {{ ?subject ?predicate ?object . GRAPH csg:facts {{ ?subject ?predicate ?object }} }}
WHERE {{ {_SUPPORTS} }}
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


class Derived(NamedTuple):
    """What :func:`derive` found: counts, and the date values that are none."""

    facts: int
    conflicts: int
    bad_dates: list[tuple[Node, DateError]]


def derive(store: ox.Store) -> Derived:
    """Add csg:facts and csg:inferred to *store*, in both cases to the default graph as well.

    The default graph must hold the union of the named graphs, the vocabulary among them.
    """
    store.update(_FACTS, prefixes=_PREFIXES)
    for update in _INFERENCES:
        store.update(update, prefixes=_PREFIXES)
    bad_dates = _derive_bounds(store)
    conflicts = _derive_conflicts(store)
    return Derived(sum(1 for _ in store.quads_for_pattern(None, None, None, FACTS)), conflicts, bad_dates)


def _add(store: ox.Store, triples: Iterable[tuple[Node, ox.NamedNode, Term]]) -> None:
    quads = [(ox.Quad(*triple, INFERRED), ox.Quad(*triple)) for triple in triples]
    store.extend(quad for pair in quads for quad in pair)


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
        _add(store, ((node, cs(earliest), _day(one.earliest)) for node, one in spans.items() if one.earliest))
        _add(store, ((node, cs(latest), _day(one.latest)) for node, one in spans.items() if one.latest))
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


def _derive_conflicts(store: ox.Store) -> int:
    """Link claims of fact that exclude each other; return the number of subjects and properties with any."""
    functional = f"SELECT * WHERE {{ ?predicate a owl:FunctionalProperty . {_SUPPORTS} }}"
    solutions = store.query(functional, prefixes=_PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    values: dict[tuple[Term, Term], list[tuple[Node, Term]]] = defaultdict(list)
    for row in solutions:
        values[row["subject"], row["predicate"]].append((row["claim"], row["object"]))
    conflicts, link = 0, cs("conflictsWith")
    for claims in values.values():
        pairs = [(a, b) for (a, one), (b, other) in combinations(claims, 2) if not compatible(one, other)]
        conflicts += bool(pairs)
        _add(store, (triple for a, b in pairs for triple in ((a, link, b), (b, link, a))))
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
