"""Confine work on what a stranger wrote to a process of its own, with an end to its time and memory."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

from chinaspace.errors import ChinaSpaceError, LimitError

T = TypeVar("T")

# Far beyond what this graph takes, a hundred times as large as it is.
MOST_SECONDS = 600
MOST_MEMORY = 6 * 2**30
_REMEDY = "Take out the file that is largest, or nested deepest, and try again."


def confined(work: Callable[[], T], seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> T:
    """Return what *work* returns, done in a process of its own that may take *seconds* and *memory* bytes.

    Whatever a file makes of a parser, be it a hang or the end of its process,
    is an error here. What *work* returns must be picklable, and what it
    changes in memory is lost. A system without fork has no such limits, and
    only Linux counts the memory.

    Raises:
        LimitError: the time was over, or the process ended.
        ChinaSpaceError: *work* raised one, with the same message.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        return work()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    # Not as a daemon: these can have no processes of their own.
    process = context.Process(target=_work, args=(work, sender, seconds, memory))
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise LimitError(f"Not done within {seconds:g} seconds. {_REMEDY}")
        result: T | ChinaSpaceError = receiver.recv()
    except EOFError as error:
        process.join()
        raise LimitError(f"The process that did the work ended{_reason(process.exitcode)}. {_REMEDY}") from error
    finally:
        process.kill()
        process.join()
        receiver.close()
    if isinstance(result, ChinaSpaceError):
        raise result
    return result


def _work(work: Callable[[], object], sender: Connection, seconds: float, memory: int) -> None:
    import resource

    for kind, limit in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, int(seconds) + 1)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    try:
        result = work()
    except ChinaSpaceError as error:
        sender.send(ChinaSpaceError(str(error)))  # others have arguments of their own, and cannot be sent
    except MemoryError:
        sender.send(LimitError(f"More memory needed than there is, or than may be taken. {_REMEDY}"))
    except KeyboardInterrupt:
        return  # the process that waits was interrupted as well
    else:
        sender.send(result)


def _reason(code: int | None) -> str:
    return f" by {signal.Signals(-code).name}" if code is not None and code < 0 else ""
