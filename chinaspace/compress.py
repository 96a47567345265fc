"""Compress answers, whole or piece by piece, in the codings that clients take."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli

# Less than this fits into one packet, compressed or not.
LEAST = 1024
# Middling efforts: beyond them time grows much faster than the answer shrinks.
_GZIP, _BROTLI = 6, 4
_GZIP_FORMAT = 31


class Stream(Protocol):
    """Compresses one piece after another, so that each can be read as it comes."""

    def feed(self, piece: bytes) -> bytes:
        """Return what stands for *piece*."""
        ...

    def finish(self) -> bytes:
        """Return the end."""
        ...


class _Gzip:
    def __init__(self) -> None:
        self._made = zlib.compressobj(_GZIP, zlib.DEFLATED, _GZIP_FORMAT)

    def feed(self, piece: bytes) -> bytes:
        return self._made.compress(piece) + self._made.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._made.flush()


class _Brotli:
    def __init__(self) -> None:
        self._made = brotli.Compressor(quality=_BROTLI)

    def feed(self, piece: bytes) -> bytes:
        return bytes(self._made.process(piece)) + bytes(self._made.flush())

    def finish(self) -> bytes:
        return bytes(self._made.finish())


class _Plain:
    def feed(self, piece: bytes) -> bytes:
        return piece

    def finish(self) -> bytes:
        return b""


def compress(body: bytes, coding: str) -> bytes:
    """Return *body* in a coding: "br" or "gzip"."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI))
    made = zlib.compressobj(_GZIP, zlib.DEFLATED, _GZIP_FORMAT)
    return made.compress(body) + made.flush()


def stream(coding: str) -> Stream:
    """Return what compresses in a coding; "" leaves all as it is."""
    return _Brotli() if coding == "br" else _Gzip() if coding == "gzip" else _Plain()
