"""Report to a terminal: the problems of a file together, each with its line and a caret below the fault."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from chinaspace.names import shorten
from chinaspace.report import Problem, Spot

_WIDEST = 100  # of the source line that is shown


def to_text(problems: Sequence[Problem]) -> str:
    """Return problems to be read in a terminal: those of a file together, each with its line and a caret."""
    parts = []
    for problem, before in zip(problems, [None, *problems], strict=False):
        gap = "\n" if before and before.file != problem.file else ""
        spot = Spot(problem.file, problem.line, problem.column) if problem.file else "graph"
        node = f"{shorten(problem.node)} " if problem.node else ""
        also = "".join(f"    {_line(f'Also at {other}.')}\n" for other in problem.also)
        head = f"{spot}: {problem.severity}: {node}({shorten(problem.shape)})"
        parts.append(f"{gap}{_line(head)}\n{_excerpt(problem)}    {_line(problem.message)}\n{also}")
    files = len({problem.file for problem in problems})
    end = f"Problems found: {len(problems)}, in {files} file{'s' * (files != 1)}." if problems else "No problem found."
    return "".join(parts) + end + "\n"


def _excerpt(problem: Problem) -> str:
    """Return the line at fault, no wider than a terminal, and a caret below its column."""
    if problem.source is None or problem.line is None:
        return ""
    column = min((problem.column or 1) - 1, len(problem.source))
    start = max(0, column - _WIDEST // 2) if len(problem.source) > _WIDEST else 0
    shown, before = problem.source[start : start + _WIDEST], problem.source[start:column]
    gap = "".join("\t" if sign == "\t" else " " * _width(sign) for sign in before)
    number = f"{problem.line:>6}"
    return f"{number} | {_clean(shown)}\n{' ' * len(number)} | {gap}^\n"


def _line(text: str) -> str:
    """Return *text* on one line: what a file says begins no line of its own, where a runner of CI would obey it."""
    return _clean(" ".join(text.split("\n")).replace("\t", " "))


def _clean(text: str) -> str:
    """Replace what would steer a terminal: a file from a stranger is shown, and never obeyed."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(sign) else sign for sign in text)


def _steers(sign: str) -> bool:
    return sign not in "\t\n" and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
