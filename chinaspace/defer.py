"""Do work on a thread of its own that nobody has to wait for, not even the end of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from chinaspace.errors import ChinaSpaceError, DeadlineError

_T = TypeVar("_T")


def defer(work: Callable[[], _T]) -> Future[_T]:
    """Begin *work*, and return what its outcome will be found in."""
    outcome: Future[_T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except ChinaSpaceError as error:
            outcome.set_exception(error)
        finally:
            outcome.cancel()  # if it has none: a fault of ours keeps nobody waiting

    threading.Thread(target=run, daemon=True).start()
    return outcome


def within(outcome: Future[_T], seconds: float, late: str) -> _T:
    """Return an outcome if it is there within so many seconds; the work goes on if it is not.

    Raises:
        DeadlineError: it is not; *late* says so.
        ChinaSpaceError: whatever the work raises.
    """
    try:
        return outcome.result(max(0.0, seconds))
    except TimeoutError as error:
        raise DeadlineError(late) from error
