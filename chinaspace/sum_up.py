"""Sum up what was asserted: for each property of each thing the values of the best rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.lookup import Row
from chinaspace.names import CS, Term


@dataclass(frozen=True)
class Fact:
    """A property of a thing, and its values, each with how many claims assert it."""

    subject: Term
    property: Term
    values: tuple[tuple[Term, int], ...]


def sum_up(rows: Iterable[Row]) -> list[Fact]:
    """Return the facts in *rows*, which have a subject, property, value, rank and count, in their order."""
    groups: dict[tuple[Term, Term], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["subject"], row["property"]), []).append(row)
    return [Fact(subject, said, _values(found)) for (subject, said), found in groups.items()]


def _values(rows: list[Row]) -> tuple[tuple[Term, int], ...]:
    preferred = [row for row in rows if row["rank"] == ox.NamedNode(f"{CS}preferred")]
    counts: dict[Term, int] = {}
    for row in preferred or rows:
        count = row["count"]
        counts[row["value"]] = counts.get(row["value"], 0) + (int(count.value) if isinstance(count, ox.Literal) else 0)
    return tuple(counts.items())
