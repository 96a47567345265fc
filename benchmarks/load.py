"""Time to load, memory and look-ups by size, beside `oxigraph load` of the same files in one run.

`python benchmarks/load.py [--sizes 10000 100000 1000000 5000000] [--plain]`, in the project's
environment, with the package oxigraph. Files come from benchmarks/generate.py; with
--plain nothing in them is a claim, so that nothing is derived. Our time is that
from the start of `chinaspace serve --dataset FILE` to its first answer, digest and
workers included; memory is the proportional set size of all its processes.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from peer import our_command
from processes import family, free_port, weight

_HERE = Path(__file__).parent
_PATIENCE = 1800
_LOOK_UPS = 40
_LOOK_UP = "SELECT ?p ?o { <%s> ?p ?o }"
_SUBJECTS = "SELECT DISTINCT ?claim { ?claim <https://w3id.org/chinaspace/ontology/source> ?source } LIMIT %d"


class Measured(NamedTuple):
    """What one size comes to: seconds, bytes a triple of the file and of what is served, and milliseconds a look-up."""

    ours: float
    oxigraph: float
    of_file: float
    of_served: float
    look_up: float


def main() -> None:
    """Print a line a size, and how all of it grows from the least size to the greatest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 5_000_000])
    parser.add_argument("--plain", action="store_true", help="no claims: nothing is derived")
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    heads = ("triples", "ours s", "oxigraph s", "ratio", "B/triple", "B/served", "look-up ms")
    print(" ".join(f"{head:>10}" for head in heads))
    found: dict[int, Measured] = {}
    for size in sorted(options.sizes):
        with tempfile.TemporaryDirectory() as folder:
            file, triples = _generate(Path(folder) / "graph.nt", size, options.plain)
            one = found[triples] = _measure(file, triples)
        shown = (one.ours, one.oxigraph, one.ours / one.oxigraph, one.of_file, one.of_served, one.look_up)
        print(f"{triples:10}", *(f"{figure:10.2f}" for figure in shown), flush=True)
    if len(found) > 1:
        _print_growth(found)


def _generate(path: Path, size: int, plain: bool) -> tuple[Path, int]:
    """Write a file of about *size* triples; return it and how many they are."""
    command = [sys.executable, str(_HERE / "generate.py"), "--triples", str(size), "--output", str(path)]
    subprocess.run(command, check=True)
    if not plain:
        with path.open("rb") as lines:
            return path, sum(1 for _ in lines)
    other, triples = path.with_name("plain.nt"), 0
    with path.open("rb") as lines, other.open("wb") as file:
        for triples, line in enumerate(lines, 1):  # noqa: B007 - the last number is the count
            file.write(line.replace(b"/ontology/Claim>", b"/ontology/Note>"))
    return other, triples


def _measure(file: Path, triples: int) -> Measured:
    oxigraph = _oxigraph_seconds(file)
    port = free_port()
    begin = time.perf_counter()
    command = [*our_command()[:-1], "--dataset", str(file), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        served = _first_answer(process, port)
        seconds = time.perf_counter() - begin
        held = sum(weight(pid) for pid in family(process.pid))
        return Measured(seconds, oxigraph, held / triples, held / served, _look_up(port))
    finally:
        process.terminate()
        process.wait()


def _oxigraph_seconds(file: Path) -> float:
    program, folder = str(Path(sys.executable).with_name("oxigraph")), str(file.with_name("oxigraph"))
    begin = time.perf_counter()
    subprocess.run([program, "load", "--location", folder, "--file", str(file)], check=True, capture_output=True)
    return time.perf_counter() - begin


def _first_answer(process: subprocess.Popen[bytes], port: int) -> int:
    """Wait until the server is ready; return how many triples it serves."""
    until = time.perf_counter() + _PATIENCE
    while time.perf_counter() < until and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return int(json.loads(_get(port, "/healthz"))["triples"])
        time.sleep(0.01)
    raise TimeoutError("the server gave no answer")


def _get(port: int, address: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", address, headers={"Accept": "application/sparql-results+json"})
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(f"status {response.status}")
        return response.read()


def _look_up(port: int) -> float:
    """Return the median of milliseconds for all that is said of a claim, each asked once."""
    found = json.loads(_get(port, f"/sparql?query={quote(_SUBJECTS % _LOOK_UPS)}"))
    times = []
    for row in found["results"]["bindings"]:
        begin = time.perf_counter()
        _get(port, f"/sparql?query={quote(_LOOK_UP % row['claim']['value'])}")
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def _print_growth(found: dict[int, Measured]) -> None:
    """Print by which power of the size the figures grow; 1 is proportional."""
    (least, small), (most, large) = min(found.items()), max(found.items())
    span = math.log(most / least)
    for name, one, other in (
        ("ours", small.ours, large.ours),
        ("oxigraph", small.oxigraph, large.oxigraph),
        ("memory", small.of_file * least, large.of_file * most),
        ("look-up", small.look_up, large.look_up),
    ):
        print(f"{name:9} grows with the size to the power of {math.log(other / one) / span:.2f}")


if __name__ == "__main__":
    main()
