"""Find the folders of the graph, in a checkout or in an installed package."""

from __future__ import annotations

import os
from pathlib import Path

from chinaspace.errors import DatasetError

PACKAGE = Path(__file__).resolve().parent


def home() -> Path:
    """Return the folder that holds ontology/, data/, shapes/ and queries/.

    CHINASPACE_HOME names the folder of another graph, with its own data/ and
    shapes/. Without it a wheel carries them inside the package, and in a
    checkout they lie beside it.

    Raises:
        DatasetError: they are in none of these places.
    """
    if named := os.environ.get("CHINASPACE_HOME"):
        if not (Path(named) / "data").is_dir():
            raise DatasetError(f"CHINASPACE_HOME is {named}, which holds no data/. Name the folder above data/.")
        return Path(named).resolve()
    return built_in()


def built_in() -> Path:
    """Return the folder of the graph that comes with this package.

    Raises:
        DatasetError: it is not there.
    """
    for folder in (PACKAGE, PACKAGE.parent):
        if (folder / "ontology").is_dir():
            return folder
    raise DatasetError(f"No ontology/ folder in {PACKAGE} or beside it. Install the package again.")


def graph_files() -> list[Path]:
    """Return the files of the built-in graph, sorted by path: Turtle, and the mapping sets of data/links/.

    Raises:
        DatasetError: ontology/ or data/ holds no Turtle file.
    """
    files: list[Path] = []
    for folder in ("ontology", "data"):
        found = sorted((home() / folder).rglob("*.ttl"))
        if not found and (folder == "data" or home() == built_in()):  # another graph may have its vocabulary elsewhere
            raise DatasetError(f"No Turtle file in {home() / folder}. The graph would be empty; check it out again.")
        files += found
    files += sorted((home() / "data").rglob("*.sssom.tsv"))
    return files


def ontology_files() -> list[Path]:
    """Return the Turtle files of the vocabulary, sorted by path."""
    return sorted((home() / "ontology").glob("*.ttl"))


def shapes_folder() -> Path:
    """Return the folder of the shapes, shapes/ unless CHINASPACE_SHAPES names another, or a file of them."""
    named = os.environ.get("CHINASPACE_SHAPES")
    return Path(named).resolve() if named else home() / "shapes"


def shape_files() -> list[Path]:
    """Return the Turtle files of the shapes, sorted by path."""
    folder = shapes_folder()
    return [folder] if folder.is_file() else sorted(folder.rglob("*.ttl"))


def prefix_file() -> Path:
    """Return the list of prefixes; a graph without one of its own uses that of this package."""
    own = home() / "ontology" / "prefixes.ttl"
    return own if own.is_file() else built_in() / "ontology" / "prefixes.ttl"


def texts_folder() -> Path:
    """Return where the source texts are looked for when a command is not told.

    The texts are not part of this repository. CHINASPACE_TEXTS names their
    folder; without it they are expected in shared/sources beside the checkout.
    """
    named = os.environ.get("CHINASPACE_TEXTS")
    return Path(named) if named else home().parent / "shared" / "sources"
