"""Who said what about China's space programme: the graph, its checks and its endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chinaspace.frame import Frame

__version__ = "0.1.0"


def query(name: str, /, *, store: str = "memory", **parameters: object) -> Frame:
    """Return the rows of the saved query *name*, as ``chinaspace.query("slips", thing="Chang'e 5").to_pandas()``.

    *parameters* are those of the query: things by name, alias or IRI, days,
    numbers and words. *store* is the built-in graph ("memory"), a folder, or the
    address of a SPARQL service. The rows can be iterated over, shown as a
    table, and turned into pandas or Arrow (``pip install 'chinaspace[notebook]'``).

    Raises:
        chinaspace.errors.ChinaSpaceError: there is no such query, a parameter is wrong, or the store gives no answer.
    """
    # Whoever imports a part of this package for something else does not wait for this.
    from chinaspace.consult import consult

    return consult(name, store, parameters)
