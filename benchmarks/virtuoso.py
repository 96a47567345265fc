"""Start Virtuoso 7, as Debian has it, over the triples of a benchmark."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import Data, Running, wait_for

_GRAPH = "urn:default"
_FACTS = "https://w3id.org/chinaspace/graph/facts"
_ADDRESS = f"/sparql?default-graph-uri={_GRAPH}&named-graph-uri={_FACTS.replace(':', '%3A')}&query="
_CONFIGURATION = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
ServerThreads = 100
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 80
MaxKeepAlives = 80
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 1000000
"""
# What a bulk load needs, as Virtuoso's documentation has it: list the files, load them, keep them.
_LOAD = """
ld_dir('{folder}', 'default.nt', '{default}');
ld_dir('{folder}', 'facts.nt', '{facts}');
rdf_loader_run();
checkpoint;
"""


def installed() -> bool:
    """Tell whether Virtuoso is there."""
    return shutil.which("virtuoso-t") is not None and shutil.which("isql-vt") is not None


@contextmanager
def virtuoso(data: Data) -> Iterator[Running]:
    """Serve with Virtuoso: one graph with all triples, and the graph of facts beside it."""
    with tempfile.TemporaryDirectory(prefix="virtuoso") as name:
        folder, sql, http = Path(name), _free_port(), _free_port()
        shutil.copy(data.default, folder / "default.nt")
        shutil.copy(data.facts, folder / "facts.nt")
        (folder / "virtuoso.ini").write_text(_CONFIGURATION.format(folder=folder, sql=sql, http=http))
        begin = time.perf_counter()
        process = subprocess.Popen(
            ["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_for(http, "/sparql?query=", process)
            start_seconds = time.perf_counter() - begin
            begin = time.perf_counter()
            commands = _LOAD.format(folder=folder, default=_GRAPH, facts=_FACTS)
            subprocess.run(
                ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba"],
                input=commands,
                text=True,
                check=True,
                capture_output=True,
            )
            yield Running("Virtuoso 7", process.pid, http, _ADDRESS, time.perf_counter() - begin, start_seconds)
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
