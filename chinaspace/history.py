"""Read the files of the graph as they were at a commit of git."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pyoxigraph as ox

from chinaspace.errors import HistoryError
from chinaspace.paths import home
from chinaspace.read import graph_name, read_claims

_FOLDERS = ("ontology", "data", "shapes")
_SECONDS = 60


def changed_since(ref: str) -> dict[Path, bytes | None]:
    """Return the files of the graph and its shapes that differ from a commit, with what they held there.

    A file that was not there holds None. Files that git does not track yet are
    among them.

    Raises:
        HistoryError: the folder is no checkout, or *ref* names no commit.
    """
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", ref=ref).decode().strip()
    named = _git(
        "diff", "--name-only", "--relative", "--no-renames", "--no-ext-diff", "-z", commit, "--", *_FOLDERS, ref=ref
    )
    fresh = _git("ls-files", "--others", "--exclude-standard", "-z", "--", *_FOLDERS, ref=ref)
    there = set(_split(_git("ls-tree", "-r", "--name-only", "-z", commit, "--", *_FOLDERS, ref=ref)))
    names = (name for name in (*_split(named), *_split(fresh)) if name.endswith((".ttl", ".sssom.tsv")))
    return {
        home() / name: _git("cat-file", "blob", f"{commit}:./{name}", ref=ref) if name in there else None
        for name in names
    }


def read_old(path: Path, content: bytes) -> list[ox.Quad]:
    """Return the quads of what the file at *path* once held.

    Raises:
        ReadError: that was malformed.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        copy.write_bytes(content)
        theirs, ours = graph_name(copy), graph_name(path)
        return [
            ox.Quad(quad.subject, quad.predicate, quad.object, ours if quad.graph_name == theirs else quad.graph_name)
            for quad in read_claims(copy)
        ]


def _split(names: bytes) -> list[str]:
    return [name for name in names.decode("utf-8", "surrogateescape").split("\0") if name]


def _git(*arguments: str, ref: str) -> bytes:
    command = ["git", "-C", str(home()), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS).stdout  # noqa: S603
    except FileNotFoundError as error:
        raise HistoryError("git is not installed, so nothing is known of an older state. Install it.") from error
    except subprocess.TimeoutExpired as error:
        raise HistoryError(f"git took longer than {_SECONDS} seconds in {home()}. Try again when it rests.") from error
    except subprocess.CalledProcessError as error:
        fault = f"{home()} has no commit {ref!r} that git can read"
        raise HistoryError(f"{fault}. Name one, such as main, in a checkout of the graph.") from error
