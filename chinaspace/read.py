"""Read RDF files, and say at which line and column one is broken."""

from __future__ import annotations

import os
import re
import stat
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import pyoxigraph as ox

from chinaspace.errors import ReadError
from chinaspace.mappings import ENDING, is_mapping_set
from chinaspace.names import CSG
from chinaspace.paths import home
from chinaspace.triple import to_ntriples

# Only formats that a file can be read from alone: JSON-LD contexts are never fetched.
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    # A mapping set becomes N-Triples before it is parsed.
    ".tsv": ox.RdfFormat.N_TRIPLES,
}

# What is to become part of this graph is typed by hand or comes from one source: a file that is larger is neither.
MOST_BYTES = 32 * 2**20
MOST_TRIPLES = 1_000_000
# Brackets and items of lists; the files of this project have some hundred in all.
MOST_BLANK_NODES = 10_000
MOST_GRAPHS = 1000
# Oxigraph reads triples within triples by recursion, and a hundred thousand levels end the process.
MOST_NESTED = 1000
_NESTING = re.compile(rb"<<|>>")
_CHUNK = 2**20


def graph_name(path: Path) -> ox.NamedNode:
    """Return the named graph of a file: its path in the project without the ending.

    data/claims/time-2022.ttl becomes csg:data/claims/time-2022. A file from
    elsewhere is csg:file/ and its own name alone: no local path gets out, and
    none can pass for a derived graph such as csg:facts.
    """
    resolved = path.resolve()
    inside = resolved.relative_to(home()) if resolved.is_relative_to(home()) else Path("file", resolved.name)
    name = inside.with_suffix("").as_posix().removesuffix(".sssom")
    return ox.NamedNode(CSG + quote(os.fsencode(name.replace(" ", "-"))))  # a name need not be UTF-8


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


def read_into(store: ox.Store, path: Path, content: bytes | None = None, *, trust: bool = False) -> None:
    """Add to *store* what :func:`read_quads` yields, without making a Python object of each quad.

    Of a malformed file nothing is added. *content* is that of the file, where
    :func:`content_of` has read it. With *trust* IRIs and languages are taken as they
    are, in three quarters of the time: for a file that is checked elsewhere.

    Raises:
        ReadError: as for :func:`read_quads`.
    """
    with _open(path, content) as (file, form):
        # Without a mark at its begin, Oxigraph reads the file itself in less time than it takes to ask Python for it.
        if file.tell() or isinstance(file, BytesIO):
            store.load(file, format=form, to_graph=graph_name(path), lenient=trust)
        else:
            store.load(path=path, format=form, to_graph=graph_name(path), lenient=trust)


def content_of(path: Path) -> bytes:
    """Return what is to be parsed of a file that is to become part of this graph: of a mapping set, its N-Triples.

    Raises:
        ReadError: as for :func:`check_own`, and for a malformed mapping set.
    """
    check_own(path)
    try:
        return to_ntriples(path) if is_mapping_set(path) else path.read_bytes()
    except OSError as error:
        raise ReadError(path, "cannot be read") from error


