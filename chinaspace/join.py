"""Write the head of an answer together with what comes in the same moment."""

from __future__ import annotations

import asyncio
from typing import Any


class Joined:
    """A transport that writes the head of an answer together with what comes in the same moment.

    A server that is killed between the two leaves a head behind, after which a
    proxy can no longer ask another server.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Write to *transport*."""
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        """Do all else as the transport does."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write a part of an answer, in a moment."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def write_whole(self, data: bytes) -> None:
        """Write an answer that is all there."""
        if self._held:
            self.write(data)
        else:
            self._transport.write(data)

    def close(self) -> None:
        """Write what is held, and close."""
        self._flush()
        self._transport.close()

    def get_write_buffer_size(self) -> int:
        """Return how many bytes nobody has taken yet."""
        return sum(map(len, self._held)) + self._transport.get_write_buffer_size()

    def _flush(self) -> None:
        held, self._held = self._held, []
        if held and not self._transport.is_closing():
            self._transport.write(b"".join(held))
