"""Prove claims by the texts of their sources: where the passage stands, how it is cut, and whose words the gist has."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from chinaspace.cite import text_digest
from chinaspace.errors import TextError
from chinaspace.evidence import source_text
from chinaspace.finding import Touched, claims, column, concerns, finding
from chinaspace.names import SKOS, Term, cs, shorten
from chinaspace.point import Fault

_SOURCE, _START, _END, _DIGEST, _GIST = map(cs, ("source", "passageStart", "passageEnd", "passageDigest", "gist"))
_TEXT = cs("textDigest")
_NOTE = ox.NamedNode(SKOS + "editorialNote")
_OFFSET = re.compile(r"\d{1,12}")
RUN = 10  # words in a row that count as copied


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


def runs(found: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield each ten words in a row."""
    for start in range(len(found) - RUN + 1):
        yield tuple(found[start : start + RUN])


def proof(store: ox.Store, texts: Path, touched: Touched = None) -> Iterator[Fault]:
    """Yield what the texts in the folder *texts* show to be wrong with passages and with gists.

    A source whose text is missing, or is not the one that was cited, is a
    fault as well: nothing is known of its passages then.

    Raises:
        TextError: the folder is missing.
    """
    if not texts.is_dir():
        raise TextError(f"{texts}: no such folder. Name the one that holds the texts as SLUG.txt with --texts.")
    sources, starts = column(store, _SOURCE), column(store, _START)
    cited: dict[Term, list[Term]] = defaultdict(list)
    for claim in sorted(claims(store) & starts.keys() & sources.keys(), key=str):
        if concerns(touched, claim, sources[claim]):
            cited[sources[claim]].append(claim)
    rows = {name: column(store, name) for name in (_START, _END, _DIGEST, _GIST, _NOTE)}
    digests = column(store, _TEXT)
    for source, found in cited.items():
        try:
            text = source_text(texts, getattr(source, "value", ""), getattr(digests.get(source), "value", None))
        except TextError as error:
            message = f"{error} Until then its passages are not checked, of which the graph has {len(found)}."
            yield finding(source, "Source-textUnread", message, predicates=(_TEXT,))
            continue
        copied = set(runs(words(text)))
        for claim in found:
            said = {name: values[claim] for name, values in rows.items() if claim in values}
            yield from _passage(text, claim, said)
            yield from _borrowed(copied, claim, said)


def _passage(text: str, claim: Term, said: dict[ox.NamedNode, Term]) -> Iterator[Fault]:
    """Yield what is wrong with the passage of one claim; what is no offset at all is left to the shapes."""
    offsets = [getattr(said.get(name), "value", "") for name in (_START, _END)]
    if not all(map(_OFFSET.fullmatch, offsets)):
        return
    start, end = map(int, offsets)
    shown = f"The passage {start} to {end}"
    again = "Cite it again: chinaspace cite prints offsets and digest."
    if not 0 <= start < end <= len(text):
        message = f"{shown} is not within the {len(text)} characters of its text. {again}"
        yield finding(claim, "Claim-passageInFile", message, predicates=(_END,), value=said[_END])
        return
    passage = text[start:end]
    if _DIGEST in said and text_digest(passage) != getattr(said[_DIGEST], "value", ""):
        message = f"{shown} of the text has another digest: offsets or digest are wrong. {again}"
        yield finding(claim, "Claim-passageDigestOfText", message, predicates=(_DIGEST,), value=said[_DIGEST])
    elif passage != passage.strip():
        first = start + len(passage) - len(passage.lstrip())
        last = first + len(passage.strip())
        wrong = _START if first != start else _END
        message = f"{shown} begins or ends with a blank; its words stand at {first} to {last}. {again}"
        yield finding(claim, "Claim-passageBlank", message, predicates=(wrong,), value=said[wrong])


def _borrowed(copied: set[tuple[str, ...]], claim: Term, said: dict[ox.NamedNode, Term]) -> Iterator[Fault]:
    """Yield a sentence of ours that has ten words in a row from the source."""
    for name in (_GIST, _NOTE):
        sentence = said.get(name)
        if isinstance(sentence, ox.Literal) and not copied.isdisjoint(runs(words(sentence.value))):
            message = (
                f"{shorten(name.value)} repeats {RUN} words of the source in a row, and its wording is not ours to "
                'give. Say it in your own words, such as "Mengtian started from Wenchang."@en.'
            )
            yield finding(claim, "Claim-borrowedWords", message, predicates=(name,), value=sentence)
