"""Anchor a query: find the few rows that a change can reach, by terms that its variables are bound to in them.

A solution that only one of two graphs has rests on a triple that only one of
them has: at a pattern of the outermost group, or at one in a group of EXISTS
or OPTIONAL, which is evaluated with what the outermost group has bound. So one
of the variables there is bound to a term of that triple. Where each solution
binds that variable, the rows with these terms are all that can differ; where
none does, any row may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import pyoxigraph as ox

from chinaspace.dissect import Dissected, Pattern
from chinaspace.names import Term

# What a row is found by is worth it while there are no more terms than this; else all rows are asked for.
MOST_TERMS = 1000


def bindings(query: Dissected, triples: Mapping[ox.NamedNode, Sequence[ox.Triple]]) -> dict[str, set[Term]] | None:
    """Return for some variables their values, one of which is in any row that *triples* can change.

    They are given by their properties. None means that any row can change, or too many.
    """
    found: dict[str, set[Term]] = defaultdict(set)
    for pattern in query.patterns:
        predicates = {predicate for predicate, _ in pattern.steps} or triples.keys()
        for triple in chain.from_iterable(triples.get(predicate, ()) for predicate in predicates):
            for bound in _matches(pattern, triple):
                name = next((name for name in ("this", *bound) if name in bound and name in query.certain), None)
                if name is None or not isinstance(bound[name], ox.NamedNode | ox.Literal):
                    return None
                found[name].add(bound[name])
                if len(found[name]) > MOST_TERMS:
                    return None
    return found


def restrict(text: str, head: int, name: str, terms: Iterable[Term]) -> str:
    """Return a query with a block of VALUES at the *head* of its outermost group."""
    return f"{text[:head]} VALUES ?{name} {{ {' '.join(map(str, dict.fromkeys(terms)))} }} {text[head:]}"


def _matches(pattern: Pattern, triple: ox.Triple) -> Iterable[dict[str, Term]]:
    """Yield what a pattern binds where it matches a triple; of a path nothing is known but its properties."""
    if not pattern.plain:
        if any(predicate == triple.predicate for predicate, _ in pattern.steps):
            yield {}
        return
    for predicate, inverse in pattern.steps or ((triple.predicate, False),):
        ends = (triple.object, triple.subject) if inverse else (triple.subject, triple.object)
        bound: dict[str, Term] = {}
        pairs = (
            (pattern.subject, ends[0]),
            (pattern.value, ends[1]),
            (pattern.variable or predicate, triple.predicate),
        )
        for one, term in pairs:
            if (bound.setdefault(one, term) if isinstance(one, str) else one) != term:
                break
        else:
            yield bound
