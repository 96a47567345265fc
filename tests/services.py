"""Remote SPARQL services for tests: each started on this machine, loaded, and ended."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from chinaspace.describe import UNION
from processes import free_port
from virtuoso import Size, Virtuoso

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
_SECONDS = 60


def wait_for(url: str, process: subprocess.Popen[bytes] | None = None, seconds: float = _SECONDS) -> None:
    """Wait until something answers at *url*."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process is None or process.poll() is None, f"{process.args!r} has ended"
        try:
            httpx.get(url, timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing answers at {url}")


@contextmanager
def running(*command: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in the background, and end it."""
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def oxigraph(folder: Path, export: Path | None) -> Iterator[str]:
    """Give the address of "oxigraph serve" with an export loaded."""
    if export:
        subprocess.run([OXIGRAPH, "load", "--location", folder, "--file", export], check=True, capture_output=True)
    port = free_port()
    with running(OXIGRAPH, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}") as process:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def virtuoso(folder: Path, export: Path | None) -> Iterator[str]:
    """Give the address of Virtuoso with an export loaded, as docs/stores.md has it."""
    server = Virtuoso(folder, free_port(), free_port())
    with running(*server.command(Size())) as process:
        wait_for(f"http://127.0.0.1:{server.http}/sparql", process)
        if export:
            server.load({export.name: UNION.value}, _SECONDS)
        yield f"http://127.0.0.1:{server.http}/sparql"
