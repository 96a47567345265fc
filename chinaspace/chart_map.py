"""Draw countries and places on a map of the world, from outlines that come with this package."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from chinaspace.canvas import COLOURS, GREY, INK, MARGIN, PAPER, Canvas, Point
from chinaspace.cast import DISPUTED, PLANNED, STATED, Row
from chinaspace.fonts import extent, place
from chinaspace.names import WIKIDATA
from chinaspace.signs import STANDINGS, Sign, Style, caption, legend, shade
from chinaspace.wrap import wrap

# Classes of numbers, each from its bound up to the next one.
_BOUNDS = (1, 2, 4, 8, 16)
_LAND, _COAST = "#f0f0ec", "#b8b8b0"
# The highest and the lowest latitude that the map shows: all land but Antarctica.
_NORTH, _SOUTH = 84.0, -57.0
_MOST_LABELS = 40
_POINT = re.compile(r"\s*(?:<[^<>]*>)?\s*POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Country:
    """A country of the map: its Wikidata item, where its label goes, and its outlines in degrees."""

    item: str
    at: Point
    rings: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True)
class _Spot:
    """What is said of a place: how often, and whether it is planned only; *at* is in degrees, if it is known."""

    name: str
    value: float
    standing: str
    country: Country | None
    at: Point | None


def draw_map(canvas: Canvas, rows: Sequence[Row], meanings: Mapping[str, str]) -> str:
    """Draw each "place" as a country, or as a point by its coordinates; return them in words.

    A country is found by the Wikidata item in the role "item", or by its name.
    It is the darker the larger the sum of "value", or the number of rows; and
    striped if all that is said are plans. Below stand all places with their
    numbers, those that are not on the map as well.
    """
    caption(canvas, {"value": canvas.say("rows of the answer")} | dict(meanings), {"value": canvas.say("Number")})
    spots = _gather(rows)
    there = [spot for spot in spots if spot.country or spot.at]
    away = [spot for spot in spots if not (spot.country or spot.at)]
    _explain(canvas, spots)
    _Map(canvas).draw(there)
    _list(canvas, there, 180)
    if away:
        canvas.y += 14
        canvas.paragraph(MARGIN, [canvas.say("Not on the map:")], size=12, bold=True)
        _list(canvas, away, 360)
    planned = f" ({canvas.say('planned only')})"
    return "; ".join(f"{spot.name}: {spot.value:g}{planned if _open(spot) else ''}" for spot in spots)


@cache
def world() -> tuple[tuple[Country, ...], Mapping[str, Country]]:
    """Return the countries, the largest first, and each by its item and its names."""
    read = json.loads((files("chinaspace") / "world.json").read_text("utf-8"))["countries"]
    known: dict[str, Country] = {}
    for one in read:
        rings = tuple(tuple(zip(ring[::2], ring[1::2], strict=True)) for ring in one["rings"])
        country = Country(one["id"], (one["at"][0], one["at"][1]), rings)
        known |= dict.fromkeys([one["id"], *(name.casefold() for name in one["names"])], country)
    order = sorted({id(one): one for one in known.values()}.values(), key=lambda one: (-_area(one), one.item))
    return tuple(order), known


def project(longitude: float, latitude: float) -> Point:
    """Return the place on the Equal Earth projection (Šavrič, Patterson and Jenny, 2018), in radii of the globe."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    angle = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    second, sixth = angle**2, angle**6
    slope = 9 * a4 * sixth * second + 7 * a3 * sixth + 3 * a2 * second + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(angle) / (3 * slope)
    return x, angle * (a4 * sixth * second + a3 * sixth + a2 * second + a1)


def _gather(rows: Sequence[Row]) -> list[_Spot]:
    counted = not any("value" in row.numbers for row in rows)
    sums: Counter[str] = Counter()
    standings: dict[str, set[str]] = {}
    first: dict[str, Row] = {}
    for row in rows:
        if name := row.words.get("place", ""):
            sums[name] += 1.0 if counted else row.numbers.get("value", 0.0)  # type: ignore[assignment]
            standings.setdefault(name, set()).add(row.standing)
            first.setdefault(name, row)
    spots = [
        _Spot(name, sums[name], next(one for one in STANDINGS if one in standings[name]), *_find(name, first[name]))
        for name in first
    ]
    return sorted(spots, key=lambda spot: (-spot.value, spot.name))


def _find(name: str, row: Row) -> tuple[Country | None, Point | None]:
    latitude, longitude = row.numbers.get("latitude"), row.numbers.get("longitude")
    if found := _POINT.fullmatch(row.words.get("geometry", "")):
        longitude, latitude = float(found[1]), float(found[2])
    known = world()[1]
    item = row.words.get("item", "").removeprefix("wd:").removeprefix(WIKIDATA)
    country = known.get(item) or known.get(name.casefold())
    if country or latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return country, None
    return None, (longitude, latitude)


