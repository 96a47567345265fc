"""Put load on an endpoint with wrk, a client in C that is no bottleneck, and read what it measured."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

# A text of its own for each request: the addresses take turns, and a number ends the comment at their end.
_SCRIPT = """
local addresses = { %s }
local run, unique, sent = "%s", %s, 0
wrk.headers["Accept"] = "application/sparql-results+json"
function request()
  sent = sent + 1
  local address = addresses[sent %% #addresses + 1]
  return wrk.format("GET", unique and address .. run .. sent or address)
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests":%%d,"micros":%%d,"bytes":%%d,"faults":%%d,"median":%%f,"p95":%%f,"p99":%%f,"most":%%f}\\n',
    summary.requests, summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
end
"""


@dataclass(frozen=True)
class Measured:
    """What a run of load came to: answers a second, and latencies in milliseconds."""

    rate: float
    median: float
    p95: float
    p99: float
    faults: int
    answers: int
    bytes: int


def hammer(port: int, addresses: list[str], clients: int, seconds: float, run: str | None) -> Measured:
    """Ask in turn for *addresses* from so many connections at once; *run* makes each text unique, None leaves it.

    Raises:
        FileNotFoundError: wrk is not installed.
        OSError: wrk cannot connect.
    """
    program = shutil.which("wrk")
    if program is None:
        raise FileNotFoundError("wrk is not installed. Install it, for example with apt-get install wrk.")
    listed = ", ".join(json.dumps(address) for address in addresses)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT % (listed, run or "", "true" if run else "false"))
        script.flush()
        command = [program, "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "60s", "-s", script.name]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, timeout=seconds + 90
        )
    if done.returncode:
        raise OSError(f"wrk gave up on port {port}: {done.stderr.strip()}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return Measured(
        rate=found["requests"] / (found["micros"] / 1e6),
        median=found["median"] / 1000,
        p95=found["p95"] / 1000,
        p99=found["p99"] / 1000,
        faults=found["faults"],
        answers=found["requests"],
        bytes=found["bytes"],
    )
