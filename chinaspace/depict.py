"""Draw charts in processes of their own, which have a deadline and a memory, and keep those that were drawn."""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256

from chinaspace.cast import Row
from chinaspace.chart import Sketch, draw
from chinaspace.errors import BusyError, ChinaSpaceError, DeadlineError, KilledError
from chinaspace.paths import PACKAGE

# A drawing takes about a second, most of it to begin; the first one on a machine lists its fonts as well.
_SECONDS = 30.0
_MEMORY = 2 * 2**30
_AT_ONCE = 2
# Each of those who wait holds a thread of the server, which pages need as well.
_MOST_WAITING = 6
_PATIENCE = 10.0
_MOST_BYTES = 2**25
_CALL = "from chinaspace.depict import work; work()"

_GATE = threading.BoundedSemaphore(_AT_ONCE)
_QUEUE = threading.BoundedSemaphore(_AT_ONCE + _MOST_WAITING)
_KEPT: OrderedDict[str, bytes] = OrderedDict()
_LOCK = threading.Lock()


def depict(sketch: Sketch, rows: Sequence[Row], form: str, width: int) -> bytes:
    """Return a chart as :func:`chinaspace.chart.draw` does; what was drawn before is not drawn again.

    Raises:
        BusyError: others draw already, or the system has no process for it.
        DeadlineError, KilledError: it takes too long, or too much memory.
        MissingPartError: what draws is not installed.
    """
    given = pickle.dumps((sketch, rows, form, width))
    key = sha256(given).hexdigest()
    if (kept := _find(key)) is not None:
        return kept
    with _turn():
        if (kept := _find(key)) is None:
            kept = _run(given)
            _keep(key, kept)
        return kept


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for a place to draw in; where too many wait already, or for too long, nobody draws."""
    busy = "Other charts are being drawn. Ask again in a few seconds."
    if not _QUEUE.acquire(blocking=False):
        raise BusyError(busy)
    try:
        if not _GATE.acquire(timeout=_PATIENCE):
            raise BusyError(busy)
        try:
            yield
        finally:
            _GATE.release()
    finally:
        _QUEUE.release()


def work() -> None:
    """Draw what is given on standard input, and write the drawing or the error to standard output."""
    with suppress(OSError):
        os.nice(10)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(_SECONDS), int(_SECONDS)))
    with open(0, "rb") as given, open(1, "wb") as out:
        sketch, rows, form, width = pickle.load(given)  # noqa: S301 - the server has made it
        try:
            outcome: bytes | ChinaSpaceError = draw(sketch, rows, form, width)
        except ChinaSpaceError as error:
            outcome = error
        pickle.dump(outcome, out)


def _run(given: bytes) -> bytes:
    # A process that is started anew has none of the server's threads, locks and sockets.
    # One thread is enough, and those of linear algebra take address space for each processor.
    paths = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - nothing of it comes from outside
            [sys.executable, "-P", "-c", _CALL],
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            env=environment,
            check=True,
        )
    except OSError as error:
        raise BusyError("There is no process to draw in. Ask again in a few seconds.") from error
    except subprocess.TimeoutExpired as error:
        raise DeadlineError(f"The chart was not drawn within {_SECONDS:g} seconds. Ask for fewer rows.") from error
    except subprocess.CalledProcessError as error:
        raise KilledError("The chart took more memory or time than it may. Ask for fewer rows.") from error
    outcome = pickle.loads(done.stdout)  # noqa: S301 - our own process has made it
    if isinstance(outcome, ChinaSpaceError):
        raise outcome
    assert isinstance(outcome, bytes)
    return outcome


def _find(key: str) -> bytes | None:
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
        return _KEPT.get(key)


def _keep(key: str, drawing: bytes) -> None:
    with _LOCK:
        _KEPT[key] = drawing
        while sum(map(len, _KEPT.values())) > _MOST_BYTES:
            _KEPT.popitem(last=False)
