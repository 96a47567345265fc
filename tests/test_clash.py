"""A conflict that nobody has looked at is told once, with both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.clash import clashes
from chinaspace.load import Loaded
from chinaspace.names import CSD
from support import SOURCE, claim, load_turtle, thing

OLD = claim("old", 'csd:launch-one cs:launchDate "2019"^^edtf:EDTF')
NEW = claim("new", 'csd:launch-one cs:launchDate "2020"^^edtf:EDTF')


def test_both_sides(tmp_path: Path) -> None:
    """The problem stands at the new side, with the value of the old one and its place."""
    store = load_turtle(tmp_path, SOURCE + OLD + NEW).store
    for touched, first, second in (({thing("claim-old")}, "old", "new"), ({thing("claim-new")}, "new", "old")):
        (fault,) = clashes(store, touched)
        assert (fault.problem.node, fault.problem.severity) == (f"{CSD}claim-{first}", "warning")
        assert [side.problem.node for side in fault.beside] == [f"{CSD}claim-{second}"]
        assert f"csd:claim-{second}" in fault.problem.message
    assert len(list(clashes(store))) == 1
    assert list(clashes(store, {thing("claim-third")})) == []


@pytest.mark.parametrize(
    "more",
    [
        "csd:claim-new cs:contradicts csd:claim-old .",
        "csd:claim-old cs:supersedes csd:claim-new .",
        "csd:claim-old cs:rank cs:preferred ; cs:rankRule cs:laterSource .",
    ],
)
def test_what_was_looked_at(tmp_path: Path, more: str) -> None:
    """A link between the two, or a rule that prefers one, shows that the conflict is known."""
    assert list(clashes(load_turtle(tmp_path, SOURCE + OLD + NEW + more).store)) == []


def test_values_that_agree(tmp_path: Path) -> None:
    """A vaguer date that holds a sharper one is no conflict."""
    other = claim("new", 'csd:launch-one cs:launchDate "2019-05"^^edtf:EDTF')
    assert list(clashes(load_turtle(tmp_path, SOURCE + OLD + other).store)) == []


def test_the_conflicts_of_the_graph_are_known(graph: Loaded) -> None:
    """Each conflict of the real graph is linked or decided."""
    assert graph.conflicts > 0
    assert list(clashes(graph.store)) == []
