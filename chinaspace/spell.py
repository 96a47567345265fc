"""Spell names in one way: Latin letters, Arabic numerals and plain words, whatever script, case and signs they came in.

Transliteration is by pypinyin, which knows the readings of whole words: a
character such as 长 or 行 has several.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from chinaspace.resolve import count

# Words of Chinese names that are translated in English names, where the rest is spelled; simplified and traditional.
_TRANSLATED = {
    "长征": "long march",
    "長征": "long march",
    "空间站": "space station",
    "空間站": "space station",
    "实验室": "laboratory",
    "實驗室": "laboratory",
    "望远镜": "telescope",
    "望遠鏡": "telescope",
    "研究所": "institute",
    "研究院": "academy",
    "科学院": "academy of sciences",
    "科學院": "academy of sciences",
    "大学": "university",
    "大學": "university",
    "中国": "china",
    "中國": "china",
    "国家": "national",
    "國家": "national",
    "航天局": "space administration",
    "发射场": "launch site",
    "發射場": "launch site",
    "发射中心": "launch center",
    "發射中心": "launch center",
    "卫星": "satellite",
    "衛星": "satellite",
    "探测器": "probe",
    "探測器": "probe",
    "飞船": "spacecraft",
    "飛船": "spacecraft",
    "任务": "mission",
    "任務": "mission",
}
_TRANSLATED_RUN = re.compile("|".join(sorted(_TRANSLATED, key=len, reverse=True)))
# Ways to write the same word; whoever spells a rocket has several.
_SAME = {"changzheng": "long march", "cz": "long march", "lm": "long march", "centre": "center", "org": "organization"}
_SAME |= {"chinese": "china", "chinas": "china"}
_SAME |= {"organisation": "organization", "programme": "program", "prc": "china", "univ": "university", "intl": "international"}
_SAME_NAMES = (("chang", "zheng"), ("dong", "fang", "hong"), ("shi", "jian"), ("bei", "dou"), ("feng", "yun"))
# Words that say what a thing is and not which one it is.
GENERIC = frozenset(["the", "of", "and", "for", "a", "an", "mission", "spacecraft", "satellite", "probe", "hao", "de"])
_NUMBERS = {word: str(at) for at, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])}
# As they are written in names: capitals, since "Xi" is a surname, or all of a name in small letters.
_CAPITALS = re.compile(r"(?<=[^\W\d_])([ -]+)((?=[XVI])X{0,2}(?:IX|IV|V?I{0,3}))(?![\w'])")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}
# A series after a number: the stems of heaven stand for letters, as in the Chinese names of rockets.
# Numbers in pinyin, which end with the counter that is "hao".
_SYLLABLES = dict(zip(["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu", "shi"], "〇一二三四五六七八九十", strict=True))
_STEMS = str.maketrans("甲乙丙丁戊己", "abcdef")
_SERIES = re.compile("(?<=[号號])[甲乙丙丁戊己]")
_NUMERAL = "〇零一二三四五六七八九十"
_COUNTED = re.compile(rf"[{_NUMERAL}]+(?=$|[号號期\W\da-zA-Z])")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_COUNTER = re.compile(r"(?<=\d)\s*[号號](?!\w*[\u4e00-\u9fff]{3,}市)|(?<=[\u4e00-\u9fff])[号號](?=$|[\W\d])")
_MARKS = re.compile("[\u0300-\u036f]")
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


def variants(name: str) -> tuple[str, ...]:
    """Return what a name with something in brackets may stand for: itself, without them, and what is in them."""
    aside = _ASIDE.search(name[:_LONGEST])
    if not aside:
        return (name,)
    outside = _ASIDE.sub(" ", name[:_LONGEST]).strip()
    inside = [aside[1]] if aside[1].isupper() and len(aside[1]) > 1 else []
    return tuple(dict.fromkeys(part for part in (name, outside, *inside) if part))


def _words(name: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", name))
    text = text.upper() if text.islower() and text.isascii() else text
    text = _SERIES.sub(lambda found: f" {found[0].translate(_STEMS)} ", text)
    text = _CAPITALS.sub(lambda found: f"{found[1]}{_roman(found[2].lower())}", text)
    text = _COUNTED.sub(lambda found: f" {count(found[0].replace('零', '〇'))} ", text)
    text = _COUNTER.sub(" ", text)
    text = _TRANSLATED_RUN.sub(lambda found: f" {_TRANSLATED[found[0]]} ", text)
    text = _HAN.sub(lambda found: f" {_pinyin(found[0])} ", text)
    text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text.casefold())))
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


def _pinyin(text: str) -> str:
    # It takes a third of a second and 50 MiB, which a command that meets no Chinese name does not need.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).replace("v", "u")
