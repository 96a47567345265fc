"""Export all links, rejected candidates and vain searches as one mapping set, in SSSOM/TSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyoxigraph as ox

from chinaspace.errors import DatasetError, ReadError
from chinaspace.export_linkset import MATCHES
from chinaspace.load import Loaded
from chinaspace.mappings import COLUMNS, ENDING, NOT, Mapping
from chinaspace.names import RDF, RDFS, Node
from chinaspace.tabulate import write_mappings
from chinaspace.triple import slot_of
from chinaspace.unite import Union

_TYPE, _LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")
_MAPPING = ox.NamedNode("https://w3id.org/sssom/Mapping")
# https://mapping-commons.github.io/semantic-mapping-vocabulary/: nothing tells why.
_UNSPECIFIED = "https://w3id.org/semapv/vocab/UnspecifiedMatching"


def write_sssom(loaded: Loaded, out: IO[bytes]) -> None:
    """Write the mapping sets that were loaded as one, and the links that stand elsewhere with no justification.

    Raises:
        DatasetError: a link leads to an IRI that no prefix of the project fits, and SSSOM/TSV has CURIEs only.
    """
    graph = Union(loaded.store)
    rows = [_row(graph, node) for node in graph.subjects(_TYPE, _MAPPING)]
    told = {(row.subject_id, row.predicate_id, row.object_id) for row in rows}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"chinaspace{ENDING}"
        try:
            write_mappings(path, [*rows, *(one for one in _links(graph) if _key(one) not in told)])
        except ReadError as error:
            raise DatasetError(f"The links cannot be exported: {error.fault}.") from error
        out.write(path.read_bytes())


def _row(graph: Union, node: Node) -> Mapping:
    values = {name: value for name in COLUMNS if (value := _value(graph, node, name))}
    if "predicate_modifier" in values:
        values["predicate_modifier"] = NOT
    confidence = values.pop("confidence", None)
    # The label of the subject is in the graph once, and not with each row.
    values.setdefault("subject_label", _label(graph, ox.NamedNode(values["subject_id"])))
    return Mapping(**values, confidence=float(confidence) if confidence else None)  # type: ignore[arg-type]


def _value(graph: Union, node: Node, name: str) -> str:
    found = (term for term in graph.values(node, slot_of(name)) if isinstance(term, ox.NamedNode | ox.Literal))
    return min((term.value for term in found), default="")


def _links(graph: Union) -> Iterator[Mapping]:
    for match in MATCHES:
        for quad in graph.quads(None, match):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield Mapping(
                    subject_id=quad.subject.value,
                    subject_label=_label(graph, quad.subject),
                    predicate_id=match.value,
                    object_id=quad.object.value,
                    mapping_justification=_UNSPECIFIED,
                )


def _label(graph: Union, node: Node) -> str:
    labels = (term for term in graph.values(node, _LABEL) if isinstance(term, ox.Literal) and term.language == "en")
    return min((label.value for label in labels), default="")


def _key(row: Mapping) -> tuple[str, str, str]:
    return row.subject_id, row.predicate_id, row.object_id
