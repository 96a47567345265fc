"""Measure this endpoint beside others over the same triples, in one run.

`python benchmarks/endpoints.py [--triples 100000] [--seconds 3] [--rounds 5] [--output FILE]`.
It needs the extra "bench" (oxigraph, matplotlib), and wrk (`apt-get install wrk`);
Virtuoso takes part where virtuoso-opensource-7-bin is installed. All servers are
up, but those that are not asked are stopped (SIGSTOP), so each has the machine for
itself while a window of one stands beside the windows of the others: what else
the machine does falls on all alike. The results are a line of JSON each in FILE;
`python benchmarks/report.py FILE` makes docs/benchmarks.md of them.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pyoxigraph as ox
import uvloop

from chinaspace.ask import prepare
from chinaspace.load import load
from chinaspace.names import FACTS
from chinaspace.queries import saved_queries
from generate import PARAMETERS, write
from hammer import hammer
from servers import Data, Running, Starter, end_orderly, ours, oxigraph_in_memory, oxigraph_on_disk, rdflib_endpoint
from virtuoso import installed, virtuoso
from workload import CLASSES, Work

_STARTERS: dict[str, Starter] = {
    "chinaspace": ours,
    "oxigraph": oxigraph_in_memory,
    "oxigraph-disk": oxigraph_on_disk,
    "rdflib": rdflib_endpoint,
    "virtuoso": virtuoso,
}
_QUIET = 0.05
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000, help="so many in the file; a load doubles them")
    parser.add_argument("--seconds", type=float, default=3, help="of each window")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--servers", nargs="+", choices=_STARTERS, default=[*_STARTERS])
    parser.add_argument("--output", type=Path, default=Path("benchmarks.jsonl"))
    options = parser.parse_args()
    names = [name for name in options.servers if name != "virtuoso" or installed()]
    with options.output.open("w") as file, tempfile.TemporaryDirectory() as folder:
        data, works = prepare_data(Path(folder), options.triples)
        for line in run(data, works, names, options):
            file.write(json.dumps(line) + "\n")
            file.flush()
            print(" ".join(f"{key} {_short(value)}" for key, value in line.items()))


def run(data: Data, works: list[Work], names: list[str], options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield what was measured, a line at a time; each says by "what" what it tells."""
    yield describe(data)
    with ExitStack() as stack:
        servers = []
        for name in names:
            server = stack.enter_context(_STARTERS[name](data))
            yield {
                "what": "start",
                "server": server.name,
                "load": server.load_seconds,
                "start": server.start_seconds,
                "bytes": server.weight(),
            }
            for work in works:
                if takes_part(server, work):
                    times = sorted(once(server, query) * 1000 for query in work.queries())
                    cold = {"median": statistics.median(times), "most": times[-1]}
                    yield {"what": "cold", "server": server.name, "work": work.name, **cold}
            server.pause()
            servers.append(server)
        for round_ in range(options.rounds):
            for work in works:
                for clients in options.clients:
                    yield from compare(servers, work, clients, round_, options.seconds)
        for server in servers:
            server.resume()
            yield {"what": "end", "server": server.name, "bytes": server.weight()}


def compare(servers: list[Running], work: Work, clients: int, round_: int, seconds: float) -> Iterator[dict[str, Any]]:
    """Yield a window of each server for each kind of text."""
    for unique in (True, False):
        for server in servers:
            if not takes_part(server, work):
                continue
            with awake(server):
                if server.name == "rdflib-endpoint":
                    if clients > 1 or not unique:
                        continue  # it answers one query at a time, and knows no answer again
                    took = once(server, work.queries()[round_ % len(work.queries())])
                    found: dict[str, Any] = {"rate": 1 / took, "median": took * 1000, "faults": 0, "answers": 1}
                else:
                    before = server.processor_seconds()
                    run_name = f"{round_}x{clients}x" if unique else None
                    found = vars(hammer(server.port, work.addresses(server.address), clients, seconds, run_name)).copy()
                    settle(server)
                    used = server.processor_seconds() - before
                    found["processor"] = used / max(1, found["answers"]) * 1000
                about = {
                    "server": server.name,
                    "work": work.name,
                    "clients": clients,
                    "unique": unique,
                    "round": round_,
                }
                yield {"what": "window", **about, **found, "load": os.getloadavg()[0]}


def takes_part(server: Running, work: Work) -> bool:
    """Tell whether a server can be asked at all: rdflib needs minutes for some of the saved queries."""
    return server.name != "rdflib-endpoint" or work.name != "saved"


@contextmanager
def awake(server: Running) -> Iterator[None]:
    """Let a server run, and stop it afterwards."""
    server.resume()
    try:
        yield
    finally:
        server.pause()


def settle(server: Running) -> None:
    """Wait until a server has ended what nobody waits for any more, a minute at most."""
    for _ in range(300):
        before = server.processor_seconds()
        time.sleep(0.2)
        if server.processor_seconds() - before < _QUIET:
            return


def once(server: Running, query: str) -> float:
    """Return the seconds of one query, asked alone; at most two minutes."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    begin = time.perf_counter()
    try:
        connection.request("GET", server.address + quote(query), headers={"Accept": "application/sparql-results+json"})
        connection.getresponse().read()
    except TimeoutError:
        pass
    finally:
        connection.close()
    return time.perf_counter() - begin


def prepare_data(folder: Path, triples: int) -> tuple[Data, list[Work]]:
    """Write the files that are served, and return them with the queries: the classes, and the saved ones."""
    write(folder / "source.ttl", triples, 1)
    loaded = load([folder / "source.ttl"])
    data, store = Data(folder, loaded.triples), loaded.store
    store.dump(str(data.quads), format=ox.RdfFormat.N_QUADS)
    named = (quad for graph in store.named_graphs() for quad in store.quads_for_pattern(None, None, None, graph))
    ox.serialize(named, str(data.named), format=ox.RdfFormat.N_QUADS)
    store.dump(str(data.default), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    store.dump(str(data.facts), format=ox.RdfFormat.N_TRIPLES, from_graph=FACTS)
    saved = [prepare(store, query, PARAMETERS.get(name, {})) for name, query in saved_queries().items()]
    return data, [*CLASSES, Work("saved", "VALUE", tuple(saved))]


def describe(data: Data) -> dict[str, Any]:
    """Return the machine, the versions, and what the client that asks can do at most."""
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    packages = ("chinaspace", "pyoxigraph", "oxigraph", "rdflib", "rdflib-endpoint", "uvicorn")
    return {
        "what": "run",
        "triples": data.triples,
        "day": time.strftime("%Y-%m-%d"),
        "processors": os.cpu_count(),
        "model": model.partition(":")[2].strip(),
        "gibibytes": round(int(memory.split()[1]) / 2**20),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in packages},
        "load": os.getloadavg()[0],
        "most": asyncio.run(most_of_the_client()),
    }


async def most_of_the_client() -> float:
    """Return how many answers a second wrk takes from a server that does nothing but answer."""

    class Trivial(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast(asyncio.Transport, transport)

        def data_received(self, data: bytes) -> None:
            self.transport.write(_ANSWER * data.count(b"\r\n\r\n"))

    server = await asyncio.get_running_loop().create_server(Trivial, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    addresses = CLASSES[0].addresses("/sparql?query=")
    measured = await asyncio.to_thread(hammer, port, addresses, 64, 3, "a")
    server.close()
    return measured.rate


def _short(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    end_orderly()
    uvloop.install()
    main()
