"""Seek things by a part of a name, in either script, in pinyin or with a slip of the pen."""

from __future__ import annotations

import difflib
import heapq
import re
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from chinaspace.names import CSD
from chinaspace.resolve import fold, name_index
from chinaspace.romanize import DIGITS, HAN, bare, syllables
from chinaspace.unite import Graph

LONGEST = 200
_HAN = re.compile(f"[{HAN}]")
_SIGNS = re.compile(f"[{HAN}]|[^{HAN}]+")
_READ = {str(digit): syllable for digit, syllable in enumerate(DIGITS)}
# How a name was met, the best first.
_WHOLE, _BEGIN, _WITHIN, _WORDS, _NEAR = range(5)
# Seconds that a search may take, whatever is asked of however large a graph.
_PATIENCE = 0.25
_LOOK = 4096
_MOST_COMPARED = 20_000
_NEAREST = 10


class Found(NamedTuple):
    """A thing that may be meant; *how* sorts it, less being better."""

    how: int
    rank: int
    length: int
    thing: ox.NamedNode


class Finder:
    """All names as they are typed: folded, without accents, and Chinese ones in pinyin as well."""

    def __init__(self, names: Iterable[tuple[str, ox.NamedNode, int]]) -> None:
        """Read folded *names*, each with its thing and its rank."""
        self._keys = [(key, thing, rank) for name, thing, rank in names for key in _keys(name)]

    def find(self, typed: str, most: int) -> list[ox.NamedNode]:
        """Return at most so many things, those that are most likely meant first."""
        wanted = plain(typed)
        words = [word for part in typed.split() if (word := plain(part))]
        if not wanted:
            return []
        best: dict[ox.NamedNode, Found] = {}
        until = time.monotonic() + _PATIENCE
        for at, (key, thing, rank) in enumerate(self._keys):
            if at % _LOOK == 0 and time.monotonic() > until:
                break
            how = _how(key, wanted, words)
            if how is not None:
                found = Found(how, rank, len(key), thing)
                best[thing] = min(best.get(thing, found), found, key=_order)
        chosen = heapq.nsmallest(most, best.values(), key=_order)
        return [one.thing for one in chosen] or self._near(wanted, most)

    def _near(self, wanted: str, most: int) -> list[ox.NamedNode]:
        """Return the things whose names differ by a slip of the pen, unless there are too many names."""
        if len(self._keys) > _MOST_COMPARED:
            return []
        close = difflib.get_close_matches(wanted, {key for key, _, _ in self._keys}, n=_NEAREST, cutoff=0.75)
        places = {key: place for place, key in enumerate(close)}
        met = sorted((places[key], thing.value, thing) for key, thing, _ in self._keys if key in places)
        return list(dict.fromkeys(thing for _, _, thing in met))[:most]


def plain(typed: str) -> str:
    """Return what was typed as names are kept: folded, without accents and tones."""
    return bare(fold(typed[:LONGEST]))


def _keys(name: str) -> Iterable[str]:
    yield bare(name)
    if _HAN.search(name):
        spelled = syllables(name)
        yield "".join(spelled)
        yield "".join(_READ.get(sign, sign) for sign in "".join(spelled))
        yield "".join(syllable[:1] if _HAN.match(sign) else syllable for sign, syllable in _pairs(name, spelled))


def _pairs(name: str, spelled: list[str]) -> list[tuple[str, str]]:
    """Return each syllable with the sign that it is read from; signs of no reading come as one."""
    return list(zip(_SIGNS.findall(name), spelled, strict=False))


def _how(key: str, wanted: str, words: list[str]) -> int | None:
    """Return how a name is met, if it is; one letter meets only what begins with it."""
    if key == wanted:
        return _WHOLE
    if key.startswith(wanted):
        return _BEGIN
    if (len(wanted) > 1 or _HAN.match(wanted)) and wanted in key:
        return _WITHIN
    return _WORDS if len(words) > 1 and all(word in key for word in words) else None


def _order(found: Found) -> tuple[bool, int, int, int, str]:
    """Return what sorts things: how they are met, with those of ours before terms of the vocabulary."""
    return not found.thing.value.startswith(CSD), found.how, found.rank, found.length, found.thing.value


@lru_cache(maxsize=4)
def finder(store: Graph) -> Finder:
    """Return what finds the names of *store*, which is made once."""
    return Finder(name_index(store))


def forget_finders() -> None:
    """Let go of the stores whose names were sought."""
    finder.cache_clear()
