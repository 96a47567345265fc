"""Tell whoever waits at a terminal what takes its time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 1.0


@contextmanager
def waiting(what: str, patience: float = _PATIENCE) -> Iterator[None]:
    """Say on standard error *what* is under way, if it takes longer than *patience* seconds and that is a terminal.

    The line is gone when it is done, and nothing of it gets into a file or a pipe.
    """
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    status = Console(stderr=True).status(what)
    timer = threading.Timer(patience, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
