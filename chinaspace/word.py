"""Put each shape into words: what it is called, why it exists, and what it asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from chinaspace.names import CSSH, RDF, RDFS, SH
from chinaspace.read import read_quads

_SHAPES = {SH + "NodeShape", SH + "PropertyShape"}

# Rules that no shape can state, because they are about files and about what a file is read as.
_OTHERS = {
    "File-wellFormed": ("readable file", "A file that is not read is not checked."),
    "File-content": ("file with content", "An empty file conforms to everything."),
    "File-place": ("file of its kind", "Whoever looks for a thing looks into the file that its identifier names."),
    "Property-derived": ("no derived value by hand", "What is computed goes stale when it is typed."),
    "Date-wellFormed": ("date that exists", "Engines drop rows with malformed dates without a word."),
}


@dataclass(frozen=True)
class Rule:
    """A shape in words: *name* is a few, *reason* says why it exists, *remedy* what is expected and what to do."""

    name: str
    reason: str = ""
    remedy: str = ""
    severity: str = "violation"


def word(files: Iterable[Path]) -> dict[str, Rule]:
    """Return the rule of each shape in *files* that can be reported, by its IRI, and those that no shape states.

    A shape without a name takes the last part of its IRI for one.

    Raises:
        ReadError: a file is missing or malformed.
    """
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in files:
        for quad in read_quads(path):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                said[quad.subject.value][quad.predicate.value].append(quad.object.value)
    rules = {CSSH + key: Rule(name, reason) for key, (name, reason) in _OTHERS.items()}
    return rules | {iri: _rule(iri, words) for iri, words in said.items() if _SHAPES & set(words[RDF + "type"])}


def rule_of(iri: str, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule of a shape, or what its IRI tells where nothing is said of it."""
    return rules.get(iri) or Rule(local(iri))


def local(iri: str) -> str:
    """Return the last part of an IRI, which is the short name of a shape: "Claim-gist"."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def _rule(iri: str, words: Mapping[str, list[str]]) -> Rule:
    severity = local(next(iter(words[SH + "severity"]), SH + "Violation")).lower()
    return Rule(
        name=next(iter(words[SH + "name"]), local(iri)),
        reason=" ".join(words[RDFS + "comment"]),
        remedy=" ".join(words[SH + "message"]),
        severity=severity if severity in {"violation", "warning", "info"} else "violation",
    )
