"""Answer a request that came before in the same words, from the bytes of its answer."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

_PART = 8


class Heard(NamedTuple):
    """What an answer depends on: the target of a GET, and what it accepts."""

    target: bytes
    accept: bytes
    accept_encoding: bytes


class Echo:
    """Whole answers as they went over a connection, within a number of bytes; those not used the longest go first.

    Only what was taken from the kept answers comes in here, so each entry is
    one of them in another form, and goes with its data set.
    """

    def __init__(self, most_bytes: int) -> None:
        """Begin empty."""
        self._most, self._held, self._digest = most_bytes, 0, ""
        self._kept: OrderedDict[Heard, tuple[bytes, bytes]] = OrderedDict()

    def find(self, digest: str, heard: Heard) -> tuple[bytes, bytes] | None:
        """Return the head, without its end, and the body of the answer from a data set, if it is kept."""
        if digest != self._digest:
            return None
        found = self._kept.get(heard)
        if found:
            self._kept.move_to_end(heard)
        return found

    def keep(self, digest: str, heard: Heard, fields: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Keep an answer with status 200."""
        if digest != self._digest:
            self._kept.clear()
            self._digest, self._held = digest, 0
        head = head_of(fields)
        size = _size(heard, (head, body))
        if heard in self._kept or size > self._most // _PART:
            return
        self._kept[heard] = head, body
        self._held += size
        while self._held > self._most:
            self._held -= _size(*self._kept.popitem(last=False))


def head_of(fields: list[tuple[bytes, bytes]]) -> bytes:
    """Return the head of an answer, without the empty line that ends it."""
    return b"HTTP/1.1 200 OK\r\n" + b"".join([b"%s: %s\r\n" % field for field in fields])


def _size(heard: Heard, answer: tuple[bytes, bytes]) -> int:
    return sum(map(len, heard)) + sum(map(len, answer)) + 512
