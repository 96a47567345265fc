"""Validate: check the graph, or what a change can affect of it, by shapes and by what no shape can see."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace import beyond
from chinaspace.affect import Affected
from chinaspace.change import Change, State, compare
from chinaspace.cover import checked, idle, unconstrained, unseen
from chinaspace.curb import curb
from chinaspace.earlier import Common, Earlier, in_common
from chinaspace.errors import MalformedShapesError
from chinaspace.explain import explain
from chinaspace.finding import few
from chinaspace.gather import Gathered, gather, malformed, read_all
from chinaspace.judge import Judge
from chinaspace.names import CSSH, Term
from chinaspace.paths import graph_files
from chinaspace.point import Fault, point
from chinaspace.proof import proof
from chinaspace.report import Problem, Report
from chinaspace.rules import Rules, broken, read_rules, unknown_terms, usable
from chinaspace.settle import misplaced
from chinaspace.shape import Shape
from chinaspace.suggest import Known, suggest
from chinaspace.typed import bad_dates, hand_written, narrow_numbers, untyped

# A check beyond shapes: it yields the faults of the whole graph where the second argument is None. Else
# that holds the nodes of which something else is said than before, and the check yields at least the
# faults that the change can have brought, and none that is not there.
Check: TypeAlias = Callable[[Gathered, Set[Term] | None], Iterable[Fault]]


def _of_store(check: beyond.Check) -> Check:
    return lambda gathered, touched: check(gathered.store, touched)


CHECKS: tuple[Check, ...] = (
    bad_dates,
    hand_written,
    narrow_numbers,
    untyped,
    misplaced,
    *map(_of_store, beyond.CHECKS),
)

# What a check answers from the files, where the shape sees only what follows from them.
_ANSWERED = ox.NamedNode(f"{CSSH}Entity-statement")


def validate_files(new_files: Iterable[Path] = (), texts: Path | None = None) -> list[Problem]:
    """Return what is wrong with the repository, or what *new_files* bring into it; an empty list means valid.

    Raises:
        TextError: the folder of the texts is missing.
        ShapesError: the shapes cannot be used.
        DatasetError: there is nothing to check.
        ReadError: a file that was named is missing.
    """
    return examine(new_files, more=[compared(texts)] if texts else []).problems


def examine(
    new_files: Iterable[Path] = (),
    since: str | None = None,
    whole: bool = False,
    more: Sequence[Check] = (),
    reference: bool = False,
) -> Report:
    """Check the repository with *new_files*, or only what they and the changes *since* a commit can affect of it.

    A malformed file is a problem as well, and so is a new one without a
    triple; then nothing else is looked for, because the rest would be checked
    against half a graph. *whole* asks for every problem there is, and *more*
    are checks beside those of this module. With *reference* pySHACL judges all
    nodes, instead of our own evaluator.

    Raises:
        ShapesError: the shapes cannot be used.
        DatasetError: there is nothing to check.
        ReadError: a file that was named is missing.
        HistoryError: *since* names no commit.
    """
    try:
        rules = read_rules()
    except MalformedShapesError as error:
        return Report([malformed(fault) for fault in error.faults])
    if rules.flaws:
        return Report(point((broken(flaw, rules.store) for flaw in rules.flaws), rules.store, rules.files))
    new = {Path(os.path.realpath(path)): path for path in new_files}  # resolve() fails in a circle of links
    files = [*(path for path in graph_files() if path.resolve() not in new), *new.values()]
    checks = (*CHECKS, *more)
    if whole or reference or not (new or since is not None):
        store, unread = read_all(files, new.values())
        return Report(unread) if unread else _examine_all(gather(store, files), rules, checks, reference)
    common = in_common(files, new.values(), since)
    if common is None:
        return examine(new.values(), whole=True, more=more)
    return _examine_some(common, files, new.values(), rules, checks)


def compared(texts: Path) -> Check:
    """Return the check that compares passages with the source texts in a folder."""
    return lambda gathered, touched: proof(gathered.store, texts, touched)


def _examine_some(
    common: Common, files: Sequence[Path], new: Iterable[Path], rules: Rules, checks: Iterable[Check]
) -> Report:
    """Read the files that are not in *common*, and check what they can affect; everything, if that is not known."""
    rest = [path for path in files if path not in {*common.files}]
    if common.unread:
        return Report([*common.unread, *read_all(rest, new)[1]])
    # From here on the past is worked out in a process of its own, which does not see what is read after this.
    with closing(Earlier(common, rules)) as earlier:
        store, unread = read_all(rest, new, common.store)
        if unread:
            return Report(unread)
        gathered, unchanged = gather(store, files, common.distinct), earlier.unchanged()
        if unchanged is None:
            return _examine_all(gathered, rules, checks, reference=False)
        return _examine_change(gathered, earlier, compare(earlier, State(gathered, unchanged)), rules, checks)


def _examine_all(gathered: Gathered, rules: Rules, checks: Iterable[Check], reference: bool) -> Report:
    judge, shapes = Judge(gathered.store, rules.shapes), rules.shapes
    beside = _tasks(gathered, checks, None)
    faults = [fault for task in beside for fault in task()] if reference else judge.ask_ahead(_ANSWERED, beside)
    faults += _referred(judge, rules) if reference else _judged(judge, shapes, judge.targets)
    faults += unseen(gathered, judge, shapes, None)
    if _ANSWERED in shapes:
        judge.checked[_ANSWERED] = judge.targets(shapes[_ANSWERED])
    counts = checked(judge, shapes)
    return Report(
        [*_in_shapes(rules, judge), *_placed(faults, gathered)],
        counts,
        whole=True,
        nodes=len(set().union(*judge.checked.values())),
        unconstrained=unconstrained(gathered, shapes),
    )


def _examine_change(
    gathered: Gathered, earlier: Earlier, change: Change, rules: Rules, checks: Iterable[Check]
) -> Report:
    now = Judge(gathered.store, rules.shapes)
    tasks = _tasks(gathered, checks, change.touched)
    faults = (
        [fault for task in tasks for fault in task()]
        if few(change.touched) is not None
        else now.ask_ahead(_ANSWERED, tasks)
    )
    affected = Affected(earlier, now, rules.shapes, change, mended=False)

    def nodes(shape: Shape) -> set[Term]:
        return {node for node in affected.nodes(shape) if now.is_target(shape, node)}

    faults += _judged(now, rules.shapes, nodes)
    faults += unseen(gathered, now, rules.shapes, change.touched)
    return Report(
        [*_in_shapes(rules, now, earlier.flaws()), *_placed(faults, gathered)],
        checked(now, rules.shapes),
        nodes=len(set().union(*now.checked.values())),
    )


def _referred(judge: Judge, rules: Rules) -> Iterator[Fault]:
    """Yield the faults that pySHACL finds."""
    # Imported here because rdflib takes as long as all our own modules, and hardly any run refers to it.
    from chinaspace.refer import reference_results

    for shape in rules.shapes.values():
        judge.checked[shape.term].update(judge.targets(shape))
    for result, report in reference_results(judge.view.store, rules):
        if result.shape != _ANSWERED:
            yield explain(result, rules.shapes, report)


def _judged(judge: Judge, shapes: Mapping[Term, Shape], nodes: Callable[[Shape], set[Term]]) -> Iterator[Fault]:
    """Yield the faults by each shape of the nodes that *nodes* gives for it."""
    for shape in shapes.values():
        if shape.targets and shape.term != _ANSWERED:
            for result in judge.results(shape, nodes(shape)):
                yield explain(result, shapes, judge.view)


def _tasks(gathered: Gathered, checks: Iterable[Check], touched: Set[Term] | None) -> list[Callable[[], list[Fault]]]:
    """Return each check as a task that can be done in any order, and in another process."""
    return [lambda check=check: list(check(gathered, touched)) for check in checks]  # type: ignore[misc]


def _placed(faults: Iterable[Fault], gathered: Gathered) -> list[Problem]:
    """Return the problems with their places and with what may have been meant, each once."""
    store, known = gathered.store, Known()
    return point((suggest(fault, store, known) for fault in curb(faults)), store, gathered.files)


def _in_shapes(rules: Rules, now: Judge, old: Set[Fault] = frozenset()) -> list[Problem]:
    """Return what is wrong with the shapes for the graph as it is now, and was not so then, with the places."""
    store = now.view.store
    found = (fault for fault in (*unknown_terms(rules, store), *idle(rules, now)) if fault not in old)
    return point((suggest(fault, store) for fault in found), rules.store, rules.files)


def find_problems(data: ox.Store, rules: Rules) -> list[Problem]:
    """Return what is wrong with the default graph of *data* by shapes alone, in a stable order; empty means valid.

    Bad data is an ordinary result. Broken shapes are an error, because then
    the answer is unknown and must never read as "valid". Files are not known
    here, so the problems have no places.

    Raises:
        ShapesError: something in the shapes cannot be used.
    """
    shapes = usable(rules)
    judge = Judge(data, shapes)
    found = {
        explain(result, shapes, judge.view).problem
        for shape in shapes.values()
        for result in judge.results(shape, judge.targets(shape))
    }
    return sorted(found, key=lambda problem: problem.order)
