"""Serve the graph over HTTP."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chinaspace.serving import Serving
    from chinaspace.store import Served


_Host = Annotated[str, typer.Option(help="Address to listen at.")]
_Port = Annotated[int, typer.Option(help="Port to listen at; 0 takes a free one.", min=0, max=65535)]
_Files = Annotated[list[Path] | None, typer.Option(help="Serve this RDF file instead; repeat for more.")]
_Store = Annotated[
    str,
    typer.Option(
        envvar="CHINASPACE_STORE", help="Where the graph is: memory, a folder, or the address of a SPARQL service."
    ),
]
_Workers = Annotated[int | None, typer.Option(help="Processes for short queries.", min=2, max=256)]
_Timeout = Annotated[float, typer.Option(help="Seconds that a query may take.", min=0.1)]
_Memory = Annotated[int, typer.Option(help="MiB that a query may take.", min=16)]
_Cache = Annotated[int, typer.Option(help="MiB of answers that are kept; 0 keeps none.", min=0)]
_Services = Annotated[list[str] | None, typer.Option(help="IRI that queries may call with SERVICE; repeat for more.")]
_ServiceTimeout = Annotated[float, typer.Option(help="Seconds that a service so called may take.", min=0.1)]
_ServiceSize = Annotated[float, typer.Option(help="MiB that a service so called may answer with.", min=0.01)]
_RootPath = Annotated[str, typer.Option(help="Path below which a proxy offers this server.")]
_Proxies = Annotated[str, typer.Option(help="Proxies that are believed: addresses or networks, as a,b.")]
_Log = Annotated[bool, typer.Option(help="Write a line of JSON for each request to standard error.")]


def serve(
    host: _Host = "127.0.0.1",
    port: _Port = 8000,
    dataset: _Files = None,
    store: _Store = "memory",
    workers: _Workers = None,
    timeout: _Timeout = 10,
    memory: _Memory = 512,
    cache: _Cache = 64,
    allow_service: _Services = None,
    service_timeout: _ServiceTimeout = 5,
    service_size: _ServiceSize = 8,
    root_path: _RootPath = "",
    proxies: _Proxies = "",
    log: _Log = True,
) -> None:
    """Serve the graph: SPARQL at /sparql, saved queries at /queries; SIGHUP loads it anew."""
    from chinaspace.enlarge import enlarge

    enlarge(sys.argv[1:])
    from chinaspace.cache import Cache
    from chinaspace.serve import Way, listen
    from chinaspace.serve import serve as run
    from chinaspace.web import Application, open_serving
    from chinaspace.work import Limits

    limits = Limits(timeout, memory, _open(allow_service, service_timeout, service_size))
    kept = Cache(cache * 2**20)

    def build() -> Callable[[], Serving]:
        loaded, modified = _load(store, dataset)
        return lambda: open_serving(loaded, kept, limits, workers, modified)

    with listen(host, port) as listener:
        app = Application(build()(), kept)
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}{root_path}/"
        print(f"Listening at {address} (SPARQL: {address}sparql). Stop with Ctrl-C.", flush=True)
        run(app, listener, build, Way(root_path, proxies, log, timeout))


def _open(services: list[str] | None, seconds: float, mebibytes: float) -> tuple[tuple[str, str], ...]:
    """Return by which addresses workers call the services that queries may call; without any nothing listens."""
    from chinaspace.forward import Bounds, Forwarder
    from chinaspace.serve import check_services

    opened = check_services(services or [])
    return Forwarder(opened, Bounds(seconds, mebibytes)).routes if opened else ()


def _load(store: str, dataset: list[Path] | None) -> tuple[Served, float | None]:
    """Open the store, and return when the files in it were changed last as well."""
    from chinaspace.paths import graph_files
    from chinaspace.store import Elsewhere, open_store

    loaded = open_store(store, dataset or None, digests=True)
    print(_summary(loaded), flush=True)
    if isinstance(loaded, Elsewhere):
        return loaded, None
    return loaded, max((path.stat().st_mtime for path in dataset or graph_files()), default=None)


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
