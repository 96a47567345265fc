"""A remote store that hangs: nobody waits for it longer than is bearable, and nobody else because of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pyoxigraph as ox
import pytest

from chinaspace.defer import defer, within
from chinaspace.errors import DeadlineError, RemoteError
from chinaspace.names import RDFS
from chinaspace.store import Elsewhere, open_store
from told import Handler, Service, rows

LABEL = ox.NamedNode(RDFS + "label")
NAMED = b"""{"head": {"vars": ["s", "p", "o"]}, "results": {"bindings": [
  {"s": {"type": "uri", "value": "urn:a"}, "p": {"type": "uri", "value": "%s"}, "o": {"type": "literal", "value": "A"}}
]}}""" % LABEL.value.encode()


@pytest.fixture
def go() -> Iterator[threading.Event]:
    """What a store waits for."""
    event = threading.Event()
    yield event
    event.set()


def told(handler: Handler) -> None:
    """Tell a name, and nothing else."""
    query = handler.asked[-1]["query"][0]
    handler.send(NAMED if "label" in query and "?g" not in query else rows())


@pytest.fixture
def elsewhere(service: Service, go: threading.Event, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    """A store that is served, and tells no names before it is let go."""
    monkeypatch.setattr("chinaspace.store._QUICK", 0.4)

    def late(handler: Handler) -> None:
        go.wait(20)
        told(handler)

    service.answers(late)
    found = open_store(service.address)
    assert isinstance(found, Elsewhere)
    found.be_quick()
    return found


def test_the_start(service: Service, go: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that does not say what it holds is given up, however many questions that takes."""
    monkeypatch.setattr("chinaspace.store._START", 0.4)
    monkeypatch.setattr(service.handler, "do_POST", lambda handler: go.wait(20))
    begin = time.monotonic()
    with pytest.raises(DeadlineError):
        open_store(service.address)
    assert time.monotonic() - begin < 2


def test_names_that_do_not_come(elsewhere: Elsewhere, service: Service, go: threading.Event) -> None:
    """Names are asked for once; whoever wants them is told in time that they are late, and has them once they come."""
    begin = time.monotonic()

    def look() -> type[Exception]:
        with pytest.raises(DeadlineError) as raised:
            list(elsewhere.store.quads_for_pattern(None, LABEL, None))
        return raised.type

    with ThreadPoolExecutor(20) as threads:
        assert [outcome.result() for outcome in [threads.submit(look) for _ in range(20)]] == [DeadlineError] * 20
    look()
    assert time.monotonic() - begin < 2
    assert len(service.asked) == 1
    go.set()
    while not elsewhere.store.is_held and time.monotonic() - begin < 10:
        time.sleep(0.02)
    (label,) = elsewhere.store.quads_for_pattern(None, LABEL, None, ox.DefaultGraph())
    assert label.object == ox.Literal("A")


def test_names_that_are_refused(elsewhere: Elsewhere, service: Service) -> None:
    """What went wrong is told, and names are asked for anew the next time."""
    service.answers(lambda handler: handler.send(b"no", 500))
    with pytest.raises(RemoteError):
        list(elsewhere.store.quads_for_pattern(None, LABEL, None))
    service.answers(lambda handler: handler.send(rows("a")))
    with pytest.raises(RemoteError):
        list(elsewhere.store.quads_for_pattern(None, LABEL, None))
    service.answers(told)
    assert len(list(elsewhere.store.quads_for_pattern(None, LABEL, None, ox.DefaultGraph()))) == 1


def test_a_thing_without_a_name(elsewhere: Elsewhere, service: Service, go: threading.Event) -> None:
    """A question about one thing is given up in time as well."""
    go.set()
    assert list(elsewhere.store.quads_for_pattern(None, LABEL, None))
    go.clear()
    begin = time.monotonic()
    with pytest.raises(DeadlineError):
        list(elsewhere.store.quads_for_pattern(ox.NamedNode("urn:other"), None, None))
    assert time.monotonic() - begin < 2


def test_names_grow_old(
    elsewhere: Elsewhere, service: Service, go: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that are old are there until newer ones are, and stay where these do not come."""
    monkeypatch.setattr("chinaspace.recall._FRESH", -1)
    go.set()
    assert list(elsewhere.store.quads_for_pattern(None, LABEL, None))
    held = elsewhere.store
    service.answers(lambda handler: handler.send(b"no", 500))
    elsewhere.refresh()
    assert elsewhere.store is held
    service.answers(told)
    elsewhere.refresh()
    assert elsewhere.store is not held
    assert elsewhere.store.is_held


def test_a_fault_of_ours() -> None:
    """Work that ends in an error nobody thought of keeps nobody waiting."""
    hook, threading.excepthook = threading.excepthook, lambda _: None
    try:
        with pytest.raises(CancelledError):
            within(defer(lambda: 1 // 0), 20, "late")
    finally:
        threading.excepthook = hook
