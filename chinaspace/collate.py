"""Collate the facts that we hold on the items of Wikidata that things are linked to, with the claims behind them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.names import FACTS, RDF, SKOS, WIKIDATA, Node, Term, cs
from chinaspace.unite import Union

EXACT, CLOSE = (ox.NamedNode(f"{SKOS}{kind}Match") for kind in ("exact", "close"))

_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_LAUNCHES, _USES, _LOCATOR = cs("launches"), cs("usesSpacecraft"), cs("locator")
# The international designator is the name of the row in catalogues of what is in space: launch and piece.
_DESIGNATOR = re.compile(r"\d{4}-\d{3}[A-Z]{1,3}")


@dataclass(frozen=True)
class Told:
    """One fact on a linked thing, in one claim.

    *predicate* is that of the claim; cs:locator stands for the international
    designator under which a catalogue lists what was launched. *launched* tells
    that the claim is on the launch of the thing.
    """

    thing: ox.NamedNode
    predicate: ox.NamedNode
    value: Term
    claim: ox.NamedNode
    launched: bool = False


def items(graph: Union, match: ox.NamedNode = EXACT) -> dict[Node, str]:
    """Return the identifier in Wikidata, such as Q405 or P619, of each thing and term that has exactly one *match*."""
    found: dict[Node, set[str]] = defaultdict(set)
    for quad in graph.quads(None, match):
        if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(WIKIDATA):
            found[quad.subject].add(quad.object.value.removeprefix(WIKIDATA))
    return {thing: ids.pop() for thing, ids in found.items() if len(ids) == 1}


def collate(store: ox.Store, linked: Mapping[Node, str]) -> list[Told]:
    """Return the facts on things in *linked*, sorted, once for each claim that asserts one.

    Wikidata has no items for launches: it tells date, vehicle and site of what
    was launched, be that the item of the spacecraft or the one of its mission.
    """
    graph = Union(store)
    crafts, missions = _pairs(store, _LAUNCHES), _pairs(store, _USES, backwards=True)
    found = set[Told]()
    for claim, said in _facts(store, graph):
        subject, predicate, value = said.subject, said.predicate, said.object
        targets = {subject}
        if subject not in linked and subject in crafts:
            targets = {node for craft in crafts[subject] for node in (craft, *missions.get(craft, ()))}
        nodes = (node for node in targets if isinstance(node, ox.NamedNode))
        found |= {Told(node, predicate, value, claim, node != subject) for node in nodes}
        if predicate == _LAUNCHES and isinstance(value, ox.NamedNode):
            for row in graph.values(claim, _LOCATOR):
                if isinstance(row, ox.Literal) and _DESIGNATOR.fullmatch(row.value):
                    found |= {Told(node, _LOCATOR, row, claim) for node in (value, *missions.get(value, ()))}
    known = (told for told in found if told.thing in linked)
    return sorted(known, key=lambda told: (told.thing.value, told.predicate.value, str(told.value), told.claim.value))


def _facts(store: ox.Store, graph: Union) -> Iterator[tuple[ox.NamedNode, ox.Quad]]:
    """Yield each claim that asserts a fact, with the fact."""
    modality, asserted, rank, deprecated = cs("modality"), cs("asserted"), cs("rank"), cs("deprecated")
    for quad in graph.quads(None, _PREDICATE):
        claim, predicate = quad.subject, quad.object
        if not isinstance(claim, ox.NamedNode) or not isinstance(predicate, ox.NamedNode):
            continue
        if asserted not in graph.values(claim, modality) or deprecated in graph.values(claim, rank):
            continue
        for subject in graph.values(claim, _SUBJECT):
            for value in graph.values(claim, _OBJECT):
                if not isinstance(subject, ox.Literal) and (fact := ox.Quad(subject, predicate, value, FACTS)) in store:
                    yield claim, fact


def _pairs(store: ox.Store, predicate: ox.NamedNode, *, backwards: bool = False) -> dict[Node, list[ox.NamedNode]]:
    """Return who has whom as the value of a fact, or whose value somebody is."""
    found: dict[Node, list[ox.NamedNode]] = defaultdict(list)
    for quad in store.quads_for_pattern(None, predicate, None, FACTS):
        one, other = (quad.object, quad.subject) if backwards else (quad.subject, quad.object)
        if isinstance(other, ox.NamedNode) and not isinstance(one, ox.Literal):
            found[one].append(other)
    return found
