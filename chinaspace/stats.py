"""Measure how much of each source's text its claims cover, sentence by sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from chinaspace.errors import TextError
from chinaspace.evidence import cited_text, source_slug

_PASSAGES = """
PREFIX cs: <https://w3id.org/chinaspace/ontology/>
SELECT ?source ?start ?end WHERE {
  ?claim cs:source ?source ; cs:passageStart ?start ; cs:passageEnd ?end .
}
"""

# A sentence ends at a line break, or at a full stop, question or exclamation mark, with quotes or brackets that
# close behind it, before a blank and what can begin a sentence. A stop after a capital (U.S.) or in a.m. ends none.
_BREAK = re.compile(
    r"(?P<line>\n+)|(?<![A-Z][.!?])(?<![ap]\.m\.)(?<=[.!?])[”\"’)\]]*(?P<blank>[ \t]+)(?=[“\"‘(\[]*[A-Z0-9])"
)
# In a text that was lower-cased, and where paragraphs run together, a stop before any letter or digit ends a sentence,
# but for decimals, initials and the abbreviations that such texts have.
_LOWER_BREAK = re.compile(
    r"(?P<line>\n+)|(?<![\W_][a-z]\.)(?<!\bus\.)(?<!al\.)(?<!\(ref\.)(?<=[.!?])[”\"’)\]]*"
    r"(?P<blank>[ \t]+|(?!(?<=\d\.)\d))(?=[“\"‘(\[]*[^\W_])"
)
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class SourceStats:
    """How far a source is read: *gaps* are the sentences that no passage touches, by start and end offset.

    Where the text cannot be read, *fault* says why, and the figures of the text are None.
    """

    slug: str
    claims: int
    characters: int | None
    sentences: int | None
    gaps: tuple[tuple[int, int], ...]
    fault: str = ""


def source_stats(store: ox.Store, folder: Path) -> list[SourceStats]:
    """Return the figures of each source that claims with passages are made from, by slug."""
    solutions = store.query(_PASSAGES)
    assert isinstance(solutions, ox.QuerySolutions)
    passages: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in solutions:
        passages[source_slug(row["source"].value)].append((int(row["start"].value), int(row["end"].value)))
    return [_measure(store, folder, slug, found) for slug, found in sorted(passages.items())]


def _measure(store: ox.Store, folder: Path, slug: str, passages: list[tuple[int, int]]) -> SourceStats:
    try:
        text = cited_text(store, folder, slug)
    except TextError as error:
        return SourceStats(slug, len(passages), None, None, (), str(error))
    found = sentences(text)
    gaps = [one for one in found if not any(start < one[1] and one[0] < end for start, end in passages)]
    return SourceStats(slug, len(passages), len(text), len(found), tuple(gaps))


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and the end of each sentence, heading and line of furniture, without the blanks around it."""
    lowered = text == text.lower()
    hits = (_LOWER_BREAK if lowered else _BREAK).finditer(text)
    breaks = [hit.span("line" if hit["line"] else "blank") for hit in hits if not _in_address(text, hit.start())]
    bounds = [0, *chain.from_iterable(breaks), len(text)]
    pieces = zip(bounds[::2], bounds[1::2], strict=True)
    trimmed = ((start + len(text[start:end]) - len(text[start:end].lstrip()), end) for start, end in pieces)
    return [(start, start + len(text[start:end].rstrip())) for start, end in trimmed if _WORD.search(text[start:end])]


def _in_address(text: str, offset: int) -> bool:
    """Tell whether a web address runs on at *offset*."""
    return "://" in text[max(0, offset - 200) : offset].rpartition(" ")[2]
