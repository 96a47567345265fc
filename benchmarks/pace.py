"""Processor time of each saved query over the graph, as a multiple of what a plain look at all claims takes.

`python benchmarks/pace.py` prints it beside what is recorded in pace.tsv, and `--write` records it anew. Both are
measured in one process, so the ratio hardly depends on the machine or on what else it does; a test holds each query
to ten times what is recorded.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from chinaspace.ask import solve
from chinaspace.engine import JSON, select
from chinaspace.load import load
from chinaspace.queries import SavedQuery, saved_queries

RECORD = Path(__file__).parent / "pace.tsv"
# What takes less than this is noise.
LEAST = 0.2
_RUNS = 3
_PLAIN = """PREFIX cs: <https://w3id.org/chinaspace/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?claim ?gist ?speaker
WHERE {
  ?claim a cs:Claim .
  ?claim cs:gist ?gist .
  ?claim cs:statedBy/rdfs:label ?speaker .
}
ORDER BY ?claim ?speaker
"""


def plain_seconds(store: ox.Store) -> float:
    """Return the seconds of a processor that a look at all claims takes: the least of some runs."""
    return min(_seconds(lambda: select(store, _PLAIN)) for _ in range(_RUNS))


def pace(store: ox.Store, query: SavedQuery, given: Mapping[str, str], plain: float, runs: int = _RUNS) -> float:
    """Return how many times *plain* a query takes: the least of some runs."""
    return min(_seconds(lambda: solve(store, query, given)) for _ in range(runs)) / plain


def recorded() -> dict[str, float]:
    """Return what is recorded, by the name of the query."""
    lines = RECORD.read_text("utf-8").splitlines()
    return {name: float(ratio) for name, _, ratio in (line.partition("\t") for line in lines)}


def _seconds(ask: object) -> float:
    assert callable(ask)
    begin = time.process_time()
    ask().serialize(format=JSON)
    return time.process_time() - begin


def main() -> None:
    """Print a line a query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="record what is measured")
    options = parser.parse_args()
    store = load().store
    plain, before = plain_seconds(store), recorded() if RECORD.exists() else {}
    measured = {name: pace(store, query, {}, plain) for name, query in saved_queries().items()}
    for name, ratio in measured.items():
        print(f"{name:28} {ratio:8.2f} {before.get(name, 0):8.2f}")
    if options.write:
        RECORD.write_text("".join(f"{name}\t{ratio:.2f}\n" for name, ratio in measured.items()), "utf-8")


if __name__ == "__main__":
    main()
