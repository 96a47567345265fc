"""Gauge how much of a source's text its claims cover, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.lookup import Row

# The text is drawn as a line of so many units.
WIDTH = 1000


@dataclass(frozen=True)
class Coverage:
    """What part of a text of *length* code points is covered; *stretches* are drawn, as place and width on the line."""

    length: int
    covered: int
    stretches: tuple[tuple[int, int], ...]

    @property
    def percent(self) -> int:
        """Return the covered part of the text in per cent, rounded down."""
        return 100 * self.covered // self.length if self.length else 0


def gauge(rows: Iterable[Row], length: int) -> Coverage | None:
    """Return what the passages of *rows*, each with its start and end, cover of a text; nothing without a length."""
    if length <= 0:
        return None
    spans = sorted(
        (max(0, start), min(length, end))
        for row in rows
        if (start := _number(row, "start")) is not None and (end := _number(row, "end")) is not None
    )
    united: list[tuple[int, int]] = []
    for start, end in spans:
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        elif end > start:
            united.append((start, end))
    drawn: list[tuple[int, int]] = []
    for start, end in united:
        left, right = start * WIDTH // length, -(-end * WIDTH // length)
        if drawn and left <= sum(drawn[-1]):
            drawn[-1] = (drawn[-1][0], right - drawn[-1][0])
        else:
            drawn.append((left, right - left))
    return Coverage(length, sum(end - start for start, end in united), tuple(drawn))


def _number(row: Row, name: str) -> int | None:
    found = row.get(name)
    return (
        int(found.value) if isinstance(found, ox.Literal) and found.value.isascii() and found.value.isdigit() else None
    )
