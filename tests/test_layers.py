"""The modules of the package: small, documented, and each importing only what it may."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from chinaspace.paths import PACKAGE

TABLE = PACKAGE.parent / "docs" / "architecture.md"
MODULES = sorted(path for path in PACKAGE.glob("*.py") if path.stem != "__init__")
COMMANDS = sorted((PACKAGE / "commands").glob("*.py"))
LEAST_MODULES = 20
MOST_LINES = 250
MOST_LINES_OF_A_FUNCTION = 40
FORBIDDEN = {"print", "input", "exit", "quit", "sys.exit", "os._exit", "sys.argv", "sys.stdout", "SystemExit"}

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
each_file = pytest.mark.parametrize("path", [*MODULES, *COMMANDS], ids=lambda path: f"{path.parent.name}.{path.stem}")


def allowed() -> dict[str, set[str]]:
    """Return which modules each module may import, by the table in docs/architecture.md."""
    text = TABLE.read_text("utf-8")
    assert text.count("| module | may import |") == 1
    rows = text.partition("| module | may import |\n|---|---|\n")[2].split("\n\n")[0].splitlines()
    cells = [row.strip("|").split("|") for row in rows]
    return {name.strip(" `"): set(re.findall(r"`(\w+)`", others)) for name, others in cells}


def imported(path: Path) -> set[str]:
    """Return which modules of the package *path* imports, inside functions as well."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports of this package in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "chinaspace" else set()
            found |= {str(node.module)}
    modules = {other.stem for other in MODULES}
    return {name.split(".")[1] for name in found if name.startswith("chinaspace.") and name.split(".")[1] in modules}


def test_there_are_modules() -> None:
    """The modules are found."""
    assert len(MODULES) >= LEAST_MODULES


def test_the_table_names_every_module() -> None:
    """The table has a row for each module, and none for a module that is gone."""
    assert set(allowed()) == {path.stem for path in MODULES}


@each_module
def test_imports(path: Path) -> None:
    """A module imports what the table allows, and the table allows nothing that it does not import."""
    assert imported(path) == allowed()[path.stem]


def test_no_circles() -> None:
    """No module imports itself by way of others."""
    left = allowed()
    while free := [name for name, others in left.items() if not others & set(left)]:
        for name in free:
            del left[name]
    assert left == {}


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_commands_stand_alone(path: Path) -> None:
    """A command may use every module but the one that gathers the commands, and no other command."""
    text = path.read_text("utf-8")
    assert "chinaspace.cli" not in text
    assert "from chinaspace.commands" not in text


@each_file
def test_size(path: Path) -> None:
    """A module, and each of its functions, is short enough to be read at once."""
    text = path.read_text("utf-8")
    assert len(text.splitlines()) < MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 < MOST_LINES_OF_A_FUNCTION, node.name


@each_module
def test_only_the_command_line_prints_and_exits(path: Path) -> None:
    """Outside commands/, no module but two prints, reads the arguments of the program or ends it."""
    if path.stem in ("cli", "exits"):
        return
    names = {ast.unparse(node) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.expr)}
    assert not names & FORBIDDEN


@each_file
def test_nothing_happens_at_import(path: Path) -> None:
    """A module only defines: its top level has no loop, no bare call and no file that is opened."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body:
        assert not isinstance(node, ast.For | ast.While | ast.With | ast.Try | ast.Delete)
        assert not isinstance(node, ast.Expr) or isinstance(node.value, ast.Constant)
    calls = [node for top in tree.body if isinstance(top, ast.Assign) for node in ast.walk(top)]
    assert not {ast.unparse(node.func) for node in calls if isinstance(node, ast.Call)} & {"open", "load", "Store"}
