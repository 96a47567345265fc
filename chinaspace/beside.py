"""Work beside this process: in one that was forked from it, so that two processors are used, and not one in turns.

Threads would not do: Oxigraph lets others go on with each call, and to have
Python's lock back after a hundred thousand short calls takes longer than all
the work.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Concatenate, Generic, ParamSpec, TypeVar

from chinaspace.errors import ChinaSpaceError, LimitError

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

_MOST_TASKS = 255


def has_fork() -> bool:
    """Tell whether a process can have what this one has read."""
    return "fork" in multiprocessing.get_all_start_methods()


def can_fork() -> bool:
    """Tell whether there is a second processor, and a process that could use it."""
    return has_fork() and (os.cpu_count() or 1) > 1


class Beside(Generic[T]):
    """What *make* returns, made and held in a process of its own, which answers questions about it.

    That process sees everything as it was when this was called. It ends when
    this process does, or lets it go.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        """Begin to make it."""
        context = multiprocessing.get_context("fork")
        self._channel, theirs = context.Pipe()
        self._process = context.Process(target=_answer, args=(self._channel, theirs, make), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, question: Callable[Concatenate[T, P], R], *args: P.args, **_: P.kwargs) -> R:
        """Return what *question*, a function with a name, returns of what is held and of *args*.

        Raises:
            ChinaSpaceError: it was raised while it was made, or by the question.
            LimitError: the process has ended.
        """
        try:
            self._channel.send((question, args, True))
            failed, result = self._channel.recv()
        except (EOFError, OSError) as error:
            raise LimitError("A process that did a part of the work has ended. Try again.") from error
        if failed:
            raise result
        found: R = result
        return found

    def tell(self, order: Callable[Concatenate[T, P], None], *args: P.args, **_: P.kwargs) -> None:
        """Have *order*, a function with a name, called with what is held and *args*; what it raises, the next ask does.

        Raises:
            LimitError: the process has ended.
        """
        try:
            self._channel.send((order, args, False))
        except OSError as error:
            raise LimitError("A process that did a part of the work has ended. Try again.") from error

    def close(self) -> None:
        """Let it go; what is not done is not wanted any more."""
        self._channel.close()
        self._process.kill()
        self._process.join()


def _answer(theirs: Connection, channel: Connection, make: Callable[[], T]) -> None:
    theirs.close()  # else this process would keep itself waiting for questions
    held, wrong = None, None
    try:
        held = make()
    except ChinaSpaceError as error:
        wrong = error
    while True:
        try:
            question, args, asked = channel.recv()
        except (EOFError, OSError):  # nobody is there to ask any more
            return
        try:
            if wrong:
                raise wrong
            result = False, question(held, *args)
        except ChinaSpaceError as error:
            wrong = wrong if asked else error
            result = True, error
        if asked:
            channel.send(result)


def share(tasks: Sequence[Callable[[], R]]) -> list[R]:
    """Return what each of *tasks* returns, in their order; two processes take them in turns, if there can be two.

    Raises:
        ChinaSpaceError: one of them raised it.
    """
    if len(tasks) < 2 or len(tasks) > _MOST_TASKS or not can_fork():
        return [task() for task in tasks]
    # A byte for each task, so that whoever is free takes the next one.
    take, put = os.pipe()
    os.write(put, bytes(range(len(tasks))))
    os.close(put)
    other = Beside(lambda: _take(take, tasks))
    try:
        found = _take(take, tasks)
        found |= other.ask(_same)
    finally:
        os.close(take)
        other.close()
    return [found[number] for number in range(len(tasks))]


def _take(queue: int, tasks: Sequence[Callable[[], R]]) -> dict[int, R]:
    found: dict[int, R] = {}
    while number := os.read(queue, 1):
        found[number[0]] = tasks[number[0]]()
    return found


def _same(held: T) -> T:
    return held
