"""Cut the table of a mapping set into its header and its cells, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from chinaspace.errors import ReadError

NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
# https://mapping-commons.github.io/sssom/spec-model/: prefixes that every set has.
BUILT_IN = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_CELL = re.compile(r'"((?:[^"]|"")*)"(?=\t|$)|([^\t"][^\t]*)?(?=\t|$)')
_HEADER = re.compile(r"#\s?(?P<indent>\s*)(?P<key>[^\s:][^:]*|\"[^\"]+\"): *(?P<value>.*)")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


class Cell(NamedTuple):
    """A cell as it stands in the file, and the column, from 1, at which it begins."""

    text: str
    column: int


@dataclass(frozen=True)
class Head:
    """What the header of a set says: its fields with one plain value, and its prefixes with their namespaces."""

    plain: Dictionary[str, str]
    prefixes: Dictionary[str, str]


def is_iri(text: str) -> bool:
    """Tell whether *text* can stand between angle brackets."""
    return _IRI.fullmatch(text) is not None


def read_head(path: Path) -> tuple[Head, list[str], list[str], int]:
    """Return the header, the names of the columns, the lines after them, and the line, from 1, in which they stand.

    Raises:
        ReadError: as for :func:`read_mappings`.
    """
    lines = [line.rstrip("\r") for line in _text(path).split("\n")]
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head, line = _head(path, lines[:end]), end + 1
    names = [cell.text for cell in cells(path, lines[end], line)] if lines[end:] else []
    if missing := [name for name in NEEDED if name not in names]:
        raise ReadError(path, f"no column {missing[0]}, so this is no SSSOM table", line, 1)
    if len(set(names)) < len(names):
        raise ReadError(path, "two columns have one name", line, 1)
    return head, names, lines[end + 1 :], line


def _head(path: Path, comments: list[str]) -> Head:
    """Return what the header says; of its YAML, prefixes and fields with one plain value are read, lists are not."""
    plain: dict[str, str] = {}
    known: dict[str, str] = {}
    inside = ""
    for number, line in enumerate(comments, 1):
        match = _HEADER.fullmatch(line)
        if match is None:
            if inside and re.match(r"#\s*- ", line):
                continue  # an item of a list
            raise ReadError(path, "a line of the header is not 'key: value'", number, 1)
        key, value = match["key"].strip('"'), _plain(match["value"].strip())
        if match["indent"]:
            if inside == "curie_map":
                if not is_iri(value):
                    raise ReadError(
                        path, f"{value[:60]!r} is no namespace, such as http://www.wikidata.org/entity/", number, 1
                    )
                known[key] = value
        elif value:
            plain[key], inside = value, ""
        else:
            inside = key
    return Head(plain, known)


def _plain(text: str) -> str:
    """Return a value of the header without its quotation marks; what YAML quotes doubly JSON reads nearly always."""
    try:
        value = json.loads(text) if text.startswith('"') else text.strip("'")
    except ValueError:
        return text.strip('"')
    return str(value)


def cells(path: Path, line: str, number: int) -> list[Cell]:
    """Return the cells of a line, which has a number from 1.

    Raises:
        ReadError: a quotation mark that begins a cell does not end it.
    """
    found, at = list[Cell](), 0
    if '"' not in line:
        for text in line.split("\t"):
            found.append(Cell(text, at + 1))
            at += len(text) + 1
        return found
    while True:
        match = _CELL.match(line, at)
        if match is None:
            raise ReadError(path, "a cell begins with a quotation mark that nothing closes", number, at + 1)
        quoted = match[1]
        found.append(Cell(match[2] or "" if quoted is None else quoted.replace('""', '"'), at + 1))
        at = match.end() + 1
        if at > len(line):
            return found


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(path, f"not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise ReadError(path, "cannot be read") from error
