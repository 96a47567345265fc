"""Work is done in a process beside this one, and what goes wrong there is told here."""

from __future__ import annotations

import multiprocessing
import os
import time
from functools import partial

import pytest

from chinaspace import beside
from chinaspace.beside import Beside, share
from chinaspace.errors import LimitError, ShapesError


def pid(_: object) -> int:
    """Return the number of the process."""
    return os.getpid()


def add(held: list[int], more: int) -> int:
    """Add to what is held, and return its sum."""
    held.append(more)
    return sum(held)


def fail(_: object) -> None:
    """Raise an error of ours."""
    raise ShapesError("No good. Mend it.")


def end(_: object) -> None:
    """End the process."""
    os._exit(1)


def test_it_is_held_elsewhere() -> None:
    """What is made is made once, in another process, and keeps what questions do to it."""
    held: list[int] = []
    other = Beside(lambda: held)
    assert other.ask(add, 2) == 2
    assert other.ask(add, 3) == 5
    assert held == []
    assert other.ask(pid) != os.getpid()
    other.close()


@pytest.mark.parametrize("make", [list, partial(fail, None)])
def test_errors_come_back(make: object) -> None:
    """An error of ours is raised where the question was asked, and again for the next one."""
    other: Beside[object] = Beside(make)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(ShapesError, match="No good"):
            other.ask(fail)
    other.close()


def test_its_end_is_told() -> None:
    """A process that ends is no hang."""
    other: Beside[list[object]] = Beside(list)
    with pytest.raises(LimitError):
        other.ask(end)
    other.close()
    other.close()


def test_it_ends_when_it_is_let_go() -> None:
    """A process whose work nobody wants any more is gone at once."""
    other: Beside[None] = Beside(lambda: time.sleep(60))
    begin = time.monotonic()
    process = other._process.pid
    assert process
    other.close()
    assert time.monotonic() - begin < 20
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize("count", [0, 1, 2, 40, 300])
def test_tasks_are_shared(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Every task is done once, and the results come in the order of the tasks, whoever did them."""
    monkeypatch.setattr(beside, "can_fork", lambda: True)
    assert share([partial(pow, number, 2) for number in range(count)]) == [number**2 for number in range(count)]


def test_both_processes_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes take tasks in turns."""
    monkeypatch.setattr(beside, "can_fork", lambda: True)

    def work() -> int:
        time.sleep(0.05)
        return os.getpid()

    assert len({*share([work] * 20)}) == 2


def test_a_failing_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that fails is an error, whoever did it, and leaves no process behind."""
    monkeypatch.setattr(beside, "can_fork", lambda: True)
    with pytest.raises(ShapesError):
        share([partial(fail, None)] * 10)
    assert not [one for one in multiprocessing.active_children() if one.daemon]


def keep(held: list[int], one: int) -> None:
    """Append to what is held."""
    held.append(one)


def test_what_is_told_is_done_in_turn() -> None:
    """Orders are carried out before the next question, however many of them nobody waits for."""
    other: Beside[list[int]] = Beside(list)
    for number in range(2000):
        other.tell(keep, number)
    assert other.ask(add, 1) == sum(range(2000)) + 1
    other.tell(fail)
    with pytest.raises(ShapesError):
        other.ask(add, 1)
    other.close()
