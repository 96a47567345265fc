"""Infer what follows by rules of the vocabulary: defaults, classes, wider properties, and who is concerned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import chain, product
from typing import TypeAlias

from chinaspace.columns import TYPE, Check, Columns, Pair, iri, is_iri, is_node, term
from chinaspace.errors import DatasetError
from chinaspace.names import INFERRED, RDF, RDFS, shorten

# Vocabularies have some hundred classes above one at most, and maps some ten places around one.
_MOST_ABOVE = 1000

# A property, and what follows for it.
Column: TypeAlias = tuple[bytes, Iterable[Pair]]

_SUBJECT, _PREDICATE, _OBJECT = (iri(RDF + name) for name in ("subject", "predicate", "object"))
_SUB_CLASS, _SUB_PROPERTY = iri(RDFS + "subClassOf"), iri(RDFS + "subPropertyOf")
_ISSUED = iri("http://purl.org/dc/terms/issued")
_SYMMETRIC = iri("http://www.w3.org/2002/07/owl#SymmetricProperty")
_CLAIM, _INVOLVES, _LOCATED, _STATED_ON = term("Claim"), term("involves"), term("locatedIn"), term("statedOn")


def infer(columns: Columns) -> None:
    """Add to csg:inferred what the rules give, each rule reading what those before it have added.

    Raises:
        DatasetError: a chain of classes, properties or places is too long.
    """
    for rule, check in _RULES:
        for prop, pairs in rule(columns):
            columns.add(INFERRED, prop, pairs, check)


def _days_of_utterance(columns: Columns) -> Iterator[Column]:
    """A claim without a day is made on the day of its source."""
    issued = columns.values(_ISSUED)
    claims = columns.subjects(TYPE, _CLAIM) - columns.subjects(_STATED_ON)
    sources = columns.column(term("source"))
    yield _STATED_ON, ((claim, day) for claim, one in sources if claim in claims for day in issued.get(one, ()))


def _ranks(columns: Columns) -> Iterator[Column]:
    """A claim without a rank is of normal rank."""
    rank, normal = term("rank"), term("normal")
    yield rank, ((claim, normal) for claim in columns.subjects(TYPE, _CLAIM) - columns.subjects(rank))


def _wider_classes(columns: Columns) -> Iterator[Column]:
    """A thing is of every class above its own."""
    typed = list(columns.column(TYPE))
    above = _closure(columns, _SUB_CLASS, {kind for _, kind in typed})
    yield TYPE, ((one, wider) for one, kind in typed for wider in above.get(kind, ()))


def _concerned(columns: Columns) -> Iterator[Column]:
    """A claim concerns its subject, its object, and what it is about, where these are things."""
    claims, things = columns.subjects(TYPE, _CLAIM), columns.subjects(TYPE, term("Entity"))
    links = chain.from_iterable(columns.column(link) for link in (_SUBJECT, _OBJECT, term("about")))
    yield term("concerns"), (one for one in links if one[1] in things and one[0] in claims)


def _parties(columns: Columns) -> Iterator[Column]:
    """An arrangement involves whoever is said to have a part in it, in whatever modality."""
    party = term("party")
    roles = {party, *(role for role, wider in _closure(columns, _SUB_PROPERTY).items() if party in wider)}
    yield _INVOLVES, ((arrangement, actor) for arrangement, actor in _stated(columns, roles) if is_node(arrangement))


def _members(columns: Columns) -> Iterator[Column]:
    """An arrangement that involves a group involves its members."""
    members: dict[bytes, list[bytes]] = defaultdict(list)
    for actor, group in _stated(columns, {term("memberOf")}):
        members[group].append(actor)
    yield _INVOLVES, ((one, actor) for one, group in columns.column(_INVOLVES) for actor in members.get(group, ()))


def _stated(columns: Columns, predicates: set[bytes]) -> Iterator[Pair]:
    """Yield subject and object of each claim on one of these properties."""
    claims = {claim for claim, predicate in columns.column(_PREDICATE) if predicate in predicates}
    subjects, objects = columns.values(_SUBJECT, claims), columns.values(_OBJECT, claims)
    for claim in claims:
        yield from product(subjects.get(claim, ()), objects.get(claim, ()))


def _symmetric(columns: Columns) -> Iterator[Column]:
    """What a symmetric property says of one, it says of the other."""
    for prop in columns.subjects(TYPE, _SYMMETRIC):
        if is_iri(prop):
            yield prop, ((value, one) for one, value in columns.column(prop) if is_node(value))


def _places(columns: Columns) -> Iterator[Column]:
    """A place lies in all that the place around it lies in; a test holds the vocabulary to this one such property."""
    around = _closure(columns, _LOCATED)
    yield _LOCATED, ((place, far) for place, places in around.items() for far in places)


def _wider_properties(columns: Columns) -> Iterator[Column]:
    """What holds for a property holds for those above it."""
    narrower: dict[bytes, list[bytes]] = defaultdict(list)
    for prop, above in _closure(columns, _SUB_PROPERTY).items():
        if is_iri(prop) and columns.column(prop):
            for wider in filter(is_iri, above):
                narrower[wider].append(prop)
    for wider, props in narrower.items():
        yield wider, chain.from_iterable(columns.column(prop) for prop in props)


def _closure(columns: Columns, link: bytes, starts: Set[bytes] | None = None) -> dict[bytes, set[bytes]]:
    """Return for each thing that has *link*, or those of *starts*, all that it leads to in one step or more.

    Raises:
        DatasetError: it leads to more than any vocabulary or map has: a chain takes the square of its length.
    """
    steps = columns.values(link)
    reached: dict[bytes, set[bytes]] = {}
    for start in steps if starts is None else starts & steps.keys():
        found: set[bytes] = set()
        ahead = [*steps[start]]
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                if len(found) > _MOST_ABOVE:
                    raise DatasetError(
                        f"{shorten(start.decode()[1:-1])} has more than {_MOST_ABOVE:,} things above it by "
                        f"{shorten(link.decode()[1:-1])}. Shorten the chain."
                    )
                ahead += steps.get(one, ())
        reached[start] = found
    return reached


# Defaults come first: they are read by what follows. They are given only to claims that have none.
_RULES: tuple[tuple[Callable[[Columns], Iterator[Column]], Check], ...] = (
    (_days_of_utterance, Check.NOTHING),
    (_ranks, Check.NOTHING),
    (_wider_classes, Check.KNOWN),
    (_concerned, Check.OVERLAP),
    (_parties, Check.OVERLAP),
    (_members, Check.KNOWN),
    (_symmetric, Check.KNOWN),
    (_places, Check.KNOWN),
    (_wider_properties, Check.KNOWN),
)
