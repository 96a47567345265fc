"""Another data set in place of the one that is served: nobody is refused, and no answer is stale."""

from __future__ import annotations

import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from conftest import WORLD
from live import Live, serving, soon

COUNT = {"query": "SELECT (COUNT(*) AS ?n) WHERE { <urn:new> ?p ?o }"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a copy of the world that may change."""
    return Path(shutil.copy(WORLD, tmp_path / "world.ttl"))


@pytest.fixture
def live(data: Path) -> Iterator[Live]:
    """Serve the copy."""
    with serving(data, "--no-log") as running:
        yield running


def count(live: Live) -> str:
    """Return how much the server knows of what is new."""
    answer = httpx.get(live.address + "sparql", params=COUNT, headers={"accept": "text/csv"}, timeout=20)
    assert answer.status_code == 200
    return answer.text.split()[1]


def add(data: Path, number: int) -> None:
    """Add a statement on what is new."""
    with data.open("a") as file:
        file.write(f"\n<urn:new> <urn:number> {number} .\n")


def test_new_data_are_served_and_nobody_is_refused(live: Live, data: Path) -> None:
    """While data are loaded anew, each request is answered; afterwards what was kept of the old ones is gone."""
    address, digest = live.address, httpx.get(live.address + "healthz", timeout=10).json()["digest"]
    over, faults = threading.Event(), []

    def ask() -> None:
        with httpx.Client(timeout=20) as client:
            while not over.is_set():
                answer = client.get(address + "sparql", params=COUNT, headers={"accept": "text/csv"})
                if answer.status_code != 200 or answer.text.split()[1] not in ("0", "1"):
                    faults.append(answer)

    assert {count(live) for _ in range(4)} == {"0"}
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    add(data, 1)
    live.process.send_signal(signal.SIGHUP)
    assert soon(lambda: "reloaded, the data set is another" in "".join(live.lines), 30)
    after = httpx.get(address + "sparql", params=COUNT, headers={"accept": "text/csv"}, timeout=20).text.split()[1]
    over.set()
    for thread in threads:
        thread.join()
    assert after == "1"
    assert not faults
    assert httpx.get(address + "healthz", timeout=10).json()["digest"] != digest


def test_a_tag_of_old_data_does_not_hold(live: Live, data: Path) -> None:
    """Who has a copy from before gets the new answer, and who asks by date as well."""
    first = httpx.get(live.address + "sparql", params=COUNT, timeout=10)
    held = {"if-none-match": first.headers["etag"]}
    assert httpx.get(live.address + "sparql", params=COUNT, headers=held, timeout=10).status_code == 304
    since = {"if-modified-since": first.headers["last-modified"]}
    assert httpx.get(live.address + "sparql", params=COUNT, headers=since, timeout=10).status_code == 304
    add(data, 1)
    address = live.address
    live.process.send_signal(signal.SIGHUP)
    assert soon(lambda: "reloaded, the data set is another" in "".join(live.lines), 30)
    assert httpx.get(address + "sparql", params=COUNT, headers=held, timeout=10).status_code == 200


def test_data_that_cannot_be_loaded(live: Live, data: Path) -> None:
    """A broken file is told with its line, and the data from before are served on."""
    before = count(live)
    with data.open("a") as file:
        file.write("\nnonsense .\n")
    live.process.send_signal(signal.SIGHUP)
    assert soon(lambda: "not reloaded" in "".join(live.lines), 30)
    assert f"{data}:" in "".join(live.lines)
    assert count(live) == before


def test_again_and_again(live: Live, data: Path) -> None:
    """Signals that come while data are loaded are not lost: in the end the last state is served."""
    for number in range(3):
        add(data, number)
        live.process.send_signal(signal.SIGHUP)
    assert soon(lambda: count(live) == "3", 40)
