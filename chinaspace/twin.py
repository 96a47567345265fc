"""Find twins: two things of one kind with one name, and two claims that say one thing of one passage."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from itertools import combinations, islice

import pyoxigraph as ox

from chinaspace.finding import Touched, claims, column, concerns, few, finding, in_order, quads_of, value_of, values_of
from chinaspace.names import CSD, RDF, RDFS, SKOS, Term, cs, shorten
from chinaspace.point import Fault
from chinaspace.resolve import fold
from chinaspace.unite import union

_LABEL, _ALIAS = ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "altLabel")
_NOTE = ox.NamedNode(SKOS + "editorialNote")
_OTHER = ox.NamedNode("http://www.w3.org/2002/07/owl#differentFrom")
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_GIST = cs("gist")

# Where a claim has its words from, and what it says of them.
_PLACE = (cs("source"), cs("passageStart"), cs("passageEnd"), cs("locator"))
_STATEMENT = (_SUBJECT, _PREDICATE, _OBJECT)
_HOW = (cs("modality"), cs("statedBy"), cs("timeFrame"))
# Of the words of two gists, what part is in both where they say the same.
_LIKENESS = 0.8
# A name that more things have is a word, and a passage with more claims a list: of those the first are compared.
_MOST = 100


def twin_things(store: ox.Store, touched: Touched = None) -> Iterator[Fault]:
    """Yield the things that have a name, folded, with another thing of their kind in common.

    The kind is what the IRI begins with (cs:idKind): a mission and its
    spacecraft share names and are two things. Where two things of a kind do,
    owl:differentFrom says that this is meant, or a claim with cs:sameThingAs.
    The same English label letter for letter is a query in shapes/hygiene/.
    """
    near = few(touched)
    if near is not None and not any(True for name in (_LABEL, _ALIAS) for _ in quads_of(store, near, name)):
        return
    kinds = tuple(sorted((_text(term) for term in column(store, cs("idKind")).values()), key=len, reverse=True))
    named: dict[tuple[str, str], dict[Term, ox.Literal]] = defaultdict(dict)
    for predicate in (_LABEL, _ALIAS):
        for quad in store.quads_for_pattern(None, predicate, None, union(store)):
            kind = _kind(quad.subject, kinds)
            if kind and isinstance(quad.object, ox.Literal) and (name := fold(quad.object.value)):
                named[kind, name].setdefault(quad.subject, quad.object)
    meant: set[frozenset[Term]] | None = None
    said = set[frozenset[Term]]()
    for (kind, _), names in named.items():
        for pair in _pairs(names, touched):
            meant = _meant(store) if meant is None else meant
            if frozenset(pair) not in meant | said and not _same_label(store, *pair):
                said.add(frozenset(pair))
                yield _twin_thing(kind, in_order(touched, *pair), names)


def twin_claims(store: ox.Store, touched: Touched = None) -> Iterator[Fault]:
    """Yield the claims that say again what another claim of the same passage says.

    With the same gist, one of the two is a copy. With another one it is asked
    about, unless a skos:editorialNote on either says why there are two. What
    no triple says is compared by the words of the gist.
    """
    near = _beside(store, few(touched))
    rows = {name: column(store, name, near) for name in (*_PLACE, *_STATEMENT, *_HOW, _GIST)}
    same: dict[Hashable, list[Term]] = defaultdict(list)
    told: dict[Hashable, list[Term]] = defaultdict(list)
    for claim in claims(store, near):
        place = tuple(rows[name].get(claim) for name in _PLACE)
        said = tuple(rows[name].get(claim) for name in (*_STATEMENT, *_HOW))
        if place[0] is not None and any(place[1:]):
            (same if said[0] is not None else told)[place + said].append(claim)
    gists = rows[_GIST]
    for group in same.values():
        for pair in _pairs(group, touched):
            copied = fold(_text(gists.get(pair[0]))) == fold(_text(gists.get(pair[1])))
            if copied or not any(value_of(store, claim, _NOTE) for claim in pair):
                yield _twin_claim(in_order(touched, *pair), copied)
    for group in told.values():
        for one, other in _pairs(group, touched):
            alike = _likeness(_text(gists.get(one)), _text(gists.get(other)))
            noted = any(value_of(store, claim, _NOTE) for claim in (one, other))
            if alike >= _LIKENESS and not noted:
                yield _twin_claim(in_order(touched, one, other), copied=False)


def _beside(store: ox.Store, nodes: Set[Term] | None) -> Set[Term] | None:
    """Return *nodes* with what stands in the same place of a source as one of them, and some besides."""
    if nodes is None:
        return None
    found = {*nodes}
    for claim in claims(store, nodes):
        places = ((name, value) for name in _PLACE[1:] if (value := value_of(store, claim, name)) is not None)
        for name, value in islice(places, 1):
            found.update(quad.subject for quad in store.quads_for_pattern(None, name, value, union(store)))
    return found


def _pairs(nodes: Iterable[Term], touched: Touched) -> Iterator[tuple[Term, Term]]:
    """Yield each two of *nodes* of which a change touches one."""
    for pair in combinations(sorted(nodes, key=str)[:_MOST], 2):
        if concerns(touched, *pair):
            yield pair


def _meant(store: ox.Store) -> set[frozenset[Term]]:
    """Return the pairs of things of which it is said that they are two, or that they may be one."""
    subjects, objects = column(store, _SUBJECT), column(store, _OBJECT)
    same = store.quads_for_pattern(None, _PREDICATE, cs("sameThingAs"), union(store))
    claimed = {
        frozenset((subjects[q.subject], objects[q.subject]))
        for q in same
        if q.subject in subjects and q.subject in objects
    }
    different = store.quads_for_pattern(None, _OTHER, None, union(store))
    return claimed | {frozenset((quad.subject, quad.object)) for quad in different}


def _same_label(store: ox.Store, one: Term, other: Term) -> bool:
    labels = [set(values_of(store, thing, _LABEL)) for thing in (one, other)]
    return any(isinstance(label, ox.Literal) and label.language == "en" for label in labels[0] & labels[1])


def _twin_thing(kind: str, pair: tuple[Term, Term], names: Mapping[Term, ox.Literal]) -> Fault:
    one, other = (shorten(_text(thing)) for thing in pair)
    message = (
        f'"{names[pair[0]].value}" also names {other} ("{names[pair[1]].value}"), which is a {kind} too. Use {other} '
        f"and take this one out. If they are two, write {one} owl:differentFrom {other}; if a source equates "
        "them, claim cs:sameThingAs."
    )
    return finding(
        pair[0],
        "Entity-twin",
        message,
        severity="warning",
        predicates=(_LABEL, _ALIAS),
        value=names[pair[0]],
        beside=pair[1:],
    )


def _twin_claim(pair: tuple[Term, Term], copied: bool) -> Fault:
    other = shorten(_text(pair[1]))
    if copied:
        message = (
            f"The claim says what {other} says, of the same passage and in the same words. Take it out; one is enough."
        )
        return finding(pair[0], "Claim-copy", message, severity="warning", beside=pair[1:])
    message = (
        f"The claim says of its passage what {other} says. Take one out; if both are needed, say why in a "
        'skos:editorialNote, such as "The paper names the two beside each other."@en.'
    )
    return finding(pair[0], "Claim-twin", message, severity="warning", predicates=(_SUBJECT, _GIST), beside=pair[1:])


def _kind(thing: Term, kinds: tuple[str, ...]) -> str:
    slug = _text(thing).removeprefix(CSD) if _text(thing).startswith(CSD) else ""
    return next((kind for kind in kinds if slug.startswith(kind + "-")), "")


def _likeness(one: str, other: str) -> float:
    """Return which part of the words of two sentences is in both, from 0 to 1."""
    a, b = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return len(a & b) / len(a | b) if a | b else 0.0


def _text(term: Term | None) -> str:
    return "" if term is None or isinstance(term, ox.Triple) else term.value
