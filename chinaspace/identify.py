"""Identify the things that a name may stand for, so that none is taken for another."""

from __future__ import annotations

import asyncio

from chinaspace.match import Index, Match, Wanted
from chinaspace.names import shorten
from chinaspace.spell import spell
from chinaspace.tell import Teller, Told

# Below this, a name is too far from what was typed to be worth reading.
_LEAST = 60.0


async def identify(teller: Teller, name: str, limit: int) -> Told:
    """Return the things that *name* may stand for, the likeliest first; at most *limit*.

    Things of one label are all given, with their kinds, since only the asker can tell which is meant.

    Raises:
        ChinaSpaceError: an answer takes too long.
    """
    index = await teller.names()
    matches = await asyncio.to_thread(_search, index, name, limit)
    data: dict[str, object] = {
        "name": name,
        "things": [_plain(one) for one in matches],
        "digest": teller.serving.digest,
    }
    lines = [f"{len(matches)} things may be called '{name}'. Say which one is meant.", *map(_line, matches)]
    return Told("\n".join(lines), data)


def _search(index: Index, name: str, limit: int) -> list[Match]:
    """Return what is called like *name*, then what has all its words in a longer name, those with most claims first."""
    found = [one for one in index.find(Wanted((name,)), limit) if one.score >= _LEAST]
    known, words = {one.thing.id for one in found}, set(spell(name).words)
    longer = [
        Match(thing, _LEAST, False, (f"'{other}' has all words of '{name}'",))
        for thing in index.things.values()
        for other in [next((text for text, _ in thing.names if words <= set(spell(text).words)), "")]
        if words and other and thing.id not in known
    ]
    return [*found, *sorted(longer, key=lambda one: (-one.thing.weight, one.thing.id))][:limit]


def _line(one: Match) -> str:
    kinds, names = ", ".join(sorted(one.thing.kinds)), ", ".join(name for name, _ in one.thing.names)
    return f"- {shorten(one.thing.id)} ({kinds}): {names}; {one.thing.weight} claims"


def _plain(one: Match) -> dict[str, object]:
    return {
        "thing": one.thing.id,
        "names": [name for name, _ in one.thing.names],
        "kinds": sorted(one.thing.kinds),
        "claims": one.thing.weight,
        "score": one.score,
        "why": list(one.reasons),
    }
