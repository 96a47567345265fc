"""Read RDF files, and say at which line and column one is broken."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import pyoxigraph as ox

from chinaspace.errors import ReadError
from chinaspace.names import CSG
from chinaspace.paths import home

# Only formats that a file can be read from alone: JSON-LD contexts are never fetched.
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}


def graph_name(path: Path) -> ox.NamedNode:
    """Return the named graph of a file: its path in the project without the ending.

    data/claims/time-2022.ttl becomes csg:data/claims/time-2022. A file from
    elsewhere is csg:file/ and its own name alone: no local path gets out, and
    none can pass for a derived graph such as csg:facts.
    """
    resolved = path.resolve()
    inside = resolved.relative_to(home()) if resolved.is_relative_to(home()) else Path("file", resolved.name)
    return ox.NamedNode(CSG + quote(inside.with_suffix("").as_posix().replace(" ", "-")))


def read_quads(path: Path) -> Iterator[ox.Quad]:
    """Yield the quads of a file; triples of a file without graphs get the file's own.

    Blank nodes are renamed, so that files cannot share one by accident.

    Raises:
        ReadError: the file is missing, is not in a known format, or is malformed.
    """
    graph = graph_name(path)
    with _open(path) as (file, form):
        for quad in ox.parse(file, format=form, rename_blank_nodes=True):
            if isinstance(quad.graph_name, ox.DefaultGraph):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
            else:
                yield quad


def read_into(store: ox.Store, path: Path) -> None:
    """Add to *store* what :func:`read_quads` yields, without making a Python object of each quad.

    Of a malformed file nothing is added.

    Raises:
        ReadError: as for :func:`read_quads`.
    """
    with _open(path) as (file, form):
        store.load(file, format=form, to_graph=graph_name(path))


@contextmanager
def _open(path: Path) -> Iterator[tuple[BinaryIO, ox.RdfFormat]]:
    """Open a file behind the byte order mark, which editors write and Oxigraph refuses, and name its faults."""
    if path.is_dir():
        raise ReadError(path, "a folder, not a file")
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise ReadError(path, f"the ending is none of {', '.join(FORMATS)}, so the format is unknown")
    try:
        with path.open("rb") as file:
            file.seek(len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
            yield file, form
    except SyntaxError as error:
        fault = f"not well-formed: {error.msg.partition(': ')[2] or error.msg}"
        raise ReadError(path, fault, error.lineno, error.offset) from error
    except OSError as error:
        raise ReadError(path, "cannot be read" if path.is_file() else "no such file") from error
    except ValueError as error:
        raise ReadError(path, f"cannot be read: {error}") from error


def read_claims(path: Path) -> Iterator[ox.Quad]:
    """Yield the quads of a file that is to become part of this graph, which is RDF 1.1.

    Raises:
        ReadError: as for :func:`read_quads`, and for what only RDF 1.2 has.
    """
    for quad in read_quads(path):
        terms = (quad.subject, quad.object)
        if any(isinstance(term, ox.Triple) or getattr(term, "direction", None) for term in terms):
            fault = "annotations, triple terms and directions of text are not used here; say it in a claim of its own"
            raise ReadError(path, fault)
        yield quad
