"""Write the rows of a query that have a place on Earth as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from chinaspace.frame import Cell, Frame
from chinaspace.queries import SavedQuery
from chinaspace.tables import show

_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?"
# The point of a geo:wktLiteral: longitude before latitude, in WGS 84, which the default of GeoSPARQL is as well.
_POINT = re.compile(
    rf"(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>\s*)?POINT\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)",
    re.IGNORECASE,
)


def has_places(query: SavedQuery) -> bool:
    """Tell whether a query has a column of well-known text, or columns named latitude and longitude."""
    return any(column.type == "wkt" for column in query.columns) or _is_split([one.name for one in query.columns])


def to_geojson(query: SavedQuery, frame: Frame, options: Mapping[str, str]) -> bytes:
    """Return a feature for each row: its place, empty where the row has none, and all columns as properties."""
    features = [
        {"type": "Feature", "geometry": _geometry(query, frame, row), "properties": _properties(frame, row)}
        for row in frame.terms
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _is_split(names: list[str]) -> bool:
    return {"latitude", "longitude"} <= set(names)


def _geometry(query: SavedQuery, frame: Frame, row: tuple[Cell, ...]) -> dict[str, Any] | None:
    cells = dict(zip(frame.columns, row, strict=True))
    written = [cells.get(column.name) for column in query.columns if column.type == "wkt"]
    pairs = [found.groups() for one in written if one is not None and (found := _POINT.fullmatch(show(one)))]
    if _is_split(list(cells)):
        pairs.append((show(cells["longitude"]), show(cells["latitude"])))
    for longitude, latitude in pairs:
        if re.fullmatch(_NUMBER, longitude) and re.fullmatch(_NUMBER, latitude):
            place = [float(longitude), float(latitude)]
            if abs(place[0]) <= 180 and abs(place[1]) <= 90:
                return {"type": "Point", "coordinates": place}
    return None


def _properties(frame: Frame, row: tuple[Cell, ...]) -> dict[str, Any]:
    """Return the columns of a row: things by their whole IRI, whole numbers as such, and the rest as it is written."""
    return {name: _plain(term) for name, term in zip(frame.columns, row, strict=True)}


def _plain(term: Cell) -> str | int | None:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#integer") and term.value.isdecimal():
        return int(term.value)
    return None if term is None else show(term)
