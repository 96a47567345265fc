"""Report what is wrong: what a problem is, and problems as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Form(StrEnum):
    """The forms of a report: for a terminal, a program, a pull request, code scanning, a test dashboard, and as RDF."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"
    TURTLE = "turtle"


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
    the line of the file. *value* is the object at fault in N-Triples, and
    *component* the IRI of the part of SHACL that found it, where they are known.
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
    value: str | None = field(default=None, compare=False)
    component: str | None = field(default=None, compare=False)

    @property
    def blocks(self) -> bool:
        """Tell whether the data must not be merged as it is."""
        return self.severity == "violation"

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Return what problems are sorted by: their place, then what they say."""
        return self.file or "", self.line or 0, self.column or 0, self.node, self.shape, self.message


@dataclass(frozen=True)
class Report:
    """What is wrong, and how much was looked at.

    *checked* counts the nodes that each shape judged; *whole* tells whether
    they are all there are, or those that a change can affect. *unconstrained*
    counts the uses of properties that no shape names, of the whole graph only.
    """

    problems: list[Problem]
    checked: Mapping[str, int] = field(default_factory=dict)
    whole: bool = False
    nodes: int = 0
    unconstrained: Mapping[str, int] = field(default_factory=dict)


def to_json(problems: Iterable[Problem], facts: Mapping[str, object] | None = None) -> str:
    """Return problems for a program, under the key "problems", and *facts* on the run beside them."""
    rows = [{key: value for key, value in asdict(problem).items() if key != "source"} for problem in problems]
    return sound(json.dumps({"problems": rows, **(facts or {})}, ensure_ascii=False, indent=2)) + "\n"


def sound(text: str) -> str:
    """Return *text* without the half characters by which Python keeps bytes of a path that are not UTF-8."""
    return text.encode("utf-8", "replace").decode()
