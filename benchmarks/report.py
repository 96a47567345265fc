"""Make a page and plots of what benchmarks/endpoints.py has measured.

`python benchmarks/report.py FILE [FILE …] [--folder docs]` writes benchmarks.md and
benchmarks-*.svg; each file is a run, and where their sizes differ, the growth of
latency with size is given as an exponent.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

Line = dict[str, Any]

_HEAD = """# Benchmarks

How this endpoint compares with others over the same triples, measured in one run by
`python benchmarks/endpoints.py` and written down by `python benchmarks/report.py`.
Each figure is the median over the rounds, with the least and the greatest in brackets.
Ratios compare windows of seconds that stand side by side, so that whatever else the machine does falls on all alike.
A server that is not asked is stopped in the meantime (SIGSTOP).
`oxigraph serve` holds its data in memory, filled through its graph store protocol.
Its variant on disk was filled by `oxigraph load`.
rdflib-endpoint answers one query at a time, so its rate is that of one client.
Each query has a text of its own (unique), or is one of few that come again and again (equal).
"""


def main() -> None:
    """Write the page and the plots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--folder", type=Path, default=Path("docs"))
    options = parser.parse_args()
    runs = [[json.loads(line) for line in path.read_text().splitlines()] for path in options.files]
    parts = [_HEAD]
    for number, run in enumerate(runs, start=1):
        parts += [machine(run), starts(run), rates(run)]
        plot(run, options.folder / f"benchmarks-{number}.svg")
        parts.append(f"![Answers a second, by server, work and clients](benchmarks-{number}.svg)\n")
    if len(runs) > 1:
        parts.append(growth(runs))
    (options.folder / "benchmarks.md").write_text("\n".join(parts), "utf-8")


def windows(run: list[Line]) -> dict[tuple[str, int, bool], dict[str, list[Line]]]:
    """Return the windows of a run by work, clients and kind of text, and by server, one for each round."""
    found: dict[tuple[str, int, bool], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in run:
        if line["what"] == "window":
            found[line["work"], line["clients"], line["unique"]][line["server"]].append(line)
    return found


def machine(run: list[Line]) -> str:
    """Return what was measured on what."""
    about = next(line for line in run if line["what"] == "run")
    loads = [line["load"] for line in run if line["what"] == "window"]
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    rounds = 1 + max(line["round"] for line in run if line["what"] == "window")
    return f"""
## {about["triples"]:,} triples, {about["day"]}

{about["processors"]} processors ({about["model"] or "model not told"}), {about["gibibytes"]} GiB, {about["system"]}.
Versions: {versions}.
{rounds} rounds; load average {min(loads):.1f} to {max(loads):.1f}, that of the servers and the client included.
The client, wrk on one thread, takes {about["most"]:,.0f} answers a second from a server that does nothing else.
"""


def starts(run: list[Line]) -> str:
    """Return a table of load, start and memory."""
    rows = ["| server | load, s | start, s | memory, MiB | after the load, MiB |", "|---|--:|--:|--:|--:|"]
    ends = {line["server"]: line["bytes"] for line in run if line["what"] == "end"}
    for line in (line for line in run if line["what"] == "start"):
        end = f"{ends[line['server']] / 2**20:.0f}" if line["server"] in ends else ""
        times = f"{line['load']:.1f} | {line['start']:.2f}"
        rows.append(f"| {line['server']} | {times} | {line['bytes'] / 2**20:.0f} | {end} |")
    return "\n".join(rows) + "\n"


def rates(run: list[Line]) -> str:
    """Return a table of rates, latencies and the ratio to oxigraph serve, and one of first answers."""
    head = ["work", "clients", "text", "server", "answers/s", "of oxigraph serve", "median, ms", "95 %, ms", "99 %, ms"]
    rows = ["| " + " | ".join([*head, "CPU, ms", "faults"]) + " |", "|---|--:|---|---|--:|--:|--:|--:|--:|--:|--:|"]
    for (work, clients, unique), servers in windows(run).items():
        peer = servers.get("oxigraph serve")
        for server, lines in servers.items():
            ratio = ""
            if peer and lines is not peer:
                ratio = _spread([a["rate"] / b["rate"] for a, b in zip(lines, peer, strict=False) if b["rate"]], ".2f")
            kind = "unique" if unique else "equal"
            figures = [_middle(lines, name) for name in ("median", "p95", "p99", "processor")]
            rate, faults = _spread([line["rate"] for line in lines], ",.1f"), sum(line["faults"] for line in lines)
            row = [work, clients, kind, server, rate, ratio, *figures, faults]
            rows.append("| " + " | ".join(map(str, row)) + " |")
    rows += ["", "First answers, each query asked once after the start:", ""]
    rows += ["| work | server | median, ms | longest, ms |", "|---|---|--:|--:|"]
    for line in (line for line in run if line["what"] == "cold"):
        rows.append(f"| {line['work']} | {line['server']} | {line['median']:.1f} | {line['most']:.0f} |")
    return "\n".join(rows) + "\n"


def growth(runs: list[list[Line]]) -> str:
    """Return by which power of the number of triples the latency of one client grows."""
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for run in runs:
        triples = next(line["triples"] for line in run if line["what"] == "run")
        for line in (line for line in run if line["what"] == "cold"):
            points[line["work"], line["server"]].append((math.log(triples), math.log(line["median"])))
    rows = ["## Growth", "", "Latency grows with this power of the number of triples:", ""]
    rows += ["| work | server | exponent |", "|---|---|--:|"]
    for (work, server), found in points.items():
        if len({size for size, _ in found}) > 1:
            slope = statistics.linear_regression([size for size, _ in found], [time for _, time in found]).slope
            rows.append(f"| {work} | {server} | {slope:.2f} |")
    return "\n".join(rows) + "\n"


def plot(run: list[Line], path: Path) -> None:
    """Draw the rates of unique texts, a panel for each kind of work, with their spread."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "benchmarks"  # the same run gives the same file
    from matplotlib import pyplot as plt

    found = {key: servers for key, servers in windows(run).items() if key[2]}
    works = list(dict.fromkeys(work for work, _, _ in found))
    figure, panels = plt.subplots(1, len(works), figsize=(3.4 * len(works), 3.4), squeeze=False)
    for panel, work in zip(panels[0], works, strict=True):
        names = dict.fromkeys(server for key, servers in found.items() if key[0] == work for server in servers)
        for server in names:
            some = {key[1]: servers[server] for key, servers in found.items() if key[0] == work and server in servers}
            middle = [statistics.median(line["rate"] for line in lines) for lines in some.values()]
            low = [m - min(line["rate"] for line in lines) for m, lines in zip(middle, some.values(), strict=True)]
            high = [max(line["rate"] for line in lines) - m for m, lines in zip(middle, some.values(), strict=True)]
            panel.errorbar(list(some), middle, [low, high], marker="o", capsize=3, label=server)
        panel.set(title=work, xlabel="clients", xscale="log", yscale="log")
        panel.set_xticks(sorted({key[1] for key in found}), [str(one) for one in sorted({key[1] for key in found})])
        panel.minorticks_off()
    panels[0][0].set_ylabel("answers a second")
    panels[0][-1].legend(fontsize="x-small")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def _middle(lines: list[Line], name: str) -> str:
    values = [line[name] for line in lines if name in line]
    return f"{statistics.median(values):,.2f}" if values else ""


def _spread(values: list[float], form: str) -> str:
    if not values:
        return ""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


if __name__ == "__main__":
    main()
