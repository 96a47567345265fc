"""The digest of what is loaded: the same for the same statements, however they came in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from chinaspace.beside import share
from chinaspace.digest import digest
from chinaspace.load import Loaded, load
from chinaspace.paths import ontology_files
from chinaspace.read import read_quads
from conftest import WORLD

TRIPLE = "<https://example.org/a> <https://example.org/b> "


def world_files() -> list[Path]:
    return [*ontology_files(), WORLD]


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_the_digest_does_not_depend_on_the_order_of_files(world: Loaded) -> None:
    """The same files in another order have the same digest."""
    assert load(reversed(world_files())).digest == world.digest


def test_the_digest_does_not_depend_on_the_layout(tmp_path: Path, world: Loaded) -> None:
    """A file that says the same in another layout has the same digest."""
    (tmp_path / "again").mkdir()
    body = [f"{quad.triple} ." for quad in reversed(list(read_quads(WORLD)))]
    first = load([write(tmp_path / "world.ttl", WORLD.read_text("utf-8"))])
    again = load([write(tmp_path / "again" / "world.ttl", "\n".join(body))])
    assert first.digest == again.digest
    assert first.digest != world.digest


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_digest_does_not_depend_on_the_process(world: Loaded, seed: str) -> None:
    """Another process with another order of its sets gives the same digest."""
    code = (
        "import sys; from pathlib import Path; from chinaspace.load import load;"
        "print(load(map(Path, sys.argv[1:])).digest)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, world_files())],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stdout.strip() == world.digest


def test_the_digest_does_not_depend_on_blank_node_labels(tmp_path: Path) -> None:
    """Blank nodes of other names are the same statement."""
    digests = set()
    for label in ("x", "y"):
        path = write(tmp_path / "blank.ttl", f"_:{label} <https://example.org/b> _:{label} , _:z{label} .")
        digests.add(load([path]).digest)
    assert len(digests) == 1


def test_one_triple_changes_the_digest(tmp_path: Path) -> None:
    """A single other literal is another digest."""
    one = load([write(tmp_path / "small.ttl", TRIPLE + '"c" .')]).digest
    other = load([write(tmp_path / "small.ttl", TRIPLE + '"C" .')]).digest
    assert one.startswith("sha256:")
    assert one != other


def test_the_graph_of_a_triple_changes_the_digest(tmp_path: Path) -> None:
    """The same triple in another graph is another statement, and the name of a graph without one is none."""
    form = "<https://example.org/a> <https://example.org/b> {} {} .\n"
    digests = [
        load([write(tmp_path / f"{number}.nq", form.format('"_:c"', graph))]).digest
        for number, graph in enumerate(("<https://example.org/g>", "<https://example.org/h>", "_:x", "_:y"))
    ]
    assert len(set(digests)) == 3
    assert digests[2] == digests[3]


@pytest.mark.parametrize("threads", [1, 2])
def test_two_processes_find_the_digest_that_one_finds(
    world: Loaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    """Where no other thread runs, two processes share the work, over graphs of any size and with blank nodes."""
    text = "<urn:g> { _:a <urn:p> 1 , '_:b' . } <urn:h> { _:a <urn:p> 2 . } _:g { <urn:s> <urn:p> 3 . }"
    mixed = load([write(tmp_path / "mixed.trig", text)])
    expected = [one.digest for one in (world, mixed)]
    shared = Mock(side_effect=share)
    monkeypatch.setattr("chinaspace.digest._WORTH_SHARING", 0)
    monkeypatch.setattr("chinaspace.digest.share", shared)
    monkeypatch.setattr("threading.active_count", lambda: threads)
    assert [digest(one.store, one.graphs) for one in (world, mixed)] == expected
    assert shared.call_count == (2 if threads == 1 else 0)
