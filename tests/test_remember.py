"""What is remembered between runs is as good as what is worked out anew, and no fault of it does harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace import dates
from chinaspace.dates import retain_spans, span
from chinaspace.names import EDTF
from chinaspace.remember import MOST, cache_folder, recall, retain

DATES = ["2017-12/..", "2025~", "202X", "2001-21", "../2032"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache folder that is not there yet."""
    monkeypatch.setenv("CHINASPACE_CACHE", str(tmp_path / "a" / "cache"))
    return tmp_path / "a" / "cache"


def fresh() -> None:
    """Forget what this process knows, as a new one would."""
    span.cache_clear()
    dates._memory.cache_clear()


def test_the_next_run_has_the_same_spans(folder: Path) -> None:
    """Dates are worked out once, and read the same afterwards."""
    fresh()
    first = [span(one, EDTF.value) for one in DATES]
    retain_spans()
    (file,) = folder.iterdir()
    assert "2017-12/.." in file.read_text("utf-8")
    fresh()
    assert [span(one, EDTF.value) for one in DATES] == first


@pytest.mark.parametrize("content", ["", "nonsense", "[]", '{"2025~": 1, "202X": ["2020-13-01", null]}', "\\x00"])
def test_a_broken_file_is_none(folder: Path, content: str) -> None:
    """Whatever stands in the file, dates are what they are."""
    fresh()
    expected = [span(one, EDTF.value) for one in DATES]
    retain_spans()
    (file,) = folder.iterdir()
    file.write_text(content, "utf-8")
    fresh()
    assert [span(one, EDTF.value) for one in DATES] == expected


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place to write, nothing is remembered and nothing fails."""
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("CHINASPACE_CACHE", str(tmp_path / "file"))
    retain("anything", {"a": 1})
    assert recall("anything") == {}


def test_not_too_much(folder: Path) -> None:
    """A flood of values is not kept."""
    retain("anything", {str(number): number for number in range(MOST + 1)})
    assert not folder.exists()


def test_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is the user's own cache where no other is named."""
    monkeypatch.delenv("CHINASPACE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert cache_folder() == Path("/elsewhere/chinaspace")
