"""A report on a million faults of one kind tells the first of them, and how many more there are."""

from __future__ import annotations

from pathlib import Path

from chinaspace.curb import curb
from chinaspace.explain import violation
from chinaspace.point import Fault
from chinaspace.validate import examine
from support import write_turtle

FAULTS = [Fault(violation("Rule-one", f"urn:{number}", "Mend it.")) for number in range(9)]
OTHER = Fault(violation("Rule-other", "urn:1", "Mend it."))


def test_few_are_all_told() -> None:
    """As many as are allowed are all told, each once."""
    assert sorted(one.problem.node for one in curb([*FAULTS, *FAULTS, OTHER], 9)) == sorted(
        one.problem.node for one in [*FAULTS, OTHER]
    )


def test_many_are_counted() -> None:
    """Of more the first by their nodes are told, and one that counts the others blocks as well."""
    told = list(curb([*FAULTS[::-1], OTHER], 4))
    assert {one.problem.node for one in told if one.problem.shape == FAULTS[0].problem.shape} == {
        *(f"urn:{number}" for number in range(4)),
        "",
    }
    assert all(one.problem.blocks for one in told)
    (rest,) = (one for one in told if not one.problem.node)
    assert "5 " in rest.problem.message
    assert OTHER in told


def test_a_file_of_many(tmp_path: Path) -> None:
    """Each rule has its own share in a report."""
    path = write_turtle(tmp_path / "new.ttl", "".join(f'csd:thing-{n} cs:p{n % 2} "a"@en .\n' for n in range(1200)))
    shapes = [problem.shape for problem in examine([path]).problems]
    assert max(shapes.count(shape) for shape in shapes) == 1001
