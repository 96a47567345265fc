"""The command line: gathers the commands, and turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import typer

from chinaspace.commands.cite import cite
from chinaspace.commands.drift import check, repair
from chinaspace.commands.evidence import evidence
from chinaspace.commands.export import export
from chinaspace.commands.format import format_
from chinaspace.commands.link import link
from chinaspace.commands.mcp import mcp
from chinaspace.commands.new import new
from chinaspace.commands.query import query
from chinaspace.commands.serve import serve
from chinaspace.commands.stats import stats
from chinaspace.commands.validate import validate
from chinaspace.errors import ChinaSpaceError
from chinaspace.exits import UNKNOWN, stop


def _gather() -> typer.Typer:
    gathered = typer.Typer(
        help="Who said what about China's space programme, and what became of it.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for name, command in COMMANDS.items():
        gathered.command(name)(command)
    for name, group in GROUPS.items():
        for below, command in BELOW[name].items():
            group.command(below)(command)
        gathered.add_typer(group, name=name)
    return gathered


COMMANDS: dict[str, Callable[..., None]] = {
    "serve": serve,
    "query": query,
    "validate": validate,
    "format": format_,
    "new": new,
    "cite": cite,
    "evidence": evidence,
    "stats": stats,
    "export": export,
    "mcp": mcp,
}
# Commands with commands of their own, and those that stand in modules of their own.
GROUPS: dict[str, typer.Typer] = {"link": link}
BELOW: dict[str, dict[str, Callable[..., None]]] = {"link": {"check": check, "repair": repair}}
app = _gather()


def main() -> None:
    """Run the command line; exit with 0 if all is fine, 1 if problems were found, 2 if it could not be checked."""
    if os.environ.get("_CHINASPACE_COMPLETE") == "complete_bash":
        from chinaspace.complete import rejoin

        rejoin(os.environ)
    try:
        app()
    except ChinaSpaceError as error:
        stop(UNKNOWN, str(error))
    except BrokenPipeError:
        # Whoever read the output has enough; Python would complain once more while it shuts down.
        sys.stderr.close()
