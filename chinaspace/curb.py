"""Curb a report: of very many faults by one rule only the first are told, and how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from chinaspace.point import Fault

# More of one kind nobody reads, and to place each of a million takes longer than to find them.
MOST = 1000


def curb(faults: Iterable[Fault], most: int = MOST) -> Iterator[Fault]:
    """Yield each fault once, of each rule the first *most* by what they are about, and one that counts the others."""
    by_rule: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in dict.fromkeys(faults):
        by_rule[fault.problem.shape, fault.problem.severity].append(fault)
    for found in by_rule.values():
        if len(found) <= most:
            yield from found
            continue
        yield from sorted(found, key=_order)[:most]
        message = f"{len(found) - most:,} more problems of this kind are not listed. Mend the others first."
        yield Fault(replace(found[0].problem, node="", path=None, value=None, message=message))


def _order(fault: Fault) -> tuple[str, ...]:
    problem = fault.problem
    return problem.node, problem.path or "", str(fault.value), problem.message
