"""The reference of the saved queries is what is made of their headers and of the graph; --rewrite makes it anew."""

from __future__ import annotations

import pytest

from chinaspace.load import Loaded
from chinaspace.manual import write_manual
from chinaspace.paths import home
from chinaspace.queries import saved_queries

PAGE = home() / "docs" / "queries.md"


@pytest.fixture(scope="module")
def written(graph: Loaded) -> str:
    """Return the page as it should be."""
    return write_manual(PAGE.read_text("utf-8"), graph.store, saved_queries().values())


def test_the_reference_is_current(written: str, request: pytest.FixtureRequest) -> None:
    """The page tells what the queries take and give now, with rows that they give now."""
    if request.config.getoption("--rewrite"):
        PAGE.write_text(written, "utf-8")
    assert PAGE.read_text("utf-8").splitlines() == written.splitlines()


def test_the_reference_is_whole(written: str) -> None:
    """Each query has a section with its question, its parameters, its columns and, where there must be any, rows."""
    sections = {part.partition("\n")[0]: part for part in written.split("\n## ")[1:]}
    assert set(sections) == set(saved_queries())
    for name, query in saved_queries().items():
        assert query.question in sections[name]
        assert all(f"`{parameter}`" in sections[name] for parameter in query.parameters)
        assert all(f"| {column.name} | {column.type} |" in sections[name] for column in query.columns)
        table = sections[name].rpartition("| --- |\n")[2].strip().splitlines()
        assert table or not query.min_rows


def test_no_words_of_a_source_get_into_it(written: str) -> None:
    """Addresses of passages, which hold words of the sources, are left out."""
    assert ":~:text=" not in written
