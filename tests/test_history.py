"""What changed since a commit is checked: in files that git knows, and in those that it does not know yet."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from chinaspace.errors import HistoryError
from chinaspace.history import changed_since
from chinaspace.names import CSSH
from chinaspace.paths import home
from chinaspace.validate import examine
from conftest import WORLD
from support import Command, one_sentence, write_turtle

BROKEN = "csd:claim-gazette-2020-new a cs:Claim ; cs:source csd:source-gazette-2020 .\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout of the vocabulary, the shapes and the world, all committed; it becomes the home of the graph."""
    folder = tmp_path / "graph with spaces"
    for name in ("ontology", "shapes"):
        shutil.copytree(home() / name, folder / name)
    (folder / "data").mkdir()
    shutil.copy(WORLD, folder / "data" / "world.ttl")
    subprocess.run(["git", "-C", folder, "init", "-q"], check=True)
    commit(folder)
    monkeypatch.setattr("chinaspace.paths.PACKAGE", folder / "chinaspace")
    return folder


def commit(folder: Path) -> None:
    """Commit everything."""
    for arguments in (["add", "."], ["commit", "-q", "-m", "Add the world"]):
        who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", folder, *who, *arguments], check=True)


def test_nothing_changed(checkout: Path) -> None:
    """Without a change no node is checked, though the graph has its problems."""
    report = examine(since="HEAD")
    assert changed_since("HEAD") == {}
    assert (report.problems, report.nodes, report.whole) == ([], 0, False)
    assert examine().problems != []


@pytest.mark.parametrize("name", ["new.ttl", "ümlaut new.ttl"])
def test_a_file_that_git_does_not_know(checkout: Path, name: str) -> None:
    """A new file is a change, with what it brings; the problems are those of a full run that were not there before."""
    before = examine().problems
    path = write_turtle(checkout / "data" / name, BROKEN)
    report = examine(since="HEAD")
    whole = set(examine().problems)
    assert f"data/{name}" in {problem.file for problem in report.problems}
    assert whole - set(before) <= set(report.problems) <= whole
    assert 0 < report.nodes < 20
    assert examine([path]).problems == report.problems


def test_a_changed_file(checkout: Path) -> None:
    """A line that was changed is checked, and what depends on it in other places."""
    world = checkout / "data" / "world.ttl"
    before = set(examine().problems)
    text = world.read_text("utf-8")
    world.write_text(
        text.replace("csd:person-wu a cs:Person", "csd:person-wu a cs:Country").replace("cs:planned", "cs:plannd", 1)
    )
    report = examine(since="HEAD")
    assert set(report.problems) >= set(examine().problems) - before
    assert set(report.problems) <= set(examine().problems)
    assert any(problem.shape == f"{CSSH}Claim-modality" for problem in report.problems)


def test_a_file_that_is_gone(checkout: Path) -> None:
    """What depended on a removed file is checked."""
    gone = checkout / "ontology" / "schemes.ttl"
    before = set(examine().problems)
    gone.unlink()
    report, whole = examine(since="HEAD"), set(examine().problems)
    assert whole - before <= set(report.problems) <= whole
    assert report.problems != []


def test_the_last_mention_is_gone(checkout: Path) -> None:
    """A thing of which a change takes the last mention away is reported, though nothing else is said of it."""
    write_turtle(checkout / "data" / "lone.ttl", 'csd:mission-lone a cs:Mission ; rdfs:label "Lone"@en .\n')
    other = write_turtle(checkout / "data" / "other.ttl", "csd:mission-other dcterms:relation csd:mission-lone .\n")
    commit(checkout)
    before = set(examine().problems)
    other.unlink()
    report = examine(since="HEAD")
    assert set(examine().problems) - before <= set(report.problems)
    assert f"{CSSH}Hygiene-unmentioned-things" in {one.shape for one in report.problems}


@pytest.mark.parametrize("gone", [False, True])
def test_changed_shapes(checkout: Path, gone: bool) -> None:
    """Where the shapes changed, the whole graph is checked."""
    shapes = checkout / "shapes" / "Country.ttl"
    if gone:
        shapes.unlink()
    else:
        shapes.write_text(shapes.read_text("utf-8").replace("sh:Warning", "sh:Violation"), "utf-8")
    report = examine(since="HEAD")
    assert report.whole
    assert report.problems == examine().problems


@pytest.mark.parametrize("ref", ["no-such-branch", "--output=x", "HEAD:data", ""])
def test_no_such_commit(checkout: Path, chinaspace: Command, ref: str) -> None:
    """A name that is no commit cannot be checked against, and is never taken for an option of git."""
    with pytest.raises(HistoryError):
        changed_since(ref)
    run = chinaspace("validate", f"--since={ref}")
    assert run.code == 2
    assert one_sentence(run)
    assert not (checkout / "x").exists()


def test_no_checkout(checkout: Path) -> None:
    """A graph that is in no repository has no older state."""
    shutil.rmtree(checkout / ".git")
    with pytest.raises(HistoryError):
        changed_since("HEAD")
