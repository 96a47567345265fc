"""What the documentation shows is what happens, and it names all there is."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chinaspace.cli import app
from chinaspace.paths import home
from chinaspace.queries import saved_queries

ROOT = home()
README = ROOT / "README.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
MOST_LINES = 150
LEAST_EXAMPLES = 2


def text_of(pages: list[Path]) -> str:
    return "\n".join(page.read_text("utf-8") for page in pages)


def commands() -> list[str]:
    """Return the names of the commands."""
    return [str(command.name or getattr(command.callback, "__name__", "")) for command in app.registered_commands]


def shown() -> Iterator[tuple[str, list[str]]]:
    """Yield each command line in a console block of the pages, with the lines that it is said to print."""
    for block in re.findall(r"^```console\n(.*?)^```", text_of(PAGES), re.MULTILINE | re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = example.splitlines()
            yield command, [line.rstrip() for line in lines]


def matches(printed: list[str], expected: list[str]) -> bool:
    """Tell whether the lines agree, where the line "..." stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def test_the_readme_is_short() -> None:
    """The README is read at once."""
    assert len(README.read_text("utf-8").splitlines()) < MOST_LINES


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    """Each command is named in the documentation as it is typed."""
    assert f"chinaspace {command}" in text_of(PAGES)


@pytest.mark.parametrize("name", list(saved_queries()))
def test_every_query_is_documented(name: str) -> None:
    """Each saved query is named in the documentation, with its question and its parameters."""
    rows = [line for line in text_of(PAGES).splitlines() if line.startswith(f"| `{name}` |")]
    assert len(rows) == 1
    query = saved_queries()[name]
    assert query.question in rows[0]
    assert set(re.findall(r"`(\w+)`", rows[0].split("|")[3])) == {parameter.name for parameter in query.parameters}


def test_no_query_is_documented_that_is_gone() -> None:
    """Each query in the table of saved queries is one."""
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs" / "queries.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(saved_queries())


def test_there_are_examples() -> None:
    """The pages show commands with what they print."""
    assert len(list(shown())) >= LEAST_EXAMPLES


@pytest.mark.parametrize(("command", "expected"), list(shown()), ids=[command for command, _ in shown()])
def test_an_example_prints_what_is_shown(command: str, expected: list[str]) -> None:
    """A command of a page prints, to the letter, what stands below it."""
    program, *arguments = shlex.split(command)
    assert program == "chinaspace"
    run = subprocess.run(
        [Path(sys.executable).parent / program, *arguments],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    printed = [line.rstrip() for line in run.stdout.splitlines()]
    assert matches(printed, expected), f"{command} prints:\n{run.stdout}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a file of the project leads to one."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
