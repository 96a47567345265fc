"""Read files that list items of other datasets with their names: what a link can be proposed to.

A file says by its columns what it is: tables of identifiers (`qid` or `ror_id`)
with names, or the list of Wikidata's properties as JSON.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from chinaspace.errors import DatasetError
from chinaspace.mappings import ENDING, read_mappings
from chinaspace.match import Thing
from chinaspace.names import CS, WIKIDATA
from chinaspace.paths import home

_QID = re.compile(r"[QP][1-9]\d{0,11}")
_ROR = re.compile(r"https://ror\.org/0[a-z0-9]{8}")
# What an extract of spacecraft and observatories can hold.
_IN_SPACE = frozenset({"Spacecraft", "Mission", "Instrument", "Constellation", "GroundStation"})
_BODIES = frozenset({"Institution"})
# What the words of the files mean in our vocabulary.
KINDS: dict[str, frozenset[str]] = {
    "country": frozenset({"Country"}),
    "place/organisation": frozenset({"Place", "Institution"}),
    "institution": _BODIES,
    "media": _BODIES,
    "mission": frozenset({"Mission", "Spacecraft"}),
    "satellite": frozenset({"Spacecraft", "Mission"}),
    "rover": frozenset({"Rover"}),
    "space lab": frozenset({"SpaceLaboratory", "Spacecraft"}),
    "space station": frozenset({"SpaceStation"}),
    "space station module": frozenset({"StationModule", "Spacecraft"}),
    "space telescope": frozenset({"Spacecraft"}),
    "launch vehicle": frozenset({"LaunchVehicle"}),
    "launch site": frozenset({"LaunchSite", "Place"}),
    "constellation": frozenset({"Constellation"}),
    "instrument": frozenset({"Instrument", "Spacecraft"}),
    "person": frozenset({"Person"}),
    "property": frozenset({"Property"}),
    "class": frozenset({"Class"}),
}
_LANGUAGE = re.compile(r" @[a-z]{2,3}(?:-[a-z]+)*$")
_MOST_BYTES = 256 * 2**20
# Characters of a field.
_LONGEST_FIELD = 2**20


def read_offers(paths: list[Path]) -> Iterator[Thing]:
    """Yield the items of files, and of all files in folders; an item that stands in several comes several times.

    Raises:
        DatasetError: there is no such file, none of them lists items, or one is malformed or too large.
    """
    files = [
        file for path in paths for file in (sorted(filter(Path.is_file, path.rglob("*"))) if path.is_dir() else [path])
    ]
    known = False
    for file in files:
        if not file.is_file():
            raise DatasetError(f"{file} is not there. Name a file or a folder with items and their names.")
        if file.suffix not in (".tsv", ".json"):
            continue
        for thing in _read(file):
            known = True
            yield thing
    if not known:
        named = ", ".join(map(str, paths)) or "no file"
        raise DatasetError(f"No items with names in {named}. Name tables with the columns qid and label, or ror_id.")


def offers_folder() -> Path:
    """Return where such files are looked for when a command is not told.

    They are not part of this repository. CHINASPACE_OFFERS names their folder;
    without it they are expected in shared/data beside the checkout.
    """
    named = os.environ.get("CHINASPACE_OFFERS")
    return Path(named) if named else home().parent / "shared" / "data"


def classes_of() -> dict[str, frozenset[str]]:
    """Return what classes of Wikidata, by their IRIs, are in our vocabulary, by the links of its terms."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((home() / "data" / "links").glob(f"*{ENDING}")):
        for row in read_mappings(path):
            if row.linked and row.subject_id.startswith(CS) and row.object_id.startswith(f"{WIKIDATA}Q"):
                found[row.object_id].add(row.subject_id.removeprefix(CS))
    return {item: frozenset(kinds) for item, kinds in found.items()}


def _read(file: Path) -> Iterator[Thing]:
    if file.stat().st_size > _MOST_BYTES:
        raise DatasetError(f"{file} has more than {_MOST_BYTES} bytes. Take a part of it.")
    try:
        if file.suffix == ".json":
            yield from _properties(file)
            return
        with file.open(encoding="utf-8", newline="") as lines:
            yield from _table(file, lines)
    except (UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise DatasetError(f"{file}: {error}. Mend the file, or leave it out.") from error


def _table(file: Path, lines: object) -> Iterator[Thing]:
    csv.field_size_limit(_LONGEST_FIELD)
    head = next(iter(lines), "").rstrip("\r\n").split("\t")  # type: ignore[call-overload]
    # Where evidence is quoted a quotation mark is one of CSV, elsewhere it belongs to the name.
    quoting = csv.QUOTE_MINIMAL if "evidence" in head else csv.QUOTE_NONE
    rows = csv.DictReader(lines, head, delimiter="\t", quoting=quoting)  # type: ignore[call-overload]
    columns = set(head)
    if {"qid", "label", "label_kind"} <= columns:
        yield from (_label(row, file) for row in rows if _QID.fullmatch(row["qid"] or "") and row["label"])
    elif {"qid", "label", "kind"} <= columns:
        yield from (_typed(row["qid"], row["label"], row["kind"], file) for row in rows)
    elif {"qid", "name", "type"} <= columns:
        yield from (_typed(row["qid"], row["name"], row["type"], file) for row in rows)
    elif {"ror_id", "ror_display_name"} <= columns:
        for row in rows:
            yield from _organization(row, file)
    elif {"qid", "label"} <= columns:
        yield from (_typed(row["qid"], row["label"], "", file) for row in rows)


def _label(row: dict[str, str], file: Path) -> Thing:
    name, date = _LANGUAGE.sub("", row["label"]), row.get("source_date") or ""
    kind = row["label_kind"]
    text = name.replace("-", " ") if kind.startswith("slug") else name
    return Thing(WIKIDATA + row["qid"], ((text, 0 if "label" in kind else 1),), _IN_SPACE, origin=f"{file.name} {date}")


def _typed(qid: str | None, name: str | None, kind: str | None, file: Path) -> Thing:
    """Return an item with a kind; one without an identifier or a name has no name, and is found by nobody."""
    is_item = bool(name and _QID.fullmatch(qid or ""))
    return Thing(
        WIKIDATA + (qid or ""),
        ((name or "", 0),) if is_item else (),
        KINDS.get(kind or "", frozenset()),
        origin=file.name,
    )


def _organization(row: dict[str, str], file: Path) -> Iterator[Thing]:
    names = [row["ror_display_name"], *(row.get("other_names") or "").split(" ; ")]
    called = tuple((name, min(at, 1)) for at, name in enumerate(names) if name)
    country = (row.get("country") or "").upper()
    items = _QID.findall(row.get("wikidata_preferred") or "") or _QID.findall(row.get("wikidata_all") or "")
    # Several identifiers in one record are no evidence for either.
    ids = [WIKIDATA + items[0]] if len(set(items)) == 1 else []
    if _ROR.fullmatch(row["ror_id"] or ""):
        ids.append(row["ror_id"])
    for key in ids:
        yield Thing(
            key, called, _BODIES, country, origin=f"{file.name} {row.get('record_last_modified') or ''}".strip()
        )


def _properties(file: Path) -> Iterator[Thing]:
    found = json.loads(file.read_text("utf-8"))
    if isinstance(found, dict):
        for key, label in found.items():
            if _QID.fullmatch(key) and isinstance(label, str) and label:
                kind = frozenset({"Property"}) if key[0] == "P" else frozenset()
                yield Thing(WIKIDATA + key, ((label, 0),), kind, origin=file.name)
