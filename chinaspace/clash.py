"""Find conflicts that nobody has looked at: two values that cannot both be right, and no word on it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from chinaspace.finding import Touched, concerns, few, finding, in_order, quads_of, value_of
from chinaspace.names import RDF, Term, cs, shorten
from chinaspace.point import Fault
from chinaspace.unite import union

_OBJECT, _PREDICATE = ox.NamedNode(RDF + "object"), ox.NamedNode(RDF + "predicate")
_CONFLICT = cs("conflictsWith")
_LINKS = tuple(map(cs, ("contradicts", "denies", "supersedes", "resolves")))


def clashes(store: ox.Store, touched: Touched = None) -> Iterator[Fault]:
    """Yield the conflicts between claims that no link and no rank knows of, once each, at the side that is new.

    cs:conflictsWith is derived. A conflict is looked at once one claim is
    linked to the other, or a cs:rankRule says which is preferred.
    """
    near = few(touched)
    # It is derived both ways.
    pairs = {frozenset((quad.subject, quad.object)) for quad in quads_of(store, near, _CONFLICT)}
    for pair in pairs:
        one, other = min(pair, key=str), max(pair, key=str)
        if one != other and concerns(touched, one, other) and not _looked_at(store, one, other):
            yield _clash(store, *in_order(touched, one, other))


def _looked_at(store: ox.Store, one: Term, other: Term) -> bool:
    assert isinstance(one, ox.NamedNode | ox.BlankNode)
    assert isinstance(other, ox.NamedNode | ox.BlankNode)
    sides = ((one, other), (other, one))
    linked = any(any(store.quads_for_pattern(a, link, b, union(store))) for link in _LINKS for a, b in sides)
    return linked or any(value_of(store, claim, cs("rankRule")) for claim in (one, other))


def _clash(store: ox.Store, new: Term, old: Term) -> Fault:
    said, against = (_shown(value_of(store, claim, _OBJECT)) for claim in (new, old))
    prop = _shown(value_of(store, new, _PREDICATE))
    message = (
        f"{prop} is {said} here and {against} in {_shown(old)}, and only one can be right. If the sources "
        f"differ, write cs:contradicts {_shown(old)}, and prefer one by cs:rank with "
        "cs:rankRule; if not, correct this one."
    )
    return finding(new, "Claim-conflict", message, severity="warning", predicates=(_OBJECT,), beside=(old,))


def _shown(term: Term | None) -> str:
    if isinstance(term, ox.Literal):
        return f'"{term.value}"'
    return shorten(term.value) if isinstance(term, ox.NamedNode) else "nothing"
