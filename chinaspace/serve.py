"""Run the web server, and say in time if it cannot listen."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import re
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from chinaspace.connect import MOST_CONNECTIONS, FaultsOnly, connection
from chinaspace.errors import AddressError
from chinaspace.pages import read_templates
from chinaspace.record import AccessLog
from chinaspace.reload import Reloader
from chinaspace.serving import Serving
from chinaspace.web import Application

_GRACE = 3
_BACKLOG = 1024
_SERVICE = re.compile(r"https?://[^\s<>\"{}|^`\\]+")


@dataclass(frozen=True)
class Way:
    """How requests come in: below which path, and by which proxies, whose word on the client is taken.

    *proxies* are addresses and networks, separated by commas; without any, forwarded headers are ignored. A
    request has to come within *seconds*.
    """

    root_path: str = ""
    proxies: str = ""
    log: bool = True
    seconds: float = 10


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host* and *port*; port 0 takes a free one.

    It is opened before anything is loaded, so that a port in use is told at once.

    Raises:
        AddressError: the address is in use, not allowed, or not of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        return listener
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressError(
            f"Cannot listen at {host}, port {port}: {reason}. Choose another with --port (or PORT= for make)."
        ) from error


def check_services(iris: Iterable[str]) -> tuple[str, ...]:
    """Return the IRIs of services that queries may call, each as it is to be written in a query.

    Raises:
        AddressError: one is no address on the web.
    """
    for iri in iris:
        if not _SERVICE.fullmatch(iri):
            raise AddressError(f"'{iri}' is no address of a SPARQL service. Give one such as https://host/sparql.")
    return tuple(iris)


def serve(
    app: Application, listener: socket.socket, build: Callable[[], Callable[[], Serving]], way: Way | None = None
) -> None:
    """Serve *app* at *listener* until the process is told to stop; queries under way get three seconds then.

    On SIGHUP *build* makes what is served from then on, as :class:`chinaspace.reload.Reloader` has it.
    """
    way = way or Way()
    app.log = AccessLog() if way.log else None
    _allow_files()
    logging.getLogger("uvicorn.error").addFilter(FaultsOnly())
    config = uvicorn.Config(
        app,
        # Behind a proxy the client is known only to the layers above.
        http=connection(None if way.proxies else app, way.seconds),
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE + 1,
        root_path=way.root_path.rstrip("/"),
        proxy_headers=bool(way.proxies),
        forwarded_allow_ips=way.proxies,
        backlog=_BACKLOG,
    )
    # What is there by now stays: looking through it for garbage, again and again, would double the time of some pages.
    gc.freeze()
    # Templates are read while the server answers already, so that neither its start nor a first visitor waits for it.
    threading.Thread(target=read_templates, daemon=True).start()
    _Server(config, app, Reloader(app, build)).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: Application, reloader: Reloader) -> None:
        super().__init__(config)
        self._app, self._reloader = app, reloader

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Reload on SIGHUP, which would otherwise end the process, as long as the server runs."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self._reloader.ask)
        try:
            with super().capture_signals():
                yield
        finally:
            loop.remove_signal_handler(signal.SIGHUP)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Queries end here rather than be cancelled by uvicorn, so that each client is told.
        self._app.stopping = True
        asyncio.get_running_loop().call_later(_GRACE, self._app.close)
        await super().shutdown(sockets)


def _allow_files() -> None:
    """Let this process hold a file for each connection, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 512
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
