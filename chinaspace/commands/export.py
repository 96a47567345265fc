"""Export the graph."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ExportFormat(StrEnum):
    """The forms in which the whole graph is exported."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"


class Commons(StrEnum):
    """The forms in which the graph, or a part of it, goes to others."""

    JSONLD = "jsonld"
    LINKSET = "linkset"
    NANOPUB = "nanopub"
    QUICKSTATEMENTS = "quickstatements"
    RDF12 = "rdf12"
    SCHEMA_ORG = "schema-org"
    SSSOM = "sssom"


def export(
    commons: Annotated[Commons | None, typer.Argument(help="A form for others; none exports the whole graph.")] = None,
    form: Annotated[ExportFormat, typer.Option("--format", help="Form of the export.")] = ExportFormat.NQUADS,
    output: Annotated[Path | None, typer.Option(help="File to write; compressed if it ends in .gz.")] = None,
    dataset: Annotated[list[Path] | None, typer.Option(help="Export this RDF file instead; repeat for more.")] = None,
) -> None:
    """Export the whole graph, with what is derived and a description that has its digest; or a form for others."""
    from chinaspace.errors import StoreError
    from chinaspace.export import EXPORTS, export_file
    from chinaspace.load import load

    loaded, name = load(dataset or None), str(commons or form)
    if output is None:
        EXPORTS[name](loaded, sys.stdout.buffer)
        return
    try:
        export_file(loaded, name, output)
    except OSError as error:
        raise StoreError(f"{output}: {error.strerror}. Name a file that can be written.") from error
    print(f"Wrote {f'{commons} of ' if commons else ''}{loaded.triples} triples to {output}. Digest {loaded.digest}")
