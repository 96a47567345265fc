"""Confront claims with those that stand against them: conflicts side by side, and allegations with their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.lookup import Row
from chinaspace.names import CS, Term
from chinaspace.recite import Claim


@dataclass(frozen=True)
class Conflict:
    """Two claims that cannot both be right, or that their sources set against each other.

    Where a rule decided, *rule* and *reason* tell it, and *kept* is the claim that it prefers.
    """

    sides: tuple[Claim, Claim]
    kept: Claim | None
    rule: Term | None
    reason: str

    @property
    def settled(self) -> bool:
        """Tell whether it is decided."""
        return self.kept is not None


@dataclass(frozen=True)
class Allegation:
    """An allegation with whatever denies it."""

    claim: Claim
    denials: tuple[Claim, ...]


def conflicts(rows: Iterable[Row], claims: Mapping[ox.NamedNode, Claim]) -> list[Conflict]:
    """Return the conflicts of *rows*, each a "claim" and an "other", every pair once, those that are open first."""
    pairs = {frozenset((row["claim"], row["other"])) for row in rows}
    found = [
        _conflict([claims[node] for node in pair if isinstance(node, ox.NamedNode)])
        for pair in pairs
        if len(pair) == 2 and all(isinstance(node, ox.NamedNode) and claims[node].said for node in pair)
    ]
    return sorted(found, key=lambda conflict: (conflict.settled, conflict.sides[0].order, conflict.sides[1].order))


def _conflict(pair: list[Claim]) -> Conflict:
    one, other = sorted(pair, key=lambda claim: claim.order)
    ruled = next((claim for claim in (one, other) if claim.one("rankRule") is not None), None)
    kept = next((claim for claim in (one, other) if claim.text("rank") == f"{CS}preferred"), None)
    for claim, against in ((one, other), (other, one)):
        if kept is None and claim.text("rank") == f"{CS}deprecated":
            kept = against
    rule, reason = (ruled.one("rankRule"), ruled.text("rankReason")) if ruled and kept else (None, "")
    return Conflict((one, other), kept, rule, reason)


def allegations(nodes: Iterable[ox.NamedNode], claims: Mapping[ox.NamedNode, Claim]) -> list[Allegation]:
    """Return the allegations *nodes* in the order of time; their links must have been followed."""
    return [
        Allegation(claim, tuple(link.other for link in claim.links if link.name == "denies" and link.back))
        for claim in sorted((claims[node] for node in dict.fromkeys(nodes)), key=lambda claim: claim.order)
        if claim.said
    ]
