"""Repair mapping sets: let links to items that were merged into others lead to those."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace
from pathlib import Path

from chinaspace.mappings import Mapping, read_mappings
from chinaspace.names import WIKIDATA
from chinaspace.tabulate import write_mappings


@dataclass(frozen=True)
class Repaired:
    """What was done with one row: whose link led from where to where; *kept* tells why it was left as it is."""

    path: Path
    line: int
    subject: str
    old: str
    new: str
    kept: str = ""


def repair(paths: list[Path], redirects: Dictionary[str, str], day: str) -> list[Repaired]:
    """Follow *redirects*, from items such as Q405 to items, in mapping sets, and write those that change.

    Rejected candidates follow as well, or they would be proposed again. What the
    item was before, and the *day*, is noted with the evidence. A row is left as
    it is where another thing is linked to the new item already, because then
    one of the two links is wrong.

    Raises:
        ReadError: a file is malformed; those before it are repaired by then.
    """
    sets = {path: read_mappings(path) for path in paths}
    taken = {(one.object_id, one.predicate_id): one.subject_id for rows in sets.values() for one in rows if one.linked}
    done: list[Repaired] = []
    for path, rows in sets.items():
        changed: list[Mapping] = []
        for row in rows:
            old = row.object_id.removeprefix(WIKIDATA)
            new = redirects.get(old) if row.object_id.startswith(WIKIDATA) else None
            if new is None:
                changed.append(row)
                continue
            other = taken.get((WIKIDATA + new, row.predicate_id), row.subject_id) if row.linked else row.subject_id
            kept = f"{other} is linked to {new} already" if other != row.subject_id else ""
            done.append(Repaired(path, row.line, row.subject_id, old, new, kept))
            changed.append(row if kept else _led(row, new, f"{old} was merged into {new}, seen on {day}"))
        if changed != rows:
            write_mappings(path, _once(changed))
    return done


def _led(row: Mapping, item: str, note: str) -> Mapping:
    evidence = f"{row.other}; {note}" if row.other else note
    return replace(row, object_id=WIKIDATA + item, other=evidence)


def _once(rows: list[Mapping]) -> list[Mapping]:
    """Return the rows without those that say of the same two what an earlier one says."""
    found: dict[tuple[str, str, str, str], Mapping] = {}
    for row in rows:
        found.setdefault((row.subject_id, row.predicate_id, row.predicate_modifier, row.object_id), row)
    return list(found.values())
