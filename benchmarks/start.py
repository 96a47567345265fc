"""Time from process start to the first answer, beside rdflib-endpoint over the same triples in one run.

`python benchmarks/start.py [--runs N]`, in the project's environment.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from peer import our_command, peer_command, start, write_quads


def main() -> None:
    """Print the median of each and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        quads = write_quads(Path(folder) / "graph.nq")
        ours = [_seconds(our_command()) for _ in range(runs)]
        peer = [_seconds(peer_command(quads)) for _ in range(runs)]
    for name, seconds in (("chinaspace", ours), ("rdflib-endpoint", peer)):
        print(f"{name:16} median {statistics.median(seconds):.2f} s, {min(seconds):.2f} to {max(seconds):.2f}")
    print(f"ratio {statistics.median(peer) / statistics.median(ours):.2f} (above 1: chinaspace answers sooner)")


def _seconds(command: list[str]) -> float:
    process, _, seconds = start(command)
    process.kill()
    process.wait()
    return seconds


if __name__ == "__main__":
    main()
