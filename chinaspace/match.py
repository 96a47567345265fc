"""Match a name to the things that it may stand for: scores from 0 to 100, each with what it is made of.

Distances between spellings are those of RapidFuzz. The same index serves the
proposals of links and the reconciliation service.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from chinaspace.resolve import fold
from chinaspace.spell import Spelling, spell, variants

SURE = 95.0
# What a name is worth: the same letters, the same spelling, and the same but for words such as "satellite".
_SAME, _SPELLED, _HEART, _HEART_OF_ONE, _INITIALS, _ALIKE = 100.0, 99.0, 96.5, 93.0, 80.0, 94.0
_ANOTHER_NUMBER = 0.7
# What a name loses that is not the first of its thing, and one that is known to be garbled.
_RANKS = (0.0, 0.4, 2.0, 5.5)
# What stands in brackets may be what tells two things apart.
_ASIDE = 3
_OTHER_KIND, _OTHER_COUNTRY, _OTHER_TIME = 40.0, 30.0, 30.0
# Things that lie closer together than this cannot be told apart.
_CLEAR = 1.5
_MOST_LOOKED_AT = 6000
_NEAR = 40  # names whose distance is measured, those that share most with what is asked
_LEAST = 45.0


@dataclass(frozen=True)
class Thing:
    """What has names: a thing of this graph or an item elsewhere.

    *names* come with a rank: 0 for a label, 1 for another name, 2 for a garbled
    one. *kinds* are local names of classes, none where they are not known;
    *country* is a code of ISO 3166-1, *years* the first and last that it can
    date from; *weight* is how much is known of it, *origin* where it was found.
    """

    id: str
    names: tuple[tuple[str, int], ...]
    kinds: frozenset[str] = frozenset()
    country: str = ""
    years: tuple[int, int] | None = None
    weight: int = 0
    origin: str = ""

    @property
    def label(self) -> str:
        """Return the name that it is called by."""
        return self.names[0][0] if self.names else self.id


@dataclass(frozen=True)
class Wanted:
    """What is looked for: names that may stand for one thing, the best first, and what else is known of it."""

    names: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    country: str = ""
    years: tuple[int, int] | None = None


class Match(NamedTuple):
    """A thing that is a candidate, with its score, whether it is surely meant, and why."""

    thing: Thing
    score: float
    sure: bool
    reasons: tuple[str, ...]


class Likeness(NamedTuple):
    """How well a name fits another, from 0 to 100, and why."""

    score: float
    reason: str


class Index:
    """Things by their names, however these are spelled."""

    def __init__(self, things: Iterable[Thing]) -> None:
        """Index *things*; two with one id are one, with the names of both."""
        self.things = _unite(things)
        self._names: list[tuple[Thing, str, int]] = []
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[int]] = defaultdict(list)
        for thing in self.things.values():
            for text, rank in thing.names:
                for name, changed in variants(text):
                    self._add(thing, name, _ASIDE if changed else rank)

    @cached_property
    def kinds(self) -> frozenset[str] | None:
        """Return the kinds that its things are of; None where the kind of some is not known."""
        known = [thing.kinds for thing in self.things.values()]
        return frozenset().union(*known) if all(known) else None

    def _add(self, thing: Thing, name: str, rank: int) -> None:
        at, spelling = len(self._names), spell(name)
        if not spelling.words:
            return
        self._names.append((thing, name, rank))
        for key in {spelling.whole, spelling.heart}:
            self._exact[key].append(at)
        for gram in _grams(spelling.heart):
            self._grams[gram].append(at)

    def find(self, wanted: Wanted, most: int = 5, strict: bool = False, alike: bool = True) -> list[Match]:
        """Return the candidates for *wanted*, the best first.

        With *strict* they are of its kinds only; without *alike* only those that
        are spelled the same, which is found much faster.
        """
        best: dict[str, tuple[float, str]] = {}
        for name, changed in (part for text in wanted.names for part in variants(text)):
            asked = spell(name)
            for at in self._near(asked, alike) if asked.words else ():
                thing, other, rank = self._names[at]
                score, reason = compare(name, other)
                score -= _RANKS[rank] + (_RANKS[_ASIDE] if changed else 0)
                if score >= _LEAST and score > best.get(thing.id, (0.0, ""))[0]:
                    best[thing.id] = score, reason
        found = [_judge(self.things[iri], score, reason, wanted) for iri, (score, reason) in best.items()]
        if strict and wanted.kinds:
            found = [one for one in found if one.thing.kinds & wanted.kinds]
        found.sort(key=lambda one: (-one.score, -one.thing.weight, one.thing.id))
        return [one._replace(sure=_is_sure(one, found)) for one in found[:most]]

    def _near(self, asked: Spelling, alike: bool) -> set[int]:
        near = {*self._exact.get(asked.whole, ()), *self._exact.get(asked.heart, ())}
        if not alike:
            return near
        shared: Counter[int] = Counter()
        looked = 0
        # The rarest first: what half of all names have tells little, and takes longest.
        for names in sorted((self._grams[gram] for gram in _grams(asked.heart) if gram in self._grams), key=len):
            shared.update(names)
            looked += len(names)
            if looked > _MOST_LOOKED_AT:
                break
        near.update(at for at, _ in shared.most_common(_NEAR))
        return near


def compare(asked: str, name: str) -> Likeness:
    """Return how well *name* fits what is *asked*."""
    one, other = spell(asked), spell(name)
    if fold(asked) == fold(name):
        return Likeness(_SAME, f"has the name '{name}'")
    if one.whole == other.whole:
        return Likeness(_SPELLED, f"'{name}' is spelled the same as '{asked}'")
    numbers = one.numbers == other.numbers
    if one.heart == other.heart and numbers:
        # "Probe" may well be what tells a thing from another with a one-word name.
        score = _HEART if len(one.core) > 1 else _HEART_OF_ONE
        return Likeness(score, f"'{name}' differs from '{asked}' only in words that say what it is")
    if _initials(one, other) or _initials(other, one):
        return Likeness(_INITIALS, f"'{name}' and '{asked}': one is the initials of the other")
    alike = OSA.normalized_similarity(one.heart, other.heart)
    alike = max(alike, 0.97 * fuzz.token_sort_ratio(" ".join(one.core), " ".join(other.core)) / 100)
    if len(one.core) > 1 and len(other.core) > 1:
        alike = max(alike, 0.8 * fuzz.token_set_ratio(" ".join(one.core), " ".join(other.core)) / 100)
    if not numbers:
        return Likeness(_ALIKE * alike * _ANOTHER_NUMBER, f"'{name}' has another number than '{asked}'")
    return Likeness(_ALIKE * alike, f"'{name}' is {alike:.0%} like '{asked}'")


def _judge(thing: Thing, score: float, reason: str, wanted: Wanted) -> Match:
    """Return the match of a thing whose name has a score, with all else that speaks for or against it."""
    reasons = [reason]
    if wanted.kinds and thing.kinds:
        if agree := wanted.kinds & thing.kinds:
            reasons.append(f"is of the kind {min(agree)}")
        else:
            score -= _OTHER_KIND
            reasons.append(f"is of another kind, {min(thing.kinds)}")
    if wanted.country and thing.country:
        if wanted.country == thing.country:
            reasons.append(f"is of the same country, {thing.country}")
        else:
            score -= _OTHER_COUNTRY
            reasons.append(f"is of another country, {thing.country}")
    if wanted.years and thing.years:
        if wanted.years[0] <= thing.years[1] and thing.years[0] <= wanted.years[1]:
            reasons.append("dates from the same years")
        else:
            score -= _OTHER_TIME
            reasons.append(f"dates from other years, {thing.years[0]} to {thing.years[1]}")
    return Match(thing, round(max(0.0, score), 1), False, tuple(reasons))


def _is_sure(one: Match, found: list[Match]) -> bool:
    return one.score >= SURE and all(
        other.thing.id == one.thing.id or other.score <= one.score - _CLEAR for other in found
    )


def _initials(short: Spelling, long: Spelling) -> bool:
    return (
        len(short.words) == 1
        and len(long.core) > 2
        and short.whole in ("".join(word[0] for word in long.core), "".join(word[0] for word in long.words))
    )


@lru_cache(maxsize=2**14)
def _grams(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _unite(things: Iterable[Thing]) -> dict[str, Thing]:
    united: dict[str, Thing] = {}
    for thing in things:
        before = united.get(thing.id)
        if before is None:
            united[thing.id] = thing
            continue
        united[thing.id] = Thing(
            thing.id,
            tuple(dict.fromkeys((*before.names, *thing.names))),
            before.kinds | thing.kinds,
            before.country or thing.country,
            before.years or thing.years,
            before.weight + thing.weight,
            "; ".join(dict.fromkeys(part for part in (before.origin, thing.origin) if part)),
        )
    return united
