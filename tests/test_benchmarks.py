"""What benchmarks make of what they measured."""

from __future__ import annotations

import asyncio
import random

import pytest

from client import Client
from report import Line, growth, rates
from soak import rows

ABOUT = {"what": "window", "work": "light", "clients": 8, "unique": True, "median": 1.0, "p95": 2.0, "p99": 3.0}


def window(server: str, round_: int, rate: float) -> Line:
    return {**ABOUT, "server": server, "round": round_, "rate": rate, "processor": 1.0, "faults": 0}


def test_ratios_are_those_of_neighbours() -> None:
    """Each window is set against that of the same round, so that a slow hour does not count."""
    run = [window("oxigraph serve", 0, 100), window("oxigraph serve", 1, 10), window("oxigraph serve", 2, 50)]
    run += [window("chinaspace", 0, 80), window("chinaspace", 1, 9), window("chinaspace", 2, 35)]
    (line,) = [line for line in rates(run).splitlines() if "| chinaspace |" in line]
    assert "| 35.0 (9.0 to 80.0) | 0.80 (0.70 to 0.90) |" in line


def test_growth_is_an_exponent() -> None:
    """Latencies that grow with the square of the size have the exponent 2, and constant ones 0."""
    runs: list[list[Line]] = [
        [
            {"what": "run", "triples": triples},
            {"what": "cold", "work": "square", "server": "one", "median": triples**2 / 1e6},
            {"what": "cold", "work": "constant", "server": "one", "median": 5.0},
        ]
        for triples in (1_000, 10_000, 100_000)
    ]
    assert "| square | one | 2.00 |" in growth(runs)
    assert "| constant | one | 0.00 |" in growth(runs)


def test_rows_are_compared_whatever_their_order() -> None:
    """Two answers are equal if they have the same rows with the same terms."""
    one, other = b'{"a":{"value":"1"},"b":{"value":"2"}}', b'{"a":{"value":"3"}}'
    body = b'{"results":{"bindings":[%s,%s]}}'
    assert rows(body % (one, other)) == rows(body % (other, one))
    assert rows(body % (one, one)) != rows(body % (one, other))


@pytest.mark.parametrize("chunked", [True, False])
def test_the_client_reads_what_comes(chunked: bool) -> None:
    """The client puts an answer together, whether it comes with its length or in chunks, and keeps its connection."""
    body, opened = random.Random(1).randbytes(100_000), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while await reader.readuntil(b"\r\n\r\n"):
            if chunked:
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for start in range(0, len(body), 30_000):
                    piece = body[start : start + 30_000]
                    writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                writer.write(b"0\r\n\r\n")
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    async def ask() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        client = Client(server.sockets[0].getsockname()[1], "127.0.0.3")
        for _ in range(3):
            answer = await client.get("/")
            assert (answer.status, answer.body) == (200, body)
        client.close()
        server.close()

    asyncio.run(ask())
    assert opened == 1
