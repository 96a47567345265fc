"""Report as RDF: the validation report that SHACL describes, in Turtle, with the place of each result."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from urllib.parse import quote

import pyoxigraph as ox

from chinaspace.names import prefixes, shorten
from chinaspace.report import Problem, Spot, sound

# The W3C's vocabulary of pointers into documents ("Pointer Methods in RDF 1.0") counts lines and characters from 1.
_PTR = "http://www.w3.org/2009/pointers#"


def to_turtle(problems: Sequence[Problem]) -> str:
    """Return the report as a sh:ValidationReport.

    Where a result stands is a ptr:LineCharPointer under prov:atLocation; its
    ptr:reference is the path of the file as a "file:" IRI, relative inside the
    project. A check that is no shape has cssh:CheckComponent for its component.
    """
    known = {**prefixes(), "ptr": _PTR}
    results = "".join(f"    sh:result {_node(_result(problem), 1)} ;\n" for problem in problems)
    body = f"[] a sh:ValidationReport ;\n    sh:conforms {str(not problems).lower()} ;\n{results}.\n"
    used = {prefix for prefix in known if re.search(rf"(?<![\w<]){prefix}:\w", body)}
    return "".join(f"@prefix {prefix}: <{known[prefix]}> .\n" for prefix in sorted(used)) + "\n" + body


def _result(problem: Problem) -> Iterator[tuple[str, str]]:
    """Yield the predicates and objects of one result, as they are written."""
    yield "a", "sh:ValidationResult"
    yield "sh:focusNode", _iri(problem.node) or "[]"
    for predicate, iri in (("sh:resultPath", problem.path), ("sh:sourceShape", problem.shape)):
        if written := _iri(iri):
            yield predicate, written
    if problem.value:
        yield "sh:value", problem.value
    yield "sh:sourceConstraintComponent", _iri(problem.component) or "cssh:CheckComponent"
    yield "sh:resultSeverity", f"sh:{problem.severity.capitalize()}"
    yield "sh:resultMessage", str(ox.Literal(sound(problem.message), language="en"))
    for spot in (*([Spot(problem.file, problem.line, problem.column)] if problem.file else []), *problem.also):
        yield "prov:atLocation", _node(_pointer(spot), 2)


def _pointer(spot: Spot) -> Iterator[tuple[str, str]]:
    yield "a", "ptr:LineCharPointer"
    yield "ptr:reference", f"<file:{quote(os.fsencode(PurePath(spot.file).as_posix()))}>"
    for predicate, number in (("ptr:lineNumber", spot.line), ("ptr:charNumber", spot.column)):
        if number:
            yield predicate, str(number)


def _node(said: Iterable[tuple[str, str]], depth: int) -> str:
    """Return a blank node of which these predicates and objects are said, indented by *depth*."""
    gap = "    " * depth
    return "[\n" + "".join(f"{gap}    {predicate} {value} ;\n" for predicate, value in said) + f"{gap}]"


def _iri(iri: str | None) -> str | None:
    """Return *iri* as Turtle has it, or nothing where it is none: a node may be blank, and files come from anyone."""
    try:
        written = str(ox.NamedNode(iri or ""))
    except ValueError:
        return None
    short = shorten(iri or "")
    return written if short == iri else short
