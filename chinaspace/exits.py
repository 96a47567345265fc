"""End a command: its exit codes, and the options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

FINE, PROBLEMS, UNKNOWN = 0, 1, 2

Texts = Annotated[Path | None, typer.Option("--texts", help="Folder of the source texts, as SLUG.txt.")]


def stop(code: int, message: str = "") -> NoReturn:
    """Exit with *code*; a message goes to where errors go."""
    if message:
        print(f"chinaspace: {message}", file=sys.stderr)
    sys.exit(code)
