"""The command `chinaspace serve`: what it says, what it serves, and how it stops."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chinaspace.paths import ontology_files
from conftest import WORLD
from support import PROGRAM, Command, one_sentence


def test_serve_at_a_port_in_use(chinaspace: Command) -> None:
    """A port in use is told at once, before anything is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        run = chinaspace("serve", "--port", str(listener.getsockname()[1]))
    assert run.code == 2
    assert one_sentence(run)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("broken.ttl", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> nonsense .\n", r":2:\d+: "),
        ("missing.ttl", None, ": "),
        ("empty.ttl", "", None),
        ("small.txt", "any", ": "),
    ],
)
def test_serve_a_wrong_file(
    chinaspace: Command, tmp_path: Path, name: str, content: str | None, place: str | None
) -> None:
    """A file that cannot be served is told with its name, and with line and column where it is malformed."""
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    run = chinaspace("serve", "--port", "0", "--dataset", tmp_path / name)
    assert run.code == 2
    assert one_sentence(run)
    assert place is None or re.search(re.escape(str(tmp_path / name)) + place, run.err)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Serve the vocabulary and the world; give the process and what it printed until it listens."""
    shutil.copy(WORLD, tmp_path / "my world.ttl")
    files = [*ontology_files(), tmp_path / "my world.ttl"]
    options = [part for path in files for part in ("--dataset", str(path))]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [str(PROGRAM), "serve", "--port", "0", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "http://" in line:
                break
        yield process, lines
        process.kill()


def test_serve(server: tuple[subprocess.Popen[str], list[str]]) -> None:
    """The server prints its digest and its address, answers, and stops when it is told to."""
    process, lines = server
    digest = re.search(r"sha256:[0-9a-f]{64}", "".join(lines))
    address = re.search(r"http://127\.0\.0\.1:\d+/", "".join(lines))
    assert digest
    assert address
    answer = httpx.get(f"{address[0]}sparql", params={"query": "ASK {}"}, headers={"accept": "text/csv"}, timeout=10)
    assert answer.text == "true\n"
    assert httpx.get(f"{address[0]}healthz", timeout=10).json()["digest"] == digest[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) in (0, -signal.SIGTERM)
    assert process.stdout is not None
    assert "Traceback" not in process.stdout.read()
