"""The graphs that a query sees."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The graphs that a query sees, where a client chooses them; they override FROM and FROM NAMED.

    As the protocol has it, choosing either kind leaves the other empty.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
