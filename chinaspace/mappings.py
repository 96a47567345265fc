"""Read mapping sets: tables of links to other data sets, in SSSOM/TSV with its header in comments.

The format is that of https://mapping-commons.github.io/sssom/spec-formats-tsv/. The `sssom` package reads and
writes it as well, and tests hold the two to the same rows; it brings seventy packages and takes seconds to
import, so nothing that a server starts with depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from chinaspace.cut import BUILT_IN, NEEDED, Cell, Head, cells, read_head
from chinaspace.errors import ReadError

ENDING = ".sssom.tsv"
NOT = "Not"
NO_TERM = "https://w3id.org/sssom/NoTermFound"

# The columns that hold identifiers: as CURIEs in a file, as IRIs in memory.
REFERENCES = {"subject_id", "predicate_id", "object_id", "mapping_justification", "author_id", "object_source"}
# What a header may say once for all rows (SSSOM: propagatable slots).
_ONCE = {"object_source", "object_source_version", "mapping_tool", "mapping_date"}


LOCAL = re.compile(r"[^\s/?#<>\"{}|\\^`][^\s<>\"{}|\\^`]*")


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A row: what is said to be the same, near or not the same, by whom, and on what evidence.

    Identifiers are IRIs; a text that is not there is empty. *predicate_modifier*
    is "Not" for a candidate that was rejected, and *comment* then says why.
    *object_id* is NO_TERM where *object_source* was searched and has nothing.
    *object_category* is what the other data set's item is, as the evidence tells:
    the IRI of a class where its prefix is known, else words; the evidence
    stands in *other*.
    *mapping_date* is YYYY-MM-DD, *confidence* from 0 to 1. The line of the
    file, from 1, is no part of what the row says.
    """

    # In the order in which SSSOM lists its slots.
    subject_id: str
    subject_label: str = ""
    predicate_id: str
    predicate_modifier: str = ""
    object_id: str
    object_label: str = ""
    object_category: str = ""
    mapping_justification: str
    author_id: str = ""
    object_source: str = ""
    object_source_version: str = ""
    mapping_tool: str = ""
    mapping_date: str = ""
    confidence: float | None = None
    match_string: str = ""
    other: str = ""
    comment: str = ""
    line: int = field(default=0, compare=False)

    @property
    def rejected(self) -> bool:
        """Tell whether this is a candidate that was found to be something else."""
        return self.predicate_modifier == NOT

    @property
    def missing(self) -> bool:
        """Tell whether the other data set was searched and has nothing."""
        return self.object_id == NO_TERM

    @property
    def linked(self) -> bool:
        """Tell whether the row is a link."""
        return not self.rejected and not self.missing


COLUMNS = tuple(one.name for one in fields(Mapping) if one.name != "line")


class Row(NamedTuple):
    """A row as it stands in the file: the cells by the name of their column, and the line, from 1."""

    mapping: Mapping
    cells: Dictionary[str, Cell]


def is_mapping_set(path: Path) -> bool:
    """Tell by its name whether a file is a mapping set."""
    return path.name.lower().endswith(ENDING)


def read_mappings(path: Path) -> list[Mapping]:
    """Return the rows of a mapping set, in the order of the file.

    Columns that :class:`Mapping` does not have are passed over.

    Raises:
        ReadError: the file is missing or malformed; the error names line and column.
    """
    return [row.mapping for row in read_rows(path)]


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a mapping set with the places of their cells.

    Raises:
        ReadError: as for :func:`read_mappings`.
    """
    head, names, lines, first = read_head(path)
    for number, line in enumerate(lines, first + 1):
        if not line:
            continue
        found = cells(path, line, number)
        if len(found) != len(names):
            fault = f"a row of {len(found)} cells under {len(names)} columns; a cell holds no tab and no line break"
            raise ReadError(path, fault, number, 1)
        named = {name: cell for name, cell in zip(names, found, strict=True) if name in COLUMNS}
        yield Row(_mapping(path, named, head, number), named)


def _mapping(path: Path, cells: Dictionary[str, Cell], head: Head, number: int) -> Mapping:
    values: dict[str, Any] = {}
    for name in COLUMNS:
        cell = cells.get(name, Cell("", 1))
        text = cell.text or (head.plain.get(name, "") if name in _ONCE else "")
        if not text and name in NEEDED:
            raise ReadError(path, f"{name} is empty", number, cell.column)
        named = name in REFERENCES or (name == "object_category" and _namespace(text, head))
        values[name] = _expand(path, text, head, number, cell.column) if text and named else text
    confidence = values.pop("confidence")
    try:
        amount = float(confidence) if confidence else None
    except ValueError as error:
        at = cells["confidence"].column
        raise ReadError(path, f"confidence is a number from 0 to 1, not {confidence[:40]!r}", number, at) from error
    return Mapping(**values, confidence=amount, line=number)


def _namespace(text: str, head: Head) -> str | None:
    prefix, colon, _ = text.partition(":")
    return head.prefixes.get(prefix) or BUILT_IN.get(prefix) if colon else None


def _expand(path: Path, text: str, head: Head, number: int, column: int) -> str:
    """Return the IRI of a CURIE by the prefixes of the file; those of SSSOM itself need not be declared."""
    namespace, local = _namespace(text, head), text.partition(":")[2]
    if namespace is None:
        raise ReadError(path, f"{text[:60]!r} has no prefix of the curie_map in the header", number, column)
    if not LOCAL.fullmatch(local):
        raise ReadError(path, f"{text[:60]!r} is no name after a prefix, such as wd:Q320644", number, column)
    return namespace + local
