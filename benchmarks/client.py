"""A small HTTP client for asyncio that keeps its connection and can have any local address."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the fields of the head in lower case, and the body."""

    status: int
    fields: dict[str, str]
    body: bytes


class Client:
    """Asks one server, one request after the other."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        """Ask at *port* of this machine, coming from *address*."""
        self._port, self._address = port, address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, target: str, accept: str = "application/sparql-results+json") -> Answer:
        """Return the answer to a GET.

        Raises:
            OSError: the connection failed, or was closed within the answer.
        """
        if self._streams is None:
            opened = asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._address, 0), limit=2**20)
            self._streams = await opened
        reader, writer = self._streams
        try:
            writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode())
            answer = await _read(reader)
        except (asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            raise ConnectionError(f"the answer ended too early: {error}") from error
        except BaseException:
            self.close()
            raise
        if answer.fields.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._streams is not None:
            with contextlib.suppress(OSError, RuntimeError):
                self._streams[1].close()
        self._streams = None


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split()[1])
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    if fields.get("transfer-encoding") == "chunked":
        pieces = []
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            pieces.append((await reader.readexactly(size + 2))[:-2])
        await reader.readuntil(b"\r\n")
        return Answer(status, fields, b"".join(pieces))
    return Answer(status, fields, await reader.readexactly(int(fields.get("content-length", "0"))))
