"""Give memory that is free back to the system, where the C library keeps it."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def trim() -> None:
    """Give back what this process has freed; where the C library is not glibc, nothing happens.

    After a million statements were loaded, glibc keeps a tenth of the memory for
    what may come, and nothing comes: workers answer queries, in memory of their own.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
