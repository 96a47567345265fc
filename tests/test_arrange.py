"""Statements are written in one order, and no blank node makes a difference."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from chinaspace.arrange import arrange

ROWS = [
    "<urn:a> <urn:p> <urn:b> .",
    "<urn:a> <urn:p> _:one <urn:graph> .",
    "_:one <urn:p> _:two <urn:graph> .",
    "<urn:a> <urn:p> <urn:b> _:named .",
    "_:one <urn:q> <urn:c> _:named .",
    "<urn:d> <urn:says> <<( _:two <urn:p> <urn:o> )>> .",
]


def arranged(rows: list[str]) -> list[str]:
    """Return the lines of a store with these rows."""
    store = ox.Store()
    store.load("\n".join(rows).encode(), format=ox.RdfFormat.N_QUADS)
    return [str(quad) for quad in arrange(store, [ox.DefaultGraph(), *sorted(store.named_graphs(), key=str)])]


def test_nothing_is_left_out() -> None:
    """Each statement comes once, also where its graph has no name but a blank node."""
    assert len(arranged(ROWS)) == len(ROWS)
    assert len(set(arranged(ROWS))) == len(ROWS)


@pytest.mark.parametrize("names", [("two", "one"), ("x", "y"), ("named", "other")])
def test_names_and_order_of_blank_nodes_are_no_matter(names: tuple[str, str]) -> None:
    """Whatever blank nodes are called, and in whatever order they come, the lines are the same."""
    renamed = [row.replace("_:one", "_:1").replace("_:two", "_:2").replace("_:named", "_:3") for row in ROWS]
    final = [row.replace("_:1", f"_:{names[0]}").replace("_:2", f"_:{names[1]}") for row in reversed(renamed)]
    assert arranged(final) == arranged(ROWS)
