"""Lay out Turtle files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chinaspace.exits import FINE, PROBLEMS, stop
from chinaspace.paths import graph_files, shape_files


def format_(
    files: Annotated[list[Path] | None, typer.Argument(help="Files to lay out; none takes all of the project.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing, only say what is not laid out.")] = False,
) -> None:
    """Lay out Turtle files in the one layout of the project."""
    from chinaspace.confine import confined
    from chinaspace.format import format_files

    changed = confined(lambda: format_files(files or [*graph_files(), *shape_files()], check))
    for path in changed:
        print(f"{path}: {'is not laid out; run chinaspace format' if check else 'laid out'}")
    stop(PROBLEMS if check and changed else FINE)
