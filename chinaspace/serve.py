"""Run the web server, and say in time if it cannot listen."""

from __future__ import annotations

import socket

from chinaspace.errors import AddressError
from chinaspace.load import Loaded


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


def serve(loaded: Loaded, listener: socket.socket) -> None:
    """Serve *loaded* at *listener* until the process is told to stop; requests under way get five seconds then."""
    import uvicorn

    from chinaspace.web import create_app

    config = uvicorn.Config(
        create_app(loaded), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5
    )
    uvicorn.Server(config).run(sockets=[listener])
