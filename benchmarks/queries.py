"""Time of each saved query over HTTP, beside rdflib-endpoint over the same triples in one run.

`python benchmarks/queries.py [--runs N]`; needs the project's environment. Each
runs in its own process, is asked once to warm up, then N times, one after the other.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from chinaspace.bind import bind
from chinaspace.queries import saved_queries
from peer import our_command, peer_command, start, write_quads


def main() -> None:
    """Print a line a query: medians in milliseconds, and how many times faster this endpoint is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--peer-seconds", type=float, default=20, help="give up on the peer's query after this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        quads = write_quads(Path(folder) / "graph.nq")
        ours, our_port, _ = start(our_command())
        peer, peer_port, _ = start(peer_command(quads))
        try:
            print(f"{'query':24} {'ours ms':>8} {'peer ms':>9} {'times':>6}")
            for name, query in saved_queries().items():
                own = _median(our_port, f"/queries/{name}", options.runs, 60)
                other = _median(peer_port, f"/sparql?query={quote(bind(query, {}))}", 3, options.peer_seconds)
                if own is None:
                    raise TimeoutError(f"{name} was not answered")
                shown = f"{other:9.1f} {other / own:6.0f}" if other else f"{'too slow':>9}"
                print(f"{name:24} {own:8.2f} {shown}")
        finally:
            for process in (ours, peer):
                process.kill()


def _median(port: int, address: str, runs: int, patience: float) -> float | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    times = []
    try:
        for _ in range(runs + 1):
            begin = time.perf_counter()
            connection.request("GET", address, headers={"Accept": "application/sparql-results+json"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                return None
            times.append((time.perf_counter() - begin) * 1000)
    except TimeoutError:
        return None
    finally:
        connection.close()
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
