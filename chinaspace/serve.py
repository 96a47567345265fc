"""Run the web server, and say in time if it cannot listen."""

from __future__ import annotations

import asyncio
import socket

from chinaspace.errors import AddressError
from chinaspace.store import Served
from chinaspace.work import Limits

_GRACE = 3


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
        listener.listen(128)
        return listener
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressError(
            f"Cannot listen at {host}, port {port}: {reason}. Choose another with --port (or PORT= for make)."
        ) from error


def serve(loaded: Served, listener: socket.socket, limits: Limits | None = None, workers: int | None = None) -> None:
    """Serve *loaded* at *listener* until the process is told to stop; queries under way get three seconds then."""
    import uvicorn

    from chinaspace.web import create_app

    app = create_app(loaded, limits, workers)

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Queries end here rather than be cancelled by uvicorn, so that each client is told.
            asyncio.get_running_loop().call_later(_GRACE, app.state.dispatcher.close)
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_GRACE + 1
    )
    Server(config).run(sockets=[listener])
