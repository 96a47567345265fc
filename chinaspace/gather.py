"""Gather the files that are to be checked into one store, each read once, and name those that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from chinaspace.derive import derive
from chinaspace.errors import DatasetError, DateError, ReadError
from chinaspace.load import add_quads
from chinaspace.locate import unread_from
from chinaspace.names import CSSH
from chinaspace.point import at
from chinaspace.read import read_claims
from chinaspace.report import Problem


@dataclass(frozen=True)
class Gathered:
    """A store with what files say and what follows from it, and where it comes from.

    As in any loaded graph, what a file says stands in the graph of the file
    and in the default graph; what is derived in csg:facts or csg:inferred.
    """

    store: ox.Store
    files: tuple[Path, ...]
    bad_dates: tuple[tuple[ox.Quad, DateError], ...]


def read_all(files: Iterable[Path], new: Iterable[Path] = ()) -> tuple[dict[Path, list[ox.Quad]], list[Problem]]:
    """Return the quads of each file, and a problem for each that is malformed, or is *new* and holds nothing.

    Raises:
        ReadError: a file is missing.
    """
    read: dict[Path, list[ox.Quad]] = {}
    problems, named = [], set(new)
    for path in files:
        try:
            read[path] = list(read_claims(path))
        except ReadError as error:
            if error.line is None and not path.is_file():
                raise
            problems.append(_malformed(path, error))
        else:
            if path in named and not read[path]:
                message = "The file holds no triple, so nothing was checked. Name the file that you have written."
                problems.append(at(path, Problem(None, 1, 1, "violation", CSSH + "File-content", "", None, message)))
    return read, problems


def gather(read: Mapping[Path, Sequence[ox.Quad]]) -> Gathered:
    """Return a store of the quads of files, which bring the vocabulary, and of what follows from them.

    Raises:
        DatasetError: there is no quad.
    """
    store = ox.Store()
    add_quads(store, (quad for quads in read.values() for quad in quads))
    if not len(store):
        raise DatasetError("The files hold no triple, so there is nothing to check. Name at least one with content.")
    return Gathered(store, tuple(read), tuple(derive(store).bad_dates))


def _malformed(path: Path, error: ReadError) -> Problem:
    message = f"The file is not read: {error.fault}. Mend it; nothing else was checked."
    line, column = (error.line, error.column) if error.line else unread_from(path)
    return at(path, Problem(None, line, column, "violation", CSSH + "File-wellFormed", "", None, message))
