"""Virtuoso 7, as Debian has it: its settings, for benchmarks and tests, and what serves the triples of a benchmark."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import free_port
from servers import Data, Running, wait_for

_GRAPH = "urn:default"
_FACTS = "https://w3id.org/chinaspace/graph/facts"
_ADDRESS = f"/sparql?default-graph-uri={_GRAPH}&named-graph-uri={_FACTS.replace(':', '%3A')}&query="
# What Debian's package comes with, but for places, ports and sizes.
_SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = {size.buffers}
MaxDirtyBuffers = {size.dirty_buffers}
ServerThreads = {size.threads}
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = {size.connections}
MaxKeepAlives = {size.connections}
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = {size.rows}
"""


@dataclass(frozen=True)
class Size:
    """How much a Virtuoso may hold and do at once; *rows* is the most that an answer has, as Debian sets it."""

    buffers: int = 10_000
    dirty_buffers: int = 6_000
    threads: int = 10
    connections: int = 10
    rows: int = 10_000


# What its documentation has for two gigabytes of memory, and threads and rows enough for every load.
_LARGE = Size(buffers=170_000, dirty_buffers=130_000, threads=100, connections=80, rows=1_000_000)


@dataclass(frozen=True)
class Virtuoso:
    """A Virtuoso that keeps its files in *folder*: the ports at which it takes HTTP and, for loading, SQL."""

    folder: Path
    http: int
    sql: int

    def command(self, size: Size) -> list[str]:
        """Return the command that starts it, for which its settings are written."""
        settings = self.folder / "virtuoso.ini"
        settings.write_text(_SETTINGS.format(folder=self.folder, http=self.http, sql=self.sql, size=size), "utf-8")
        return ["virtuoso-t", "+foreground", "+configfile", str(settings)]

    def load(self, files: Mapping[str, str], seconds: float | None = None) -> None:
        """Load files of its folder, each into a graph, as its documentation has it: list, load and keep them.

        Raises:
            subprocess.SubprocessError: it took more than so many *seconds*, or failed.
        """
        listed = "".join(f"ld_dir('{self.folder}', '{name}', '{graph}'); " for name, graph in files.items())
        command = ["isql-vt", f"127.0.0.1:{self.sql}", "dba", "dba", f"exec={listed}rdf_loader_run(); checkpoint;"]
        subprocess.run(command, check=True, capture_output=True, timeout=seconds)


def installed() -> bool:
    """Tell whether Virtuoso is there."""
    return all(map(shutil.which, ("virtuoso-t", "isql-vt")))


@contextmanager
def virtuoso(data: Data) -> Iterator[Running]:
    """Serve with Virtuoso: one graph with all triples, and the graph of facts beside it."""
    with tempfile.TemporaryDirectory(prefix="virtuoso") as name:
        server = Virtuoso(Path(name), free_port(), free_port())
        shutil.copy(data.default, server.folder / "default.nt")
        shutil.copy(data.facts, server.folder / "facts.nt")
        begin = time.perf_counter()
        process = subprocess.Popen(
            server.command(_LARGE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            wait_for(server.http, "/sparql?query=", process)
            start_seconds = time.perf_counter() - begin
            begin = time.perf_counter()
            server.load({"default.nt": _GRAPH, "facts.nt": _FACTS})
            load_seconds = time.perf_counter() - begin
            yield Running("Virtuoso 7", process.pid, server.http, _ADDRESS, load_seconds, start_seconds)
        finally:
            process.kill()
            process.wait()
