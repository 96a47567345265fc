"""Draw who is tied to what: a network in which each label has a place of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chinaspace.canvas import COLOURS, GREY, INK, MARGIN, PAPER, Canvas, Dash
from chinaspace.cast import DISPUTED, PLANNED, STATED, Row
from chinaspace.fonts import Box, extent, place
from chinaspace.signs import Sign, called, legend
from chinaspace.spread import Places, spread
from chinaspace.wrap import shorten, wrap

_MOST_NODES, _MOST_NODES_NARROW = 80, 45
# With more nodes, labels beside all of them would hide the ties.
_FEW = 40
_MANY_TIES = 5
_LINES: Mapping[str, tuple[str, Dash]] = {STATED: (INK, "-"), PLANNED: (COLOURS[0], "--"), DISPUTED: (GREY, ":")}
_LABEL = 220.0


@dataclass(frozen=True)
class _Net:
    """Ties by their two ends, each with its weight and standing, and the number of ties of each node."""

    ties: Mapping[tuple[str, str], tuple[float, str]]
    sizes: Mapping[str, float]
    targets: frozenset[str]
    labels: Mapping[tuple[str, str], Mapping[str, None]]


def draw_network(canvas: Canvas, rows: Sequence[Row], meanings: Mapping[str, str]) -> str:
    """Draw the ties "from" nodes "to" nodes, as thick as their "value" or the number of rows; return them in words.

    A tie is a dashed line if all that is said of it is a plan; what rows call it,
    their "label", is told in the words alone. What ties lead to is square. Nodes
    without room for their label have a number, and the labels stand below.
    """
    whole = _gather(rows)
    net = _keep(whole, _MOST_NODES_NARROW if canvas.narrow else _MOST_NODES)
    items: list[tuple[Sign, str]] = [
        (
            lambda on, x, y: on.disc(x, y, 6, COLOURS[4], INK, 1),
            shorten(meanings.get("from", canvas.say("from")), canvas.inner - 26, canvas.size),
        ),
        (
            lambda on, x, y: on.box(x - 6, y - 6, x + 6, y + 6, COLOURS[5], INK, 1),
            shorten(meanings.get("to", canvas.say("to")), canvas.inner - 26, canvas.size),
        ),
    ]
    there = [standing for standing in _LINES if any(one == standing for _, one in net.ties.values())]
    items += [(_line(*_LINES[standing]), _named(canvas, standing)) for standing in there]
    legend(canvas, items)
    _Drawing(canvas, net).draw()
    left_out = len(whole.sizes) - len(net.sizes)
    if left_out:
        drawn = len(net.sizes)
        words = canvas.say(
            "The %(drawn)s with the most ties are drawn; %(rest)s more are left out.", drawn=drawn, rest=left_out
        )
        canvas.paragraph(MARGIN, wrap(words, canvas.inner, 12), size=12, colour=GREY)
    return "; ".join(_tell(canvas, net, tie) for tie in net.ties)


def _tell(canvas: Canvas, net: _Net, tie: tuple[str, str]) -> str:
    """Return a tie in words, with what its rows call it."""
    both = canvas.say("%(one)s with %(other)s", one=tie[0], other=tie[1])
    return f"{both} ({', '.join([*net.labels[tie], _named(canvas, net.ties[tie][1])])})"


def _named(canvas: Canvas, standing: str) -> str:
    """Return what a line stands for."""
    own = {PLANNED: canvas.say("planned only"), DISPUTED: canvas.say("alleged, denied or opinion only")}
    return own.get(standing) or called(canvas, standing)


def _gather(rows: Sequence[Row]) -> _Net:
    counted = not any("value" in row.words for row in rows)
    weights: Counter[tuple[str, str]] = Counter()
    standings: dict[tuple[str, str], set[str]] = {}
    labels: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        tie = (row.words.get("from", ""), row.words.get("to", ""))
        if all(tie) and tie[0] != tie[1]:
            weights[tie] += 1.0 if counted else row.numbers.get("value", 0.0)  # type: ignore[assignment]
            standings.setdefault(tie, set()).add(row.standing)
            labels.setdefault(tie, {}).update({row.words["label"]: None} if "label" in row.words else {})
    ties = {tie: (weights[tie], next(one for one in _LINES if one in standings[tie])) for tie in sorted(standings)}
    return _Net(ties, _sizes(ties), frozenset(other for _, other in ties), labels)


def _sizes(ties: Mapping[tuple[str, str], tuple[float, str]]) -> dict[str, float]:
    sizes: Counter[str] = Counter()
    for (one, other), _ in ties.items():
        sizes[one] += 1
        sizes[other] += 1
    return dict(sizes)


def _keep(net: _Net, most: int) -> _Net:
    """Return the part of a network with the nodes that have the most ties."""
    kept = set(sorted(net.sizes, key=lambda name: (-net.sizes[name], name))[:most])
    ties = {tie: found for tie, found in net.ties.items() if set(tie) <= kept}
    return _Net(ties, _sizes(ties), net.targets, net.labels)


class _Drawing:
    """The network, from the top of the canvas as it is."""

    def __init__(self, canvas: Canvas, net: _Net) -> None:
        self.canvas, self.net = canvas, net
        high = canvas.inner * (1.15 if canvas.narrow else 0.7)
        self.radii = {
            name: (9.0 if canvas.narrow else 6.0) + min(9.0, 1.2 * size**0.5) for name, size in net.sizes.items()
        }
        # Labels go beyond their nodes, so nodes keep away from the sides.
        side = MARGIN + (14 if canvas.narrow else 60)
        area = Box(side, canvas.y + 16, canvas.width - side, canvas.y + high)
        self.places: Places = spread(list(net.ties), self.radii, area)
        self.bottom = canvas.y + high

    def draw(self) -> None:
        canvas, top = self.canvas, self.canvas.y
        heaviest = max((weight for weight, _ in self.net.ties.values()), default=1) or 1
        for (one, other), (weight, standing) in self.net.ties.items():
            colour, dash = _LINES[standing]
            canvas.line([self.places[one], self.places[other]], colour, 0.7 + 2.3 * weight / heaviest, dash)
        for name in self.net.sizes:
            self._node(name)
        numbered = []
        for name in self._by_size():
            if canvas.narrow or not (self._is_labelled(name) and self._label(name, top)):
                numbered.append(name)
        for number, name in enumerate(numbered, start=1):
            x, y = self.places[name]
            canvas.text(x, y + 3.5, str(number), size=10, anchor="center", bold=True)
        canvas.y = self.bottom + 36
        self._key(numbered)

    def _is_labelled(self, name: str) -> bool:
        """Tell whether a node is to have its label beside it; where there are many, not what ties lead to."""
        return len(self.net.sizes) <= _FEW or name not in self.net.targets or self.net.sizes[name] > _MANY_TIES

    def _by_size(self) -> list[str]:
        return sorted(self.net.sizes, key=lambda name: (-self.net.sizes[name], name))

    def _node(self, name: str) -> None:
        (x, y), radius = self.places[name], self.radii[name]
        if name in self.net.targets:
            self.canvas.box(x - radius, y - radius, x + radius, y + radius, COLOURS[5], INK, 1)
        else:
            self.canvas.disc(x, y, radius, COLOURS[4], INK, 1)

    def _label(self, name: str, top: float) -> bool:
        """Write the label of a node at the first place beside it that is free, and tell whether there is one."""
        canvas, (x, y), gap = self.canvas, self.places[name], self.radii[name] + 4
        # A label that would be cut could be taken for another one.
        if extent(name, 12) > _LABEL:
            return False
        half = extent(name, 12) / 2
        spots = [(x, y + gap + 10), (x, y - gap - 2), (x + gap + half, y + 4), (x - gap - half, y + 4)]
        spots += [(x + half * 0.7, y + gap + 10), (x - half * 0.7, y + gap + 10)]
        spots += [(x + half * 0.7, y - gap - 2), (x - half * 0.7, y - gap - 2)]
        for left, line in spots:
            box = place(left, line, name, 12, "center")
            if top < box.top and box.bottom < self.bottom + 16 and canvas.is_free(box) and not self._covers(box):
                canvas.box(box.left - 1, box.top, box.right + 1, box.bottom, PAPER)
                canvas.text(left, line, name, size=12, anchor="center")
                return True
        return False

    def _covers(self, box: Box) -> bool:
        around = ((*self.places[name], radius) for name, radius in self.radii.items())
        return any(box.meets(Box(x - size, y - size, x + size, y + size)) for x, y, size in around)

    def _key(self, names: list[str]) -> None:
        """Write the names of numbered nodes below, in columns."""
        canvas, size = self.canvas, 11.0
        columns = 2 if canvas.narrow else 3
        wide, deep = canvas.inner / columns, -(-len(names) // columns)
        top, lowest = canvas.y, canvas.y
        for start in range(0, len(names), deep or 1):
            x, y = MARGIN + start // deep * wide, top
            for number, name in enumerate(names[start : start + deep], start=start + 1):
                canvas.text(x + 18, y, str(number), size=size, anchor="right", bold=True)
                for line in wrap(name, wide - 34, size, 3):
                    canvas.text(x + 24, y, line, size=size)
                    y += 14
                y += 4
            lowest = max(lowest, y)
        canvas.y = lowest


def _line(colour: str, dash: Dash) -> Sign:
    return lambda canvas, x, y: canvas.line([(x - 9, y), (x + 9, y)], colour, 2, dash)
