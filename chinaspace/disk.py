"""Keep the loaded graph in a folder, as an Oxigraph database that is built anew when the files have changed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path

import pyoxigraph as ox

from chinaspace import __version__
from chinaspace.errors import ChinaSpaceError, StoreError
from chinaspace.load import load
from chinaspace.paths import PACKAGE, graph_files

# This file says that a folder is ours, and whoever builds holds a lock on it.
_MARK = "chinaspace.lock"
# A graph is a folder named by the digest of what it was built from, with the database, what is in it, and a lock
# that each server holds which answers from it. While it is built its name begins with a dot.
_PREFIX, _BUILDING = "graph-", ".building-"
# What others put beside them under a name that is only alike is theirs.
_NAMES = {_PREFIX: re.compile(r"graph-[0-9a-f]{32}"), _BUILDING: re.compile(r"\.building-[a-z0-9_]{8}")}
_DATA, _NOTE, _USED = "data", "graph.json", "used"
_WATCH = 0.2


@dataclass(frozen=True)
class Note:
    """What is written beside a database about its content."""

    digest: str
    triples: int
    things: int
    claims: int
    facts: int
    conflicts: int
    bad_dates: int


class Kept:
    """A graph on disk; nobody removes it as long as this object is there."""

    def __init__(self, folder: Path, note: Note, built: bool, lock: int) -> None:
        """Hold *folder*, on whose lock *lock* is open; *built* tells whether it was built just now."""
        self.path, self.note, self.built = folder / _DATA, note, built
        self.digest, self.triples, self.claims = note.digest, note.triples, note.claims
        weakref.finalize(self, os.close, lock)

    @cached_property
    def store(self) -> ox.Store:
        """Return the store, which is opened with the first use: a process that still forks should not have it open."""
        return ox.Store.read_only(str(self.path))


def keep(folder: Path, files: Sequence[Path] | None = None) -> Kept:
    """Return the graph of *files*, or the built-in one, from *folder*; it is built there first if it is not yet.

    A graph is built beside the others and renamed when it is whole and on disk, so
    that a server which is killed at any moment leaves nothing wrong behind. Several
    servers may use one folder: one of them builds, and none removes what another uses.

    Raises:
        DatasetError: there is nothing in the files.
        ReadError: a file is missing or malformed.
        StoreError: the folder is not ours, or cannot be used.
    """
    chosen = list(graph_files() if files is None else files)
    try:
        _claim(folder)
        inputs = _digest_inputs(chosen)
        target = folder / f"{_PREFIX}{inputs[:32]}"
        with _locked(folder / _MARK):
            _clear(folder, _BUILDING)
            built = not (target / _NOTE).is_file()
            if built:
                _build(folder, target, files)
                if _digest_inputs(chosen) != inputs:
                    raise StoreError("The files changed while they were loaded. Start again when they rest.")
            kept = _hold(target, built)
            _clear(folder, _PREFIX)
            return kept
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}. Name a folder that can be written to.") from error


def _claim(folder: Path) -> None:
    """Mark *folder* as ours if it is new or empty.

    Raises:
        StoreError: something else is in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / _MARK
    if not mark.is_file() and any(name.name != _MARK for name in folder.iterdir()):
        raise StoreError(
            f"{folder} holds other things, and is left as it is. Name a new or an empty folder with --store."
        )
    mark.touch()


def _digest_inputs(files: Sequence[Path]) -> str:
    """Return a digest of all that decides on what is loaded: the files and their names, and this program."""
    digest = hashlib.sha256(f"{__version__} {ox.__version__}".encode())
    for path in [*sorted(PACKAGE.glob("*.py")), *files]:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"\n{path.resolve() if path in files else path.name} {content}".encode())
    return digest.hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock on *path*, after whoever holds it now."""
    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _hold(target: Path, built: bool) -> Kept:
    note = Note(**json.loads((target / _NOTE).read_text("utf-8")))
    lock = os.open(target / _USED, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return Kept(target, note, built, lock)


def _clear(folder: Path, prefix: str) -> None:
    """Remove the folders of this name that nobody uses."""
    for path in folder.glob(f"{prefix}*"):
        if path.is_symlink() or not path.is_dir() or not _NAMES[prefix].fullmatch(path.name):
            continue
        try:
            lock = os.open(path / _USED, os.O_RDONLY)
        except FileNotFoundError:
            shutil.rmtree(path)
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (path / _NOTE).unlink(missing_ok=True)  # what is half removed is no graph
            shutil.rmtree(path)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)


def _build(folder: Path, target: Path, files: Sequence[Path] | None) -> None:
    """Build a graph beside *target*, and give it this name when it is whole.

    A process of its own loads it: its memory goes back, and the engine's threads
    do not stay in the server, which is still to fork.

    Raises:
        ChinaSpaceError: as for :func:`load`.
    """
    building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder))
    (building / _USED).touch()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_fill, args=(building, files, theirs))
    process.start()
    theirs.close()
    try:
        fault: BaseException | None = ours.recv()
    except EOFError:
        fault = StoreError(f"{folder}: the graph could not be built. The memory may be full; try again with more.")
    finally:
        process.kill()
        process.join()
    if fault is not None:
        shutil.rmtree(building, ignore_errors=True)
        raise fault
    if target.exists():
        shutil.rmtree(target)  # it has no note, so it is half removed
    building.rename(target)
    _sync(folder)


def _fill(building: Path, files: Sequence[Path] | None, answer: Connection) -> None:
    """Load *files*, write them to *building*, and send what went wrong, or None, to *answer*."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    fault: BaseException | None = None
    try:
        fcntl.flock(os.open(building / _USED, os.O_RDONLY), fcntl.LOCK_SH)
        loaded = load(files)
        dump = building / "dump.nq"
        loaded.store.dump(str(dump), ox.RdfFormat.N_QUADS)
        store = ox.Store(str(building / _DATA))
        store.bulk_load(path=str(dump), format=ox.RdfFormat.N_QUADS)
        store.flush()
        dump.unlink()
        note = Note(
            loaded.digest,
            loaded.triples,
            loaded.things,
            loaded.claims,
            loaded.facts,
            loaded.conflicts,
            len(loaded.bad_dates),
        )
        (building / _NOTE).write_text(json.dumps(asdict(note), indent=2) + "\n", "utf-8")
        for path in [*building.rglob("*"), building]:
            _sync(path)
    except ChinaSpaceError as error:
        fault = error
    except OSError as error:
        fault = StoreError(f"{building.parent}: {error}. Make room, or name another folder.")
    answer.send(fault)


def _end_with(parent: int) -> None:
    """End this process when the server that started it has been killed."""
    while os.getppid() == parent:
        time.sleep(_WATCH)
    signal.raise_signal(signal.SIGKILL)


def _sync(path: Path) -> None:
    """Have what *path* holds written to the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
