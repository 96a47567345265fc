"""Look beyond shapes: at evidence, twins, dates, conflicts, names and the hygiene of the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.circle import circles
from chinaspace.clash import clashes
from chinaspace.finding import Touched
from chinaspace.hygiene import hygiene
from chinaspace.nameless import nameless
from chinaspace.point import Fault
from chinaspace.proof import proof
from chinaspace.timely import untimely
from chinaspace.twin import twin_claims, twin_things

Check: TypeAlias = Callable[[ox.Store, Touched], Iterator[Fault]]
CHECKS: tuple[Check, ...] = (circles, clashes, hygiene, nameless, twin_claims, twin_things, untimely)


def beyond(store: ox.Store, texts: Path | None = None, touched: Touched = None) -> Iterator[Fault]:
    """Yield what is wrong in a loaded graph that no shape can see.

    *texts* is the folder of the source texts; without it passages are not
    compared with them. *touched* are the nodes of which a change says
    something else than before: only faults of which one side is among them
    are looked for; None looks at the whole graph.

    Raises:
        TextError: *texts* is missing.
        ShapesError: a query of shapes/hygiene/ cannot be used.
    """
    for check in CHECKS:
        yield from check(store, touched)
    if texts is not None:
        yield from proof(store, texts, touched)
