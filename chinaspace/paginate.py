"""Paginate long lists: which claims a page shows, and on which page each group of them begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from chinaspace.lookup import Row
from chinaspace.names import Term
from chinaspace.recite import Claim

# So many claims a page; with what stands around them it stays below 300 kB.
LENGTH = 60
# No more are counted: lookups end there.
MOST = 5000


@dataclass(frozen=True)
class Group:
    """The claims on a page that say the same kind of thing; *total* are those of all pages, from page *first* on."""

    property: Term | None
    total: int
    first: int
    nodes: tuple[ox.NamedNode, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One page of a list of claims; pages count from 1. *contents* are the groups of the whole list."""

    total: int = 0
    page: int = 1
    groups: tuple[Group, ...] = ()
    contents: tuple[Group, ...] = ()

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // LENGTH))

    @property
    def start(self) -> int:
        """Return how many claims stand on the pages before."""
        return (self.page - 1) * LENGTH

    @property
    def cut(self) -> bool:
        """Tell whether there may be more than were counted."""
        return self.total >= MOST

    @property
    def nodes(self) -> list[ox.NamedNode]:
        """Return the claims of this page."""
        return [node for group in self.groups for node in group.nodes]

    def shown(self, claims: Mapping[ox.NamedNode, Claim]) -> Sheet:
        """Return the page with its claims out of *claims*."""
        groups = (replace(group, claims=tuple(claims[node] for node in group.nodes)) for group in self.groups)
        return replace(self, groups=tuple(groups))


def paginate(rows: Iterable[Row], page: int, sort: bool) -> Sheet:
    """Return a page of the claims in *rows*: by their property and the day on which they were said, if *sort* says so.

    What has no property comes last. Without *sort* they are one group, by the
    day where rows have one, and else in their order.
    """
    keyed = [
        (
            _text(row.get("property")) if sort else "",
            _text(row.get("said")),
            row.get("property") if sort else None,
            node,
        )
        for row in rows
        if isinstance(node := row["claim"], ox.NamedNode)
    ]
    if sort or any(said for _, said, _, _ in keyed):
        keyed.sort(key=lambda one: (one[2] is None, one[0], one[1], one[3].value))
    whole: dict[Term | None, list[tuple[int, ox.NamedNode]]] = {}
    for place, (_, _, said, node) in enumerate(keyed):
        whole.setdefault(said, []).append((place, node))
    first, last = (page - 1) * LENGTH, page * LENGTH
    groups = [
        Group(
            said,
            len(found),
            found[0][0] // LENGTH + 1,
            tuple(node for place, node in found if first <= place < last),
        )
        for said, found in whole.items()
    ]
    return Sheet(len(keyed), page, tuple(group for group in groups if group.nodes), tuple(groups))


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
