"""Extend tables: the values of properties of things, and which properties a class has (the API's section 7)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.candidates import LONGEST_NAME, Known, Property, Value, read_json
from chinaspace.enlist import short
from chinaspace.match import Wanted
from chinaspace.names import CS, RDF, RDFS, XSD, cs
from chinaspace.protocol import RefusalError
from chinaspace.roster import Roster, Row

_MOST_IDS, _MOST_PROPERTIES = 1000, 50
_AT_A_TIME = 300
_MOST_VALUES = 100
_MOST_FOUND = 50
# What a launch says is said of what it launches as well: nobody's table has a row for the launch.
_OF_LAUNCHES = tuple(cs(name) for name in ("launchDate", "launchSite", "launchVehicle", "launchedBy"))
_BY_LAUNCH = (
    f"?launch {cs('launches')} ?thing",
    f"?thing {cs('usesSpacecraft')} ?craft . ?launch {cs('launches')} ?craft",
)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True)
class Extension:
    """What is asked for: properties, each with how many values at most, of things, both as they were given."""

    things: tuple[str, ...]
    properties: tuple[tuple[str, int], ...]


def read_extension(text: str) -> Extension:
    """Return what an extension asks for.

    Raises:
        RefusalError: it is malformed, or asks for too much.
    """
    given = read_json(text)
    ids, properties = (given.get("ids"), given.get("properties")) if isinstance(given, dict) else (None, None)
    if not isinstance(ids, list) or not all(isinstance(one, str) and len(one) <= LONGEST_NAME for one in ids):
        raise RefusalError(400, "'ids' is a list of the identifiers of things.")
    if not isinstance(properties, list) or not all(_is_property(one) for one in properties):
        raise RefusalError(400, "'properties' is a list of objects with 'id', the identifier of a property.")
    if len(ids) > _MOST_IDS or len(properties) > _MOST_PROPERTIES:
        raise RefusalError(413, f"Ask for at most {_MOST_IDS} things and {_MOST_PROPERTIES} properties at a time.")
    return Extension(tuple(dict.fromkeys(ids)), tuple((one["id"], _limit(one)) for one in properties))


def _is_property(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("id"), str) and len(one["id"]) <= LONGEST_NAME


def _limit(one: dict[str, object]) -> int:
    settings = one.get("settings")
    limit = settings.get("limit") if isinstance(settings, dict) else None
    given = int(str(limit)) if _NUMBER.fullmatch(str(limit)) else 0
    return given if 0 < given < _MOST_VALUES else _MOST_VALUES


def fact_queries(things: Iterable[str], properties: Iterable[str]) -> Iterator[str]:
    """Yield queries for ?thing, ?property and ?value, each for some of the things; what is no IRI is left out."""
    subjects, predicates = _nodes(things), " ".join(_nodes(properties))
    launches = " ".join(node for node in _nodes(properties) if node in map(str, _OF_LAUNCHES))
    for at in range(0, len(subjects) if predicates else 0, _AT_A_TIME):
        some = " ".join(subjects[at : at + _AT_A_TIME])
        of_launches = "".join(
            f"UNION {{ VALUES ?thing {{ {some} }} VALUES ?property {{ {launches} }} {by} ; ?property ?value }} "
            for by in _BY_LAUNCH
        )
        yield (
            f"SELECT DISTINCT ?thing ?property ?value WHERE {{ {{ VALUES ?thing {{ {some} }} "
            f"VALUES ?property {{ {predicates} }} ?thing ?property ?value }} {of_launches if launches else ''}}} "
            "ORDER BY ?thing ?property ?value"
        )


def known_from(rows: Iterable[Row]) -> Known:
    """Return the values of properties of things from the rows of :func:`fact_queries`."""
    known: dict[tuple[str, str], tuple[Value, ...]] = defaultdict(tuple)
    for row in rows:
        thing, about, value = row["thing"], row["property"], row["value"]
        named = isinstance(thing, ox.NamedNode) and isinstance(about, ox.NamedNode)
        if named and isinstance(value, ox.NamedNode | ox.Literal):
            known[_text(thing), _text(about)] += (value,)
    return known


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def proposal_query(kind: str, limit: int) -> str | None:
    """Return a query for the ?property that things of a class have, those of most things first; None for no IRI."""
    node = _nodes([kind])
    if not node:
        return None
    return (
        "SELECT ?property (COUNT(DISTINCT ?thing) AS ?count) WHERE { "
        f"{{ ?thing a {node[0]} ; ?property ?value FILTER(STRSTARTS(STR(?property), '{CS}')) }} UNION "
        f"{{ ?thing a {node[0]} . {_BY_LAUNCH[0]} ; ?property ?value "
        f"FILTER(?property IN ({', '.join(map(str, _OF_LAUNCHES))})) }} }} "
        f"GROUP BY ?property ORDER BY DESC(?count) ?property LIMIT {limit}"
    )


def having_query(properties: Sequence[Property], roster: Roster) -> str | None:
    """Return a query for each ?thing that has one of the values that are wanted; None where no value can be found."""
    parts = []
    for wanted in properties:
        named = [
            match.thing.id
            for one in wanted.values
            if isinstance(one, str)
            for match in roster.index.find(Wanted((one,)), 2)
            if match.sure
        ]
        nodes = _nodes([*map(roster.thing_of, wanted.things), *named])
        texts = ", ".join(str(ox.Literal(str(one))) for one in wanted.values)
        about = _nodes([roster.property_of(wanted.id)])
        if about and nodes:
            parts.append(f"{{ VALUES ?value {{ {' '.join(nodes)} }} ?thing {about[0]} ?value }}")
        if about and texts:
            parts.append(f"{{ ?thing {about[0]} ?value FILTER(STR(?value) IN ({texts})) }}")
    return f"SELECT DISTINCT ?thing WHERE {{ {' UNION '.join(parts)} }} LIMIT {_MOST_FOUND}" if parts else None


def extended(extension: Extension, known: Known, roster: Roster) -> dict[str, object]:
    """Return the answer to an extension as the API writes it."""
    rows: dict[str, object] = {}
    for thing in extension.things:
        rows[thing] = {
            name: [
                _value(value, roster)
                for value in known.get((roster.thing_of(thing), roster.property_of(name)), ())[:limit]
            ]
            for name, limit in extension.properties
        }
    meta = [{"id": name, "name": _called(name, roster)} for name, _ in extension.properties]
    return {"meta": meta, "rows": rows}


def _called(name: str, roster: Roster) -> str:
    return roster.properties.get(short(roster.property_of(name)), name)


def _value(value: Value, roster: Roster) -> dict[str, object]:
    if isinstance(value, ox.NamedNode):
        if value.value in roster.index.things:
            return {"id": short(value.value), "name": roster.called(value.value)}
        return {"str": value.value}
    text, kind = value.value, value.datatype.value
    try:
        if kind == f"{XSD}integer":
            return {"int": int(text)}
        if kind in (f"{XSD}decimal", f"{XSD}double", f"{XSD}float"):
            return {"float": float(text)} if abs(float(text)) < float("inf") else {"str": text}
    except ValueError:
        return {"str": text}
    if kind == f"{XSD}date" and _DAY.fullmatch(text):
        return {"date": f"{text}T00:00:00Z"}
    if kind == f"{XSD}dateTime" and _INSTANT.fullmatch(text):
        return {"date": text}
    return {"str": text}


def shown(known: Known, roster: Roster) -> list[tuple[str, str]]:
    """Return facts as a page shows them: what each property is called, with its values."""
    facts = []
    for (_, about), values in known.items():
        name = short(about)
        if name in roster.properties and about.startswith(CS) and about not in (f"{RDF}type", f"{RDFS}label"):
            texts = [roster.called(one.value) if isinstance(one, ox.NamedNode) else one.value for one in values[:5]]
            facts.append((roster.properties[name], ", ".join(texts)))
    return facts


def _nodes(iris: Iterable[str]) -> list[str]:
    """Return IRIs as SPARQL writes them, each once; what is none is left out."""
    found: dict[str, None] = {}
    for iri in iris:
        try:
            found[str(ox.NamedNode(iri))] = None
        except ValueError:
            continue
    return list(found)
