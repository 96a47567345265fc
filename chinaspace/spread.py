"""Spread the nodes of a network over an area: tied ones near each other, none on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chinaspace.canvas import Point
from chinaspace.errors import MissingPartError
from chinaspace.fonts import Box

Places = dict[str, Point]

# The layout begins at random places, which are the same each time.
_SEED = 1
_ROUNDS = 200
_GAP = 8.0


def spread(ties: Sequence[tuple[str, str]], radii: Mapping[str, float], area: Box) -> Places:
    """Return a place for each node, its disc with the *radii* within *area*; the same each time.

    Raises:
        MissingPartError: networkx is not installed.
    """
    try:
        import networkx as nx
    except ImportError as error:
        raise MissingPartError("charts", "networkx") from error
    graph = nx.Graph()
    graph.add_nodes_from(sorted(radii))
    graph.add_edges_from(sorted(ties))
    if not graph:
        return {}
    loose = 2.2 / len(graph) ** 0.5
    found = nx.spring_layout(graph, k=loose, iterations=_ROUNDS, seed=_SEED, method="force")
    return _part(_fit({name: (float(x), float(y)) for name, (x, y) in found.items()}, area), radii, area)


def _fit(places: Places, area: Box) -> Places:
    """Stretch places over the whole area by their ranks as much as by their distances, which fills it evenly."""
    across = _even({name: x for name, (x, _) in places.items()})
    down = _even({name: y for name, (_, y) in places.items()})
    wide, high = area.right - area.left, area.bottom - area.top
    return {name: (area.left + across[name] * wide, area.top + down[name] * high) for name in places}


def _even(values: Mapping[str, float]) -> dict[str, float]:
    low, high = min(values.values()), max(values.values())
    order = sorted(values, key=lambda name: (values[name], name))
    ranks = {name: place / max(1, len(order) - 1) for place, name in enumerate(order)}
    width = (high - low) or 1.0
    return {name: 0.85 * ranks[name] + 0.15 * (value - low) / width for name, value in values.items()}


def _part(places: Places, radii: Mapping[str, float], area: Box) -> Places:
    """Move nodes that meet away from each other, until none do."""
    moved = {name: list(point) for name, point in places.items()}
    names = sorted(moved)
    for _ in range(_ROUNDS):
        still = True
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                still = not _push(moved[one], moved[other], radii[one] + radii[other] + _GAP) and still
        for name in names:
            moved[name][0] = min(max(moved[name][0], area.left), area.right)
            moved[name][1] = min(max(moved[name][1], area.top), area.bottom)
        if still:
            break
    return {name: (x, y) for name, (x, y) in moved.items()}


def _push(one: list[float], other: list[float], apart: float) -> bool:
    """Push two points away from each other if they are nearer than *apart*; tell whether they were."""
    x, y = other[0] - one[0], other[1] - one[1]
    distance = (x * x + y * y) ** 0.5
    if distance >= apart:
        return False
    # Two at the very same place go apart to the sides.
    (x, y), distance = ((1.0, 0.5), 1.118) if distance < 1e-6 else ((x, y), distance)
    by = (apart - min(distance, apart)) / 2 + 0.01
    for sign, point in ((-1, one), (1, other)):
        point[0] += sign * by * x / distance
        point[1] += sign * by * y / distance
    return True
