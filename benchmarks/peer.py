"""Start this endpoint and its peer, rdflib-endpoint, over the same triples; used by the benchmarks."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox

from chinaspace.load import load
from processes import free_port

# The peer reads the same quads at its start, as its own command line does.
_PEER = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), port=int(sys.argv[2]), log_level="critical")
"""


def our_command() -> list[str]:
    """Return the command that starts this endpoint, but for the port."""
    return [sys.executable, "-c", "from chinaspace.cli import main; main()", "serve", "--port"]


def peer_command(quads: Path) -> list[str]:
    """Return the command that starts rdflib-endpoint over *quads*, but for the port."""
    return [sys.executable, "-c", _PEER, str(quads)]


def write_quads(path: Path) -> Path:
    """Write the built-in graph, with all that is derived, to *path* as N-Quads."""
    store = load().store
    quads = (quad for graph in store.named_graphs() for quad in store.quads_for_pattern(None, None, None, graph))
    ox.serialize(quads, str(path), format=ox.RdfFormat.N_QUADS)
    return path


def start(command: list[str]) -> tuple[subprocess.Popen[bytes], int, float]:
    """Start a server; return its process, its port, and the seconds until its first answer.

    Raises:
        TimeoutError: it gave none within a minute, or a wrong one.
    """
    port = free_port()
    begin = time.perf_counter()
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.perf_counter() - begin < 60:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/sparql?query=ASK%20%7B%7D")
            if connection.getresponse().status == 200:
                return process, port, time.perf_counter() - begin
            break
        except OSError:
            time.sleep(0.005)
    process.kill()
    raise TimeoutError(f"no answer, or a wrong one, from {command[:3]}")
