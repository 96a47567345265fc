"""Passages are found in a text, and written down without their words."""

# ruff: noqa: RUF001 -- printed texts have other quotes and dashes than a keyboard

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chinaspace.cite import Passage, claim_block, find_passage, text_digest, text_fragment
from chinaspace.errors import PassageError
from chinaspace.names import CS, CSD, RDF, XSD, prefixes

TEXT = (
    "The probe left on 3 May. It carries four instruments, two of them foreign.\n"
    "“We don’t wait,” said the director – a geologist.\n"
    "\U0001f680\U0001f680 The probe left on time & landed well-fed.\n"
)
WORDS = st.lists(st.sampled_from(["the", "probe", "left", "Moon", "well-fed", "in", "May,", "a&b"]), min_size=1)
LINES = st.lists(WORDS.map(" ".join), max_size=3).map("\n".join)


def resolve(text: str, directive: str) -> tuple[int, int] | None:
    """Return where a text directive points, by the draft "URL Fragment Text Directives" of the WICG.

    "[prefix-,]start[,end]": the first place where the prefix, if any, stands
    directly before the start, and the end, if any, comes somewhere after it.
    Matches ignore case and begin and end at the bounds of words. A prefix and
    a start match within one line, as they must within one block of a page.
    """
    parts = directive.split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else None
    start, end = unquote(parts[0]), unquote(parts[1]) if len(parts) > 1 else None
    before = rf"(?<!\w){re.escape(prefix)}[ \t]*" if prefix is not None else ""
    pattern = re.compile(rf"{before}(?<!\w)({re.escape(start)})(?!\w)", re.IGNORECASE)
    for hit in pattern.finditer(text):
        if end is None:
            return hit.span(1)
        last = re.compile(rf"(?<!\w){re.escape(end)}(?!\w)", re.IGNORECASE).search(text, hit.end())
        if last:
            return hit.start(1), last.end()
    return None


def test_offsets_and_digest() -> None:
    """A passage that stands once gives its offsets and the digest of what stands between them."""
    passage = find_passage(TEXT, "carries four instruments")
    assert TEXT[passage.start : passage.end] == "carries four instruments"
    assert passage.digest == "sha256:" + hashlib.sha256(b"carries four instruments").hexdigest()


def test_several_places() -> None:
    """A passage that stands twice is an error which gives both places."""
    with pytest.raises(PassageError) as caught:
        find_passage(TEXT, "The probe left")
    second = TEXT.index("The probe left", 1)
    assert re.findall(r"(\d+) in line (\d+)", str(caught.value)) == [("0", "1"), (str(second), "3")]


@pytest.mark.parametrize("words", ["The probe lost", "the Probe left on time", "left.on", "", " \n"])
def test_no_place(words: str) -> None:
    """Words that are not there, in another case or none at all are an error; a full stop is no pattern."""
    with pytest.raises(PassageError):
        find_passage(TEXT, words)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('"We don\'t wait,"', "“We don’t wait,”"),
        ("“We don’t wait,”", "“We don’t wait,”"),
        ("director - a geologist", "director – a geologist"),
        ("well–fed", "well-fed"),
        ("two of them foreign. \"We don't", "two of them foreign.\n“We don’t"),
        ("on\n3\tMay", "on 3 May"),
    ],
)
def test_spaces_quotes_and_dashes_need_not_agree(words: str, found: str) -> None:
    """White space and the kind of quotes and dashes may differ; the passage is what the text has."""
    passage = find_passage(TEXT, words)
    assert TEXT[passage.start : passage.end] == found
    assert passage.digest == text_digest(found)


def test_offsets_count_code_points() -> None:
    """A character outside the basic plane counts as one, not as two as in a browser nor as four bytes."""
    passage = find_passage(TEXT, "on time")
    assert passage.start == len(TEXT.split("on time")[0])
    assert TEXT.encode("utf-16-le")[: passage.start * 2].decode("utf-16-le", "ignore") != TEXT[: passage.start]


@pytest.mark.parametrize(
    ("words", "directive"),
    [
        ("on 3 May", "on%203%20May"),
        ("time & landed", "time%20%26%20landed"),
        ("well-fed", "well%2Dfed"),
        ("instruments, two", "instruments%2C%20two"),
    ],
)
def test_syntax_is_encoded(words: str, directive: str) -> None:
    """A hyphen, comma or ampersand of the words is not taken for syntax."""
    assert find_passage(TEXT, words).fragment.endswith(directive)


