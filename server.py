"""Serve the graph: `python server.py`, or any ASGI server with `--factory server:create_app`."""

from __future__ import annotations

from chinaspace import web
from chinaspace.cli import main
from chinaspace.load import load


def create_app() -> web.Application:
    """Load the built-in graph and return the application that serves it."""
    return web.create_app(load())


if __name__ == "__main__":
    import sys

    sys.argv.insert(1, "serve")
    main()
