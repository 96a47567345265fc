"""What a tool of a language model answers holds what keeps a careful reader from a trap."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chinaspace.cache import Cache
from chinaspace.load import Loaded
from chinaspace.names import CSD
from chinaspace.tell import Teller, Told
from chinaspace.web import open_serving
from traps import TRAPS, Trap

converse = pytest.importorskip("chinaspace.converse", reason="the library mcp is not installed")


@pytest.fixture(scope="module")
def teller(graph: Loaded) -> Iterator[Teller]:
    """Return what answers from the real graph."""
    serving = open_serving(graph, Cache(2**24))
    yield Teller(serving)
    serving.close()


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.question)
def test_a_trap(teller: Teller, trap: Trap) -> None:
    """The answer says what is a plan, denied, said of a group or outdated, and what else a name may be."""
    told: Told = asyncio.run(asyncio.wait_for(converse.call(teller, trap.tool, trap.arguments), 60))
    claims = _claims(told)
    for claim, modality in trap.stances.items():
        assert claims[claim]["modality"] == modality
        assert {"speakers", "date", "source"} <= claims[claim].keys()
        if trap.tool != "sparql":  # whose text has the first rows only
            assert f"{modality.upper()} (" in told.text
            assert claims[claim]["gist"] in told.text
    for claim, relation, is_reversed, other in trap.bears:
        found = {(one["relation"], one["reversed"], one["other"]) for one in claims[claim]["relations"]}
        assert (relation, is_reversed, f"{CSD}claim-{other}") in found
    assert not {fact["property"] for fact in _rows(told, "facts")} & set(trap.no_fact)
    assert all(claims[claim]["collective"] for claim in trap.collective)
    assert all(claims[claim]["standing"] == "unofficial" for claim in trap.unofficial)
    assert all(claims[claim]["basis"] == "inferred" for claim in trap.inferred)
    assert all(claims[claim]["open_end"] for claim in trap.unanswered)
    assert {CSD + slug for slug in trap.things} <= {thing["thing"] for thing in _rows(told, "things")}
    assert told.data["digest"] == teller.serving.digest


def test_there_are_traps_of_each_kind() -> None:
    """There are thirty traps at least, and some of each kind."""
    kinds = Counter(trap.kind for trap in TRAPS)
    assert len(TRAPS) >= 30
    assert len(kinds) == 5
    assert min(kinds.values()) >= 5


def _claims(told: Told) -> dict[str, Any]:
    found = told.data.get("claims", {})
    assert isinstance(found, dict)
    return {iri.removeprefix(CSD + "claim-"): stance for iri, stance in found.items()}


def _rows(told: Told, key: str) -> list[dict[str, str]]:
    found = told.data.get(key, [])
    assert isinstance(found, list)
    return found
