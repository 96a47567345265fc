"""Export the graph."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ExportFormat(StrEnum):
    """The forms in which the graph is exported."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"


def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="Form of the export.")] = ExportFormat.NQUADS,
    output: Annotated[Path | None, typer.Option(help="File to write; compressed if it ends in .gz.")] = None,
    dataset: Annotated[list[Path] | None, typer.Option(help="Export this RDF file instead; repeat for more.")] = None,
) -> None:
    """Export the whole graph, with what is derived and a description that has its digest."""
    from chinaspace.errors import StoreError
    from chinaspace.export import EXPORTS, export_file
    from chinaspace.load import load

    loaded = load(dataset or None)
    if output is None:
        EXPORTS[form](loaded, sys.stdout.buffer)
        return
    try:
        export_file(loaded, form, output)
    except OSError as error:
        raise StoreError(f"{output}: {error.strerror}. Name a file that can be written.") from error
    print(f"Wrote {loaded.triples} triples to {output}. Digest {loaded.digest}")