def test_a_long_passage_gives_its_ends() -> None:
    """Of a long passage only the first and the last words are in the directive."""
    passage = find_passage(TEXT, "The probe left on 3 May. It carries four instruments")
    assert resolve(TEXT, passage.fragment) == (passage.start, passage.end)
    assert len(passage.fragment.split(",")) == 2


@pytest.mark.parametrize("text", ["a b c d\na b c d e f g h", "a b c d e f g\na b c d e f g h"])
def test_a_passage_that_begins_like_an_earlier_line(text: str) -> None:
    """Where the first words stand earlier too and nothing stands before, the whole passage is in the directive."""
    start = text.index("\n") + 1
    assert resolve(text, text_fragment(text, start, len(text))) == (start, len(text))


@settings(max_examples=300)
@given(LINES, WORDS, LINES, st.sampled_from([" ", "\n"]))
def test_the_directive_opens_the_passage(before: str, words: list[str], after: str, between: str) -> None:
    """For any passage in one line that stands once in its text, the directive leads exactly to it, or is none."""
    passage = " ".join(words)
    text = before + between + passage + between + after
    start = len(before) + len(between)
    assume(len(re.findall(rf"(?i)(?<!\w)(?={re.escape(passage)}(?!\w))", text)) == 1)
    directive = text_fragment(text, start, start + len(passage))
    assert resolve(text, directive) == (start, start + len(passage)) if directive else len(words) > 9


def test_no_ten_words_in_a_row() -> None:
    """Where only ten words in a row would tell the passage from another, there is no directive."""
    line = "one two three four five six seven eight nine ten eleven twelve"
    text = f"{line} not so\n{line} so"
    start = text.index("\n") + 1
    assert text_fragment(text, start, start + len(line)) == ""


def test_a_passage_over_the_end_of_a_line() -> None:
    """The directive of a passage over several lines has words of its first and of its last line only."""
    passage = find_passage(TEXT, "two of them foreign. “We don’t wait,” said the director")
    assert resolve(TEXT, passage.fragment) == (passage.start, passage.end)
    assert "%0A" not in passage.fragment


@given(
    st.text(max_size=40),
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10),
    st.text(max_size=40),
)
def test_a_passage_is_found_where_it_was_put(before: str, word: str, after: str) -> None:
    """Whatever stands around a word that occurs once, its offsets give it back."""
    text = f"{before} {word} {after}"
    assume(text.count(word) == 1)
    passage = find_passage(text, word)
    assert text[passage.start : passage.end] == word


def parse(block: str) -> dict[str, ox.NamedNode | ox.Literal]:
    """Return the properties of the one claim in *block*, by their IRI."""
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes().items())
    quads = list(ox.parse(head + block, format=ox.RdfFormat.TURTLE))
    assert len({quad.subject for quad in quads}) == 1
    return {"": quads[0].subject} | {quad.predicate.value: quad.object for quad in quads}


@pytest.mark.parametrize("address", ["https://example.org/a?b=1&c=2", None])
def test_a_claim_block_is_turtle(address: str | None) -> None:
    """The block is a claim with the passage's offsets, digest and source, and its address where there is one."""
    passage = Passage(5, 9, text_digest("abcd"), "a%2Db,c")
    found = parse(claim_block("time-2022", address, passage, "launch"))
    integer = ox.NamedNode(XSD + "integer")
    expected: dict[str, ox.NamedNode | ox.Literal] = {
        "": ox.NamedNode(CSD + "claim-time-2022-launch"),
        RDF + "type": ox.NamedNode(CS + "Claim"),
        CS + "passageStart": ox.Literal("5", datatype=integer),
        CS + "passageEnd": ox.Literal("9", datatype=integer),
        CS + "passageDigest": ox.Literal(passage.digest),
        CS + "source": ox.NamedNode(CSD + "source-time-2022"),
    }
    if address:
        expected[CS + "passageAddress"] = ox.Literal(
            f"{address}#:~:text=a%2Db,c", datatype=ox.NamedNode(XSD + "anyURI")
        )
    assert found == expected


def test_a_claim_without_a_name_is_named_by_its_offset() -> None:
    """Without a slug the claim's name ends in the offset."""
    assert parse(claim_block("time-2022", None, Passage(5, 9, "sha256:0", "a")))[""].value == CSD + "claim-time-2022-5"
