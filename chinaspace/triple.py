"""Triple a mapping set: turn its rows into statements, each with the place of the cell that says it.

A link becomes one triple. Every row, rejected ones and those that found nothing too, becomes a node of the
class sssom:Mapping with what speaks for it, in the terms that SSSOM gives its slots in RDF. What the graph has
anyway, the label of the subject, or what only helped to search stays in the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.cut import is_iri
from chinaspace.mappings import REFERENCES, Mapping, read_rows
from chinaspace.names import CSL, DCTERMS, OWL, RDF, RDFS, XSD
from chinaspace.place import Place, Placed

_Cells: TypeAlias = tuple[str, str, str]
_Said: TypeAlias = tuple[str, str, str, str | None, _Cells]

_SSSOM = "https://w3id.org/sssom/"
# https://mapping-commons.github.io/sssom/: the slots whose IRI is not their name.
_SLOTS = {
    "author_id": "http://purl.org/pav/authoredBy",
    "comment": RDFS + "comment",
    "mapping_date": DCTERMS + "created",
    "object_id": f"{OWL}annotatedTarget",
    "predicate_id": f"{OWL}annotatedProperty",
    "subject_id": f"{OWL}annotatedSource",
}
_DATATYPES = {"confidence": f"{XSD}double", "mapping_date": f"{XSD}date"}
_LEFT = {"subject_label", "match_string", "mapping_tool", "line"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\r": "\\r", "\n": "\\n"})
_TYPE = f"{RDF}type"


def triple(path: Path) -> Iterator[Placed]:
    """Yield what the rows of a mapping set say.

    Raises:
        ReadError: the file is missing or malformed.
    """
    for row in read_rows(path):
        line = row.mapping.line
        at = {name: Place(line, cell.column) for name, cell in row.cells.items()}
        for subject, predicate, value, datatype, cells in _said(row.mapping):
            places = (at.get(name, Place(line, 1)) for name in cells)
            yield Placed(ox.NamedNode(subject), ox.NamedNode(predicate), _term(value, datatype), *places)


def to_ntriples(path: Path) -> bytes:
    """Return what the rows of a mapping set say as N-Triples, without making a Python object of each term.

    Raises:
        ReadError: as for :func:`triple`.
    """
    return "".join(_line(*one) for row in read_rows(path) for one in _said(row.mapping)).encode()


def node_of(mapping: Mapping) -> str:
    """Return the IRI of a row; it follows from what is compared with what, not from the evidence."""
    key = (mapping.subject_id, mapping.predicate_id, mapping.predicate_modifier, mapping.object_id)
    asked = mapping.object_source if mapping.missing else ""
    return CSL + hashlib.sha256("\n".join((*key, asked)).encode()).hexdigest()[:16]


def slot_of(name: str) -> ox.NamedNode:
    """Return the property by which a row says what stands in the column *name*."""
    return ox.NamedNode(_SLOTS.get(name, _SSSOM + name))


def _said(mapping: Mapping) -> Iterator[_Said]:
    """Yield subject, predicate, object, its datatype, and the columns that say the three."""
    if mapping.linked:
        cells = ("subject_id", "predicate_id", "object_id")
        yield mapping.subject_id, mapping.predicate_id, mapping.object_id, None, cells
    node = node_of(mapping)
    yield node, _TYPE, f"{_SSSOM}Mapping", None, ("", "", "")
    for name, value in vars(mapping).items():
        if name in _LEFT or value in ("", None):
            continue
        slot, cells = _SLOTS.get(name, _SSSOM + name), ("", name, name)
        if name == "predicate_modifier" and mapping.rejected:
            yield node, slot, f"{_SSSOM}NegatedPredicate", None, cells
        elif name in REFERENCES or (name == "object_category" and is_iri(value)):
            yield node, slot, value, None, cells
        else:
            text = f"{value:g}" if isinstance(value, float) else value
            yield node, slot, text, _DATATYPES.get(name, f"{XSD}string"), cells


def _line(subject: str, predicate: str, value: str, datatype: str | None, _: _Cells) -> str:
    if datatype is None:
        return f"<{subject}> <{predicate}> <{value}> .\n"
    return f'<{subject}> <{predicate}> "{value.translate(_ESCAPES)}"^^<{datatype}> .\n'


def _term(value: str, datatype: str | None) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(value) if datatype is None else ox.Literal(value, datatype=ox.NamedNode(datatype))
