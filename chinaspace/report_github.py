"""Report to GitHub Actions, which shows each problem at its line of the pull request."""

from __future__ import annotations

from collections.abc import Iterable

from chinaspace.names import shorten
from chinaspace.report import Problem, sound

_LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}


def to_github(problems: Iterable[Problem]) -> str:
    """Return problems as workflow commands, one a line.

    GitHub shows ten errors and ten warnings of a step; SARIF has no such limit.
    """
    lines = []
    for problem in problems:
        places = {"file": problem.file, "line": problem.line, "col": problem.column, "title": shorten(problem.shape)}
        fields = ",".join(f"{key}={_escape(str(value), ':,')}" for key, value in places.items() if value is not None)
        node = f"{shorten(problem.node)}: " if problem.node else ""
        also = "".join(f" Also at {other}." for other in problem.also)
        lines.append(f"::{_LEVELS[problem.severity]} {fields}::{_escape(node + problem.message + also)}\n")
    return sound("".join(lines))


def _escape(text: str, more: str = "") -> str:
    """Escape what ends a command or a field, and every line break that any reader may know."""
    unsafe = "%" + more
    return "".join(f"%{ord(sign):02X}" if sign in unsafe or ord(sign) < 32 or sign == "\x7f" else sign for sign in text)
