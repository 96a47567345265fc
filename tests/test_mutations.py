"""Real claims, each broken in one way, are all refused at the right line; unbroken copies pass."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace

import pytest

from chinaspace.names import prefixes
from chinaspace.paths import home
from chinaspace.read import read_quads
from chinaspace.report import Problem
from chinaspace.validate import validate_files
from faults import KINDS
from mutations import Claim, read_claims
from support import write_turtle

EACH = 2
LEAST_KINDS = 155
SEED = 20221031


@dataclass(frozen=True)
class Written:
    """A claim in a file: *line* is that of its subject, *kind* what is wrong with it, or nothing."""

    kind: str | None
    claim: Claim
    line: int


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Written], dict[int, list[Problem]]]:
    """Return broken claims of each kind beside unbroken copies, and what blocks in their file, by line."""
    path = tmp_path_factory.mktemp("mutations") / "new.ttl"
    found, body, line = [], [], len(prefixes()) + 1
    for kind, claim in _broken_claims():
        found.append(Written(kind, claim, line))
        body.append(claim.turtle())
        line += claim.turtle().count("\n")
    problems: dict[int, list[Problem]] = defaultdict(list)
    for problem in validate_files([write_turtle(path, "".join(body))]):
        if problem.blocks and problem.file == str(path):
            problems[problem.line or 0].append(problem)
    return found, problems


def _broken_claims() -> list[tuple[str | None, Claim]]:
    """Return claims that a seed chooses, each kind of fault in as many as there are of those that can have it."""
    choice = random.Random(SEED)
    files = sorted((home() / "data" / "claims").glob("*.ttl"))
    claims = [claim for path in files for claim in read_claims(read_quads(path))]
    made: list[tuple[str | None, Claim]] = []
    for kind, mutate in KINDS.items():
        choice.shuffle(claims)
        renamed = (replace(claim, name=f"{claim.name}-{kind}") for claim in claims)
        broken = ((claim, mutate(claim)) for claim in renamed)
        fitting = ((claim, spoilt) for claim, spoilt in broken if spoilt)
        for _, (claim, spoilt) in zip(range(EACH), fitting, strict=False):
            made += [(kind, spoilt), (None, replace(claim, name=f"{claim.name}-sound"))]
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_claim_is_refused_at_its_line(
    kind: str, written: tuple[list[Written], dict[int, list[Problem]]]
) -> None:
    """Each claim that was broken in this way is refused, at a line where the fault is."""
    broken, problems = written
    of_kind = [one for one in broken if one.kind == kind]
    assert of_kind, "no claim of the graph can be broken in this way"
    for one in of_kind:
        right = [problem for at in one.claim.faulty for problem in problems[one.line + at]]
        assert right, f"nothing refuses this at its line:\n{one.claim.turtle()}"
        assert all(problem.column in {1, 5} or problem.line != one.line for problem in right)


def test_unbroken_copies_pass(written: tuple[list[Written], dict[int, list[Problem]]]) -> None:
    """Nothing blocks a copy of a real claim, even beside broken ones."""
    claims, problems = written
    sound = [one for one in claims if one.kind is None]
    assert len(sound) >= LEAST_KINDS
    lines = {one.line + at for one in sound for at in range(len(one.claim.lines) + 1)}
    assert [problem for line in lines & set(problems) for problem in problems[line]] == []


def test_there_are_many_kinds() -> None:
    """As many kinds of faults are tried as were thought of."""
    assert len(KINDS) >= LEAST_KINDS
