"""Spell names in one way: Latin letters, Arabic numerals and plain words, whatever script they came in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from chinaspace.gloss import GLOSSES
from chinaspace.resolve import count
from chinaspace.romanize import DIGITS, HAN, bare, syllables

_TRANSLATED_RUN = re.compile("|".join(sorted(GLOSSES, key=len, reverse=True)))
# Ways to write the same word; whoever spells a rocket has several.
_SAME = {
    "changzheng": "long march",
    "cz": "long march",
    "lm": "long march",
    "chinese": "china",
    "chinas": "china",
    "prc": "china",
    "centre": "center",
    "org": "organization",
    "organisation": "organization",
    "programme": "program",
    "univ": "university",
    "intl": "international",
}
_SAME_NAMES = (("chang", "zheng"), ("dong", "fang", "hong"), ("shi", "jian"), ("bei", "dou"), ("feng", "yun"))
# Words that say what a thing is and not which one it is.
_GENERIC = ("the", "of", "and", "for", "mission", "spacecraft", "satellite", "probe", "rocket", "hao", "de")
GENERIC = frozenset(_GENERIC)
_WRITTEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: str(at) for at, word in enumerate(_WRITTEN)}
# As they are written in names: capitals, since "Xi" is a surname, or all of a name in small letters.
_CAPITALS = re.compile(r"(?<=[^\W\d_])([ -]+)((?=[XVI])X{0,2}(?:IX|IV|V?I{0,3}))(?![\w'])")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}
# Numbers in pinyin, which end with the counter that is "hao".
_SYLLABLES = dict(zip((*DIGITS, "shi"), "〇一二三四五六七八九十", strict=True))
# A series after a number: the stems of heaven stand for letters, as in the Chinese names of rockets.
_STEMS = str.maketrans("甲乙丙丁戊己", "abcdef")
_SERIES = re.compile("(?<=[号號])[甲乙丙丁戊己]")
_NUMERAL = "〇零一二三四五六七八九十"
_COUNTED = re.compile(rf"[{_NUMERAL}]+(?=$|[号號期\W\da-zA-Z])")
_HAN = re.compile(f"[{HAN}]+")
_COUNTER = re.compile(r"(?<=\d)\s*[号號]|(?<=[\u4e00-\u9fff])[号號](?=$|[\W\d])")
_APOSTROPHES = re.compile("['`´ʹ-ʽˈ‘-‛′‵＇]")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_ASIDE = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_LONGEST = 300


class Spelling(NamedTuple):
    """A name as it is compared: its words, those that tell which one it is, and its numbers with their letters."""

    words: tuple[str, ...]
    core: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def whole(self) -> str:
        """Return the words as one; two numbers stay apart."""
        return _join(self.words)

    @property
    def heart(self) -> str:
        """Return the words that tell which one it is, as one."""
        return _join(self.core)


@lru_cache(maxsize=2**16)
def spell(name: str) -> Spelling:
    """Return how *name* is compared; names that differ in script, signs, tones or numerals only are spelled alike."""
    words = _words(name[:_LONGEST])
    core = tuple(word for word in words if word not in GENERIC) or words
    return Spelling(words, core, _numbers(words))


def variants(name: str) -> tuple[tuple[str, bool], ...]:
    """Return what a name with something in brackets may stand for, each with whether it may be another thing's name.

    An abbreviation in brackets is a name like the other; anything else may be
    what tells two things apart.
    """
    aside = _ASIDE.search(name[:_LONGEST])
    if not aside:
        return ((name, False),)
    outside = _ASIDE.sub(" ", name[:_LONGEST]).strip()
    if aside[1].isupper() and len(aside[1]) > 1:
        return tuple(dict.fromkeys(((name, False), (outside, False), (aside[1], False))))
    return ((name, False), (outside, True)) if outside else ((name, False),)


def _words(name: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", name))
    text = text.upper() if text.islower() and text.isascii() else text
    text = _SERIES.sub(lambda found: f" {found[0].translate(_STEMS)} ", text)
    text = _CAPITALS.sub(lambda found: f"{found[1]}{_roman(found[2].lower())}", text)
    text = _COUNTED.sub(lambda found: f" {count(found[0].replace('零', '〇'))} ", text)
    text = _TRANSLATED_RUN.sub(lambda found: f" {GLOSSES[found[0]]} ", text)
    text = _COUNTER.sub(" ", text)
    text = _HAN.sub(lambda found: f" {''.join(syllables(found[0]))} ", text)
    text = unicodedata.normalize("NFC", bare(text.casefold()))
    return _settle(_WORD.findall(_APOSTROPHES.sub("", text)))


def _settle(words: list[str]) -> tuple[str, ...]:
    """Return words with numbers as Arabic numerals, and one way to write what has several."""
    if words[-1:] == ["hao"]:
        start = len(words) - 1
        while start > 1 and words[start - 1] in _SYLLABLES:
            start -= 1
        number = "".join(_SYLLABLES[word] for word in words[start:-1])
        words[start:] = [count(number)] if number else []
    for parts in _SAME_NAMES:
        size = len(parts)
        for at in range(len(words) - size + 1):
            if tuple(words[at : at + size]) == parts:
                words[at : at + size] = ["".join(parts)]
    settled: list[str] = []
    for at, word in enumerate(words):
        if word.isdecimal():
            settled.append(str(int(word)))
        elif at and word in _NUMBERS:
            settled.append(_NUMBERS[word])
        elif word in ("no", "nr", "number") and at + 1 < len(words) and words[at + 1].isdecimal():
            continue
        else:
            settled += _SAME.get(word, word).split()
    return tuple(settled)


def _numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the numbers of a name, each with the letter of its series, and a letter that ends the name."""
    found: list[str] = []
    for at, word in enumerate(words):
        if word.isdigit():
            follows = words[at + 1] if at + 1 < len(words) else ""
            found.append(word + follows if len(follows) == 1 and follows.isalpha() else word)
    if words and len(words[-1]) == 1 and not words[-1].isdigit() and len(words) > 1 and not words[-2].isdigit():
        found.append(words[-1])
    return tuple(sorted(found))


def _join(words: tuple[str, ...]) -> str:
    return re.sub(r"(?<=\d) (?=\d)", ".", " ".join(words)).replace(" ", "")


def _roman(word: str) -> int:
    values = [_ROMAN_DIGITS[letter] for letter in word]
    return sum(-one if any(later > one for later in values[at + 1 : at + 2]) else one for at, one in enumerate(values))
