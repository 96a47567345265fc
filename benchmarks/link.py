"""How many links `chinaspace link` finds and how many of them are right, by the score from which they are taken.

Things of the graph, without their links, are matched with the files of a folder; identifiers that are known from
elsewhere are the measure. Rows are split in two by the digest of their identifier, to show that the rules, which were
made with the first half in view, serve the other as well:

    python benchmarks/link.py --from FOLDER --truth FOLDER/wikidata-qids/qids.tsv --plot docs/link.svg
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chinaspace.enlist import enlist
from chinaspace.match import Index, Thing
from chinaspace.names import WIKIDATA
from chinaspace.offers import KINDS, read_offers
from chinaspace.propose import Proposal, propose
from chinaspace.spell import spell, variants
from chinaspace.store import open_store, solve

SCORES = (60, 70, 80, 85, 90, 92, 94, 95, 96, 97, 98, 99, 99.5, 100)


@dataclass(frozen=True)
class Known:
    """An identifier that is known: the name that it goes with, and the things of the graph that have this name."""

    name: str
    item: str
    things: frozenset[str]


@dataclass(frozen=True)
class Point:
    """What is found from a score on: how many rows are linked rightly, and how many links are wrong.

    *there* is how many rows have their item in the files at all.
    """

    score: float
    right: int
    wrong: int
    there: int

    @property
    def precision(self) -> float:
        """Return the share of links that are right; 1 where there are none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Return the share of rows that are linked rightly, of those whose item is in the files."""
        return self.right / self.there if self.there else 0.0


def main() -> None:
    """Measure, print a table for each half, and draw the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="files with items and their names")
    parser.add_argument("--truth", type=Path, required=True, help="table with name, type and qid")
    parser.add_argument("--plot", type=Path, help="where the curve is drawn, as SVG")
    options = parser.parse_args()
    files = [path for path in sorted(options.folder.rglob("*.tsv")) if path.resolve() != options.truth.resolve()]
    index = Index(one for one in read_offers(files) if one.id.startswith(WIKIDATA))
    served = open_store()
    things = enlist(lambda query: solve(served, query))
    known = read_known(options.truth, things)
    there = sum(one.item in index.things for one in known)
    print(f"{len(known)} known identifiers belong to things of the graph; {there} of their items are in the files.")
    proposals = propose(things, index)
    alone = propose([replace(thing, names=thing.names[:1]) for thing in things], index)
    items = {one.item for one in known}
    others = Index(thing for thing in index.things.values() if thing.id not in items)
    without = propose([thing for thing in things if any(thing.id in one.things for one in known)], others)
    parts = {
        "all": curve(known, proposals, index),
        "first half": curve(half(known, 0), proposals, index),
        "other half": curve(half(known, 1), proposals, index),
        "by their labels alone": curve(known, alone, index),
        "with the right items taken from the files": curve(known, without, others),
    }
    for title, points in parts.items():
        print(
            f"\n{title}: {len(known) if 'half' not in title else len(half(known, title == 'other half'))} identifiers\n"
        )
        print(table(points))
    if options.plot:
        plot({title: points for title, points in parts.items() if points[0].there}, options.plot)


def read_known(path: Path, things: Iterable[Thing]) -> list[Known]:
    """Return the identifiers of a table whose name, and kind, a thing has."""
    named: dict[str, set[str]] = defaultdict(set)
    kinds = {thing.id: thing.kinds for thing in things}
    for thing in things:
        for name, _ in thing.names:
            named[spell(name).heart].add(thing.id)
    found = []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            names = [name for name, changed in variants(row["name"]) if not changed]
            wanted = KINDS.get(row["type"], frozenset())
            ids = {iri for name in names for iri in named[spell(name).heart]}
            if fitting := frozenset(iri for iri in ids if kinds[iri] & wanted):
                found.append(Known(row["name"], WIKIDATA + row["qid"], fitting))
    return found


def half(rows: Iterable[Known], which: int | bool) -> list[Known]:
    """Return one of the two halves of *rows*."""
    return [row for row in rows if hashlib.sha256(row.item.encode()).digest()[0] % 2 == which]


def curve(rows: Sequence[Known], proposals: Iterable[Proposal], index: Index) -> list[Point]:
    """Return a point for each score; a link of a thing that a row speaks of is right if it is to the row's item.

    Rows without their item in the files can only be linked wrongly, and count as that.
    """
    there = sum(row.item in index.things for row in rows)
    best = {one.thing.id: one for one in proposals}
    points = []
    for score in SCORES:
        right = wrong = 0
        for row in rows:
            items = {one.item.id for iri in row.things if (one := best.get(iri)) and one.score >= score}
            right += row.item in items
            wrong += len(items - {row.item})
        points.append(Point(score, right, wrong, there))
    return points


def table(points: Iterable[Point]) -> str:
    """Return points as a table."""
    rows = ["| from score | right | wrong | precision | recall |", "|--:|--:|--:|--:|--:|"]
    rows += [
        f"| {one.score / 100:.3f} | {one.right} | {one.wrong} | {one.precision:.3f} | {one.recall:.3f} |"
        for one in points
    ]
    return "\n".join(rows)


def plot(curves: dict[str, list[Point]], path: Path) -> None:
    """Draw precision over recall, a line for each part, with the goal."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "link"  # the same figures give the same file
    from matplotlib import pyplot as plt

    figure, panel = plt.subplots(figsize=(5.6, 4.2))
    for (title, points), mark in zip(curves.items(), "o^vs", strict=True):
        recalls, precisions = [one.recall for one in points], [one.precision for one in points]
        panel.plot(recalls, precisions, marker=mark, alpha=0.7, label=f"{title}, {points[0].there} items")
    panel.plot([0.85], [0.98], marker="*", markersize=12, linestyle="none", label="goal: 0.98 at 0.85")
    panel.set(xlabel="recall", ylabel="precision", xlim=(0.5, 1.01), ylim=(0.8, 1.01))
    panel.grid(alpha=0.3)
    panel.legend(loc="lower left")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
