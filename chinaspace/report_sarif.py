"""Report to code scanning: SARIF 2.1.0, the OASIS format for what a checker finds."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, TypeAlias
from urllib.parse import quote

from chinaspace.names import shorten
from chinaspace.report import Problem, Spot, sound
from chinaspace.word import Rule, local, rule_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://w3id.org/chinaspace/ontology"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_GITHUB = {"violation": "error", "warning": "warning", "info": "recommendation"}
_ROOT = "%SRCROOT%"

Part: TypeAlias = dict[str, Any]


def to_sarif(problems: Sequence[Problem], rules: Mapping[str, Rule], version: str) -> str:
    """Return one run in SARIF, with each rule in words and each problem at its place.

    Paths are relative to the root of the checkout, columns count code points,
    and a fingerprint without line numbers tells a problem that has moved from
    a new one.
    """
    iris = sorted({*rules, *(problem.shape for problem in problems)})
    places = {iri: number for number, iri in enumerate(iris)}
    seen: Counter[str] = Counter()
    driver = {
        "name": "chinaspace",
        "version": version,
        "semanticVersion": version,
        "informationUri": _HOME,
        "rules": [_rule(iri, rule_of(iri, rules)) for iri in iris],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the checkout."}}},
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(problem, places[problem.shape], seen) for problem in problems],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return sound(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _rule(iri: str, rule: Rule) -> Part:
    words = {
        "shortDescription": rule.name[:1].upper() + rule.name[1:],
        "fullDescription": rule.reason,
        "help": rule.remedy or rule.reason,
    }
    return {
        "id": local(iri),
        "name": local(iri).replace("-", ""),
        **{key: {"text": text} for key, text in words.items() if text},
        "helpUri": iri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["SHACL"], "precision": "very-high", "problem.severity": _GITHUB[rule.severity]},
    }


def _result(problem: Problem, rule: int, seen: Counter[str]) -> Part:
    node = f"{shorten(problem.node)}: " if problem.node else ""
    result: Part = {
        "ruleId": local(problem.shape),
        "ruleIndex": rule,
        "level": _LEVELS[problem.severity],
        "message": {"text": _plain(node + problem.message)},
        "partialFingerprints": {"problem/v1": _fingerprint(problem, seen)},
    }
    if problem.file or problem.node:
        result["locations"] = [_location(problem)]
    if problem.also:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": "The same triple."}, "physicalLocation": _place(spot)}
            for number, spot in enumerate(problem.also)
        ]
    return result


def _location(problem: Problem) -> Part:
    location: Part = {}
    if problem.file:
        location["physicalLocation"] = _place(Spot(problem.file, problem.line, problem.column), problem.source)
    if problem.node:
        location["logicalLocations"] = [
            {"name": shorten(problem.node), "fullyQualifiedName": problem.node, "kind": "resource"}
        ]
    return location


def _place(spot: Spot, source: str | None = None) -> Part:
    """Return where *spot* is; without a column the region is the line."""
    place: Part = {"artifactLocation": _artifact(spot.file)}
    if spot.line:
        place["region"] = {"startLine": spot.line}
        if spot.column:
            place["region"]["startColumn"] = spot.column
        if source is not None:
            place["region"]["snippet"] = {"text": source[(spot.column or 1) - 1 :]}
    return place


def _artifact(file: str) -> Part:
    """Return a path as a URI: below the root where it is there, else whole."""
    path = PurePath(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    uri = quote(os.fsencode(path.as_posix()))
    return {"uri": f"file://{uri}"} if path.is_absolute() else {"uri": uri, "uriBaseId": _ROOT}


def _plain(text: str) -> str:
    """Escape what SARIF reads in a message: braces hold the place of an argument, brackets are a link."""
    text = text.replace("{", "{{").replace("}", "}}")
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _fingerprint(problem: Problem, seen: Counter[str]) -> str:
    """Return what stays the same when the problem moves in its file; of several alike each has a number."""
    parts = (problem.file, problem.shape, problem.node, problem.path, problem.value, problem.message)
    digest = hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"
