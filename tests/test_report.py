"""Problems are shown where they stand, in a form for each reader."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

from chinaspace.names import CS, CSD, CSSH
from chinaspace.report import Problem, Spot, to_json
from chinaspace.report_github import to_github
from chinaspace.report_text import to_text

PROBLEM = Problem(
    file="data/a,b:c.ttl",
    line=3,
    column=5,
    severity="violation",
    shape=CSSH + "Claim-rank",
    node=CSD + "claim-a",
    path=CS + "rank",
    message="Write 100% more.",
    also=(Spot("data/b.ttl", 7, 1),),
    source="    cs:rank 1 ;",
)


def test_text() -> None:
    """A problem has its place, its line with a caret below the column, its message, and the other file."""
    assert to_text([PROBLEM]).splitlines() == [
        "data/a,b:c.ttl:3:5: violation: csd:claim-a (cssh:Claim-rank)",
        "     3 |     cs:rank 1 ;",
        "       |     ^",
        "    Write 100% more.",
        "    Also at data/b.ttl:7:1.",
        "Problems found: 1, in 1 file.",
    ]


def test_files_are_apart() -> None:
    """The problems of a file stand together, and an empty line parts them from those of the next."""
    shown = to_text([PROBLEM, PROBLEM, replace(PROBLEM, file="data/z.ttl")]).splitlines()
    assert [number for number, line in enumerate(shown) if not line] == [10]
    assert shown[11].startswith("data/z.ttl:")
    assert to_text([]) == "No problem found.\n"


def test_the_caret_stands_below_wide_signs() -> None:
    """Chinese takes two columns of a terminal, a combining accent none, and a tab stays a tab."""
    source = "\t嫦娥e\u0301 x"
    shown = to_text([replace(PROBLEM, source=source, column=source.index("x") + 1)]).splitlines()
    assert shown[2].partition("| ")[2] == "\t" + " " * 6 + "^"


def test_a_long_line_is_cut_round_the_column() -> None:
    """Of a file on one line as much is shown as fits, with the caret below the right sign."""
    source = "a" * 5000 + "x" + "b" * 5000
    _, line, caret, *_ = to_text([replace(PROBLEM, source=source, column=5001)]).splitlines()
    assert len(line) < 120
    assert line[caret.index("^")] == "x"


def test_behind_the_end_of_a_line() -> None:
    """What is missing at the end of a line is shown there."""
    _, line, caret, *_ = to_text([replace(PROBLEM, source="a", column=99)]).splitlines()
    assert caret.index("^") == len(line)


def test_a_file_does_not_steer_the_terminal() -> None:
    """Escape sequences and signs that turn the direction of text are shown as such, and never sent."""
    hostile = "\x1b[2Jok\u202e\x9b\r"
    shown = to_text([replace(PROBLEM, source=hostile, node=hostile, message=hostile, column=None)])
    assert {sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cf"}} == {"\n"}


def test_without_a_place() -> None:
    """A problem of the whole graph has neither line nor caret."""
    shown = to_text([replace(PROBLEM, file=None, line=None, column=None, source=None, also=())]).splitlines()
    assert shown[0].startswith("graph: ")
    assert len(shown) == 3


def test_json() -> None:
    """The keys are stable, and the line of the file is left to the file."""
    (row,) = json.loads(to_json([PROBLEM]))["problems"]
    assert list(row) == [
        "file",
        "line",
        "column",
        "severity",
        "shape",
        "node",
        "path",
        "message",
        "also",
        "value",
        "component",
    ]
    assert row["also"] == [{"file": "data/b.ttl", "line": 7, "column": 1}]
    assert json.loads(to_json([])) == {"problems": []}


def test_github() -> None:
    """Each problem is one command, with the signs escaped that end a command or a property."""
    unknown = Problem(None, None, None, "info", CSSH + "Claim-rank", "", None, "One\nand\r\n::error::two.")
    assert to_github([PROBLEM, replace(unknown, severity="warning"), unknown]).splitlines() == [
        "::error file=data/a%2Cb%3Ac.ttl,line=3,col=5,title=cssh%3AClaim-rank"
        "::csd:claim-a: Write 100%25 more. Also at data/b.ttl:7:1.",
        "::warning title=cssh%3AClaim-rank::One%0Aand%0D%0A::error::two.",
        "::notice title=cssh%3AClaim-rank::One%0Aand%0D%0A::error::two.",
    ]
