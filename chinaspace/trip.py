"""Trip like a fuse: leave alone for a while whom calls fail of time and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock


class Fuse:
    """Counts failures in a row; when there are too many, nobody calls for a while, and then one tries.

    It holds its lock for its own figures alone, so that calls run side by side.
    """

    def __init__(self, failures: int, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Trip after so many *failures* in a row, for *rest* seconds of *clock*."""
        self._most, self._rest, self._clock = failures, rest, clock
        self._failed, self._until = 0, 0.0
        self._lock = Lock()

    def lets(self) -> bool:
        """Tell whether one may call now; after a rest one alone may, until it is known how that went."""
        with self._lock:
            if self._failed < self._most:
                return True
            now = self._clock()
            if now < self._until:
                return False
            self._until = now + self._rest
            return True

    def note(self, well: bool) -> None:
        """Take note of how a call went."""
        with self._lock:
            self._failed = 0 if well else self._failed + 1
            if self._failed >= self._most:
                self._until = self._clock() + self._rest
