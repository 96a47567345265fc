"""Check the graph, and new files, against the shapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from chinaspace.exits import FINE, PROBLEMS, stop
from chinaspace.report import Form


def validate(
    files: Annotated[list[Path] | None, typer.Argument(help="New files, checked together with the repository.")] = None,
    form: Annotated[Form, typer.Option("--format", help="Form of the report.")] = Form.TEXT,
) -> None:
    """Check the graph, and new files together with it, against the shapes."""
    from chinaspace.render import render
    from chinaspace.validate import validate_files

    problems = validate_files(files or [])
    sys.stdout.write(render(problems, form))
    stop(PROBLEMS if any(problem.blocks for problem in problems) else FINE)
