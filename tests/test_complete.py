"""What a shell offers while a saved query is typed: names, parameters, and things by slug or label."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chinaspace.complete import complete_parameter, complete_query, known_things, rejoin
from chinaspace.paths import graph_files
from chinaspace.queries import saved_queries

PROGRAM = Path(sys.executable).parent / "chinaspace"


def test_names_of_queries() -> None:
    """A name is completed from its beginning, and told with its summary."""
    assert dict(complete_query("plans-")) == {
        name: query.summary for name, query in saved_queries().items() if name.startswith("plans-")
    }
    assert [name for name, _ in complete_query("")] == list(saved_queries())
    assert complete_query("nothing-") == []


@pytest.mark.parametrize(
    ("query", "typed", "expected"),
    [
        ("slips", "", "thing="),
        ("slips", "th", "thing="),
        ("slips", "thing=mission-change-", "thing=mission-change-5"),
        ("slips", "thing=chang\u2019e-5", "thing=mission-change-5"),
        ("slips", "thing=CHANGE5", "thing=mission-change-5"),
        ("partners", "field=deep", "field=cs:deepSpaceField"),
        ("things", "kind=cs:Mis", "kind=cs:Mission"),
        ("plans-as-of", "day=2017", "day=2017-12-31"),
        ("claim-passages", "source=source-na", "source=source-nature-2017"),
    ],
)
def test_parameters_and_things(query: str, typed: str, expected: str) -> None:
    """A parameter is completed by its name, and then by what it takes."""
    assert expected in dict(complete_parameter(["chinaspace", "query", query], typed))


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("slips", "nothing"),
        ("slips", "nothing=a"),
        ("nothing", "thing="),
        ("cooperations", "actor=mission-change-"),
        ("partners", "field=mission-"),
    ],
)
def test_what_is_not_offered(query: str, typed: str) -> None:
    """Nothing is offered that the query would refuse."""
    assert complete_parameter([query], typed) == []


def test_names_are_remembered_until_a_file_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files are read once, and again when one of them has changed."""
    monkeypatch.setenv("CHINASPACE_CACHE", str(tmp_path))
    assert known_things()
    remembered = (tmp_path / "names.json").read_text("utf-8")
    monkeypatch.setattr("chinaspace.complete._read", lambda files: {"mission-new": ["New", "cs:Mission"]})
    assert "mission-new" not in known_things()
    files = graph_files()
    monkeypatch.setattr("chinaspace.complete.graph_files", lambda: files[1:])
    assert set(known_things()) == {"mission-new"}
    assert (tmp_path / "names.json").read_text("utf-8") != remembered


@pytest.mark.parametrize(
    ("words", "place", "joined", "last"),
    [
        (["query", "--param", "thing", "=", "mis"], 4, ["query", "--param", "thing=mis"], 2),
        (["query", "--param", "thing", "="], 3, ["query", "--param", "thing="], 2),
        (["query", "facts", ""], 2, ["query", "facts", ""], 2),
        (["query", "facts", "--par", "later"], 2, ["query", "facts", "--par"], 2),
    ],
)
def test_words_of_bash(words: list[str], place: int, joined: list[str], last: int) -> None:
    """What bash takes apart at "=" is put together again."""
    environment = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(place)}
    rejoin(environment)
    assert environment == {"COMP_WORDS": "\n".join(joined), "COMP_CWORD": str(last)}


def test_in_bash() -> None:
    """bash is given the word that it replaces, which is what follows "="."""
    words = ["chinaspace", "query", "slips", "--param", "thing", "=", "mission-change-"]
    given = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": "6", "_CHINASPACE_COMPLETE": "complete_bash"}
    run = subprocess.run([PROGRAM], env={**os.environ, **given}, capture_output=True, text=True, timeout=60, check=True)
    assert "mission-change-5" in run.stdout.splitlines()
    assert all(re.fullmatch(r"mission-change-[\w-]+", line) for line in run.stdout.splitlines()[:3])
