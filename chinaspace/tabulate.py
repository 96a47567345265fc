"""Tabulate mappings: write a mapping set in the one layout of the project, so that a change touches no row but its own.

The order of rows, columns and fields is that of SSSOM's canonical format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from pathlib import Path

from chinaspace.cut import BUILT_IN, Head, is_iri, read_head
from chinaspace.errors import ReadError
from chinaspace.mappings import COLUMNS, ENDING, LOCAL, REFERENCES, Mapping, read_mappings
from chinaspace.names import prefixes
from chinaspace.write import write_whole

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_SETS = "https://w3id.org/chinaspace/link/"


def write_mappings(path: Path, mappings: Iterable[Mapping]) -> None:
    """Replace a mapping set by these rows in the one layout, whole or not at all; its header says what it said.

    Raises:
        ReadError: the file is there and is no mapping set, or a row holds an IRI that no prefix fits.
    """
    head = read_head(path)[0] if path.exists() else Head({}, {})
    write_whole(path, _lay_out(path, head, mappings))


def format_mappings(path: Path) -> str:
    """Return the content of a mapping set in the one layout: rows sorted, each once, no prefix that is not used.

    Raises:
        ReadError: the file is missing or malformed, or has a column that would be lost.
    """
    head, names, _, line = read_head(path)
    if unknown := sorted(set(names) - set(COLUMNS)):
        raise ReadError(path, f"the layout has no column {unknown[0]}; it has {', '.join(COLUMNS)}", line, 1)
    return _lay_out(path, head, read_mappings(path))


def _lay_out(path: Path, head: Head, mappings: Iterable[Mapping]) -> str:
    known, used = {**BUILT_IN, **head.prefixes, **prefixes()}, dict[str, str]()
    rows = {tuple(_cell(path, one, name, known, used) for name in COLUMNS) for one in mappings}
    plain = {
        "license": _LICENCE,
        "mapping_set_id": _SETS + path.name.removesuffix(ENDING),
        **head.plain,
    }
    lines = ["#curie_map:", *(f'#  {prefix}: "{namespace}"' for prefix, namespace in sorted(used.items()))]
    lines += [f"#{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in sorted(plain.items())]
    table = [COLUMNS, *sorted(rows)]
    return "\n".join([*lines, *("\t".join(map(_quoted, row)) for row in table)]) + "\n"


def _cell(path: Path, mapping: Mapping, name: str, known: Dictionary[str, str], used: dict[str, str]) -> str:
    value = getattr(mapping, name)
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:g}"
    if value and (name in REFERENCES or (name == "object_category" and is_iri(value) and _prefix(value, known))):
        return _shorten(path, value, known, used)
    return " ".join(value.split())


def _shorten(path: Path, iri: str, known: Dictionary[str, str], used: dict[str, str]) -> str:
    """Return the CURIE of an IRI, and keep its prefix in *used*."""
    prefix = _prefix(iri, known)
    if prefix is None:
        raise ReadError(path, f"no prefix fits {iri[:200]}; declare one in the curie_map or in ontology/prefixes.ttl")
    used[prefix] = known[prefix]
    return f"{prefix}:{iri[len(known[prefix]) :]}"


def _prefix(iri: str, known: Dictionary[str, str]) -> str | None:
    """Return the prefix with the longest namespace that fits."""
    fitting = [
        (len(namespace), prefix)
        for prefix, namespace in known.items()
        if iri.startswith(namespace) and LOCAL.fullmatch(iri[len(namespace) :])
    ]
    return max(fitting)[1] if fitting else None


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text else text
