"""Derive what is never typed: facts, what the vocabulary infers, bounds of dates, slips, and conflicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

import pyoxigraph as ox

from chinaspace.compare import compatible
from chinaspace.dates import DATE_TYPES, Span, retain_spans, settle, span
from chinaspace.errors import DateError
from chinaspace.infer import infer
from chinaspace.names import FACTS, INFERRED, RDF, XSD, Node, Term, cs
from chinaspace.slip import slips
from chinaspace.unite import Statement, Union

_TYPE, _SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + name) for name in ("type", "subject", "predicate", "object"))
_ISSUED = ox.NamedNode("http://purl.org/dc/terms/issued")
_FUNCTIONAL = ox.NamedNode("http://www.w3.org/2002/07/owl#FunctionalProperty")
_DATE = ox.NamedNode(XSD + "date")


class Support(NamedTuple):
    """A claim that asserts a statement, its rank, and how exact its number is."""

    claim: Node
    subject: Node
    predicate: ox.NamedNode
    object: Term
    rank: Term | None
    exactness: Term | None


class Derived(NamedTuple):
    """What :func:`derive` found: counts, the date values that are none, and whether a triple stands twice.

    *overlaps* is told of a store without a stored union alone: a derived triple stands in another graph as well.
    """

    facts: int
    conflicts: int
    bad_dates: list[tuple[ox.Quad, DateError]]
    overlaps: bool = False


def derive(store: ox.Store) -> Derived:
    """Add csg:facts and csg:inferred to *store*, and to the default graph as well where it holds anything.

    It must then hold the union of the named graphs; the vocabulary is among them.
    """
    union = Union(store)
    asserted = list(_asserted(union))
    union.add(FACTS, ((one.subject, one.predicate, one.object) for one in _truthy(asserted)))
    infer(union)
    bad_dates = _derive_bounds(store, union)
    union.add(INFERRED, slips(store))
    conflicts = _derive_conflicts(store, union, asserted)
    retain_spans()
    return Derived(_count(store, FACTS), conflicts, bad_dates, union.overlaps)


def _count(store: ox.Store, graph: ox.NamedNode) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def _asserted(union: Union) -> Iterator[Support]:
    """Yield what is asserted; a statement whose parts cannot stand in a triple is none."""
    claims = union.subjects(cs("modality"), cs("asserted"))
    subjects, predicates, objects, ranks, exactnesses = (
        _column(union, claims, name) for name in (_SUBJECT, _PREDICATE, _OBJECT, cs("rank"), cs("exactness"))
    )
    nothing = dict.fromkeys((None,))
    for claim, values in objects.items():
        stated = product(subjects.get(claim, ()), predicates.get(claim, ()), values)
        for (subject, predicate, value), rank, exactness in product(
            stated, ranks.get(claim, nothing), exactnesses.get(claim, nothing)
        ):
            if isinstance(predicate, ox.NamedNode) and not isinstance(subject, ox.Literal):
                yield Support(claim, subject, predicate, value, rank, exactness)


def _column(union: Union, claims: set[Node], predicate: ox.NamedNode) -> dict[Node, tuple[Term, ...]]:
    """Return the values that *claims* have of a property; read at once, which is faster than claim by claim."""
    column: dict[Node, tuple[Term, ...]] = {}
    for quad in union.quads(None, predicate):
        claim = quad.subject
        if claim in claims:
            column[claim] = (*column[claim], quad.object) if claim in column else (quad.object,)
    return column


def _truthy(asserted: Iterable[Support]) -> Iterator[Support]:
    """Yield the claims that make facts: not deprecated, and of the best rank on their subject and property.

    This is Wikidata's "truthy" rule. It is worked out here and not in SPARQL,
    where "no better claim" is looked for anew for each claim.
    """
    preferred, deprecated = cs("preferred"), cs("deprecated")
    best = {(one.subject, one.predicate) for one in asserted if one.rank == preferred}
    for one in asserted:
        if one.rank == preferred or (one.rank != deprecated and (one.subject, one.predicate) not in best):
            yield one


def _derive_bounds(store: ox.Store, union: Union) -> list[tuple[ox.Quad, DateError]]:
    """Bound each claim's date value and day of utterance, each source, and each thing with dated facts.

    A claim whose object is no date takes the bounds of its time frame, and a
    source those of dcterms:issued, whatever claims tell of it as a work.
    """
    issued, bad_issues = _spans(union.quads(None, _ISSUED))
    dated, bad_dates = _spans(union.quads(None, _OBJECT))
    framed, bad_frames = _spans(union.quads(None, cs("timeFrame")))
    uttered, bad_utterances = _spans(union.quads(None, cs("statedOn")))
    things, _ = _spans(store.quads_for_pattern(None, None, None, FACTS))
    union.add(INFERRED, _bounds({**things, **framed, **dated, **issued}, cs("earliest"), cs("latest")))
    union.add(INFERRED, _bounds(uttered, cs("statedEarliest"), cs("statedLatest")))
    return [*bad_dates, *bad_issues, *bad_frames, *bad_utterances]


def _bounds(spans: dict[Node, Span], earliest: ox.NamedNode, latest: ox.NamedNode) -> Iterator[Statement]:
    for node, one in spans.items():
        if one.earliest:
            yield node, earliest, _day(one.earliest)
        if one.latest:
            yield node, latest, _day(one.latest)


def _spans(quads: Iterable[ox.Quad]) -> tuple[dict[Node, Span], list[tuple[ox.Quad, DateError]]]:
    """Return for each subject the span of its dates, and the values that are no dates.

    Dates of one property that agree leave the days that fit them all, so the
    sharpest counts; dates that exclude each other, and those of several
    properties, span from the first to the last.
    """
    given: dict[ox.NamedNode, dict[Node, tuple[ox.Literal, ...]]] = defaultdict(dict)
    for quad in quads:
        literal = quad.object
        if isinstance(literal, ox.Literal) and literal.datatype.value in DATE_TYPES:
            values, subject = given[quad.predicate], quad.subject
            values[subject] = (*values.get(subject, ()), literal)
    # The parser's errors keep the frames that they passed, and an iterator of Oxigraph must end in its own thread.
    del quads
    wrong: dict[ox.Quad, DateError] = {}
    spans: dict[Node, Span] = {}
    for predicate, values in given.items():
        for subject, literals in values.items():
            found = set()
            for literal in literals:
                try:
                    found.add(span(literal.value, literal.datatype.value))
                except DateError as error:
                    wrong[ox.Quad(subject, predicate, literal)] = error
            if found:
                one = settle(found)
                spans[subject] = spans[subject].cover(one) if subject in spans else one
    return spans, list(wrong.items())


@lru_cache(maxsize=65536)
def _day(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=_DATE)


def _derive_conflicts(store: ox.Store, union: Union, asserted: Iterable[Support]) -> int:
    """Link asserted claims that exclude each other; return the number of subjects and properties with any.

    A conflict that is settled by rank is still one: both sides stay in view, with the rule that decided.
    Two things that a claim of fact calls the same are no two values.
    """
    same = {(quad.subject, quad.object) for quad in store.quads_for_pattern(None, cs("sameThingAs"), None, FACTS)}
    functional = union.subjects(_TYPE, _FUNCTIONAL)
    # Claims of one value agree, so that values are compared, and not all claims with each other.
    values: dict[tuple[Node, Node], dict[tuple[Term, Term | None], list[Node]]] = defaultdict(lambda: defaultdict(list))
    for one in asserted:
        if one.predicate in functional:
            values[one.subject, one.predicate][one.object, one.exactness].append(one.claim)
    conflicts, links = 0, list[tuple[list[Node], list[Node]]]()
    for rivals in values.values():
        pairs = [
            (claims, others)
            for ((a, a_exactness), claims), ((b, b_exactness), others) in combinations(rivals.items(), 2)
            if not compatible(a, b, a_exactness, b_exactness) and not {(a, b), (b, a)} & same
        ]
        conflicts += bool(pairs)
        links += pairs
    link = cs("conflictsWith")
    both = ((a, link, b) for claims, others in links for one in product(claims, others) for a, b in (one, one[::-1]))
    union.add(INFERRED, both)
    return conflicts
