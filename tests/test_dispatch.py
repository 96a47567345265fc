"""Queries run in worker processes: what takes too much is stopped, and costs nobody else anything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path

import pytest

from chinaspace.bind import bind
from chinaspace.dispatch import Dispatcher
from chinaspace.engine import UnacceptableError, answer
from chinaspace.errors import BusyError, DeadlineError, KilledError, ParameterError, QueryError
from chinaspace.load import Loaded
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.result import Reply
from chinaspace.scope import Scope
from chinaspace.talk import Worker
from chinaspace.work import Limits
from live import children

CSV = ["text/csv"]
ASK = "ASK { ?thing a <https://w3id.org/chinaspace/ontology/Mission> }"
ROWS = "SELECT ?thing WHERE { ?thing a <https://w3id.org/chinaspace/ontology/Mission> } ORDER BY ?thing"
CROSS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SLOW = f"SELECT (COUNT(*) AS ?count) WHERE {CROSS}"
ENDLESS = f"SELECT ?a ?f ?i ?l WHERE {CROSS}"
PAIRS = "{ ?a ?b ?c . ?d ?e ?f }"
BOMBS = [
    f"SELECT (COUNT(*) AS ?count) WHERE {{ SELECT DISTINCT * WHERE {PAIRS} }}",
    f"SELECT (GROUP_CONCAT(CONCAT(STR(?b), STR(?e))) AS ?all) WHERE {PAIRS}",
    f"SELECT ?a WHERE {PAIRS} ORDER BY ?f",
]

# Each is about as long as a query may be, and would overflow an ordinary stack in the parser.
DEEP = {
    "groups": "ASK " + "{" * 20000 + "}" * 20000,
    "groups of the greatest length": "ASK " + "{" * 49900 + "}" * 49900,
    "groups that are never closed": "ASK " + "{" * 99900,
    "brackets": "ASK { FILTER(" + "(" * 49900 + "1" + ")" * 49900 + ") }",
    "brackets that are never closed": "ASK { FILTER(" + "(" * 99900,
    "negations": "ASK { FILTER(" + "!" * 99900 + "1) }",
    "subqueries": "ASK { " + "{SELECT*{" * 9000 + "}}" * 9000 + " }",
    "optional groups": "ASK { " + "OPTIONAL{" * 9900 + "}" * 9900 + " }",
    "blank nodes": "ASK{?s?p" + "[a" * 49900,
    "paths": "ASK { ?s " + "(" * 49900 + "a" + ")" * 49900 + " ?o }",
}


@pytest.fixture(scope="module")
def workers(world: Loaded) -> Iterator[Dispatcher]:
    """Give two workers with a deadline of a second and little memory."""
    running = Dispatcher(world.store, Limits(seconds=1, mebibytes=64), 2)
    yield running
    running.close()


def run(work: Coroutine[None, None, Reply]) -> Reply:
    """Return what *work* gives, within the time that any query has."""
    return asyncio.run(asyncio.wait_for(work, 20))


def worker_pids(workers: Dispatcher) -> list[int]:
    """Return the processes of the workers."""
    pid = workers.staff.nursery.pid
    assert pid
    return children(pid)


def state(pid: int) -> str:
    """Return the letter of what a process does, "Z" where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def settled(workers: Dispatcher) -> bool:
    """Tell whether soon no worker works any more, and none is there but those that stand ready."""
    for _ in range(100):
        states = [state(pid) for pid in worker_pids(workers)]
        if "R" not in states and 1 <= len(states) - states.count("Z") <= workers.staff.idle <= 6:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("name", list(saved_queries()))
def test_the_answer_is_that_of_the_engine(workers: Dispatcher, world: Loaded, name: str) -> None:
    """A worker answers each saved query as the engine does in this process, to the byte."""
    query = saved_queries()[name]
    try:
        sparql = bind(query, given_for(query))
    except ParameterError:
        pytest.fail(f"no value is known for a parameter of {name}")
    for accept in (["text/csv"], ["application/sparql-results+json"]):
        reply = run(workers.ask(sparql, accept))
        expected = answer(world.store, sparql, accept)
        assert (asyncio.run(reply.whole()), reply.media_type) == (expected.body, expected.media_type)


