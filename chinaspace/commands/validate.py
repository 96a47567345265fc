"""Check the graph, and new files, against the shapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from chinaspace.exits import FINE, PROBLEMS, Texts, stop
from chinaspace.report import Form

if TYPE_CHECKING:
    from chinaspace.report import Report


def validate(
    files: Annotated[list[Path] | None, typer.Argument(help="New files: what they can affect is checked.")] = None,
    form: Annotated[Form, typer.Option("--format", help="Form of the report.")] = Form.TEXT,
    since: Annotated[str | None, typer.Option(help="Check what changed since a commit, such as main.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="Check the whole graph, with new files as well.")] = False,
    coverage: Annotated[bool, typer.Option(help="List the shapes by nodes checked, and what none names.")] = False,
    texts: Texts = None,
    graph: Annotated[Path | None, typer.Option(help="Folder of another graph, which holds data/.")] = None,
    shapes: Annotated[Path | None, typer.Option(help="Folder of other shapes, or a file of them.")] = None,
    reference: Annotated[bool, typer.Option("--reference", help="Have pySHACL judge the whole graph; slow.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again what is saved, until Ctrl-C.")] = False,
) -> None:
    """Check the graph against the shapes: all of it, or what new files and changes can affect."""
    _elsewhere(graph, shapes)
    if watch:
        _watch(files or [])
    from chinaspace.confine import confined
    from chinaspace.render import render

    report = confined(lambda: _examine(files or [], since, whole or coverage, texts, reference))
    sys.stdout.write(render(report.problems, form, _facts(report)))
    if form is Form.TEXT:
        sys.stdout.write((_coverage(report) if coverage else "") + _total(report))
    stop(PROBLEMS if any(problem.blocks for problem in report.problems) else FINE)


def _examine(files: list[Path], since: str | None, whole: bool, texts: Path | None, reference: bool) -> Report:
    import gc

    from chinaspace.validate import compared, examine

    # A run makes objects by the hundred thousand and no circles: looking for them would take a tenth of it.
    gc.disable()
    return examine(files, since, whole, [compared(texts)] if texts else [], reference)


def _elsewhere(graph: Path | None, shapes: Path | None) -> None:
    """Take another graph or other shapes; all that looks for them, in other processes as well, looks here."""
    import os

    from chinaspace.errors import ShapesError

    if graph is not None:
        os.environ["CHINASPACE_HOME"] = str(graph)
    if shapes is not None:
        if not shapes.exists():
            raise ShapesError(f"{shapes} is not there. Name the folder that holds your shapes as Turtle, or a file.")
        os.environ["CHINASPACE_SHAPES"] = str(shapes)


def _watch(named: list[Path]) -> NoReturn:
    """Check what is saved, again and again; Ctrl-C ends it with 0, because to stop looking is no problem."""
    from chinaspace.errors import ChinaSpaceError
    from chinaspace.paths import graph_files, shape_files
    from chinaspace.report_text import to_text
    from chinaspace.validate import examine
    from chinaspace.watch import watch

    print("Watching. Save a file to have it checked; stop with Ctrl-C.", flush=True)
    try:
        for saved in watch(lambda: {*graph_files(), *shape_files(), *named}):
            changed = sorted(path for path in saved if path.is_file())
            graph = [path for path in changed if path not in shape_files()]
            print(f"\n{', '.join(path.name for path in changed) or 'a file was removed'}", flush=True)
            try:
                report = examine(graph, whole=not graph or len(graph) < len(saved))
                print(to_text(report.problems) + _total(report), end="", flush=True)
            except ChinaSpaceError as error:
                print(f"chinaspace: {error}", flush=True)
    except KeyboardInterrupt:
        stop(FINE)
    raise AssertionError("watching ends by Ctrl-C alone")


def _facts(report: Report) -> dict[str, object]:
    """Return what was looked at, for programs."""
    return {
        "whole": report.whole,
        "nodes": report.nodes,
        "checked": dict(report.checked),
        "unconstrained": dict(report.unconstrained),
    }


def _coverage(report: Report) -> str:
    """Return the shapes by nodes checked, and the properties that none names."""
    shapes = sorted(report.checked.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = [f"{nodes:>8}  {name}" for name, nodes in shapes]
    lines += ["", "Properties that no shape names:"]
    lines += [f"{times:>8}  {name}" for name, times in report.unconstrained.items()]
    return "\n".join(("Nodes checked by each shape:", *lines, "", ""))


def _total(report: Report) -> str:
    """Return the closing line: how much was looked at."""
    active = sum(nodes > 0 for nodes in report.checked.values())
    judged = sum(report.checked.values())
    if not report.checked:
        return "Nothing was checked by shapes.\n"
    scope = "the whole graph" if report.whole else "what the change can affect"
    shapes = f"{active:,} of {len(report.checked):,} shapes"
    return f"Checked {scope}: {report.nodes:,} nodes, by {shapes}, {judged:,} times in all.\n"
