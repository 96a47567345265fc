"""Shapes as they are read from a shapes graph: what each looks at, and by which constraints it judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol, TypeAlias

import pyoxigraph as ox

from chinaspace.dissect import Dissected, dissect
from chinaspace.names import SH, Term
from chinaspace.view import View
from chinaspace.walk import Path, Reading

# A row of a SPARQL constraint: the terms of its variables, those that are unbound left out.
Row: TypeAlias = dict[str, Term]
Rows: TypeAlias = Sequence[tuple[Term, Sequence[Term]]]


def sh(name: str) -> ox.NamedNode:
    """Return the term *name* of SHACL."""
    return ox.NamedNode(SH + name)


class Finding(NamedTuple):
    """What one constraint finds wrong: the node, the value at fault if one is, and what differs from the shape.

    *path* and *messages* are None where those of the shape hold.
    """

    node: Term
    value: Term | None = None
    path: Term | None = None
    messages: tuple[str, ...] | None = None


class Judging(Protocol):
    """What a constraint may ask of whoever judges by it."""

    @property
    def view(self) -> View:
        """Return the data."""

    def failing(self, shape: Term, nodes: set[Term]) -> set[Term]:
        """Return those of *nodes* that do not conform to a shape."""

    def rows(self, query: Query, nodes: Sequence[Term] | None) -> Mapping[Term, Sequence[Row]]:
        """Return the rows of a SPARQL constraint by node; some may be of other nodes."""


class Check(Protocol):
    """Finds what is wrong in rows of nodes, each with its values."""

    def __call__(self, judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        """Yield a finding for each result that SHACL asks for."""


@dataclass(frozen=True)
class Query:
    """A SPARQL constraint: the text with its prefixes, and whether all nodes can be asked about at once."""

    term: Term
    text: str
    at_once: bool
    messages: tuple[str, ...]

    @cached_property
    def parts(self) -> Dissected | None:
        """Return what it is made of, if it is asked for all nodes at once and that can be told."""
        return dissect(self.text) if self.at_once else None


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape.

    *component* is the name of its kind in SHACL and *words* how it is written;
    *check* applies it. *readings* are the triples that it reads beyond the
    values, from each value on, *beside* those that it reads from the node on;
    *parts* are the shapes that values are held against, and *query* is what it asks.
    """

    component: str
    words: str
    check: Check
    readings: tuple[Reading, ...] = ()
    beside: tuple[Reading, ...] = ()
    parts: tuple[Term, ...] = ()
    query: Query | None = None


@dataclass(frozen=True)
class Target:
    """What a shape looks at: *kind* is targetClass, targetNode, targetObjectsOf or targetSubjectsOf."""

    kind: str
    term: Term


@dataclass(frozen=True)
class Shape:
    """A node shape, or a property shape, which has a path.

    *path_term* is how the shapes graph names the path, *properties* are the
    property shapes that its values must meet.
    """

    term: Term
    path: Path | None = None
    path_term: Term | None = None
    severity: ox.NamedNode = field(default_factory=lambda: sh("Violation"))
    messages: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    properties: tuple[Term, ...] = ()

    @property
    def parts(self) -> tuple[Term, ...]:
        """Return the shapes that this one is put together from."""
        return (*self.properties, *(part for one in self.constraints for part in one.parts))


@dataclass(frozen=True)
class Flaw:
    """Something in a shapes graph that cannot be used as it stands: the shape, the property, its value, and why."""

    shape: Term
    predicate: ox.NamedNode
    value: Term | None
    fault: str
