"""Remote SPARQL services for tests: each started on this machine, loaded, and ended."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from chinaspace.describe import UNION

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
_SECONDS = 60

# What Debian's package comes with, but for the places and ports; the row cap is the one that it sets.
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


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


def has_virtuoso() -> bool:
    """Tell whether Debian's Virtuoso 7 is there."""
    return all(map(shutil.which, ("virtuoso-t", "isql-vt")))


@contextmanager
def virtuoso(folder: Path, export: Path | None) -> Iterator[str]:
    """Give the address of Virtuoso with an export loaded, as docs/stores.md has it."""
    port, sql_port = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_VIRTUOSO.format(folder=folder, port=port, sql_port=sql_port), "utf-8")
    with running("virtuoso-t", "+foreground", "+configfile", settings) as process:
        wait_for(f"http://127.0.0.1:{port}/sparql", process)
        if export:
            load = f"ld_dir('{export.parent}', '{export.name}', '{UNION.value}'); rdf_loader_run(); checkpoint;"
            command = ["isql-vt", f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={load}"]
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
        yield f"http://127.0.0.1:{port}/sparql"
