"""An hour of mixed load in miniature: honest clients beside attacks, killed workers and reloads.

`python benchmarks/soak.py [--seconds 300] [--clients 64] [--triples 50000]`. Each
client has an address of its own and asks one query after the other, after a pause
of --pause seconds at most; every answer is compared with the right one, which
Oxigraph gives in this process. Every second a hostile query comes from yet another
address, every five seconds a worker is killed, and every minute the server is told
to reload (SIGHUP) a data set with a newer version number: once an answer has shown
it, none may show an older one. Exit code 1 if an answer was wrong, an honest client
got a 5xx other than 503 with Retry-After, or 1 in 100 light queries took over 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from chinaspace.load import load
from client import Answer, Client
from generate import write
from processes import family, parent
from servers import Data, Running, end_orderly, ours
from workload import HEAVY, HOSTILE, LIGHT, MEDIUM, VERSION, version_file

_ADDRESS = "/sparql?query="
_MOST_LIGHT_MILLISECONDS = 100
# Of a hundred queries of honest clients.
_MIX = [("light", 80), ("2 ms", 14), ("heavy", 1), ("version", 5)]


@dataclass
class Tally:
    """What has come of the queries so far."""

    # When a light query was asked, in seconds since the start, and how many milliseconds it took.
    light: list[tuple[float, float]] = field(default_factory=list)
    honest: Counter[str] = field(default_factory=Counter)
    hostile: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    newest: int = 0
    killed: int = 0
    reloads: int = 0


class Soak:
    """The load on one server, for so many seconds."""

    def __init__(self, server: Running, right: dict[str, frozenset[str]], version: Path, options: argparse.Namespace):
        """Ask *server*; *right* has the rows of each query, and *version* is the file whose number grows."""
        self.tally = Tally()
        self._server, self._right, self._version, self._options = server, right, version, options
        self._begin = time.monotonic()
        self._end = self._begin + options.seconds
        self._queries = {work.name: work.queries() for work in (LIGHT, MEDIUM, HEAVY)} | {"version": [VERSION]}
        self._sent = 0

    async def run(self) -> Tally:
        """Put on the load until the time is over."""
        clients = [self._ask_on(f"127.0.{1 + one // 250}.{1 + one % 250}") for one in range(self._options.clients)]
        troubles = [(1.0, self._attack), (5.0, self._kill), (60.0, self._reload)]
        tasks = [asyncio.ensure_future(self._repeat(*trouble)) for trouble in troubles]
        await asyncio.gather(*clients)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return self.tally

    async def _ask_on(self, address: str) -> None:
        client = Client(self._server.port, address)
        while time.monotonic() < self._end:
            await asyncio.sleep(random.random() * self._options.pause)
            kind = random.choices([name for name, _ in _MIX], [weight for _, weight in _MIX])[0]
            query, newest = random.choice(self._queries[kind]), self.tally.newest
            self._sent += 1
            unique = f"\n#{self._sent}" if self._sent % 2 else ""
            begin = time.perf_counter()
            try:
                answer = await client.get(_ADDRESS + quote(query + unique))
            except OSError as error:
                self.tally.honest[f"no answer: {type(error).__name__}"] += 1
                continue
            if kind == "light":
                took = time.perf_counter() - begin
                self.tally.light.append((time.monotonic() - self._begin - took, took * 1000))
            self._judge(kind, query, answer, newest)
        client.close()

    def _judge(self, kind: str, query: str, answer: Answer, newest: int) -> None:
        retry = ", Retry-After" if "retry-after" in answer.fields else ""
        self.tally.honest[f"{answer.status}{retry}"] += 1
        if answer.status != 200:
            if answer.status not in (503, 504):
                self.tally.wrong.append(f"{answer.status} to {query[-100:]!r}: {answer.body[:200]!r}")
        elif kind == "version":
            shown = int(next(iter(json.loads(answer.body)["results"]["bindings"]))["version"]["value"])
            if shown < newest:
                self.tally.wrong.append(f"version {shown} was shown after {newest}")
            self.tally.newest = max(self.tally.newest, shown)
        elif rows(answer.body) != self._right[query]:
            self.tally.wrong.append(f"other rows for {query[-100:]!r}: {answer.body[:200]!r}")

    async def _repeat(self, seconds: float, trouble: Callable[[], Awaitable[None]]) -> None:
        under_way = set()
        while time.monotonic() < self._end:
            await asyncio.sleep(seconds)
            task = asyncio.ensure_future(trouble())
            under_way.add(task)
            task.add_done_callback(under_way.discard)

    async def _attack(self) -> None:
        client = Client(self._server.port, f"127.9.0.{random.randrange(1, 250)}")
        try:
            answer = await client.get(_ADDRESS + quote(random.choice(HOSTILE)), "*/*")
            self.tally.hostile[str(answer.status)] += 1
        except OSError:
            self.tally.hostile["cut"] += 1
        finally:
            client.close()

    async def _kill(self) -> None:
        workers = [pid for pid in family(self._server.pid) if parent(pid) != self._server.pid]
        workers.remove(self._server.pid)
        if workers:
            with contextlib.suppress(ProcessLookupError):  # it may have ended just now
                os.kill(random.choice(workers), signal.SIGKILL)
                self.tally.killed += 1

    async def _reload(self) -> None:
        self.tally.reloads += 1
        version_file(self._version, self.tally.reloads)
        os.kill(self._server.pid, signal.SIGHUP)


def rows(body: bytes) -> frozenset[str]:
    """Return the rows of an answer in JSON, whatever their order."""
    return frozenset(json.dumps(row, sort_keys=True) for row in json.loads(body)["results"]["bindings"])


def right_rows(files: list[Path]) -> dict[str, frozenset[str]]:
    """Return the rows of each query of the mix, as Oxigraph gives them."""
    store, right = load(files).store, {}
    for query in (query for work in (LIGHT, MEDIUM, HEAVY) for query in work.queries()):
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        right[query] = rows(solutions.serialize(format=ox.QueryResultsFormat.JSON) or b"")
        assert right[query]
    return right


def report(tally: Tally) -> bool:
    """Print what came of it; tell whether that is as it must be."""
    light = sorted(took for _, took in tally.light)
    p99 = light[int(len(light) * 0.99)] if light else float("inf")
    bad = {what: count for what, count in tally.honest.items() if what not in ("200", "503, Retry-After")}
    print(f"honest {dict(tally.honest)}; hostile {dict(tally.hostile)}")
    print(f"killed {tally.killed} workers; told to reload {tally.reloads} times, version {tally.newest} was shown last")
    print(f"light: {len(light)} answers, median {statistics.median(light):.1f} ms, 99% within {p99:.1f} ms", end="")
    print(f", longest {light[-1]:.0f} ms; wrong answers: {len(tally.wrong)}")
    late = Counter(int(since // 10) * 10 for since, took in tally.light if took > _MOST_LIGHT_MILLISECONDS)
    print(f"light queries that took longer than {_MOST_LIGHT_MILLISECONDS} ms, by second: {dict(sorted(late.items()))}")
    for line in tally.wrong[:10]:
        print("  ", line)
    return not tally.wrong and not bad and p99 < _MOST_LIGHT_MILLISECONDS and tally.newest == tally.reloads


def main() -> None:
    """Run the load, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--triples", type=int, default=50_000, help="so many in the file; a load doubles them")
    parser.add_argument("--pause", type=float, default=0.0, help="most seconds between an answer and the next query")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, version = Data(Path(folder), options.triples), Path(folder) / "version.ttl"
        write(data.source, options.triples, 1)
        version_file(version, 0)
        right = right_rows([data.source, version])
        with ours(data, "--dataset", version) as server:
            tally = asyncio.run(Soak(server, right, version, options).run())
            print(f"held at the end: {server.weight() / 2**20:.0f} MiB")
    sys.exit(0 if report(tally) else 1)


if __name__ == "__main__":
    end_orderly()
    main()
