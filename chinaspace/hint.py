"""Hint at what a user begins to type: things, classes and properties by the beginning of their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chinaspace.candidates import describe, types_of
from chinaspace.enlist import short
from chinaspace.match import Wanted
from chinaspace.resolve import fold
from chinaspace.roster import Roster

_MOST = 20


def hint_things(prefix: str, start: int, roster: Roster) -> list[dict[str, object]]:
    """Return things whose names begin with *prefix*, those that most is said of first, then those that are alike."""
    wanted = fold(prefix)
    begins = [
        thing
        for thing in roster.index.things.values()
        if wanted and any(fold(name).startswith(wanted) for name, _ in thing.names)
    ]
    begins.sort(key=lambda thing: (not fold(thing.label).startswith(wanted), -thing.weight, thing.id))
    alike = [match.thing for match in roster.index.find(Wanted((prefix,)), _MOST)] if wanted else []
    found = list(dict.fromkeys([*begins, *alike]))[start : start + _MOST]
    return [
        {
            "id": short(thing.id),
            "name": thing.label,
            "description": describe(thing.id, roster),
            "notable": types_of(thing.id, roster)[:2],
        }
        for thing in found
    ]


def hint_classes(prefix: str, start: int, roster: Roster) -> list[dict[str, object]]:
    """Return classes by a part of their names, those with most things first."""
    return _hint(prefix, start, roster.classes, lambda kind: -roster.sizes.get(kind, 0))


def hint_properties(prefix: str, start: int, roster: Roster) -> list[dict[str, object]]:
    """Return properties by a part of their names."""
    return _hint(prefix, start, roster.properties, lambda name: 0)


def _hint(prefix: str, start: int, terms: Mapping[str, str], order: Callable[[str], int]) -> list[dict[str, object]]:
    wanted = fold(prefix)
    found = [key for key, label in terms.items() if wanted in fold(label) or wanted in fold(key)]
    found.sort(key=lambda key: (not fold(terms[key]).startswith(wanted), order(key), key))
    return [{"id": key, "name": terms[key]} for key in found[start : start + _MOST]]


def describe_term(what: str, key: str, roster: Roster) -> tuple[str, str] | None:
    """Return the name of an entity, a type or a property, and a line on it; None where there is none."""
    if what == "entity":
        thing = roster.index.things.get(roster.thing_of(key))
        return (thing.label, describe(thing.id, roster)) if thing else None
    if what == "type":
        kind = roster.class_of(key)
        return (roster.classes[kind], f"{roster.sizes[kind]} things") if kind in roster.classes else None
    name = short(roster.property_of(key))
    return (roster.properties[name], name) if what == "property" and name in roster.properties else None
