"""Claims are held to the texts of their sources: passages to their place, gists to words of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.cite import text_digest
from chinaspace.errors import TextError
from chinaspace.load import Loaded
from chinaspace.names import CSD, CSSH
from chinaspace.proof import proof, runs, words
from support import load_turtle, thing

STORY = "\u706f One two three \U0001f680 four five, six seven eight nine ten eleven twelve. The end. \n"
BORROWED = "Claim-borrowedWords"
DIGEST = text_digest(STORY)


def found(folder: Path, start: int, end: int, more: str = "", digest: str = "", text: str = DIGEST) -> list[str]:
    """Return the rules that a claim on a passage of STORY breaks, and the values at fault."""
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "texts" / "story.txt").write_bytes(STORY.encode())
    body = (
        f'csd:source-story a cs:Source ; cs:textDigest "{text}" .\n'
        f"csd:claim-a a cs:Claim ; cs:source csd:source-story ; cs:passageStart {start} ; cs:passageEnd {end} ; "
        f'cs:passageDigest "{digest or text_digest(STORY[start:end])}" {more} .\n'
    )
    faults = list(proof(load_turtle(folder, body).store, folder / "texts"))
    assert all(fault.problem.severity == "violation" for fault in faults)
    return [fault.problem.shape.removeprefix(CSSH) for fault in faults]


@pytest.mark.parametrize(
    ("start", "end", "digest", "expected"),
    [
        (2, 17, "", []),
        (2, 17, text_digest("other"), ["Claim-passageDigestOfText"]),
        (2, 400, "", ["Claim-passageInFile"]),
        (17, 17, "", ["Claim-passageInFile"]),
        (1, 17, "", ["Claim-passageBlank"]),
        (2, 18, "", ["Claim-passageBlank"]),
        (2, len(STORY), "", ["Claim-passageBlank"]),
    ],
)
def test_passages(tmp_path: Path, start: int, end: int, digest: str, expected: list[str]) -> None:
    """A passage is within its text, has its digest, and begins and ends with a word or a sign."""
    assert found(tmp_path, start, end, digest=digest) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('; cs:gist "They count ONE, two three four five six seven eight nine and ten."@en', []),
        ('; cs:gist "They say: two three \U0001f680 four five six - seven eight nine ten ELEVEN."@en', [BORROWED]),
        ('; skos:editorialNote "Three four five six seven eight nine ten eleven twelve!"@en', [BORROWED]),
    ],
)
def test_borrowed_words(tmp_path: Path, more: str, expected: list[str]) -> None:
    """Ten words in a row of the source are not ours, whatever stands between them and in whatever case."""
    assert found(tmp_path, 2, 17, more) == expected


def test_another_text(tmp_path: Path) -> None:
    """Where the text is not the one that was cited nothing of it is checked, and that is a problem."""
    assert found(tmp_path, 1, 900, text=text_digest("other")) == ["Source-textUnread"]


def test_a_missing_text_and_a_missing_folder(tmp_path: Path, world: Loaded) -> None:
    """A missing text is a problem of its source; without the folder nothing can be checked."""
    (fault, *_) = proof(world.store, tmp_path)
    assert fault.problem.node.startswith(f"{CSD}source-")
    with pytest.raises(TextError):
        list(proof(world.store, tmp_path / "nowhere"))


def test_only_what_a_change_touches(tmp_path: Path) -> None:
    """A passage is compared again where the claim or its source changed."""
    found(tmp_path, 1, 17)
    body = "csd:claim-a a cs:Claim ; cs:source csd:source-story ; cs:passageStart 1 ; cs:passageEnd 17 ."
    store = load_turtle(tmp_path, f"csd:source-story a cs:Source . {body}").store
    for touched, count in (("claim-a", 1), ("source-story", 1), ("claim-b", 0)):
        assert len(list(proof(store, tmp_path / "texts", {thing(touched)}))) == count


def test_runs() -> None:
    """A run begins at each word that has enough words behind it."""
    assert list(runs(words("One, two. Three four five six seven eight nine TEN eleven"))) == [
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    ]


@pytest.mark.texts
def test_the_claims_of_the_graph(graph: Loaded, texts: Path) -> None:
    """Every claim of the real graph stands up to the texts."""
    assert list(proof(graph.store, texts)) == []
