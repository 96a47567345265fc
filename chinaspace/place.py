"""Place what a file says: the line and column of each term."""

from __future__ import annotations

from typing import NamedTuple

import pyoxigraph as ox

from chinaspace.names import Term


class Place(NamedTuple):
    """Where something begins: both count from 1, the column in Unicode code points, a byte order mark not counted."""

    line: int
    column: int


class Placed(NamedTuple):
    """A triple, and where its three terms stand.

    Those of a collection, which are not written out, stand at its items and at its closing bracket.
    """

    subject: Term
    predicate: ox.NamedNode
    object: Term
    subject_at: Place
    predicate_at: Place
    object_at: Place
