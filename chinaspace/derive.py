"""Derive what is never typed: facts, what the vocabulary infers, bounds of dates, slips, and conflicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

import pyoxigraph as ox

from chinaspace.columns import TYPE, Columns, Listener, Pair, iri, is_iri, is_node, quad, read, term
from chinaspace.compare import compatible
from chinaspace.dates import DATE_TYPES, Span, retain_spans, settle, span
from chinaspace.errors import DateError
from chinaspace.infer import infer
from chinaspace.names import FACTS, INFERRED, RDF, XSD
from chinaspace.slip import slips

_SUBJECT, _PREDICATE, _OBJECT = (iri(RDF + name) for name in ("subject", "predicate", "object"))
_ISSUED = iri("http://purl.org/dc/terms/issued")
_FUNCTIONAL = iri("http://www.w3.org/2002/07/owl#FunctionalProperty")
# How the text of a date ends, and nothing else's: no IRI has a quotation mark.
_DATE_ENDS = tuple(f'"^^<{datatype}>'.encode() for datatype in DATE_TYPES)

_term = lru_cache(maxsize=65536)(read)


class Support(NamedTuple):
    """A claim that asserts a statement, its rank, and how exact its number is."""

    claim: bytes
    subject: bytes
    predicate: bytes
    object: bytes
    rank: bytes | None
    exactness: bytes | None


class Derived(NamedTuple):
    """What :func:`derive` found: counts, the date values that are none, and whether a triple stands twice.

    *overlaps* is told of a store without a stored union alone: a derived triple stands in another graph as well.
    """

    facts: int
    conflicts: int
    bad_dates: list[tuple[ox.Quad, DateError]]
    overlaps: bool = False


def derive(store: ox.Store, listener: Listener | None = None) -> Derived:
    """Add csg:facts and csg:inferred to *store*, and to the default graph as well where it holds anything.

    It must then hold the union of the named graphs; the vocabulary is among them.
    *listener* is told of all that is added.

    Raises:
        DatasetError: a value of a claim is longer than a file can hold it.
    """
    with Columns(store, listener) as columns:
        asserted = list(_asserted(columns))
        for predicate, pairs in _by_predicate(_truthy(asserted)).items():
            columns.add(FACTS, predicate, pairs)
        infer(columns)
        facts = list(columns.graph(FACTS))
        bad_dates = _derive_bounds(columns, facts)
        conflicts = _derive_conflicts(columns, facts, asserted)
    retain_spans()
    for cache in (_term, _span, _day):
        cache.cache_clear()
    return Derived(len(facts), conflicts, bad_dates, columns.overlaps)


def _by_predicate(supports: Iterable[Support]) -> dict[bytes, list[Pair]]:
    found: dict[bytes, list[Pair]] = defaultdict(list)
    for one in supports:
        found[one.predicate].append((one.subject, one.object))
    return found


def _asserted(columns: Columns) -> Iterator[Support]:
    """Yield what is asserted; a statement whose parts cannot stand in a triple is none."""
    claims = columns.subjects(term("modality"), term("asserted"))
    subjects, predicates, objects, ranks, exactnesses = (
        columns.values(name, claims) for name in (_SUBJECT, _PREDICATE, _OBJECT, term("rank"), term("exactness"))
    )
    nothing = (None,)
    for claim, values in objects.items():
        stated = product(subjects.get(claim, ()), predicates.get(claim, ()), values)
        for (subject, predicate, value), rank, exactness in product(
            stated, ranks.get(claim, nothing), exactnesses.get(claim, nothing)
        ):
            if is_iri(predicate) and is_node(subject):
                yield Support(claim, subject, predicate, value, rank, exactness)


def _truthy(asserted: Iterable[Support]) -> Iterator[Support]:
    """Yield the claims that make facts: not deprecated, and of the best rank on their subject and property.

    This is Wikidata's "truthy" rule. It is worked out here and not in SPARQL,
    where "no better claim" is looked for anew for each claim.
    """
    preferred, deprecated = term("preferred"), term("deprecated")
    best = {(one.subject, one.predicate) for one in asserted if one.rank == preferred}
    for one in asserted:
        if one.rank == preferred or (one.rank != deprecated and (one.subject, one.predicate) not in best):
            yield one


def _derive_bounds(columns: Columns, facts: Iterable[tuple[bytes, bytes, bytes]]) -> list[tuple[ox.Quad, DateError]]:
    """Bound each claim's date value and day of utterance, each source, and each thing with dated facts; then slips.

    A claim whose object is no date takes the bounds of its time frame, and a
    source those of dcterms:issued, whatever claims tell of it as a work.
    """
    bad_dates: list[tuple[ox.Quad, DateError]] = []
    dated, issued, framed, uttered = (
        _spans(prop, columns.column(prop), bad_dates)
        for prop in (_OBJECT, _ISSUED, term("timeFrame"), term("statedOn"))
    )
    things: dict[bytes, Span] = {}
    by_predicate: dict[bytes, list[Pair]] = defaultdict(list)
    for subject, predicate, value in facts:
        if value.endswith(_DATE_ENDS):
            by_predicate[predicate].append((subject, value))
    for predicate, pairs in by_predicate.items():
        for thing, one in _spans(predicate, pairs, []).items():
            things[thing] = things[thing].cover(one) if thing in things else one
    bounded = {**things, **framed, **dated, **issued}
    _add_bounds(columns, bounded, "earliest", "latest")
    _add_bounds(columns, uttered, "statedEarliest", "statedLatest")
    promised = {claim for claim, value in columns.column(_OBJECT) if value.endswith(_DATE_ENDS)}
    for prop, found in slips(columns, promised, bounded, uttered).items():
        columns.add(INFERRED, prop, found)
    return bad_dates


def _add_bounds(columns: Columns, spans: dict[bytes, Span], earliest: str, latest: str) -> None:
    columns.add(INFERRED, term(earliest), ((node, _day(one.earliest)) for node, one in spans.items() if one.earliest))
    columns.add(INFERRED, term(latest), ((node, _day(one.latest)) for node, one in spans.items() if one.latest))


def _spans(prop: bytes, pairs: Iterable[Pair], wrong: list[tuple[ox.Quad, DateError]]) -> dict[bytes, Span]:
    """Return for each subject the span of its dates of one property, and note the values that are no dates in *wrong*.

    Dates that agree leave the days that fit them all, so the sharpest counts;
    dates that exclude each other, and those of several properties, span from
    the first to the last.
    """
    given: dict[bytes, set[Span]] = defaultdict(set)
    for subject, value in pairs:
        if value.endswith(_DATE_ENDS):
            found = _span(value)
            if isinstance(found, DateError):
                wrong.append((quad(subject, prop, value), found))
            else:
                given[subject].add(found)
    return {subject: settle(spans) if len(spans) > 1 else next(iter(spans)) for subject, spans in given.items()}


@lru_cache(maxsize=65536)
def _span(value: bytes) -> Span | DateError:
    """Return the days that a date, given as text, can mean, or why it is none."""
    date_value = _term(value)
    assert isinstance(date_value, ox.Literal)
    try:
        return span(date_value.value, date_value.datatype.value)
    except DateError as error:
        return error.with_traceback(None)


@lru_cache(maxsize=65536)
def _day(day: date) -> bytes:
    return f'"{day.isoformat()}"^^<{XSD}date>'.encode()


def _derive_conflicts(
    columns: Columns, facts: Iterable[tuple[bytes, bytes, bytes]], asserted: Iterable[Support]
) -> int:
    """Link asserted claims that exclude each other; return the number of subjects and properties with any.

    A conflict that is settled by rank is still one: both sides stay in view, with the rule that decided.
    Two things that a claim of fact calls the same are no two values.
    """
    alias = term("sameThingAs")
    same = {(subject, value) for subject, predicate, value in facts if predicate == alias}
    functional = columns.subjects(TYPE, _FUNCTIONAL)
    # Claims of one value agree, so that values are compared, and not all claims with each other.
    values: dict[Pair, dict[tuple[bytes, bytes | None], list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for one in asserted:
        if one.predicate in functional:
            values[one.subject, one.predicate][one.object, one.exactness].append(one.claim)
    conflicts, links = 0, list[tuple[list[bytes], list[bytes]]]()
    for rivals in values.values():
        pairs = [
            (claims, others)
            for ((a, a_exactness), claims), ((b, b_exactness), others) in combinations(rivals.items(), 2)
            if not _agree(a, b, a_exactness, b_exactness) and not {(a, b), (b, a)} & same
        ]
        conflicts += bool(pairs)
        links += pairs
    both = (pair for claims, others in links for one in product(claims, others) for pair in (one, one[::-1]))
    columns.add(INFERRED, term("conflictsWith"), both)
    return conflicts


def _agree(one: bytes, other: bytes, *exactness: bytes | None) -> bool:
    return compatible(_term(one), _term(other), *(_term(text) if text else None for text in exactness))