def given_for(query: SavedQuery) -> dict[str, str]:
    """Return a value for each parameter that must be given."""
    samples = {"iri": "mission-lamp-1", "string": "lamp", "integer": "1", "date": "2030-01-01", "language": "en"}
    return {parameter.name: samples[parameter.type] for parameter in query.parameters if parameter.required}


def test_faults_come_back(workers: Dispatcher) -> None:
    """What is wrong with a query is told as the engine tells it, and the worker stays."""
    before = sorted(worker_pids(workers))
    for query, accept, error in (("SELECT", [], QueryError), (ASK, ["image/png"], UnacceptableError)):
        with pytest.raises(error):
            run(workers.ask(query, accept))
    with pytest.raises(QueryError):
        run(workers.ask(ASK, [], Scope(("no iri",), ())))
    assert sorted(worker_pids(workers)) == before


def test_a_chosen_graph(workers: Dispatcher) -> None:
    """The graphs that a client chooses reach the worker."""
    query = "ASK { ?s ?p ?o }"
    assert run(workers.ask(query, CSV, Scope(("https://w3id.org/chinaspace/graph/facts",), ()))).body == b"true\n"
    assert run(workers.ask(query, CSV, Scope(("urn:none",), ()))).body == b"false\n"


def test_queries_at_once(workers: Dispatcher) -> None:
    """More queries than there are places are all answered, on the same workers and a few more."""

    async def ask() -> set[bytes]:
        return {reply.body for reply in await asyncio.gather(*(workers.ask(ROWS, CSV) for _ in range(60)))}

    before = set(worker_pids(workers))
    assert len(asyncio.run(ask())) == 1
    assert before <= set(worker_pids(workers))
    assert len(worker_pids(workers)) <= max(4, len(before))


def test_the_deadline(workers: Dispatcher) -> None:
    """A count over a cross product is stopped at its deadline, and its worker is gone."""
    begin = time.perf_counter()
    with pytest.raises(DeadlineError):
        run(workers.ask(SLOW, CSV))
    assert time.perf_counter() - begin < 3
    assert run(workers.ask(ASK, CSV)).body == b"true\n"
    assert settled(workers)


@pytest.mark.parametrize("bomb", BOMBS)
def test_memory(world: Loaded, bomb: str) -> None:
    """A query that takes too much memory ends its worker, and the next one is answered."""
    workers = Dispatcher(world.store, Limits(seconds=60, mebibytes=16), 2)
    try:
        with pytest.raises(KilledError):
            run(workers.ask(bomb, CSV))
        assert run(workers.ask(ASK, CSV)).body == b"true\n"
    finally:
        workers.close()


def test_a_killed_worker_is_replaced(workers: Dispatcher) -> None:
    """Whoever asks does not see that idle workers were killed."""
    for _ in range(3):
        for pid in worker_pids(workers):
            os.kill(pid, signal.SIGKILL)
        assert run(workers.ask(ASK, CSV)).body == b"true\n"