def _area(country: Country) -> float:
    xs = [x for ring in country.rings for x, _ in ring]
    ys = [y for ring in country.rings for _, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def _class(value: float) -> int:
    return max(0, sum(value >= bound for bound in _BOUNDS) - 1)


def _open(spot: _Spot) -> bool:
    return spot.standing == PLANNED


def _style(spot: _Spot) -> Style:
    if spot.standing == STATED:
        return Style(shade(0.15 + 0.85 * _class(spot.value) / (len(_BOUNDS) - 1)), INK)
    return Style(PAPER, COLOURS[0], "////") if _open(spot) else STANDINGS[DISPUTED]


def _explain(canvas: Canvas, spots: Sequence[_Spot]) -> None:
    """Write what the shades mean that are there."""
    items: list[tuple[Sign, str]] = []
    for place_, bound in enumerate(_BOUNDS):
        if any(_class(spot.value) == place_ and spot.standing == STATED for spot in spots):
            upper = _BOUNDS[place_ + 1] - 1 if place_ + 1 < len(_BOUNDS) else None
            words = canvas.say("%(least)s or more", least=bound)
            if upper is not None:
                words = str(bound) if upper == bound else canvas.say("%(first)s to %(last)s", first=bound, last=upper)
            items.append((_style(_Spot("", bound, STATED, None, None)).sign, words))
    for standing, words in (
        (PLANNED, canvas.say("planned only")),
        (DISPUTED, canvas.say("alleged, denied or opinion only")),
    ):
        if any(spot.standing == standing for spot in spots):
            items.append((_style(_Spot("", 1, standing, None, None)).sign, words))
    if any(spot.at for spot in spots):
        items.append((lambda on, x, y: on.disc(x, y, 5, COLOURS[1], INK, 1), canvas.say("place")))
    legend(canvas, items)


class _Map:
    """The map, as wide as the canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas, self.top = canvas, canvas.y
        self.scale = canvas.inner / (2 * project(180, 0)[0])
        self.north = project(0, _NORTH)[1]
        self.bottom = self.top + (self.north - project(0, _SOUTH)[1]) * self.scale

    def at(self, point: Point) -> Point:
        x, y = project(*point)
        return self.canvas.width / 2 + x * self.scale, self.top + (self.north - y) * self.scale

    def draw(self, spots: Sequence[_Spot]) -> None:
        styles = {spot.country.item: _style(spot) for spot in reversed(spots) if spot.country}
        plain = Style(_LAND, _COAST)
        for country in world()[0]:
            style = styles.get(country.item, plain)
            edge = _COAST if style is plain else style.edge
            for ring in country.rings:
                self.canvas.shape(map(self.at, ring), style.fill, edge, 0.3 if self.canvas.narrow else 0.6, style.hatch)
        for spot in spots:
            if spot.at:
                fill = PAPER if _open(spot) else COLOURS[1]
                self.canvas.disc(*self.at(spot.at), 5, fill, INK, 1.2)
        if not self.canvas.narrow:
            for spot in spots[:_MOST_LABELS]:
                self._label(spot)
        self.canvas.y = self.bottom + 12

    def _label(self, spot: _Spot) -> None:
        """Write the name of a place on the map where it covers no other; the list below has them all."""
        canvas = self.canvas
        x, y = self.at(spot.at or (spot.country.at if spot.country else (0, 0)))
        y += 16 if spot.at else 4
        box = place(x, y, spot.name, 11, "center")
        if canvas.is_free(box) and box.top > self.top and box.bottom < self.bottom:
            canvas.box(box.left - 2, box.top, box.right + 2, box.bottom, PAPER)
            canvas.text(x, y, spot.name, size=11, anchor="center")


def _list(canvas: Canvas, spots: Sequence[_Spot], least: float) -> None:
    """Write the places with their numbers, in columns that are no narrower than *least*."""
    columns = max(1, int(canvas.inner // least))
    wide, deep = canvas.inner / columns, -(-len(spots) // columns)
    top, lowest = canvas.y + 16, canvas.y
    for start in range(0, len(spots), deep or 1):
        x, y = MARGIN + start // deep * wide, top
        for spot in spots[start : start + deep]:
            if spot.at:
                canvas.disc(x + 8, y - 4, 5, PAPER if _open(spot) else COLOURS[1], INK, 1)
            else:
                _style(spot).box(canvas, x + 1, y - 10, x + 15, y + 1)
            count = f"{spot.value:g}"
            canvas.text(x + wide - 12, y, count, size=12, anchor="right", colour=GREY)
            for line in wrap(spot.name, wide - 44 - extent(count, 12), 12):
                canvas.text(x + 21, y, line, size=12)
                y += 15
            y += 4
        lowest = max(lowest, y)
    canvas.y = lowest - 10
