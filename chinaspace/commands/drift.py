"""Compare linked things with their items in Wikidata, and repair links that lead to merged items."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chinaspace.confer import Oracle
    from chinaspace.drift import Row

_Endpoint = Annotated[str, typer.Option(help="Address of a SPARQL endpoint with Wikidata's data.")]
_Dump = Annotated[Path | None, typer.Option(help="RDF file of that shape to read instead.")]


class DriftFormat(StrEnum):
    """The forms in which a comparison is printed."""

    TABLE = "table"
    JSON = "json"
    MD = "md"


def check(
    endpoint: _Endpoint = "",
    dump: _Dump = None,
    output: Annotated[Path | None, typer.Option(help="Write all rows as RDF: .trig, .nq, .ttl or .nt.")] = None,
    record: Annotated[Path | None, typer.Option(help="Keep what was answered, N-Triples for --dump.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show fields that agree as well.")] = False,
    form: Annotated[DriftFormat, typer.Option("--format", help="Form of what is printed.")] = DriftFormat.TABLE,
    dataset: Annotated[list[Path] | None, typer.Option(help="Compare this RDF file instead; repeat for more.")] = None,
) -> None:
    """Compare each linked thing with its item in Wikidata: who is sharper, what differs, was merged or deleted."""
    from chinaspace.attest import write_report
    from chinaspace.confer import confer
    from chinaspace.drift import ASKED, TROUBLE, Verdict, compare_all, linked_items
    from chinaspace.exits import PROBLEMS
    from chinaspace.load import load

    oracle, asked = _oracle(endpoint, dump)
    store = load(dataset or None).store
    theirs = confer(oracle, linked_items(store).values(), ASKED)
    if record:
        _record(record, theirs)
    rows = compare_all(store, theirs)
    if output:
        write_report(output, rows, asked, datetime.now(UTC).date())
    _show([row for row in rows if everything or row.verdict is not Verdict.AGREE], form)
    counts = ", ".join(f"{_count(rows, verdict)} {verdict.value}" for verdict in Verdict)
    print(f"{len({row.thing for row in rows})} things, {len(rows)} comparisons: {counts}", file=sys.stderr)
    if any(row.verdict in TROUBLE for row in rows):
        raise typer.Exit(PROBLEMS)


def repair(endpoint: _Endpoint = "", dump: _Dump = None) -> None:
    """Let links in data/links/ that lead to merged items lead to the items that these were merged into."""
    from chinaspace.confer import confer
    from chinaspace.drift import ASKED, final, linked_items
    from chinaspace.exits import PROBLEMS
    from chinaspace.load import load
    from chinaspace.mappings import ENDING
    from chinaspace.names import shorten
    from chinaspace.paths import home
    from chinaspace.repair import repair as run

    oracle, _ = _oracle(endpoint, dump)
    ids = set(linked_items(load().store).values())
    theirs = confer(oracle, ids, ASKED)
    redirects = {item: target for item in ids if (target := final(theirs, item)) != item}
    day = datetime.now(UTC).date().isoformat()
    done = run(sorted((home() / "data").rglob(f"*{ENDING}")), redirects, day)
    for one in done:
        what = f"left, because {one.kept}" if one.kept else "repaired"
        print(f"{one.path}:{one.line}: {shorten(one.subject)} from {one.old} to {one.new}: {what}")
    unmet = sorted(set(redirects) - {one.old for one in done})
    for item in unmet:
        print(f"{item} was merged into {redirects[item]}; its link stands in no mapping set, so change it by hand")
    if unmet or any(one.kept for one in done):
        raise typer.Exit(PROBLEMS)


def _oracle(endpoint: str, dump: Path | None) -> tuple[Oracle, str]:
    from chinaspace.call import read_address
    from chinaspace.confer import Dump, Endpoint
    from chinaspace.errors import ParameterError

    if bool(endpoint) == bool(dump):
        raise ParameterError("Name what to compare with: either --endpoint IRI or --dump FILE.")
    if dump:
        return Dump(dump), dump.name
    address = read_address(endpoint)
    return Endpoint(address), str(address)


def _count(rows: list[Row], verdict: str) -> int:
    return sum(row.verdict == verdict for row in rows)


def _record(path: Path, theirs: object) -> None:
    import pyoxigraph as ox

    from chinaspace.write import write_whole

    assert isinstance(theirs, ox.Store)
    lines = sorted(f"{quad.triple} .\n" for quad in theirs)
    write_whole(path, "".join(lines))


def _show(rows: list[Row], form: DriftFormat) -> None:
    from dataclasses import asdict

    from chinaspace.cells import Sheet, Shown
    from chinaspace.header import Column
    from chinaspace.names import shorten
    from chinaspace.tables import Rows, to_markdown
    from chinaspace.terminal import to_terminal

    if form is DriftFormat.JSON:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return
    names = ("thing", "item", "field", "ours", "theirs", "verdict")
    cells = tuple((shorten(row.thing), row.item, row.name, row.ours, row.theirs, row.verdict.value) for row in rows)
    if form is DriftFormat.MD:
        sys.stdout.write(to_markdown(Rows(names, cells)))
        return
    width = get_terminal_size().columns if sys.stdout.isatty() else 200
    shown = Sheet(tuple(Column(name, "string", "") for name in names), tuple(tuple(map(Shown, row)) for row in cells))
    sys.stdout.write(to_terminal(shown, width, linked=False))
