"""Answer language models over the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Store = Annotated[
    str,
    typer.Option(
        envvar="CHINASPACE_STORE", help="Where the graph is: memory, a folder, or the address of a SPARQL service."
    ),
]
_Files = Annotated[list[Path] | None, typer.Option(help="Answer from this RDF file instead; repeat for more.")]
_Timeout = Annotated[float, typer.Option(help="Seconds that a query may take.", min=0.1)]
_Memory = Annotated[int, typer.Option(help="MiB that a query may take.", min=16)]


def mcp(store: _Store = "memory", dataset: _Files = None, timeout: _Timeout = 10, memory: _Memory = 512) -> None:
    """Answer language models over the Model Context Protocol, on standard input and output."""
    import asyncio

    from chinaspace.cache import Cache
    from chinaspace.errors import MissingPartError
    from chinaspace.store import open_store
    from chinaspace.web import open_serving
    from chinaspace.work import Limits

    try:
        from chinaspace.converse import create_server, run
    except ModuleNotFoundError as error:
        raise MissingPartError("mcp", error.name or "mcp") from error
    from chinaspace.tell import Teller

    # Processes are forked before anything starts a thread.
    serving = open_serving(open_store(store, dataset or None), Cache(2**24), Limits(timeout, memory))
    try:
        asyncio.run(run(create_server(Teller(serving))))
    finally:
        serving.close()
