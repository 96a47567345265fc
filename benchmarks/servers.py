"""Start the endpoints that are compared, each over the same triples, and weigh them."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from peer import our_command, peer_command
from processes import family, free_port, processor_seconds, weight

_PATIENCE = 600
_ASK = quote("ASK { ?s ?p ?o }")


@dataclass(frozen=True)
class Data:
    """The files that a benchmark serves, in one folder: the graph as it was generated, and with all that is derived.

    *triples* counts those of the default graph, with what is derived.
    """

    folder: Path
    triples: int

    @property
    def source(self) -> Path:
        """The graph as it was generated, as Turtle."""
        return self.folder / "source.ttl"

    @property
    def quads(self) -> Path:
        """The default graph and the named ones, as this endpoint's store has them."""
        return self.folder / "quads.nq"

    @property
    def named(self) -> Path:
        """The named graphs alone, for what makes their union itself."""
        return self.folder / "named.nq"

    @property
    def default(self) -> Path:
        """The default graph, as N-Triples."""
        return self.folder / "default.nt"

    @property
    def facts(self) -> Path:
        """The graph of facts, as N-Triples."""
        return self.folder / "facts.nt"


@dataclass(frozen=True)
class Running:
    """A server that answers at *port*: *address* is what stands before an encoded query.

    *load_seconds* is from the start of loading to its end, where that is a step
    of its own; *start_seconds* from the start of the server to its first answer.
    """

    name: str
    pid: int
    port: int
    address: str
    load_seconds: float
    start_seconds: float

    def weight(self) -> int:
        """Return the bytes that the processes of the server hold, shared ones counted once (PSS)."""
        return sum(weight(pid) for pid in family(self.pid))

    def pause(self) -> None:
        """Keep the server and its processes from running."""
        self._tell(signal.SIGSTOP)

    def resume(self) -> None:
        """Let the server and its processes run again."""
        self._tell(signal.SIGCONT)

    def _tell(self, what: signal.Signals) -> None:
        for pid in family(self.pid):
            with contextlib.suppress(ProcessLookupError):  # a worker may end at any time
                os.kill(pid, what)

    def processor_seconds(self) -> float:
        """Return the processor time that the server and its processes have used, those that have ended included."""
        return sum(processor_seconds(pid) for pid in family(self.pid))


Starter = Callable[[Data], AbstractContextManager[Running]]


@contextmanager
def ours(data: Data, *options: str | Path) -> Iterator[Running]:
    """Serve with chinaspace, which derives what follows from the claims while it loads."""
    command = [*our_command()[:-1], "--dataset", str(data.source), *map(str, options), "--port"]
    with _started(command, "/sparql?query=") as (process, port, seconds):
        yield Running("chinaspace", process.pid, port, "/sparql?query=", seconds, seconds)


@contextmanager
def oxigraph_in_memory(data: Data) -> Iterator[Running]:
    """Serve with oxigraph serve, filled through its graph store protocol."""
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve", "--bind"]
    with _started(command, "/query?query=", "127.0.0.1:") as (process, port, seconds):
        begin = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        with data.quads.open("rb") as file:
            connection.request("POST", "/store", file, {"Content-Type": "application/n-quads"}, encode_chunked=True)
            answer = connection.getresponse()
            if answer.status >= 300:
                raise OSError(f"oxigraph serve does not take {data.quads}: {answer.read()[:200]!r}.")
        yield Running("oxigraph serve", process.pid, port, "/query?query=", time.perf_counter() - begin, seconds)


@contextmanager
def oxigraph_on_disk(data: Data) -> Iterator[Running]:
    """Serve with oxigraph serve over a folder that oxigraph load has filled."""
    program, folder = str(Path(sys.executable).with_name("oxigraph")), data.folder / "oxigraph"
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    subprocess.run([program, "load", "--location", folder, "--file", data.quads], check=True, capture_output=True)
    load_seconds = time.perf_counter() - begin
    command = [program, "serve", "--location", str(folder), "--bind"]
    with _started(command, "/query?query=", "127.0.0.1:") as (process, port, seconds):
        yield Running("oxigraph serve, disk", process.pid, port, "/query?query=", load_seconds, seconds)


@contextmanager
def rdflib_endpoint(data: Data) -> Iterator[Running]:
    """Serve with rdflib-endpoint over rdflib, which loads while it starts."""
    with _started(peer_command(data.named), "/sparql?query=") as (process, port, seconds):
        yield Running("rdflib-endpoint", process.pid, port, "/sparql?query=", seconds, seconds)


def end_orderly() -> None:
    """Have a request to end this process (SIGTERM) end what it has started as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@contextmanager
def _started(
    command: list[str], address: str, before_port: str = ""
) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """Start a server whose command ends with its port; end it with all its processes."""
    port = free_port()
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*command, f"{before_port}{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, address, process)
        yield process, port, time.perf_counter() - begin
    finally:
        for pid in family(process.pid):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the first answer of a server.

    Raises:
        TimeoutError: there was none within ten minutes.
        OSError: the server has ended.
    """
    begin = time.perf_counter()
    while time.perf_counter() - begin < _PATIENCE:
        if process.poll() is not None:
            raise OSError(f"The server at port {port} has ended. Start it by hand to see why.")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", address + _ASK)
            if connection.getresponse().status == 200:
                return
        time.sleep(0.005)
    raise TimeoutError(f"No answer from port {port} within {_PATIENCE} seconds.")
