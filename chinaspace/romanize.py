"""Romanize names: Chinese characters in pinyin without tones, letters without accents.

Readings are those of pypinyin, which knows whole words: a character such as 长
or 行 has several.
"""

from __future__ import annotations

import re
import unicodedata

# A Chinese character, and what stands between such, as the inside of a class of a regular expression.
HAN = "\u3400-\u9fff\uf900-\ufaff"
# How the digits are read.
DIGITS = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
_MARKS = re.compile("[\u0300-\u036f]")


def bare(text: str) -> str:
    """Return *text* with each letter apart from its accents (NFD), and without these."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text))


def syllables(text: str) -> list[str]:
    """Return how each Chinese character of *text* is read, "ü" as "u"; what stands between them comes whole."""
    # It takes a third of a second and 50 MiB, which a command that meets no Chinese name does not need.
    from pypinyin import lazy_pinyin

    return [syllable.replace("ü", "u") for syllable in lazy_pinyin(text, v_to_u=True)]
