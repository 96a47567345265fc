"""Find a passage in the text of a source, and write down where it stands without its words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chinaspace.errors import PassageError, TextError
from chinaspace.names import is_slug

# What a keyboard writes, and what printed texts have in its place.
_LOOKALIKES = {"'": "['‘’ʼ]", '"': '["“”]', "-": "[-‐‑–—]"}
_LOOKALIKES |= {"’": _LOOKALIKES["'"], "‘": _LOOKALIKES["'"], "“": _LOOKALIKES['"'], "”": _LOOKALIKES['"']}
_LOOKALIKES |= {"–": _LOOKALIKES["-"], "—": _LOOKALIKES["-"]}
_LONGEST_WHOLE = 6
_SHORTEST_END = 3
_MOST_BEFORE = 6
# White space within a paragraph: no part of a directive reaches over its end.
_BLANK = r"[^\S\n]"
# Ten words of a source in a row count as copied.
_LONGEST_RUN = 9


@dataclass(frozen=True)
class Passage:
    """Where a passage stands: offsets in Unicode code points, the end behind the last one.

    *digest* is "sha256:" and 64 hexadecimal digits over the passage in UTF-8;
    *fragment* is the text directive that opens it in a browser, or empty.
    """

    start: int
    end: int
    digest: str
    fragment: str

    def opened_at(self, address: str) -> str:
        """Return what opens the passage in a browser at the *address* of its page, as far as a directive can."""
        return f"{address}#:~:text={self.fragment}" if self.fragment else address


def text_digest(text: str) -> str:
    """Return "sha256:" and the digest of *text* in UTF-8."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def read_text(folder: Path, slug: str) -> str:
    """Return the text of the source *slug* out of *folder*, where it is SLUG.txt in UTF-8.

    Raises:
        TextError: the file is missing or is not UTF-8.
    """
    path = folder / f"{slug}.txt"
    try:
        # Bytes, because reading as text would fold CRLF and shift every offset.
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise TextError(f"{path}: no such text. Name the folder that holds {slug}.txt with --texts.") from error
    except UnicodeDecodeError as error:
        raise TextError(f"{path}: byte {error.start} is not UTF-8. Save the text in UTF-8.") from error


def find_passage(text: str, words: str, name: str = "The text") -> Passage:
    """Return where *words* stand in *text*, exactly once; *name* is what errors call the text.

    White space, line breaks and the kind of quotes and dashes need not agree;
    everything else must.

    Raises:
        PassageError: the words are not there, or in several places, which it lists.
    """
    parts = ["".join(_LOOKALIKES.get(char, re.escape(char)) for char in word) for word in words.split()]
    if not parts:
        raise PassageError("The passage is empty. Give the first to the last word of it.")
    found = list(re.finditer(r"\s+".join(parts), text))
    if not found:
        raise PassageError(f"{name} has no such passage. Copy the words from it, in their order and case.")
    if len(found) > 1:
        places = "; ".join(f"{hit.start()} in line {text.count(chr(10), 0, hit.start()) + 1}" for hit in found)
        raise PassageError(f"{name} has this passage {len(found)} times, at {places}. Add words until it is one.")
    start, end = found[0].span()
    return Passage(start, end, text_digest(text[start:end]), text_fragment(text, start, end))


def text_fragment(text: str, start: int, end: int) -> str:
    """Return the text directive for a passage: "first%20words,last%20words", or the whole if it is short.

    As few words as point to this passage alone, by the rules of the WICG draft
    "URL Fragment Text Directives": the first match of the first words counts,
    then the first match of the last words after it. Where no number of words is
    enough, those before the passage are put in front. Never ten words in a row:
    where that would be needed, the directive is empty and only the page opens.
    """
    whole = text[start:end]
    words = [hit.span() for hit in re.finditer(r"\S+", whole)]
    options = [(whole, "")] if len(words) <= _LONGEST_WHOLE and "\n" not in whole else []
    options += [
        (whole[: words[count - 1][1]], whole[words[-count][0] :])
        for count in range(_SHORTEST_END, min(len(words) // 2, _LONGEST_RUN) + 1)
    ]
    options += [(whole, "")] if len(words) <= _LONGEST_RUN else []
    # Neither end of a directive can cross the end of a paragraph.
    options = [pair for pair in options if "\n" not in "".join(pair)]
    before = text[text.rfind("\n", 0, start) + 1 : start].split()
    for size in range(min(len(before), _MOST_BEFORE) + 1):
        prefix = " ".join(before[len(before) - size :])
        for first, last in options:
            if _resolve(text, prefix, first, last) == (start, end):
                return _directive(prefix, first, last)
    return ""


def _resolve(text: str, prefix: str, first: str, last: str) -> tuple[int, int] | None:
    """Return what a browser would mark: the first match, its words bounded, the end behind the start."""
    lead = rf"{_bounded(prefix)}{_BLANK}*" if prefix else ""
    found = re.search(rf"{lead}(?P<first>{_bounded(first)})", text, re.IGNORECASE)
    if not found:
        return None
    ending = re.compile(_bounded(last), re.IGNORECASE).search(text, found.end()) if last else found
    return (found.start("first"), ending.end()) if ending else None


def _bounded(words: str) -> str:
    pattern = rf"{_BLANK}+".join(map(re.escape, words.split()))
    return rf"(?<!\w){pattern}(?!\w)"


def _directive(prefix: str, first: str, last: str) -> str:
    parts = [f"{_encode(prefix)}-"] if prefix else []
    return ",".join([*parts, _encode(first), *([_encode(last)] if last else [])])


def _encode(words: str) -> str:
    # A hyphen, comma or ampersand is syntax in a text directive; quote() leaves the hyphen.
    return quote(words, safe="").replace("-", "%2D")


def claim_block(source: str, address: str | None, passage: Passage, slug: str | None = None) -> str:
    """Return a claim on *passage* in Turtle, ready but for what is said, how and by whom.

    Raises:
        PassageError: *slug* has other characters than the names of claims have.
    """
    if slug is not None and not is_slug(slug):
        raise PassageError(
            f"'{slug[:60]}' cannot end a claim's name. Use lower-case words with hyphens, as in my-claim."
        )
    lines = [
        f"csd:claim-{source}-{slug or passage.start}",
        "    a cs:Claim ;",
        *([f'    cs:passageAddress "{passage.opened_at(address)}"^^xsd:anyURI ;'] if address else []),
        f'    cs:passageDigest "{passage.digest}" ;',
        f"    cs:passageEnd {passage.end} ;",
        f"    cs:passageStart {passage.start} ;",
        f"    cs:source csd:source-{source} ;",
        ".",
    ]
    return "\n".join(lines)
