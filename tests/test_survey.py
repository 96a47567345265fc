"""What is found out about a remote store before it is asked: its address, its data set, and whether all is there."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest

from chinaspace.call import read_address
from chinaspace.errors import AwayError, RemoteError, StoreError
from chinaspace.store import Elsewhere, open_store
from told import Handler, Service, rows


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/sparql",
        "ftp://127.0.0.1/",
        "https://",
        "https:///sparql",
        "http://[::1",
        "https://h:x/",
        "http://127.0.0.1.example.org/",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    """Only https, and http on this machine, is an address; a password is never shown."""
    with pytest.raises(StoreError):
        read_address(address)
    with pytest.raises(StoreError) as caught:
        read_address(address.replace("://", "://user:secret@"))
    assert "secret" not in str(caught.value)


def test_a_password_is_sent_and_not_shown(service: Service) -> None:
    """The name and the password of an address are for the service alone."""
    address = read_address(service.address.replace("://", "://user:secret@"))
    assert address.login == ("user", "secret")
    assert "secret" not in f"{address} {address!r}"


def test_new_data_are_noticed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a store holds is looked at from time to time; while it makes no sense, it has no digest."""
    export, answers = ["sha256:one", "1"], {"whole": "1"}

    def describe(handler: Handler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        if "?digest" in query:
            pair = {
                name: {"type": "literal", "value": value}
                for name, value in zip(("digest", "triples"), export, strict=True)
            }
            handler.send(json.dumps({"head": {"vars": list(pair)}, "results": {"bindings": [pair]}}).encode())
        elif "COUNT" in query:
            handler.send(rows("0" if "description" in query else answers["whole"], name="size"))
        else:
            handler.send(json.dumps({"head": {"vars": ["graph", "size"]}, "results": {"bindings": []}}).encode())

    monkeypatch.setattr(service.handler, "do_POST", describe)
    there = Elsewhere(service.address)
    names = there.store
    there.refresh()
    assert there.digest == "sha256:one"
    assert there.store is names
    export[:] = ["sha256:two", "2"]
    there.refresh()
    assert there.digest is None
    answers["whole"] = "2"
    there.refresh()
    assert (there.digest, there.triples) == ("sha256:two", 2)
    assert there.store is not names
    answers["whole"] = "3"
    with pytest.raises(StoreError):
        Elsewhere(service.address)


def test_a_store_that_is_down() -> None:
    """A store that is not there when the server starts is told of."""
    with pytest.raises(AwayError):
        open_store("http://127.0.0.1:9/sparql")


def test_a_store_of_another_kind(service: Service) -> None:
    """What answers, but not to SPARQL, is told of."""
    service.handler.do_POST = lambda handler: handler.send(b"<html>", content_type="text/html")  # type: ignore[attr-defined]
    with pytest.raises(RemoteError):
        Elsewhere(service.address)
