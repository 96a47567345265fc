"""The curve of links counts what is right, what is wrong, and what was there to be found."""

from __future__ import annotations

from pathlib import Path

from chinaspace.match import Index, Thing
from chinaspace.names import WIKIDATA
from chinaspace.propose import Proposal
from link import Known, curve, half, read_known, table

ONE, TWO, THREE = (f"{WIKIDATA}Q{number}" for number in (1, 2, 3))
ITEMS = Index([Thing(ONE, (("Lamp 1", 0),)), Thing(TWO, (("Lamp 2", 0),))])
ROWS = [Known("Lamp 1", ONE, frozenset({"a"})), Known("Lamp 3", THREE, frozenset({"c"}))]


def proposal(thing: str, item: str, score: float) -> Proposal:
    return Proposal(Thing(thing, ()), Thing(item, ()), score, ())


def test_points() -> None:
    """Below the score of a wrong link precision falls; what is not in the files takes nothing from recall."""
    points = {one.score: one for one in curve(ROWS, [proposal("a", ONE, 99), proposal("c", TWO, 80)], ITEMS)}
    assert (points[95].precision, points[95].recall, points[95].there) == (1.0, 1.0, 1)
    assert (points[70].right, points[70].wrong, points[70].precision) == (1, 1, 0.5)
    assert points[100].recall == 0
    assert table(points.values()).count("\n") == len(points) + 1


def test_known(tmp_path: Path) -> None:
    """A row counts if a thing of its kind has its name, however spelled."""
    path = tmp_path / "known.tsv"
    path.write_text("name\ttype\tqid\nLamp-1\tmission\tQ1\nLamp 1\tcountry\tQ2\nLamp 7\tmission\tQ3\n", "utf-8")
    (row,) = read_known(path, [Thing("a", (("Lamp 1", 0),), frozenset({"Mission"}))])
    assert (row.item, row.things) == (ONE, frozenset({"a"}))


def test_halves() -> None:
    """Each row is in one half, and always in the same."""
    assert sorted([*half(ROWS, 0), *half(ROWS, 1)], key=lambda row: row.name) == ROWS
