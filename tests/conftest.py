"""What all tests share: the graphs, the source texts, a server that nobody may call, and --rewrite."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings

from chinaspace import cli
from chinaspace.load import Loaded, load
from chinaspace.paths import ontology_files, texts_folder
from chinaspace.store import open_store
from chinaspace.web import create_app
from chinaspace.work import Limits
from support import Command, Run
from told import Service

WORLD = Path(__file__).parent / "world.ttl"

# No deadline, because other work on the machine is no defect; in CI the same examples each time.
settings.register_profile("chinaspace", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("chinaspace")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is remembered between runs out of the user's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHINASPACE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the golden files anew")


def absent(reason: str) -> None:
    """Skip what cannot be tested here; in CI everything can, so there it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def world() -> Loaded:
    """Return the small invented world, with the vocabulary."""
    return load([*ontology_files(), WORLD])


@pytest.fixture(scope="session")
def graph() -> Loaded:
    """Return the built-in graph."""
    return load()


@pytest.fixture(scope="session")
def texts() -> Path:
    """Return the folder of the source texts."""
    folder = texts_folder()
    if not folder.is_dir():
        absent(f"There are no source texts in {folder}; name their folder with CHINASPACE_TEXTS.")
    return folder


@pytest.fixture(scope="module")
def client(world: Loaded) -> Iterator[TestClient]:
    """Give a client of the web application over the world, which does not follow redirects."""
    with TestClient(create_app(world), follow_redirects=False) as running:
        yield running


@pytest.fixture
def service() -> Iterator[Service]:
    """Give a remote SPARQL service that answers as it is told."""
    running = Service()
    yield running
    running.close()


@pytest.fixture
def web(service: Service) -> Iterator[TestClient]:
    """Give a client of the web application over the service, with little time and memory."""
    with TestClient(create_app(open_store(service.address), Limits(1, 16)), follow_redirects=False) as running:
        yield running


@pytest.fixture
def uncalled() -> Iterator[str]:
    """Give the address of a server, and fail if anyone connects to it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.settimeout(0.05)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.fixture
def within() -> Callable[[int], AbstractContextManager[None]]:
    """Give a time limit in seconds, after which Python code fails instead of hanging."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError("the time limit of the test is over")

    @contextmanager
    def limit(seconds: int) -> Iterator[None]:
        before = signal.signal(signal.SIGALRM, stop)
        signal.alarm(seconds)
        try:
            yield
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)

    return limit


@pytest.fixture
def chinaspace(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Give what runs a command in this process, where a traceback would be an error of the test."""

    def run(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["chinaspace", *map(str, arguments)])
        code: object = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        assert isinstance(code, int | None)
        return Run(code or 0, *capsys.readouterr())

    return run
