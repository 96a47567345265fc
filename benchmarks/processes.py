"""What Linux tells of a server and the processes that it has begun; used by benchmarks and tests."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(_parent(_fields(int(status.parent.name))), []).append(int(status.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def parent(pid: int) -> int:
    """Return the process that began another; 0 where there is none any more."""
    with contextlib.suppress(OSError):
        return _parent(_fields(pid))
    return 0


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and of its children that have ended; 0 where it is gone."""
    with contextlib.suppress(OSError):
        return sum(map(int, _fields(pid)[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0


def weight(pid: int) -> int:
    """Return the bytes that a process holds, what several share in part (PSS); 0 where it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _fields(pid: int) -> list[str]:
    """Return what /proc says of a process, after its name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def _parent(fields: list[str]) -> int:
    return int(fields[1])
