"""Record what is asked: a line of JSON for each request, and numbers for Prometheus."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TextIO

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chinaspace.cache import Cache
from chinaspace.dispatch import Dispatcher
from chinaspace.serving import Serving

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# So many seconds lines of the log are held, to go out together.
_HELD = 1.0
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)
# Other addresses are made up by clients, so they share one name: their number must not grow without end.
_ROUTES = ("/sparql", "/queries", "/healthz", "/readyz", "/metrics", "/style.css", "/")


class AccessLog:
    """Writes a line of JSON for each request, without what was asked."""

    def __init__(self, out: TextIO | None = None) -> None:
        """Write to *out*, or to standard error; lines go out together, at most a second late."""
        self._out = out or sys.stderr
        self._lines: list[str] = []

    def write(self, client: str, method: str, path: str, status: int, size: int, seconds: float) -> None:
        """Note one request: *size* is the bytes of the answer, *seconds* its time to the last of them."""
        now = time.time()
        # Put together by hand, because this is done for each request; what a client chose is escaped.
        self._lines.append(
            f'{{"time": "{_clock(int(now))}.{int(now % 1 * 1000):03}Z", "client": {_quoted(client)}, '
            f'"method": {_quoted(method)}, "path": {_quoted(path[:200])}, "status": {status}, '
            f'"bytes": {size}, "ms": {seconds * 1000:.1f}}}'
        )
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_HELD, self.flush)

    def flush(self) -> None:
        """Write what is held."""
        if self._lines:
            self._out.write("\n".join(self._lines) + "\n")
            self._out.flush()
            self._lines.clear()


@lru_cache(maxsize=2)
def _clock(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return json.dumps(text)


class Metrics(Collector):
    """Counts requests by route, method and status, and reads the rest where it is when it is asked for."""

    def __init__(self, cache: Cache, serving: Callable[[], Serving]) -> None:
        """Tell of *cache* and of what *serving* gives."""
        self._cache, self._serving = cache, serving
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "chinaspace_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "chinaspace_request_seconds",
            "Seconds from a request to the last byte of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._reloads = Counter("chinaspace_reloads", "Data sets loaded anew.", ("outcome",), registry=self._registry)
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._registry.register(self)

    def count(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count one request."""
        route = path if path in _ROUTES else "/queries/NAME" if path.startswith("/queries/") else "other"
        known = method if method in ("GET", "POST", "HEAD", "OPTIONS") else "other"
        counted = self._counted.get((route, known, status))
        if counted is None:
            counted = self._requests.labels(route, known, status), self._seconds.labels(route)
            self._counted[route, known, status] = counted
        counted[0].inc()
        counted[1].observe(seconds)

    def count_reload(self, outcome: str) -> None:
        """Count one reload: "done" or "failed"."""
        self._reloads.labels(outcome).inc()

    def text(self) -> bytes:
        """Return all in the text format of Prometheus."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield what is counted elsewhere."""
        cache, serving = self._cache, self._serving()
        asked = CounterMetricFamily("chinaspace_cache", "Queries by how they were answered.", labels=["from"])
        asked.add_metric(["kept"], cache.hits)
        asked.add_metric(["shared"], cache.shared)
        asked.add_metric(["engine"], cache.misses)
        yield asked
        yield GaugeMetricFamily("chinaspace_cache_bytes", "Bytes of answers that are kept.", cache.held)
        yield GaugeMetricFamily("chinaspace_triples", "Triples that are served.", serving.triples)
        data = GaugeMetricFamily("chinaspace_dataset", "The data set that is served.", labels=["digest"])
        data.add_metric([serving.digest], 1)
        yield data
        if serving.workers:
            yield from _work(serving.workers)


def _work(workers: Dispatcher) -> Iterator[Metric]:
    stopped = CounterMetricFamily("chinaspace_queries_stopped", "Queries stopped, by reason.", labels=["reason"])
    for reason in ("deadline", "memory", "busy", "client gone"):
        stopped.add_metric([reason], workers.stopped[reason])
    yield stopped
    waiting = GaugeMetricFamily("chinaspace_queue", "Queries that wait for a place.", labels=["lane"])
    taken = GaugeMetricFamily("chinaspace_running", "Queries that run.", labels=["lane"])
    for name, lane in (("line", workers.line), ("short", workers.short), ("long", workers.long)):
        waiting.add_metric([name], lane.waiting)
        taken.add_metric([name], lane.taken)
    yield from (waiting, taken)
    yield CounterMetricFamily("chinaspace_workers_started", "Worker processes started.", workers.staff.nursery.started)
