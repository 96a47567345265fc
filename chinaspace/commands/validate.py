"""Check the graph, and new files, against the shapes."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chinaspace.exits import FINE, PROBLEMS, Texts, stop


class ProblemFormat(StrEnum):
    """The forms in which problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def validate(
    files: Annotated[list[Path] | None, typer.Argument(help="New files, checked together with the repository.")] = None,
    texts: Texts = None,
    form: Annotated[ProblemFormat, typer.Option("--format", help="Form of the report.")] = ProblemFormat.TEXT,
) -> None:
    """Check the graph, and new files together with it, against the shapes."""
    from chinaspace.confine import confined
    from chinaspace.report import to_github, to_json, to_text
    from chinaspace.validate import validate_files

    problems = confined(lambda: validate_files(files or [], texts))
    write = {ProblemFormat.TEXT: to_text, ProblemFormat.JSON: to_json, ProblemFormat.GITHUB: to_github}[form]
    sys.stdout.write(write(problems))
    stop(PROBLEMS if any(problem.blocks for problem in problems) else FINE)
