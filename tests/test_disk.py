"""The graph in a folder: built whole or not at all, by one at a time, and nothing that is not ours is touched."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.disk import Kept, keep
from chinaspace.errors import DatasetError, ReadError, StoreError
from chinaspace.load import load
from chinaspace.store import solve
from support import Command, claim, one_sentence, write_turtle

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
BUILD = "import sys, pathlib as p, chinaspace.disk as d; d.keep(p.Path(sys.argv[1]), [p.Path(sys.argv[2])])"
SEED = 4
KILLS = 8


def count(kept: Kept) -> int:
    ((number,),) = solve(kept, COUNT)
    assert isinstance(number, ox.Literal)
    return int(number.value)


def graphs(folder: Path) -> list[str]:
    """Return the names of what lies in the folder, but for the mark."""
    return sorted(path.name for path in folder.iterdir() if path.name != "chinaspace.lock")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a small file."""
    return write_turtle(tmp_path / "small.ttl", "csd:one rdfs:label 'One'@en .\ncsd:two rdfs:label 'Two'@en .\n")


def test_it_is_built_once(tmp_path: Path, file: Path) -> None:
    """The first start builds, the second finds, and both hold what memory would."""
    first = keep(tmp_path / "store", [file])
    second = keep(tmp_path / "store", [file])
    assert (first.built, second.built) == (True, False)
    assert first.digest == second.digest == load([file]).digest
    assert count(first) == count(second) == first.triples == 2


def test_it_is_built_anew_when_a_file_changes(tmp_path: Path, file: Path) -> None:
    """A changed file is another graph, and the old one goes once nobody uses it."""
    first = keep(tmp_path / "store", [file])
    write_turtle(file, claim("one", "csd:mission-one cs:launchDate '2020'^^edtf:EDTF"))
    second = keep(tmp_path / "store", [file])
    assert second.built
    assert second.claims == 1
    assert count(first) == 2
    assert len(graphs(tmp_path / "store")) == 2
    del first
    keep(tmp_path / "store", [file])
    assert len(graphs(tmp_path / "store")) == 1
    assert count(second) == second.triples


@pytest.mark.parametrize("content", ["notes.txt", "CURRENT", ".hidden"])
def test_a_folder_of_others_is_left_alone(tmp_path: Path, file: Path, content: str, chinaspace: Command) -> None:
    """A folder that holds anything else is refused, and stays as it is."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / content).write_text("mine", "utf-8")
    with pytest.raises(StoreError):
        keep(folder, [file])
    assert graphs(folder) == [content]
    run = chinaspace("query", "timeline", "--store", folder)
    assert run.code == 2
    assert one_sentence(run)


def test_what_is_no_folder_is_refused(tmp_path: Path, file: Path) -> None:
    """A file in the place of the folder is refused, and stays."""
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(StoreError):
        keep(tmp_path / "file", [file])
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_a_fault_in_a_file_leaves_nothing(tmp_path: Path, file: Path) -> None:
    """A file that cannot be loaded is told of as ever, and what was begun is gone."""
    file.write_text("<a> <b> .", "utf-8")
    with pytest.raises(ReadError) as caught:
        keep(tmp_path / "store", [file])
    assert caught.value.line == 1
    file.write_text("", "utf-8")
    with pytest.raises(DatasetError):
        keep(tmp_path / "store", [file])
    assert graphs(tmp_path / "store") == []


def test_leftovers_are_removed(tmp_path: Path, file: Path) -> None:
    """What a killed build left is removed; a link that looks like it is not followed."""
    folder, outside = tmp_path / "store", tmp_path / "outside"
    keep(folder, [file])
    (folder / ".building-old12345").mkdir()
    (folder / ".building-old12345" / "data").write_text("half", "utf-8")
    outside.mkdir()
    (outside / "kept").touch()
    (folder / ".building-link1234").symlink_to(outside)
    half = folder / f"graph-{0:032x}"
    half.mkdir()
    (half / "used").touch()
    assert not keep(folder, [file]).built
    assert [name for name in graphs(folder) if not name.startswith("graph-")] == [".building-link1234"]
    assert not half.exists()
    assert (outside / "kept").exists()


@pytest.mark.parametrize("name", ["graph-photos", ".building-site", "graph-" + "0" * 31, ".building-permission"])
def test_what_others_put_there_stays(tmp_path: Path, file: Path, name: str) -> None:
    """A folder of others that has come into ours since is not taken for a leftover."""
    folder = tmp_path / "store"
    keep(folder, [file])
    (folder / name).mkdir()
    (folder / name / "letter").write_text("mine", "utf-8")
    keep(folder, [write_turtle(file, "csd:three rdfs:label 'Three'@en .\n")])
    assert (folder / name / "letter").read_text("utf-8") == "mine"


def test_a_half_removed_graph_is_built_anew(tmp_path: Path, file: Path) -> None:
    """A graph whose note is gone is none, whatever lies in its folder."""
    folder = tmp_path / "store"
    keep(folder, [file])
    (graph,) = graphs(folder)
    (folder / graph / "graph.json").unlink()
    kept = keep(folder, [file])
    assert kept.built
    assert count(kept) == 2


def test_two_at_once(tmp_path: Path, file: Path) -> None:
    """Of two that start at once one builds, and both answer."""
    kept: list[Kept] = []
    threads = [threading.Thread(target=lambda: kept.append(keep(tmp_path / "store", [file]))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.built for one in kept) == [False, True]
    assert [count(one) for one in kept] == [2, 2]


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Whenever a build is killed, the next start answers right, and nothing is left of the killed ones."""
    folder, choice = tmp_path / "store", random.Random(SEED)
    lines = "".join(f"csd:thing-{number} rdfs:label 'Thing {number}'@en .\n" for number in range(2000))
    file = write_turtle(tmp_path / "many.ttl", lines)
    begin = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILD, tmp_path / "whole", file], check=True)
    takes = time.monotonic() - begin
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", BUILD, folder, file])
        time.sleep(choice.uniform(0.1, takes))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    kept = keep(folder, [file])
    assert count(kept) == kept.triples == 2000
    time.sleep(1)  # what the last of them had started ends by itself
    keep(folder, [file])
    assert graphs(folder) == [kept.path.parent.name]
