"""A server of its own for tests that need a real one: started, watched and ended."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from chinaspace.paths import ontology_files
from support import PROGRAM


@dataclass(frozen=True)
class Live:
    """A server: its process, and what it has printed so far, on both streams."""

    process: subprocess.Popen[str]
    lines: list[str]

    @property
    def address(self) -> str:
        """Return where it answers, with a slash at the end."""
        found = re.search(r"http://127\.0\.0\.1:\d+/", "".join(self.lines))
        assert found, "".join(self.lines)
        return found[0]

    @property
    def place(self) -> tuple[str, int]:
        """Return its host and port."""
        host, port = self.address.removeprefix("http://").rstrip("/").split(":")
        return host, int(port)


@contextmanager
def serving(data: Path | None, *options: str) -> Iterator[Live]:
    """Serve *data* with the vocabulary, or the built-in graph, until the block ends."""
    files = [part for path in (*ontology_files(), data) for part in ("--dataset", str(path))] if data else []
    command = [str(PROGRAM), "serve", "--port", "0", *files, *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        lines: list[str] = []
        reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
        reader.start()
        assert soon(lambda: "Listening" in "".join(lines) or process.poll() is not None, 60)
        live = Live(process, lines)
        httpx.get(live.address + "healthz", timeout=60)
        try:
            yield live
        finally:
            process.kill()
            reader.join(5)


def _read(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)


def soon(holds: Callable[[], bool], seconds: float = 3) -> bool:
    """Tell whether something comes true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def children(process: int) -> list[int]:
    """Return the child processes of *process*."""
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
