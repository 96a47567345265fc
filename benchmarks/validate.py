"""Time of validation: pySHACL on rdflib in full, this project in full, and one changed claim, in one run.

`python benchmarks/validate.py [--most N]`, in the project's environment. The
graphs are the repository, and its things with its claims as often as give
10,000 typed triples, and ten times as many each time, up to N.
pySHACL is given the same triples, derived ones as well, and the same shapes;
where it takes longer than --patience seconds it is stopped, and left out for
larger graphs. Seconds of processors, of all processes of a run, stand beside
those of the clock, because they hardly depend on what else the machine does.
The last lines say how both of ours grow, as the exponent of the typed triples.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.gather import gather, read_all
from chinaspace.names import CSD
from chinaspace.paths import graph_files, home, ontology_files
from chinaspace.read import read_quads
from chinaspace.rules import read_rules

# Typed triples, and seconds by the clock and of processors for the whole graph and for one claim.
_Measured: TypeAlias = tuple[int, tuple[float, float], tuple[float, float]]
_CLOCKS = ((0, "the clock"), (1, "processors"))
# Of as many runs the shortest counts, which the machine disturbed least.
_ROUNDS = 3
_OURS = "import chinaspace.paths as paths, sys; from pathlib import Path; paths.PACKAGE = Path(sys.argv.pop(1))"
_OURS += "; from chinaspace.cli import main; main()"
_PEER = """
import logging, sys, pyshacl, rdflib
logging.disable(logging.CRITICAL)
data, shapes = (rdflib.Graph().parse(path, format="nt") for path in sys.argv[1:])
pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
"""


def main() -> None:
    """Print a line a graph: triples, seconds of each, and how many times faster one changed claim is than pySHACL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000, help="triples of the largest graph")
    parser.add_argument("--patience", type=float, default=600, help="seconds after which pySHACL is stopped")
    options = parser.parse_args()
    heads = ("graph", "typed", "in all", "pySHACL", "times", "in full", "CPU", "a claim", "CPU")
    print(" | ".join(("", *heads, "")).strip())
    print("|---|" + "--:|" * (len(heads) - 1))
    patience, measured = options.patience, list[_Measured]()
    powers = [10**power for power in range(4, 9) if 10**power <= options.most]
    for size in (*powers[:1], 0, *powers[1:]):  # smallest first; 0 stands for the repository
        with tempfile.TemporaryDirectory() as folder:
            patience = _measure(Path(folder), size, patience, measured)
    for index, name in ((1, "whole graph"), (2, "changed claim")):
        grown = " and ".join(f"{_exponent(measured, index, clock):.2f} by {word}" for clock, word in _CLOCKS)
        print(f"Growth of a run on one {name}: {grown}.")


def _exponent(measured: list[_Measured], index: int, clock: int) -> float:
    """Return the exponent by which seconds grow with typed triples, from the least to the largest graph."""
    first, *_, last = measured if len(measured) > 1 else measured * 2
    ratio = last[index][clock] / first[index][clock]  # type: ignore[index]
    return math.log(ratio) / math.log(last[0] / first[0]) if last[0] > first[0] else 0


def _measure(folder: Path, size: int, patience: float, measured: list[_Measured]) -> float:
    """Print the line of one graph; return how long to wait for pySHACL with the next, which is larger."""
    typed = _copy(folder, size)
    claim = _change(folder)
    ours = [sys.executable, "-c", _OURS, str(folder / "chinaspace"), "validate"]
    runs = [min(_run(command, 3600) for _ in range(_ROUNDS)) for command in (ours, [*ours, str(claim)])]
    measured.append((typed, runs[0], runs[1]))
    triples = _write(folder)
    peer = [sys.executable, "-c", _PEER, *(str(folder / name) for name in ("data.nt", "shapes.nt"))]
    wall = _run(peer, patience)[0]
    known = f"{wall:.1f}" if wall < patience else f"over {patience:.0f}" if patience else ""
    times = f"{'' if wall < patience else 'over '}{wall / runs[1][0]:.0f}" if patience else ""
    cells = (f"{size:,}" if size else "repository", f"{typed:,}", f"{triples:,}", known, times)
    print("| " + " | ".join((*cells, *(f"{one:.2f}" for run in runs for one in run))) + " |", flush=True)
    return patience if wall < patience else 0


def _copy(folder: Path, size: int) -> int:
    """Write a graph of about *size* typed triples: the vocabulary, all things, and claims as often as it takes."""
    for name in ("shapes", "ontology"):
        shutil.copytree(home() / name, folder / name)
    data = [quad.triple for path in graph_files() if "ontology" not in path.parts for quad in read_quads(path)]
    claims = sorted((one for one in data if str(one.subject).startswith(f"<{CSD}claim-")), key=str)
    things = [one for one in data if not str(one.subject).startswith(f"<{CSD}claim-")]
    (folder / "data").mkdir()
    written = _save(folder / "data" / "things.ttl", things, 0)
    for number in count():
        fit = claims[: max(0, size - written)] if size else claims
        while size and 0 < len(fit) < len(claims) and fit[-1].subject == claims[len(fit)].subject:
            fit.pop()  # half a claim would be a problem
        written += _save(folder / "data" / f"claims-{number}.ttl", fit, number)
        if not size or len(fit) < len(claims):
            return written
    return written


def _save(path: Path, triples: list[ox.Triple], number: int) -> int:
    """Write triples, the claims of each copy under names of their own."""
    text = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    path.write_text(text.replace(f"<{CSD}claim-", f"<{CSD}claim-copy-{number}-") if number else text, "utf-8")
    return len(triples)


def _change(folder: Path) -> Path:
    """Write one claim more, and return its file."""
    path = folder / "new.ttl"
    path.write_text(
        f"""@prefix cs: <https://w3id.org/chinaspace/ontology/> .
@prefix csd: <{CSD}> .
csd:claim-bench a cs:Claim ; cs:about csd:country-china ; cs:modality cs:asserted ; cs:locator "Row 1" ;
  cs:gist "This claim was made to measure with."@en ; cs:source csd:source-time-2022 ; cs:statedBy csd:country-china .
""",
        "utf-8",
    )
    return path


def _write(folder: Path) -> int:
    """Write the triples, with derived ones, and the shapes as pySHACL gets them; return the number of triples."""
    data = gather(read_all([*ontology_files(), *sorted((folder / "data").glob("*.ttl"))])[0]).store
    triples = {quad.triple for quad in data}
    ox.serialize(triples, folder / "data.nt", format=ox.RdfFormat.N_TRIPLES)
    ox.serialize({quad.triple for quad in read_rules().store}, folder / "shapes.nt", format=ox.RdfFormat.N_TRIPLES)
    return len(triples)


def _run(command: list[str], patience: float) -> tuple[float, float]:
    """Return the seconds of a process by the clock and of processors; after *patience* seconds it is stopped."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    if patience:
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, stdout=subprocess.DEVNULL, timeout=patience, check=False, env=dict(os.environ))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
