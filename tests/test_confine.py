"""What is confined gives back what it returns or raises, and ends in time, however it goes wrong."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from chinaspace.confine import confined
from chinaspace.errors import ChinaSpaceError, LimitError


def test_results_come_back() -> None:
    """What is returned is returned, and it came from another process."""
    assert confined(lambda: {"one": (1, None)}) == {"one": (1, None)}
    assert confined(os.getpid) != os.getpid()


def test_errors_come_back() -> None:
    """An error that is meant for the user has its sentence."""

    def fail() -> None:
        raise ChinaSpaceError("Mend it.")

    with pytest.raises(ChinaSpaceError, match="Mend it"):
        confined(fail)


def test_a_process_that_ends() -> None:
    """A process that is ended from within or without is an error that says how."""
    with pytest.raises(LimitError, match="SIGKILL"):
        confined(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_a_hang() -> None:
    """What does not end is ended, and nothing is left of it."""
    started = time.monotonic()
    with pytest.raises(LimitError):
        confined(lambda: time.sleep(600), seconds=0.2)
    assert time.monotonic() - started < 60


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux counts the memory")
def test_memory() -> None:
    """What takes too much memory is an error."""
    with pytest.raises(LimitError):
        confined(lambda: len(b"x" * 2**31), memory=2**30)
