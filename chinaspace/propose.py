"""Propose links: for each thing the item elsewhere that it most likely is, and what speaks for and against it.

A wrong link is worse than none, so whatever leaves room for doubt takes from the score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from chinaspace.match import Index, Match, Thing, Wanted
from chinaspace.spell import spell, variants

LEAST = 60.0
_MOST = 10
_RIVAL, _TAKEN, _VAGUE, _CONTRADICTED, _UNKNOWN_KIND = 12.0, 15.0, 10.0, 20.0, 6.0
# What a second name that agrees is worth where two items fit, and how far the better one must be ahead.
_AGREEING, _AHEAD = 2.0, 1.5
_MOST_AGREEING = 4
# Letters of a short form, letters of a name that hardly two things have, and words of a full name.
_SHORT_NAME, _TELLING_NAME, _FULL_NAME = 5, 15, 3
# Classes that lists of spacecraft hold by exception only.
_BY_EXCEPTION = frozenset({"Instrument", "Constellation", "Facility"})
# Where one item stands for an undertaking and its craft, a satellite is linked itself, since it is all that there is to
# the undertaking; elsewhere the undertaking, which names, dates and articles are of.
_FIRST = ("Satellite", "SpaceTelescope", "Undertaking", "SpaceStation", "Spacecraft")


@dataclass(frozen=True)
class Proposal:
    """A link that is proposed, its score from 0 to 100, and the reasons for and against it."""

    thing: Thing
    item: Thing
    score: float
    reasons: tuple[str, ...]


def propose(
    things: Iterable[Thing], index: Index, refused: Callable[[str, str], bool] = lambda thing, item: False
) -> list[Proposal]:
    """Return the proposals for *things* among the items of *index*, the surest first; no thing or item has two.

    *refused* tells of pairs that are not to be proposed again.
    """
    possible = [thing for thing in things if index.kinds is None or thing.kinds & index.kinds]
    found = [proposal for thing in possible if (proposal := _best(thing, index, refused))]
    found.sort(key=_order)
    taken: dict[str, Proposal] = {}
    kept = []
    for proposal in found:
        before = taken.setdefault(proposal.item.id, proposal)
        if before is not proposal:
            reason = f"the item fits {before.thing.label} ({before.thing.id}) as well or better"
            proposal = _less(proposal, _TAKEN, reason)
        if proposal.score >= LEAST:
            kept.append(proposal)
    return sorted(kept, key=_order)


def _best(thing: Thing, index: Index, refused: Callable[[str, str], bool]) -> Proposal | None:
    wanted = Wanted(tuple(name for name, rank in thing.names if rank < 2), thing.kinds, thing.country, thing.years)
    # What is only alike is looked for where nothing is called the same.
    near = index.find(wanted, _MOST, alike=False) or index.find(wanted, _MOST)
    found = [one for one in near if one.score >= LEAST and not refused(thing.id, one.thing.id)]
    ranked = sorted(((_strength(thing, one), one) for one in found), key=lambda one: (-one[0], one[1].thing.id))
    if not ranked:
        return None
    strength, best = ranked[0]
    agreeing = _agreeing(thing, best.thing)
    proposal = Proposal(thing, best.thing, best.score, best.reasons)
    if agreeing > 1:
        proposal = replace(proposal, reasons=(*proposal.reasons, f"{agreeing} names agree"))
    if ranked[1:] and strength - ranked[1][0] < _AHEAD:
        proposal = _less(proposal, _RIVAL, f"{ranked[1][1].thing.id} fits as well")
    shared = _spellings(thing) & _spellings(best.thing)
    if not best.thing.kinds:
        proposal = _less(proposal, _UNKNOWN_KIND, "it is not known what kind of thing the item is")
    by_exception = thing.kinds & _BY_EXCEPTION and "Spacecraft" in best.thing.kinds
    if by_exception and agreeing < 2 and all(len(name) < _TELLING_NAME for name in shared):
        proposal = _less(proposal, _VAGUE, "one short name is no evidence for a thing of this kind")
    if agreeing < 2 and _contradicts(thing, best.thing):
        proposal = _less(proposal, _CONTRADICTED, "only a short form agrees, and the full names do not")
    return proposal


def _strength(thing: Thing, match: Match) -> float:
    return match.score + _AGREEING * (min(_agreeing(thing, match.thing), _MOST_AGREEING) - 1)


def _agreeing(thing: Thing, item: Thing) -> int:
    """Return how many names of a thing, each spelling once, are names of an item."""
    return len(_spellings(thing) & _spellings(item))


def _spellings(thing: Thing) -> set[str]:
    return {spell(part).heart for name, _ in thing.names for part, _ in variants(name)}


def _contradicts(thing: Thing, item: Thing) -> bool:
    """Tell whether what agrees is a short form only, while both have full names, which do not."""
    short = all(len(shared) <= _SHORT_NAME for shared in _spellings(thing) & _spellings(item))
    ours, theirs = _full_names(thing), _full_names(item)
    return short and bool(ours and theirs) and not any(a <= b or b <= a for a in ours for b in theirs)


def _full_names(thing: Thing) -> list[frozenset[str]]:
    """Return the words of the full names in Latin letters."""
    names = [frozenset(spell(name).core) for name, _ in thing.names if name.isascii()]
    return [words for words in names if len(words) >= _FULL_NAME]


def _order(proposal: Proposal) -> tuple[float, int, int, str]:
    kinds = proposal.thing.kinds
    first = next((at for at, kind in enumerate(_FIRST) if kind in kinds), len(_FIRST))
    return -proposal.score, first, -_agreeing(proposal.thing, proposal.item), proposal.thing.id


def _less(proposal: Proposal, by: float, reason: str) -> Proposal:
    return replace(proposal, score=round(max(0.0, proposal.score - by), 1), reasons=(*proposal.reasons, reason))
