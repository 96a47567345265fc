"""Report what is wrong: as text with the line at fault, as JSON, or as annotations of GitHub."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from chinaspace.names import shorten

_WIDEST = 100  # of the source line that is shown
_LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}


@dataclass(frozen=True)
class Spot:
    """A place in a file; *line* and *column* count from 1 and are None where they are not known."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return the place as compilers write it."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, by which shape, and what to write instead.

    *file*, *line* and *column* tell where the triple at fault stands, or its
    subject where something is missing; line and column count from 1, the
    column in Unicode code points. *also* names the other files in which the
    same triple stands, or another one that together with it is too many.
    *severity* is "violation", which blocks, "warning" or "info"; *source* is
    the line of the file.
    """

    file: str | None
    line: int | None
    column: int | None
    severity: str
    shape: str
    node: str
    path: str | None
    message: str
    also: tuple[Spot, ...] = ()
    source: str | None = field(default=None, compare=False)

    @property
    def blocks(self) -> bool:
        """Tell whether the data must not be merged as it is."""
        return self.severity == "violation"

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Return what problems are sorted by: their place, then what they say."""
        return self.file or "", self.line or 0, self.column or 0, self.node, self.shape, self.message


def to_text(problems: Sequence[Problem]) -> str:
    """Return problems to be read in a terminal: those of a file together, each with its line and a caret."""
    parts = []
    for problem, before in zip(problems, [None, *problems], strict=False):
        gap = "\n" if before and before.file != problem.file else ""
        spot = Spot(problem.file, problem.line, problem.column) if problem.file else "graph"
        node = f"{shorten(problem.node)} " if problem.node else ""
        also = "".join(f"    Also at {other}.\n" for other in problem.also)
        head = f"{spot}: {problem.severity}: {node}({shorten(problem.shape)})\n"
        parts.append(f"{gap}{_clean(head)}{_excerpt(problem)}    {_clean(problem.message)}\n{_clean(also)}")
    files = len({problem.file for problem in problems})
    end = f"Problems found: {len(problems)}, in {files} file{'s' * (files != 1)}." if problems else "No problem found."
    return "".join(parts) + end + "\n"


def to_json(problems: Iterable[Problem], facts: Mapping[str, object] | None = None) -> str:
    """Return problems for a program, under the key "problems", and *facts* on the run beside them."""
    rows = [{key: value for key, value in asdict(problem).items() if key != "source"} for problem in problems]
    return json.dumps({"problems": rows, **(facts or {})}, ensure_ascii=False, indent=2) + "\n"


def to_github(problems: Iterable[Problem]) -> str:
    """Return problems as commands of GitHub Actions, which shows each at its line of the pull request."""
    lines = []
    for problem in problems:
        places = {"file": problem.file, "line": problem.line, "col": problem.column, "title": shorten(problem.shape)}
        fields = ",".join(f"{key}={_escape(str(value), ':,')}" for key, value in places.items() if value is not None)
        node = f"{shorten(problem.node)}: " if problem.node else ""
        also = "".join(f" Also at {other}." for other in problem.also)
        lines.append(f"::{_LEVELS[problem.severity]} {fields}::{_escape(node + problem.message + also)}\n")
    return "".join(lines)


def _escape(text: str, more: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + more else sign for sign in text)


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


def _clean(text: str) -> str:
    """Replace what would steer a terminal: a file from a stranger is shown, and never obeyed."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(sign) else sign for sign in text)


def _steers(sign: str) -> bool:
    return sign not in "\t\n" and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
