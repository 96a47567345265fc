"""Circle: find the claims that answer each other in a circle, of which none can be the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from chinaspace.finding import Touched, concerns, finding, quads_of
from chinaspace.names import Term, cs, shorten
from chinaspace.point import Fault

LINKS = (cs("denies"), cs("resolves"), cs("supersedes"))


def circles(store: ox.Store, touched: Touched) -> Iterator[Fault]:
    """Yield the links that lead back to where they began, at each claim of a circle that a change touches.

    A path in SPARQL would be followed anew from each claim, which takes the square of the time; here each link is
    followed once.
    """
    links: dict[Term, list[Term]] = defaultdict(list)
    said = [quad for link in LINKS for quad in quads_of(store, None, link) if quad.subject != quad.object]
    for quad in said:
        links[quad.subject].append(quad.object)
    circle = {node: number for number, nodes in enumerate(strong(links)) if len(nodes) > 1 for node in nodes}
    met = {circle[node] for node in circle if concerns(touched, node)}
    for quad in said:
        if circle.get(quad.subject, -1) in met and circle[quad.subject] == circle.get(quad.object):
            message = (
                "cs:denies, cs:resolves and cs:supersedes never lead back to where they began. Follow them from "
                f"{shorten(str(quad.object)[1:-1])}, and take out the one that points to the newer claim."
            )
            yield finding(quad.subject, "Claim-linkLoop", message, predicates=(quad.predicate,), value=quad.object)


def strong(links: Mapping[Term, Sequence[Term]]) -> list[list[Term]]:
    """Return the strongly connected parts of a graph: its nodes, those that lead to each other together.

    This is Tarjan's algorithm, without recursion, so that no chain is too long.
    """
    low: dict[Term, int] = {}
    held: dict[Term, int] = {}  # the nodes of parts that are not closed yet, with the numbers of their visits
    parts: list[list[Term]] = []
    for start in links:
        ahead = [(start, iter(links[start]))] if start not in low else []
        low.setdefault(start, len(low))
        if ahead:
            held[start] = low[start]
        while ahead:
            node, others = ahead[-1]
            if (other := next(others, None)) is None:
                ahead.pop()
                if ahead:
                    low[ahead[-1][0]] = min(low[ahead[-1][0]], low[node])
                if low[node] == held[node]:
                    parts.append(_close(held, node))
            elif other not in low:
                low[other] = held[other] = len(low)
                ahead.append((other, iter(links.get(other, ()))))
            elif other in held:
                low[node] = min(low[node], held[other])
    return parts


def _close(held: dict[Term, int], first: Term) -> list[Term]:
    part: list[Term] = []
    while not part or part[-1] != first:
        part.append(held.popitem()[0])
    return part
