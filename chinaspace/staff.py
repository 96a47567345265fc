"""Keep workers ready: for one query alone, or for short ones that stand in line at a few of them."""

from __future__ import annotations

from chinaspace.errors import BusyError
from chinaspace.fork import Nursery
from chinaspace.talk import Answer, Worker
from chinaspace.work import Limits, Shared

# So many workers are kept for each processor, so that long queries do not cost a new one each.
_SPARE = 3
# So many short queries are with a worker at once: that it finds the next one there, when it is done with one, saves
# it falling asleep and being woken, which takes as long as a short query.
_IN_LINE = 4
# Where queries take longer than so many seconds, on average over some ten of them, it is of no use.
_QUICK = 0.01
_LONGEST = 0.05
_WEIGHT = 0.1


class Staff:
    """The worker processes, *count* of which are kept busy with short queries.

    A worker that is lent may have another query before its own, for a moment: a
    query that turns out to be a long one has the worker for itself by
    :meth:`claim`, and those behind it are told to go elsewhere.
    """

    def __init__(self, shared: Shared, limits: Limits, count: int) -> None:
        """Start *count* processes."""
        self.nursery, self._count = Nursery(shared, limits), count
        self._idle = [Worker(self.nursery.spawn()) for _ in range(count)]
        self._lent: list[Worker] = []
        self._lately = 0.0

    def close(self) -> None:
        """End all workers; queries that are under way are lost."""
        self.nursery.close()
        for worker in self._idle:
            worker.pause()
            worker.forked.channel.close()
        self._idle.clear()
        self._lent.clear()

    @property
    def idle(self) -> int:
        """Return how many workers stand ready."""
        return len(self._idle) + sum(not worker.answers for worker in self._lent)

    @property
    def quick(self) -> bool:
        """Tell whether queries have been so short lately that they had better stand in line."""
        return self._lately < _QUICK

    def note(self, seconds: float) -> None:
        """Take note of how long a worker took for a query."""
        self._lately += (min(seconds, _LONGEST) - self._lately) * _WEIGHT

    def hire(self, anew: bool = False) -> Worker:
        """Return a worker that has nothing to do, or a new one, for one query alone.

        Raises:
            BusyError: the server is stopping.
        """
        while not anew and (worker := self._pick()):
            if worker.lives():
                return worker
            self._kill(worker)
        return self._spawn()

    def dismiss(self, worker: Worker, keep: bool) -> None:
        """Take back a worker, and have one ready in its place if it is not to be kept."""
        if keep and len(self._idle) < _SPARE * self._count and worker.rank(long=False):
            self._idle.append(worker)
            return
        self._kill(worker)
        self.refill()

    def refill(self) -> None:
        """Have one more worker ready, if fewer are than there are places."""
        if len(self._idle) + len(self._lent) < self._count and not self.nursery.closed:
            self._idle.append(self._spawn())

    def lend(self) -> Worker:
        """Return the worker that is to have the next short query.

        Raises:
            BusyError: the server is stopping.
        """
        able = [worker for worker in self._lent if not (worker.lost or worker.spent)]
        if len(able) >= self._count:
            worker = min(able, key=lambda one: len(one.answers))
            if len(worker.answers) < _IN_LINE:
                return worker
        for worker in [one for one in self._lent if one.lost and not one.answers]:
            self._lent.remove(worker)
            self._kill(worker)
        worker = self.hire()
        self._lent.append(worker)
        return worker

    def give_back(self, worker: Worker, keep: bool) -> None:
        """Take note that a short query has ended at a worker that was lent; *keep* tells whether it can go on."""
        worker.spent = worker.spent or not keep
        spare = len(self._lent) > self._count
        if not worker.answers and worker in self._lent and (worker.spent or spare):
            self._lent.remove(worker)
            self.dismiss(worker, not worker.spent)

    def claim(self, worker: Worker, answer: Answer) -> None:
        """Have a worker that was lent for one query alone; it is not to be kept if others stand in line."""
        if worker in self._lent:
            self._lent.remove(worker)
        for other in [one for one in worker.answers if one is not answer]:
            worker.spent = True
            other.drop()

    def _pick(self) -> Worker | None:
        """Return a worker that has nothing to do, if there is one; it is one of those that are lent no more."""
        if self._idle:
            return self._idle.pop()
        free = next((worker for worker in self._lent if not worker.answers), None)
        if free:
            self._lent.remove(free)
        return free

    def _kill(self, worker: Worker) -> None:
        worker.pause()
        self.nursery.kill(worker.forked)

    def _spawn(self) -> Worker:
        try:
            return Worker(self.nursery.spawn())
        except OSError as error:
            raise BusyError("The server is stopping. Ask again in a few seconds.") from error
