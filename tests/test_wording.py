"""Nothing of the sources' wording is in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chinaspace.paths import home

RUN = 10  # words in a row that count as copied
FOLDERS = ("ontology", "data", "shapes", "queries", "docs", "tests")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(found: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield each run of RUN words."""
    for start in range(len(found) - RUN + 1):
        yield tuple(found[start : start + RUN])


@pytest.mark.texts
def test_no_ten_words_of_a_source_in_a_row(texts: Path) -> None:
    """No line of a file shares ten words in a row with a text that claims are made from."""
    copied = {run for path in texts.glob("*.txt") for run in runs(words(path.read_text("utf-8")))}
    assert copied, "there is no text to compare with"
    files = [path for folder in FOLDERS for path in (home() / folder).rglob("*") if path.is_file()]
    lines = ((path, line) for path in files for line in path.read_text("utf-8", "replace").splitlines())
    found = [(path.name, " ".join(run)) for path, line in lines for run in runs(words(line)) if run in copied]
    assert found == []


def test_runs() -> None:
    """A run begins at each word that has enough words behind it."""
    assert list(runs(words("One, two. Three four five six seven eight nine TEN eleven"))) == [
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    ]
