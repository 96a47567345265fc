"""Read batches of reconciliation queries, and give the candidates for each: section 4 of the API's version 0.2."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from chinaspace.enlist import short
from chinaspace.match import SURE, Match, Wanted, compare
from chinaspace.protocol import RefusalError
from chinaspace.roster import Roster

MOST_QUERIES = 500
LONGEST_NAME = 500
_MOST_LETTERS = 40_000
_MOST_CANDIDATES = 50
_USUAL = 5
_MOST_PROPERTIES, _MOST_TYPES, _MOST_VALUES = 20, 20, 20
# So many of the best by name have their properties looked at.
LOOKED_AT = 12
# What of a score the name makes up where properties are given, and what a property is worth that is not known.
_OF_NAME, _NOT_KNOWN = 0.7, 0.5
_CLEAR = 1.5
_AGREES = 88.0
_NEAR = 0.005
Value = ox.NamedNode | ox.Literal
# The values of a property (by its IRI) of a thing.
Known = Mapping[tuple[str, str], tuple[Value, ...]]


@dataclass(frozen=True)
class Property:
    """A property that a candidate should have, by its short name or IRI, and the values that it may have."""

    id: str
    values: tuple[str | float | bool, ...]
    things: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """One query of a batch; *strict* tells whether candidates of other types are left out."""

    name: str
    types: tuple[str, ...] = ()
    strict: bool = True
    limit: int = _USUAL
    properties: tuple[Property, ...] = ()


def read_queries(text: str) -> dict[str, Query]:
    """Return the queries of a batch by their keys.

    Raises:
        RefusalError: it is malformed, or too long.
    """
    batch = read_json(text)
    if not isinstance(batch, dict):
        raise RefusalError(400, 'The batch is no object of JSON. Send such as {"q0": {"query": "Chang\'e 5"}}.')
    if len(batch) > MOST_QUERIES:
        raise RefusalError(413, f"The batch has more than {MOST_QUERIES} queries. Send them in several.")
    queries = {key: _read(key, value) for key, value in batch.items()}
    if sum(len(query.name) for query in queries.values()) > _MOST_LETTERS:
        raise RefusalError(
            413, f"The names of the batch have more than {_MOST_LETTERS} characters. Send fewer at a time."
        )
    return queries


def read_json(text: str) -> Any:
    """Return what a parameter holds.

    Raises:
        RefusalError: it is not JSON.
    """
    try:
        found = json.loads(text)
        # Half of a pair of surrogates is a text for Python, and can be written by nobody.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise RefusalError(400, "This is not JSON. Send an object of JSON, percent-encoded.") from error
    return found


def _read(key: str, value: object) -> Query:
    if not isinstance(value, dict):
        raise _malformed(key, "it is no object")
    name, given = value.get("query", ""), value.get("properties", [])
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise _malformed(key, f"'query' is a text of at most {LONGEST_NAME} characters")
    if not name.strip() and not given:
        raise _malformed(key, "it has neither 'query' nor 'properties'")
    if not isinstance(given, list) or len(given) > _MOST_PROPERTIES:
        raise _malformed(key, f"'properties' is a list of at most {_MOST_PROPERTIES}")
    types = value.get("type") or []
    types = [types] if isinstance(types, str) else types
    if not isinstance(types, list) or len(types) > _MOST_TYPES or not all(isinstance(one, str) for one in types):
        raise _malformed(key, "'type' is the identifier of a type, or a list of them")
    limit = value.get("limit", _USUAL)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit < 1e9:
        raise _malformed(key, "'limit' is a number above 0")
    how = value.get("type_strict", "any")
    if how not in ("any", "should", "all"):
        raise _malformed(key, "'type_strict' is any, should or all")
    properties = tuple(_read_property(key, one) for one in given)
    return Query(name, tuple(types), how != "should", max(1, min(int(limit), _MOST_CANDIDATES)), properties)


def _read_property(key: str, value: object) -> Property:
    pid = value.get("pid") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(pid, str) or len(pid) > LONGEST_NAME or "v" not in value:
        raise _malformed(key, "a property has 'pid' and 'v'")
    given = value["v"] if isinstance(value["v"], list) else [value["v"]]
    plain: list[str | float | bool] = []
    things: list[str] = []
    for one in given[:_MOST_VALUES]:
        if isinstance(one, dict) and isinstance(one.get("id"), str):
            things.append(one["id"][:LONGEST_NAME])
        elif isinstance(one, str | int | float):
            plain.append(one[:LONGEST_NAME] if isinstance(one, str) else one)
        else:
            raise _malformed(key, "'v' is a text, a number, a truth value, an object with 'id', or a list of these")
    return Property(pid, tuple(plain), tuple(things))


def _malformed(key: str, fault: str) -> RefusalError:
    return RefusalError(400, f"The query '{key[:40]}' is malformed: {fault}.")


def by_name(query: Query, roster: Roster) -> list[Match]:
    """Return the candidates for a query by name and type, the best first."""
    kinds = frozenset(roster.class_of(one) for one in query.types)
    most = max(query.limit, LOOKED_AT) if query.properties else query.limit
    # One more is looked for, so that a limit of one does not hide that two fit.
    return roster.index.find(Wanted((query.name,), kinds), max(most, 2), query.strict)


def weigh(query: Query, matches: list[Match], known: Known, roster: Roster) -> list[Match]:
    """Return the candidates with their properties taken into account, the best first."""
    if not query.properties:
        return matches
    weighed = [_weighed(match, query, known, roster) for match in matches]
    weighed.sort(key=lambda one: (-one.score, -one.thing.weight, one.thing.id))
    return [one._replace(sure=one.sure and _leads(one, weighed)) for one in weighed]


def _weighed(match: Match, query: Query, known: Known, roster: Roster) -> Match:
    points, reasons, differs = 0.0, list(match.reasons), False
    for wanted in query.properties:
        values = known.get((match.thing.id, roster.property_of(wanted.id)), ())
        agrees = any(_fits(value, wanted, roster) for value in values)
        points += 1 if agrees else _NOT_KNOWN if not values else 0
        differs = differs or bool(values and not agrees)
        verdict = "agrees" if agrees else "differs" if values else "is not known"
        reasons.append(f"{short(roster.property_of(wanted.id))} {verdict}")
    share = points / len(query.properties)
    score = match.score * _OF_NAME + 100 * share * (1 - _OF_NAME) if query.name else 100 * share
    return Match(match.thing, round(score, 1), match.score >= SURE and not differs, tuple(reasons))


def _leads(one: Match, others: list[Match]) -> bool:
    return all(other.thing.id == one.thing.id or other.score <= one.score - _CLEAR for other in others)


def _fits(value: Value, wanted: Property, roster: Roster) -> bool:
    if isinstance(value, ox.NamedNode):
        if value.value in {roster.thing_of(one) for one in wanted.things}:
            return True
        thing = roster.index.things.get(value.value)
        names = [name for name, _ in thing.names] if thing else [short(value.value)]
        return any(compare(str(one), name).score >= _AGREES for one in wanted.values for name in names)
    return any(_same(value.value, one) for one in wanted.values)


def _same(text: str, wanted: str | float | bool) -> bool:
    if isinstance(wanted, bool):
        return text.lower() == str(wanted).lower()
    if isinstance(wanted, str) and wanted[:4].isdecimal() and text[:4].isdecimal() and "-" in text + wanted:
        # Dates are as sharp as who gives them.
        return text.startswith(wanted) or wanted.startswith(text)
    try:
        return abs(float(text) - float(wanted)) <= _NEAR * abs(float(text))
    except ValueError:
        return compare(str(wanted), text).score >= _AGREES


def written(matches: list[Match], query: Query, roster: Roster) -> dict[str, object]:
    """Return the answer to a query as the API writes it."""
    return {"result": [_candidate(match, roster) for match in matches[: query.limit]]}


def _candidate(match: Match, roster: Roster) -> dict[str, object]:
    thing = match.thing
    return {
        "id": short(thing.id),
        "name": thing.label,
        "description": describe(match.thing.id, roster),
        "score": match.score,
        "match": match.sure,
        "type": types_of(thing.id, roster),
        "features": [{"id": "name_and_kind", "value": match.score}],
    }


def types_of(iri: str, roster: Roster) -> list[dict[str, str]]:
    """Return the classes of a thing, those with the fewest things first; those of our vocabulary where it has any."""
    thing = roster.index.things.get(iri)
    own = [kind for kind in thing.kinds if ":" not in kind] if thing else []
    kinds = sorted(own or (thing.kinds if thing else ()), key=lambda kind: (roster.sizes.get(kind, 0), kind))
    return [{"id": kind, "name": roster.classes.get(kind, kind)} for kind in kinds]


def describe(iri: str, roster: Roster) -> str:
    """Return a line that tells a thing from others: its class and its other names."""
    thing = roster.index.things.get(iri)
    kinds = types_of(iri, roster)[:1]
    others = [name for name, _ in thing.names[1:4]] if thing else []
    return "; ".join([*(kind["name"] for kind in kinds), *others])