def test_idle_workers_that_die_unseen(workers: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the kernel takes its time to end the workers that were killed, nobody sees that they were."""
    monkeypatch.setattr(Worker, "lives", lambda self: True)
    for _ in range(3):
        for _ in range(4):  # as many as are ever kept
            workers.staff.dismiss(workers.staff.hire(anew=True), keep=True)
        time.sleep(0.2)  # a new one is there a moment after it was asked for
        for pid in worker_pids(workers):
            with contextlib.suppress(ProcessLookupError):  # it was killed a round before
                os.kill(pid, signal.SIGKILL)
        assert run(workers.ask(ASK, CSV)).body == b"true\n"


def test_a_worker_killed_at_work(world: Loaded) -> None:
    """A query whose worker is killed is asked once more, and answered."""
    workers = Dispatcher(world.store, Limits(seconds=60), 2)

    async def ask() -> Reply:
        asked = asyncio.ensure_future(workers.ask("ASK { { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } } }", CSV))
        await asyncio.sleep(0.05)
        for pid in worker_pids(workers):
            os.kill(pid, signal.SIGKILL)
        return await asked

    try:
        assert run(ask()).body == b"true\n"
    finally:
        workers.close()


def test_a_full_queue(world: Loaded) -> None:
    """What finds the queue full, or waits too long in it, is told to come again."""
    workers = Dispatcher(world.store, Limits(seconds=1), 2)

    async def ask() -> list[object]:
        asked = [workers.ask(SLOW, CSV) for _ in range(300)]
        return await asyncio.gather(*asked, return_exceptions=True)

    try:
        begin = time.perf_counter()
        errors = asyncio.run(asyncio.wait_for(ask(), 30))
        assert time.perf_counter() - begin < 7
        assert {type(error) for error in errors} == {BusyError, DeadlineError}
        assert run(workers.ask(ASK, CSV)).body == b"true\n"
    finally:
        workers.close()


def test_an_honest_client_does_not_wait(world: Loaded) -> None:
    """Beside long queries, of others or of its own, a short one is answered within a second."""
    workers = Dispatcher(world.store, Limits(seconds=4), 2)

    async def ask() -> float:
        hostile = [asyncio.ensure_future(workers.ask(SLOW, CSV, client="other")) for _ in range(4)]
        await asyncio.sleep(0)
        longest = 0.0
        for number in range(20):
            begin = time.perf_counter()
            await workers.ask(ASK, CSV, client=("honest", "other")[number % 2])
            longest = max(longest, time.perf_counter() - begin)
            await asyncio.sleep(0.05)
        for task in hostile:
            task.cancel()
        await asyncio.gather(*hostile, return_exceptions=True)
        return longest

    try:
        assert asyncio.run(asyncio.wait_for(ask(), 20)) < 1
        assert settled(workers)
    finally:
        workers.close()


def test_who_gives_up_frees_the_worker(workers: Dispatcher) -> None:
    """A query that nobody waits for any more is stopped, and both its places are free."""

    async def ask() -> None:
        asked = asyncio.ensure_future(workers.ask(SLOW, CSV))
        await asyncio.sleep(0.4)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)

    for _ in range(3):
        asyncio.run(ask())
    assert settled(workers)


def test_a_long_answer_comes_in_pieces(workers: Dispatcher) -> None:
    """The first rows of an endless answer are there at once, and it ends at its deadline."""

    async def ask() -> tuple[float, int]:
        begin = time.perf_counter()
        reply = await workers.ask(ENDLESS, CSV)
        first = time.perf_counter() - begin
        assert reply.rest is not None
        pieces = 0
        async for piece in reply.rest:
            assert len(piece) < 2**21
            pieces += 1
            if pieces == 20:
                break
        reply.close()
        return first, pieces

    first, pieces = asyncio.run(ask())
    assert first < 0.5
    assert pieces == 20
    assert settled(workers)


def test_a_part_is_never_the_whole(workers: Dispatcher) -> None:
    """An answer that does not come to its end is an error."""

    async def ask() -> None:
        reply = await workers.ask(f"SELECT (1 AS ?one) WHERE {CROSS} LIMIT 1000000000", CSV)
        reply.finish = min(reply.finish, asyncio.get_running_loop().time() + 0.5)
        await reply.whole()

    with pytest.raises((DeadlineError, KilledError)):
        asyncio.run(asyncio.wait_for(ask(), 10))


@pytest.mark.parametrize("name", sorted(DEEP))
def test_no_nesting_does_harm(world: Loaded, name: str) -> None:
    """However deep a query is nested, it is answered or refused, and the next one is answered."""
    workers = Dispatcher(world.store, Limits(seconds=20), 2)
    try:
        with contextlib.suppress(QueryError):
            run(workers.ask(DEEP[name], CSV))
        assert run(workers.ask(ASK, CSV)).body == b"true\n"
    finally:
        workers.close()


def test_nothing_is_left(world: Loaded) -> None:
    """After the end no process is left, though one was at work."""
    workers = Dispatcher(world.store, Limits(), 2)
    left = [workers.staff.nursery.pid, *worker_pids(workers)]

    async def ask() -> None:
        asked = asyncio.ensure_future(workers.ask(SLOW, CSV))
        await asyncio.sleep(0.3)
        workers.close()
        with pytest.raises(BusyError):
            await asked

    asyncio.run(ask())
    assert not [pid for pid in left if pid and Path(f"/proc/{pid}").exists()]
