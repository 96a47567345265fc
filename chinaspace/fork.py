"""Fork workers that share the loaded store, and kill them, from a process that has no threads."""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import os
import signal
import socket
import struct
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize

from chinaspace.work import Limits, Shared, work

_MESSAGE = struct.Struct("!cI")
_SPAWN, _KILL = b"+", b"-"


@dataclass(frozen=True)
class Forked:
    """A worker process: its number, and our end of the socket to it, which does not block."""

    number: int
    channel: socket.socket


class Nursery:
    """Forks workers on demand: a fork of the server itself would copy threads in the middle of their work.

    Nothing is ever waited for: a worker can be written to before it is there,
    and a dead one shows as an end of its channel. When the server ends, however
    it ends, the nursery sees its socket closed, kills all workers and ends.
    """

    def __init__(self, shared: Shared, limits: Limits) -> None:
        """Start the process."""
        self._control, theirs = socket.socketpair()
        self._numbers = itertools.count()
        self.started = 0
        self._process = multiprocessing.get_context("fork").Process(target=_tend, args=(theirs, shared, limits))
        self._process.start()
        theirs.close()
        self._end = Finalize(self, _close, args=(self._control, self._process), exitpriority=10)

    @property
    def pid(self) -> int | None:
        """Return the number of the process."""
        return self._process.pid

    @property
    def closed(self) -> bool:
        """Tell whether the process has been ended."""
        return not self._end.still_active()

    def close(self) -> None:
        """End the process and all workers."""
        self._end()

    def spawn(self) -> Forked:
        """Return a new worker.

        Raises:
            OSError: the nursery has ended.
        """
        ours, theirs = socket.socketpair()
        number = next(self._numbers)
        self.started += 1
        try:
            socket.send_fds(self._control, [_MESSAGE.pack(_SPAWN, number)], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        return Forked(number, ours)

    def kill(self, worker: Forked) -> None:
        """End a worker, whatever it does."""
        worker.channel.close()
        with contextlib.suppress(OSError):  # once the nursery has ended, so have its workers
            self._control.sendall(_MESSAGE.pack(_KILL, worker.number))


def _close(control: socket.socket, process: BaseProcess) -> None:
    control.close()
    process.join()


def _tend(control: socket.socket, shared: Shared, limits: Limits) -> None:
    """Fork and kill as told, until the other side closes."""
    # Ctrl-C and a service manager signal the whole group; the server decides when its workers end.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    _close_files(control.fileno())
    # Objects that the collector does not touch stay in the pages that all workers share.
    gc.freeze()
    workers: dict[int, BaseProcess] = {}
    try:
        while True:
            message, files, _, _ = socket.recv_fds(control, _MESSAGE.size, 1)
            if len(message) < _MESSAGE.size:
                return
            action, name = _MESSAGE.unpack(message)
            if action == _SPAWN:
                _spawn(workers, name, files[0], (control, shared, limits))
            elif name in workers and action == _KILL:
                _end(workers.pop(name))
    finally:
        for worker in workers.values():
            _end(worker)


def _spawn(workers: dict[int, BaseProcess], name: int, file: int, given: tuple[socket.socket, Shared, Limits]) -> None:
    channel = socket.socket(fileno=file)
    worker = multiprocessing.get_context("fork").Process(target=_begin, args=(channel, *given))
    with contextlib.suppress(OSError):  # no process to be had: the server sees the channel end
        worker.start()
        workers[name] = worker
    channel.close()


def _begin(channel: socket.socket, control: socket.socket, shared: Shared, limits: Limits) -> None:
    control.close()
    # A worker that runs out of memory says so on its way out; the server tells the client.
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    # Should the machine itself run out of memory, workers are to go first.
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123 - no path of ours
        score.write("1000")
    work(channel, shared, limits)


def _end(worker: BaseProcess) -> None:
    worker.kill()
    worker.join()


def _close_files(kept: int) -> None:
    """Close what was inherited, such as the socket that the server listens at."""
    most = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, kept)
    os.closerange(kept + 1, most)
