"""Claims that answer each other in a circle are told at each of its links, however long it is."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.circle import circles, strong
from chinaspace.names import CSD, CSSH, Term
from support import SOURCE, claim, load_turtle, thing

CLAIMS = "".join(claim(name, 'csd:launch-one cs:name "One"@en') for name in "abcd")
LOOP = """
csd:claim-a cs:supersedes csd:claim-b .
csd:claim-b cs:denies csd:claim-c .
csd:claim-c cs:resolves csd:claim-a .
"""
LONG = 100_000


def test_each_link_of_a_circle(tmp_path: Path) -> None:
    """Each link that leads back is told at its own triple, and one that leads into the circle is not."""
    store = load_turtle(tmp_path, SOURCE + CLAIMS + LOOP + "csd:claim-d cs:denies csd:claim-a .").store
    found = {(one.problem.node.removeprefix(CSD), one.value) for one in circles(store, None)}
    assert found == {("claim-a", thing("claim-b")), ("claim-b", thing("claim-c")), ("claim-c", thing("claim-a"))}
    assert {one.problem.shape for one in circles(store, None)} == {f"{CSSH}Claim-linkLoop"}
    assert len(list(circles(store, {thing("claim-b")}))) == 3
    assert list(circles(store, {thing("claim-d")})) == []


@pytest.mark.parametrize(
    "links",
    [
        "csd:claim-a cs:supersedes csd:claim-b , csd:claim-c . csd:claim-b cs:supersedes csd:claim-c .",
        "csd:claim-a cs:supersedes csd:claim-a .",
        "csd:claim-a cs:contradicts csd:claim-b . csd:claim-b cs:contradicts csd:claim-a .",
    ],
)
def test_what_is_no_circle(tmp_path: Path, links: str) -> None:
    """Two ways to one claim, a link to itself and what holds both ways are no circles."""
    assert list(circles(load_turtle(tmp_path, SOURCE + CLAIMS + links).store, None)) == []


def test_long_ones() -> None:
    """A chain of a hundred thousand has no circle, and closed it is one; neither is too deep."""
    nodes = [ox.NamedNode(f"urn:{number}") for number in range(LONG)]
    chain: dict[Term, list[Term]] = {one: [other] for one, other in pairwise(nodes)}
    assert max(map(len, strong(chain))) == 1
    assert max(map(len, strong({**chain, nodes[-1]: [nodes[0]]}))) == LONG
