"""Every passage is checked against the text of its source, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.cite import find_passage, text_digest
from chinaspace.errors import TextError
from chinaspace.evidence import Evidence, address_of, check_evidence, cited_text, source_slug
from chinaspace.load import Loaded
from chinaspace.names import CSD
from support import load_turtle

STORY = "Lamp 1 flew \u2013 at last.\r\nIt carried \U0001f680 and nothing else.\n"
WORDS = "carried \U0001f680 and nothing"
LEAST_PASSAGES = 250


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the one invented text."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "story.txt").write_bytes(STORY.encode())
    return tmp_path / "texts"


def check(folder: Path, *, shift: int = 0, digest: str = "", text: str = STORY) -> Evidence:
    """Check one claim on WORDS, its offsets shifted, its digest replaced, its source citing *text*."""
    passage = find_passage(STORY, WORDS)
    body = (
        f'csd:source-story a cs:Source ; cs:textDigest "{text_digest(text)}" .\n'
        f"csd:claim-a a cs:Claim ; cs:source csd:source-story ; cs:passageStart {passage.start + shift} ; "
        f'cs:passageEnd {passage.end + shift} ; cs:passageDigest "{digest or passage.digest}" .\n'
    )
    return check_evidence(load_turtle(folder.parent, body).store, folder)


def counts(result: Evidence) -> tuple[int, int, int]:
    return result.checked, len(result.problems), len(result.unread)


def test_a_right_passage(folder: Path) -> None:
    """Offsets in code points and the digest of the passage agree, also behind CRLF and an astral character."""
    assert counts(check(folder)) == (1, 0, 0)


@pytest.mark.parametrize("shift", [1, -1, 1000, -1000])
def test_a_wrong_offset(folder: Path, shift: int) -> None:
    """Offsets that point to other words, or out of the text, are a problem."""
    result = check(folder, shift=shift)
    assert counts(result) == (1, 1, 0)
    assert "csd:claim-a" in result.problems[0]


def test_a_wrong_digest(folder: Path) -> None:
    """A digest of other words is a problem."""
    assert counts(check(folder, digest=text_digest("other"))) == (1, 1, 0)


@pytest.mark.parametrize("text", [STORY.replace("flew", "FLEW"), STORY.replace("\r\n", "\n")])
def test_a_changed_text(folder: Path, text: str) -> None:
    """Another text than the one that was cited is not read, even if only its line ends differ."""
    assert counts(check(folder, text=text)) == (0, 0, 1)


def test_a_missing_text(folder: Path) -> None:
    """Where the text is missing nothing is known, and that is told."""
    (folder / "story.txt").unlink()
    assert counts(check(folder)) == (0, 0, 1)


def test_a_text_that_is_no_utf_8(folder: Path) -> None:
    """A text in another encoding is not read."""
    (folder / "story.txt").write_bytes(STORY.encode("utf-16"))
    assert counts(check(folder)) == (0, 0, 1)


def test_the_cited_text(folder: Path, world: Loaded) -> None:
    """The text for citing is given as it is, and a missing one is an error."""
    assert cited_text(world.store, folder, "story") == STORY
    with pytest.raises(TextError):
        cited_text(world.store, folder, "gazette-2020")


def test_names_and_addresses_of_sources(world: Loaded) -> None:
    """A source is known by its slug, and has the address at which it was published."""
    assert source_slug(CSD + "source-gazette-2020") == "gazette-2020"
    assert address_of(world.store, "gazette-2020") == "https://example.org/gazette-2020"
    assert address_of(world.store, "nowhere") is None


@pytest.mark.texts
def test_every_claim_of_the_graph(graph: Loaded, texts: Path) -> None:
    """Each passage that the graph cites stands in its text, and each text is there."""
    result = check_evidence(graph.store, texts)
    assert result.problems == ()
    assert result.unread == ()
    assert result.checked >= LEAST_PASSAGES


@pytest.mark.parametrize("name", ["no such", "../../etc/passwd", "", "a/b", "Time-2022", "a\n"])
def test_what_is_no_source_names_no_file(name: str) -> None:
    """Only a slug becomes the name of a file that is read."""
    with pytest.raises(TextError):
        source_slug(CSD + "source-" + name)
