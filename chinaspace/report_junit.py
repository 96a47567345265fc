"""Report to test dashboards: JUnit XML, as Jenkins, GitLab and others read it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from chinaspace.names import shorten
from chinaspace.report import Problem, Spot
from chinaspace.word import Rule, local

# All that XML 1.0 has no way to write, and the carriage return, which readers turn into a line feed.
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_UNREAD = {"File-wellFormed", "File-content"}


def to_junit(problems: Sequence[Problem], rules: Mapping[str, Rule]) -> str:
    """Return a suite for each file with problems, a case for each problem, and a case for each other rule.

    What blocks is a failure; a warning is a case that passes and says so in
    its output. The layout is that of the schema of Jenkins' xUnit plugin.
    """
    by_file: dict[str | None, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[problem.file].append(problem)
    broken = {problem.shape for problem in problems}
    others = [iri for iri in sorted(rules) if iri not in broken]
    # Where a file was not read, nothing else was checked, and no rule can be said to hold.
    unread = bool({local(iri) for iri in broken} & _UNREAD)
    failures = sum(problem.blocks for problem in problems)
    root = ET.Element("testsuites", name="chinaspace validate", tests=str(len(problems) + len(others)))
    root.attrib |= {"failures": str(failures), "errors": "0"}
    for file, found in by_file.items():
        suite = _suite(root, file or "graph", len(found), sum(problem.blocks for problem in found))
        for problem in found:
            _case(suite, problem)
    suite = _suite(root, "rules not checked" if unread else "rules that hold", len(others), 0)
    suite.set("skipped", str(len(others) * unread))
    for iri in others:
        case = ET.SubElement(suite, "testcase", name=_legal(rules[iri].name), classname=_legal(local(iri)), time="0")
        if unread:
            ET.SubElement(case, "skipped", message="A file was not read, so this was not checked.")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str, tests: int, failures: int) -> ET.Element:
    counts = {"tests": str(tests), "failures": str(failures), "errors": "0", "skipped": "0", "time": "0"}
    return ET.SubElement(root, "testsuite", {"name": _legal(name), **counts})


def _case(suite: ET.Element, problem: Problem) -> None:
    spot = Spot(problem.file, problem.line, problem.column) if problem.file else "graph"
    node = f"{shorten(problem.node)} at " if problem.node else ""
    case = ET.SubElement(suite, "testcase", name=_legal(f"{node}{spot}"), classname=_legal(local(problem.shape)))
    case.set("time", "0")
    # A log that shows this may be read by a runner of CI, so what a file says begins no line of its own.
    shown = [f"| {problem.source.strip()}"] if problem.source else []
    lines = [f"At {spot}: {problem.severity}", *shown, f"To do: {problem.message}"]
    lines += [f"Also at {other}." for other in problem.also]
    text = _legal("\n".join(" ".join(line.split()) for line in lines))
    if problem.blocks:
        failure = ET.SubElement(case, "failure", message=_legal(problem.message), type=problem.severity)
        failure.text = text
    else:
        ET.SubElement(case, "system-out").text = text


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