@contextmanager
def _open(path: Path, content: bytes | None = None) -> Iterator[tuple[BinaryIO, ox.RdfFormat]]:
    """Open a file behind the byte order mark, which editors write and Oxigraph refuses, and name its faults."""
    if content is None:
        check_readable(path)
    try:
        if content is None and is_mapping_set(path):
            content = to_ntriples(path)
        with path.open("rb") if content is None else BytesIO(content) as file:
            file.seek(len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
            yield file, FORMATS[path.suffix.lower()]
    except SyntaxError as error:
        fault = f"not well-formed: {error.msg.partition(': ')[2] or error.msg}"
        raise ReadError(path, fault, error.lineno, error.offset) from error
    except OSError as error:
        raise ReadError(path, "cannot be read") from error
    except MemoryError as error:
        raise ReadError(path, "one string, name or comment is longer than 16 MiB") from error
    except ValueError as error:
        raise ReadError(path, f"cannot be read: {error}") from error


def check_readable(path: Path) -> None:
    """Find out whether a file can be opened and parsed without harm; nothing is read from a pipe or a device.

    Raises:
        ReadError: it is missing, no regular file, or in no known format, or has triples in triples without end.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:  # a path with a NUL character is a ValueError
        raise ReadError(path, "no such file") from error
    if not stat.S_ISREG(mode):
        raise ReadError(path, "a folder, not a file" if stat.S_ISDIR(mode) else "a pipe or a device, not a file")
    if path.suffix.lower() not in FORMATS:
        raise ReadError(path, f"the ending is none of {', '.join(FORMATS)}, so the format is unknown")
    if path.suffix.lower() == ".tsv" and not is_mapping_set(path):
        raise ReadError(path, f"a table is read if it is a mapping set, with the ending {ENDING}")
    if FORMATS[path.suffix.lower()] != ox.RdfFormat.JSON_LD and _nesting(path) > MOST_NESTED:
        raise ReadError(path, f"triples are nested more than {MOST_NESTED} levels deep")


def _nesting(path: Path) -> int:
    """Return how many levels of "<<" are open at most; those in strings and comments count as well."""
    deepest = depth = 0
    before = b""
    try:
        with path.open("rb") as file:
            while chunk := before + file.read(_CHUNK):
                # A sign at the end may be the first half of one that is cut in two.
                before = chunk[-1:] if len(chunk) > 1 and chunk[-1:] in b"<>" else b""
                chunk = chunk[: len(chunk) - len(before)]
                if depth or b"<<" in chunk:  # hardly any file has one
                    for found in _NESTING.findall(chunk):
                        depth = max(0, depth + (1 if found == b"<<" else -1))
                        deepest = max(deepest, depth)
    except OSError as error:
        raise ReadError(path, "cannot be read") from error
    return deepest


def read_claims(path: Path) -> Iterator[ox.Quad]:
    """Yield the quads of a file that is to become part of this graph, which is RDF 1.1.

    A stranger may have written it, so it is a file of its own, not a link to
    one that may be secret, and it is no larger than a person or a source fills.

    Raises:
        ReadError: as for :func:`read_quads`, for a link, a file that is too large, what only RDF 1.2 has, and a
            statement in a graph of this project that is not the file's own.
    """
    check_own(path)
    own, blank, graphs = graph_name(path), set[str](), set[str]()
    for number, quad in enumerate(read_quads(path)):
        if isinstance(quad.subject, ox.BlankNode):
            blank.add(quad.subject.value)
        graphs.add(str(quad.graph_name))
        if wrong := _excess(number, len(blank), len(graphs)) or _misfit(quad, own):
            raise ReadError(path, wrong)
        yield quad


def check_own(path: Path) -> None:
    """Find out whether a file that is to become part of this graph is one of its own, and not too large.

    Raises:
        ReadError: it is a link, too large, or cannot be read.
    """
    if path.is_symlink():
        raise ReadError(
            path, "a symbolic link, and what it leads to may be no part of the project; name the file itself"
        )
    check_readable(path)
    if (size := path.stat().st_size) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise ReadError(
            path, f"{size / 2**20:.0f} MiB, and a file has at most {most}; split it, a file for each source"
        )


def _excess(triples: int, blank: int, graphs: int) -> str | None:
    """Say of what a file has too much."""
    if triples >= MOST_TRIPLES:
        return f"more than {MOST_TRIPLES:,} triples; split it, a file for each source"
    if blank > MOST_BLANK_NODES:
        return f"more than {MOST_BLANK_NODES:,} brackets and items of lists; give things names, as data/ does"
    return f"more than {MOST_GRAPHS:,} graphs; a file is one" if graphs > MOST_GRAPHS else None


def _misfit(quad: ox.Quad, own: ox.NamedNode) -> str | None:
    """Say what keeps a quad from being a statement of its file in this graph."""
    if any(isinstance(term, ox.Triple) or getattr(term, "direction", None) for term in (quad.subject, quad.object)):
        return "annotations, triple terms and directions of text are not used here; say it in a claim of its own"
    if str(quad.graph_name).startswith(f"<{CSG}") and quad.graph_name != own:
        return f"{quad.graph_name} is a graph that others fill or that is derived; leave the name of the graph out"
    return None


def read_text(path: Path) -> str:
    """Return the text of a file without a byte order mark; what is no UTF-8 becomes U+FFFD."""
    # Links and what is too large are refused when they are read, and nothing of them is to be shown.
    if path.is_symlink() or path.stat().st_size > MOST_BYTES:
        return ""
    return path.read_bytes().decode("utf-8-sig", "replace")
