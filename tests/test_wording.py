"""Nothing of the sources' wording is in the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chinaspace.paths import home
from chinaspace.proof import runs, words

FOLDERS = ("ontology", "data", "shapes", "queries", "docs", "tests")


@pytest.mark.texts
def test_no_ten_words_of_a_source_in_a_row(texts: Path) -> None:
    """No line of a file shares ten words in a row with a text that claims are made from."""
    copied = {run for path in texts.glob("*.txt") for run in runs(words(path.read_text("utf-8")))}
    assert copied, "there is no text to compare with"
    files = [path for folder in FOLDERS for path in (home() / folder).rglob("*") if path.is_file()]
    # The cells of a table are texts of their own.
    lines = ((path, cell) for path in files for cell in re.split(r"[\n\t|]", path.read_text("utf-8", "replace")))
    found = [(path.name, " ".join(run)) for path, line in lines for run in runs(words(line)) if run in copied]
    assert found == []
