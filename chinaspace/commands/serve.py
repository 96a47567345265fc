"""Serve the graph over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chinaspace.load import Loaded


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 takes a free one.", min=0, max=65535)] = 8000,
    dataset: Annotated[list[Path] | None, typer.Option(help="Serve this RDF file instead; repeat for more.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes for short queries.", min=2, max=256)] = None,
    timeout: Annotated[float, typer.Option(help="Seconds that a query may take.", min=0.1)] = 10,
    memory: Annotated[int, typer.Option(help="MiB that a query may take.", min=16)] = 512,
) -> None:
    """Serve the graph: SPARQL at /sparql, saved queries at /queries."""
    from chinaspace.load import load
    from chinaspace.serve import listen
    from chinaspace.serve import serve as run
    from chinaspace.work import Limits

    with listen(host, port) as listener:
        loaded = load(dataset or None, lean=True)
        print(_summary(loaded))
        shown = f"[{host}]" if ":" in host else host
        print(
            f"Listening at http://{shown}:{listener.getsockname()[1]}/ (SPARQL: /sparql). Stop with Ctrl-C.",
            flush=True,
        )
        run(loaded, listener, Limits(timeout, memory), workers)


def _summary(loaded: Loaded) -> str:
    return (
        f"Loaded {loaded.triples} triples in {loaded.seconds:.2f} seconds: {loaded.things} things, "
        f"{loaded.claims} claims, {loaded.facts} facts, {loaded.conflicts} conflicts.\n"
        f"Digest {loaded.digest}"
        + (f"\n{len(loaded.bad_dates)} date values are none; run chinaspace validate" if loaded.bad_dates else "")
    )
