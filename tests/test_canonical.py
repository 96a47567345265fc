"""The same statements are the same lines, and what a stranger builds of blank nodes takes no longer than its size."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.canonical import canonical_lines

NODES = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "<urn:x>", "<urn:y>"])
TRIPLES = st.lists(st.tuples(NODES, st.sampled_from(["<urn:p>", "<urn:q>"]), NODES), max_size=8)
MANY = 10_000
TRAPS = {
    "a long list": f"<urn:a> <urn:b> ({' 1' * MANY}) .",
    "nested lists": f"<urn:a> <urn:b> {'(' * MANY}{')' * MANY} .",
    "nested brackets": f"<urn:a> <urn:b> {'[ <urn:b> ' * MANY}1{']' * MANY} .",
    "a ring": "".join(f"_:b{i} <urn:p> _:b{(i + 1) % MANY} .\n" for i in range(MANY)),
    "all with all": "".join(f"_:b{i} <urn:p> _:b{j} .\n" for i in range(40) for j in range(40) if i != j),
    "a list of lists that share": "".join(f"_:l{i} <urn:p> {', '.join([f'_:l{i + 1}'] * 9)} .\n" for i in range(99)),
}


def parse(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))


def write(triples: list[tuple[str, str, str]], names: dict[str, str]) -> list[ox.Quad]:
    return parse("".join(" ".join(names.get(term, term) for term in triple) + " .\n" for triple in triples))


@given(TRIPLES, st.randoms(use_true_random=False))
def test_names_and_order_are_no_matter(triples: list[tuple[str, str, str]], random: object) -> None:
    """Blank nodes may be renamed, and triples put in another order."""
    triples = list(dict.fromkeys(triples))
    mixed = list(triples)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    turned = {"_:a": "_:d", "_:d": "_:b", "_:b": "_:a"}
    assert canonical_lines(write(triples, {})) == canonical_lines(write(mixed, turned))


@given(TRIPLES, TRIPLES)
def test_other_statements_are_other_lines(one: list[tuple[str, str, str]], other: list[tuple[str, str, str]]) -> None:
    """What RDFC-1.0 calls different is different here, in graphs of four blank nodes that do not all look alike."""
    datasets = [ox.Dataset(write(triples, {})) for triples in (one, other)]
    for dataset in datasets:
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = [canonical_lines(write(list(dict.fromkeys(triples)), {})) for triples in (one, other)]
    if datasets[0] == datasets[1]:
        assert lines[0] == lines[1]
    elif all(len(set(names(found))) >= count for found, count in zip(lines, map(blanks, datasets), strict=True)):
        assert lines[0] != lines[1]


def names(lines: list[bytes]) -> list[bytes]:
    return [part for line in lines for part in line.split() if part.startswith(b"_:")]


def blanks(dataset: ox.Dataset) -> int:
    return len({term for quad in dataset for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)})


def test_what_shares_and_what_does_not() -> None:
    """Two that point to one node are not two that point to one each, even if all that is said of them is the same."""
    described = '[ <urn:p> "x" ]'
    shared = parse('<urn:a> <urn:b> _:x . <urn:c> <urn:b> _:x . _:x <urn:p> "x" .')
    assert canonical_lines(shared) != canonical_lines(
        parse(f"<urn:a> <urn:b> {described} . <urn:c> <urn:b> {described} .")
    )
    four = "<urn:{}> <urn:b> _:x . <urn:{}> <urn:b> _:x . <urn:{}> <urn:b> _:y . <urn:{}> <urn:b> _:y . "
    assert canonical_lines(parse(four.format(*"abcd"))) != canonical_lines(parse(four.format(*"acbd")))


@pytest.mark.parametrize("name", TRAPS)
def test_traps(name: str, within: Callable[[int], AbstractContextManager[None]]) -> None:
    """What is deep, long or symmetric is named within seconds, and in the same way each time."""
    with within(60):
        assert canonical_lines(parse(TRAPS[name])) == canonical_lines(parse(TRAPS[name])[::-1])
