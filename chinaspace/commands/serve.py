"""Serve the graph over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chinaspace.store import Served


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 takes a free one.", min=0, max=65535)] = 8000,
    dataset: Annotated[list[Path] | None, typer.Option(help="Serve this RDF file instead; repeat for more.")] = None,
    store: Annotated[
        str,
        typer.Option(
            envvar="CHINASPACE_STORE", help="Where the graph is: memory, a folder, or the address of a SPARQL service."
        ),
    ] = "memory",
    workers: Annotated[int | None, typer.Option(help="Processes for short queries.", min=2, max=256)] = None,
    timeout: Annotated[float, typer.Option(help="Seconds that a query may take.", min=0.1)] = 10,
    memory: Annotated[int, typer.Option(help="MiB that a query may take.", min=16)] = 512,
) -> None:
    """Serve the graph: SPARQL at /sparql, saved queries at /queries."""
    from chinaspace.serve import listen
    from chinaspace.serve import serve as run
    from chinaspace.store import open_store
    from chinaspace.work import Limits

    with listen(host, port) as listener:
        loaded = open_store(store, dataset or None)
        print(_summary(loaded))
        shown = f"[{host}]" if ":" in host else host
        print(
            f"Listening at http://{shown}:{listener.getsockname()[1]}/ (SPARQL: /sparql). Stop with Ctrl-C.",
            flush=True,
        )
        run(loaded, listener, Limits(timeout, memory), workers)


def _summary(served: Served) -> str:
    from chinaspace.disk import Kept
    from chinaspace.store import Elsewhere

    if isinstance(served, Elsewhere):
        told = f"Digest {served.digest}" if served.digest else "It tells no digest, so answers are not cached"
        return f"{served.asker.address} holds {served.triples} triples and {served.claims} claims.\n{told}"
    if isinstance(served, Kept):
        done, wrong = "Built on disk" if served.built else "Found on disk", served.note.bad_dates
    else:
        done, wrong = f"Loaded in {served.seconds:.2f} seconds", len(served.bad_dates)
    found = served.note if isinstance(served, Kept) else served
    return (
        f"{done}: {found.triples} triples, {found.things} things, "
        f"{found.claims} claims, {found.facts} facts, {found.conflicts} conflicts.\n"
        f"Digest {found.digest}" + (f"\n{wrong} date values are none; run chinaspace validate" if wrong else "")
    )
