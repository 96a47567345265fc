"""What is asked of a remote store before it is served: whatever it answers, there is one sentence, and in time."""

from __future__ import annotations

import time

import pytest

from chinaspace.call import read_address
from chinaspace.errors import ChinaSpaceError, DeadlineError, RemoteError, StoreError
from chinaspace.survey import Asker, survey
from told import Answer, Handler, Service, rows

SELECT = "SELECT ?s WHERE { ?s ?p ?o }"


def drip(handler: Handler) -> None:
    """Send a byte now and then, always before anybody could lose patience with one of them."""
    handler.send(b"", content_length="1000")
    for _ in range(40):
        time.sleep(0.1)
        try:
            handler.wfile.write(b" ")
        except OSError:
            return


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rows("a", "b")[:-4], RemoteError),
        (rows("a", "b")[:-30], RemoteError),
        (b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"no iri"}}]}}', RemoteError),
        (b'{"head":{},"boolean":true}', RemoteError),
        (rows("a" * 2**24), RemoteError),
        (b"", RemoteError),
    ],
)
def test_an_answer_is_taken_whole_or_not_at_all(body: bytes, kind: type[ChinaSpaceError], service: Service) -> None:
    """A fault in any row is told before the first is given to anyone."""
    service.answers(lambda handler: handler.send(body))
    with pytest.raises(kind):
        Asker(read_address(service.address), 5).solutions(SELECT)


def test_an_answer_that_trickles(service: Service) -> None:
    """The time for an answer is that for all of it, not for each of its bytes."""
    service.answers(drip)
    begin = time.monotonic()
    with pytest.raises(DeadlineError):
        Asker(read_address(service.address), 0.5).solutions(SELECT)
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("answer", [rows(), rows("many"), rows("1", "2"), rows("-1"), rows("1", name="other")])
def test_a_service_that_does_not_count(answer: bytes, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a service says of itself is believed only where it can be meant so."""
    told: Answer = lambda handler: handler.send(answer)  # noqa: E731
    monkeypatch.setattr(service.handler, "do_POST", lambda handler: _answer(handler, told))
    with pytest.raises((RemoteError, StoreError)):
        survey(Asker(read_address(service.address), 5))


def _answer(handler: Handler, told: Answer) -> None:
    handler.rfile.read(int(handler.headers["Content-Length"]))
    told(handler)
