"""Infer what follows by rules of the vocabulary: defaults, classes, wider properties, and who is concerned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain, product

import pyoxigraph as ox

from chinaspace.names import INFERRED, RDF, RDFS, Term, cs
from chinaspace.unite import Check, Statement, Union

_TYPE, _SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + name) for name in ("type", "subject", "predicate", "object"))
_SUB_CLASS, _SUB_PROPERTY = ox.NamedNode(RDFS + "subClassOf"), ox.NamedNode(RDFS + "subPropertyOf")
_ISSUED = ox.NamedNode("http://purl.org/dc/terms/issued")
_SYMMETRIC = ox.NamedNode("http://www.w3.org/2002/07/owl#SymmetricProperty")
_CLAIM, _INVOLVES, _LOCATED = cs("Claim"), cs("involves"), cs("locatedIn")


def infer(union: Union) -> None:
    """Add to csg:inferred what the rules give, each rule reading what those before it have added."""
    for rule, check in _RULES:
        union.add(INFERRED, rule(union), check)


def _days_of_utterance(union: Union) -> Iterator[Statement]:
    """A claim without a day is made on the day of its source."""
    issued: dict[Term, list[Term]] = defaultdict(list)
    for quad in union.quads(None, _ISSUED):
        issued[quad.subject].append(quad.object)
    claims = union.subjects(_TYPE, _CLAIM) - union.subjects(cs("statedOn"))
    for quad in union.quads(None, cs("source")):
        if quad.subject in claims:
            for day in issued.get(quad.object, ()):
                yield quad.subject, cs("statedOn"), day


def _ranks(union: Union) -> Iterator[Statement]:
    """A claim without a rank is of normal rank."""
    rank, normal = cs("rank"), cs("normal")
    for claim in union.subjects(_TYPE, _CLAIM) - union.subjects(rank):
        yield claim, rank, normal


def _wider_classes(union: Union) -> Iterator[Statement]:
    """A thing is of every class above its own."""
    above = _closure(union, _SUB_CLASS)
    for quad in union.quads(None, _TYPE):
        for wider in above.get(quad.object, ()):
            yield quad.subject, _TYPE, wider


def _concerned(union: Union) -> Iterator[Statement]:
    """A claim concerns its subject, its object, and what it is about, where these are things."""
    claims, things, concerns = union.subjects(_TYPE, _CLAIM), union.subjects(_TYPE, cs("Entity")), cs("concerns")
    for quad in chain.from_iterable(union.quads(None, link) for link in (_SUBJECT, _OBJECT, cs("about"))):
        if quad.object in things and quad.subject in claims:
            yield quad.subject, concerns, quad.object


def _parties(union: Union) -> Iterator[Statement]:
    """An arrangement involves whoever is said to have a part in it, in whatever modality."""
    party = cs("party")
    roles = {party, *(role for role, wider in _closure(union, _SUB_PROPERTY).items() if party in wider)}
    for role in roles:
        for arrangement, actor in _stated(union, role):
            if not isinstance(arrangement, ox.Literal):
                yield arrangement, _INVOLVES, actor


def _members(union: Union) -> Iterator[Statement]:
    """An arrangement that involves a group involves its members."""
    members: dict[Term, list[Term]] = defaultdict(list)
    for actor, group in _stated(union, cs("memberOf")):
        members[group].append(actor)
    for quad in union.quads(None, _INVOLVES):
        for actor in members.get(quad.object, ()):
            yield quad.subject, _INVOLVES, actor


def _stated(union: Union, predicate: Term) -> Iterator[tuple[Term, Term]]:
    """Yield subject and object of each claim on a property."""
    for claim in union.subjects(_PREDICATE, predicate):
        yield from product(union.values(claim, _SUBJECT), union.values(claim, _OBJECT))


def _symmetric(union: Union) -> Iterator[Statement]:
    """What a symmetric property says of one, it says of the other."""
    for prop in union.subjects(_TYPE, _SYMMETRIC):
        if isinstance(prop, ox.NamedNode):
            for quad in union.quads(None, prop):
                if not isinstance(quad.object, ox.Literal):
                    yield quad.object, prop, quad.subject


def _places(union: Union) -> Iterator[Statement]:
    """A place lies in all that the place around it lies in; a test holds the vocabulary to this one such property."""
    for place, around in _closure(union, _LOCATED).items():
        if not isinstance(place, ox.Literal):
            for far in around:
                yield place, _LOCATED, far


def _wider_properties(union: Union) -> Iterator[Statement]:
    """What holds for a property holds for those above it."""
    for prop, above in _closure(union, _SUB_PROPERTY).items():
        wider = [one for one in above if isinstance(one, ox.NamedNode)]
        if wider and isinstance(prop, ox.NamedNode):
            for quad in union.quads(None, prop):
                for one in wider:
                    yield quad.subject, one, quad.object


def _closure(union: Union, link: ox.NamedNode) -> dict[Term, set[Term]]:
    """Return for each thing that has *link* all that it leads to, in any number of steps but none."""
    steps: dict[Term, list[Term]] = defaultdict(list)
    for quad in union.quads(None, link):
        steps[quad.subject].append(quad.object)
    reached: dict[Term, set[Term]] = {}
    for start in steps:
        found: set[Term] = set()
        ahead = [*steps[start]]
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead += steps.get(one, ())
        reached[start] = found
    return reached


# Defaults come first: they are read by what follows. They are given only to claims that have none.
_RULES: tuple[tuple[Callable[[Union], Iterator[Statement]], Check], ...] = (
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
