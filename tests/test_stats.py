"""Coverage is measured sentence by sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.load import Loaded
from chinaspace.stats import SourceStats, sentences, source_stats
from support import Command, load_turtle

TEXT = "One flew. Two did not!\n\n“Why?” asked U.S. officials at 3 p.m. Monday. Nobody knew."
CUTS = ["One flew.", "Two did not!", "“Why?” asked U.S. officials at 3 p.m. Monday.", "Nobody knew."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXT, CUTS),
        ("He said “No.” She left.", ["He said “No.”", "She left."]),
        ("  A heading \n\n• A point\n", ["A heading", "• A point"]),
        ("It cost $1.5 million. Then 46 agreed.", ["It cost $1.5 million.", "Then 46 agreed."]),
        (
            "it fell.then a 1.2-tonne craft rose. see (ref. 3).",
            ["it fell.", "then a 1.2-tonne craft rose.", "see (ref. 3)."],
        ),
        ("ma, l. et al. write.go to https://doi.org/10.1/x", ["ma, l. et al. write.", "go to https://doi.org/10.1/x"]),
        ("...\n \n", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Sentences and lines are told apart, abbreviations end none, and what has no letter is none."""
    assert [text[start:end] for start, end in sentences(text)] == expected


def small(folder: Path) -> Loaded:
    """Load two claims on the first and on the last sentence of TEXT."""
    last = TEXT.index("Nobody")
    body = "".join(
        f"csd:claim-{start} a cs:Claim ; cs:source csd:source-one ; cs:passageStart {start} ; cs:passageEnd {end} .\n"
        for start, end in ((0, 3), (last + 2, last + 4))
    )
    return load_turtle(folder, body)


def test_gaps(tmp_path: Path) -> None:
    """A sentence that no passage touches is a gap, even where passages touch those around it."""
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    gaps = tuple((TEXT.index(cut), TEXT.index(cut) + len(cut)) for cut in CUTS[1:3])
    assert source_stats(small(tmp_path).store, tmp_path) == [SourceStats("one", 2, len(TEXT), 4, gaps)]


def test_a_missing_text(tmp_path: Path) -> None:
    """Where the text is not at hand, only the claims are counted."""
    (found,) = source_stats(small(tmp_path).store, tmp_path)
    assert found == SourceStats("one", 2, None, None, (), found.fault)
    assert "one.txt" in found.fault


def test_the_command_without_texts(tmp_path: Path, chinaspace: Command) -> None:
    """Without the texts the command says so and could not check."""
    run = chinaspace("stats", "--texts", tmp_path)
    assert run.code == 2
    assert "time-2022" in run.out


@pytest.mark.texts
def test_the_sources_are_read_to_the_end(graph: Loaded, texts: Path) -> None:
    """Claims touch all of each text but the furniture of its page, which is short and rare."""
    for one in source_stats(graph.store, texts):
        assert one.sentences is not None
        assert len(one.gaps) <= one.sentences // 8
        assert all(end - start <= 40 for start, end in one.gaps)
