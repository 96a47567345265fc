"""What tests have in common: small graphs, written as Turtle without prefixes, and runs of the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from chinaspace.header import Parameter
from chinaspace.load import Loaded, load
from chinaspace.names import CSD, prefixes
from chinaspace.paths import ontology_files

PROGRAM = Path(sys.executable).parent / "chinaspace"

SOURCE = """
csd:source-one a cs:Source ; dcterms:issued "2020-05-01"^^xsd:date .
csd:source-two a cs:Source ; dcterms:issued "2021"^^edtf:EDTF .
"""


def write_turtle(path: Path, body: str) -> Path:
    """Write *body* after all prefixes of the project, and return *path*."""
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes().items())
    path.write_text(head + body, "utf-8")
    return path


def load_turtle(folder: Path, body: str) -> Loaded:
    """Load *body* with the vocabulary."""
    return load([*ontology_files(), write_turtle(folder / "small.ttl", body)])


def claim(name: str, statement: str, more: str = "", modality: str = "cs:asserted") -> str:
    """Return a claim in Turtle on *statement*, which is "subject predicate object"."""
    subject, predicate, value = statement.split(" ", 2)
    return (
        f"csd:claim-{name} a cs:Claim ; cs:source csd:source-one ; cs:modality {modality} ; rdf:subject {subject} ; "
        f"rdf:predicate {predicate} ; rdf:object {value} {'; ' + more if more else ''} .\n"
    )


def parameter(kind: str) -> Parameter:
    """Return a parameter of a type, as a header might have it."""
    choices = ("open", "settled", "half-open") if kind == "one-of" else ()
    return Parameter("value", kind, optional=False, default=None, help="any", choices=choices)


def thing(slug: str) -> ox.NamedNode:
    """Return the thing *slug*."""
    return ox.NamedNode(CSD + slug)


def values(store: ox.Store, subject: str, predicate: ox.NamedNode, graph: ox.NamedNode | None = None) -> set[str]:
    """Return the values of a thing's property, in one graph or in the default graph."""
    quads = store.quads_for_pattern(thing(subject), predicate, None, graph or ox.DefaultGraph())
    return {quad.object.value for quad in quads if not isinstance(quad.object, ox.Triple)}


class Run(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


Command = Callable[..., Run]


def one_sentence(run: Run) -> bool:
    """Tell whether a command failed with one line on stderr that says what is wrong and what to do."""
    lines = run.err.splitlines()
    return len(lines) == 1 and lines[0].startswith("chinaspace: ") and lines[0].endswith((".", "?")) and not run.out
