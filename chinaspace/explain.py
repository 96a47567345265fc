"""Explain what is wrong: turn a result of SHACL into a fault that can be pointed to, in words for people."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from chinaspace.demand import owner
from chinaspace.judge import Result
from chinaspace.names import CS, CSD, CSSH, SH, Term, shorten
from chinaspace.point import Fault
from chinaspace.report import Problem
from chinaspace.shape import Shape
from chinaspace.view import View
from chinaspace.walk import first_predicates

_SEVERITIES = {"Violation": "violation", "Warning": "warning", "Info": "info"}
# A stranger's value may have millions of characters, and a reader looks at the beginning.
_LONGEST, _LONGEST_VALUE = 2000, 300
_NAMES = re.compile(f"(?:{re.escape(CS)}|{re.escape(CSD)})[A-Za-z0-9_-]+")


def explain(result: Result, shapes: Mapping[Term, Shape], view: View) -> Fault:
    """Return the fault that a result tells, with its message in short names."""
    node, path = result.node, result.path
    value = result.value if result.value != node else None
    message = _NAMES.sub(lambda found: shorten(found[0]), _cut(" ".join(sorted(result.messages)), _LONGEST))
    found = f" Found: {_cut(shorten(_plain(value)), _LONGEST_VALUE)}." if value is not None else ""
    problem = Problem(
        file=None,
        line=None,
        column=None,
        severity=_SEVERITIES.get(result.severity.value.removeprefix(SH), "violation"),
        shape=owner(result.shape, shapes),
        node=node.value if isinstance(node, ox.NamedNode) else "",
        path=path.value if isinstance(path, ox.NamedNode) else None,
        message=_ended(message) + found,
        component=f"{SH}{result.component}ConstraintComponent",
    )
    return Fault(
        problem,
        predicates=(path.value,) if isinstance(path, ox.NamedNode) else _first(shapes[result.shape]),
        value=value,
        described=_said(node, view) if isinstance(node, ox.BlankNode) else frozenset(),
    )


def _ended(message: str) -> str:
    """Return a message as a sentence: shapes of other graphs may leave the full stop out."""
    return message if message.endswith((".", "!", "?", "…", "。")) else f"{message}."


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def violation(shape: str, node: str, message: str, path: str | None = None) -> Problem:
    """Return a problem that blocks, by one of our rules that is no shape of SHACL."""
    return Problem(None, None, None, "violation", CSSH + shape, node, path, message)


def _first(shape: Shape) -> tuple[str, ...]:
    return first_predicates(shape.path) if shape.path else ()


def _said(node: ox.BlankNode, view: View) -> frozenset[tuple[str, Term]]:
    """Return what is said of a blank node, other blank nodes left out."""
    said = ((quad.predicate.value, quad.object) for quad in view.outgoing(node))
    return frozenset((name, value) for name, value in said if isinstance(value, ox.NamedNode | ox.Literal))


def _plain(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
