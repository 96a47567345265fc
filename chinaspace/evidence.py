"""Check every claim's passage against the text of its source, byte for byte."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from chinaspace.cite import read_text, text_digest
from chinaspace.errors import TextError
from chinaspace.names import CSD, SCHEMA, cs, is_slug
from chinaspace.unite import union

_PASSAGES = """
PREFIX cs: <https://w3id.org/chinaspace/ontology/>
SELECT ?source ?textDigest ?claim ?start ?end ?digest WHERE {
  ?claim cs:source ?source ; cs:passageStart ?start ; cs:passageEnd ?end ; cs:passageDigest ?digest .
  OPTIONAL { ?source cs:textDigest ?textDigest }
}
ORDER BY ?source ?claim
"""


@dataclass(frozen=True)
class Evidence:
    """How many passages were checked, what is wrong with some, and which texts could not be read."""

    checked: int
    problems: tuple[str, ...]
    unread: tuple[str, ...]


def check_evidence(store: ox.Store, folder: Path) -> Evidence:
    """Compare each claim's offsets and digest with the text in *folder*.

    A text that is missing, or is not the one that was cited, is listed as
    unread: then nothing is known about its claims.
    """
    solutions = store.query(_PASSAGES)
    assert isinstance(solutions, ox.QuerySolutions)
    by_source: dict[tuple[str, str | None], list[ox.QuerySolution]] = defaultdict(list)
    for row in solutions:
        by_source[row["source"].value, row["textDigest"].value if row["textDigest"] else None].append(row)
    checked, problems, unread = 0, [], []
    for (source, digest), rows in by_source.items():
        try:
            text = source_text(folder, source, digest)
        except TextError as error:
            unread.append(str(error))
            continue
        checked += len(rows)
        problems += [fault for row in rows if (fault := _fault(text, row))]
    return Evidence(checked, tuple(problems), tuple(unread))


def source_slug(iri: str) -> str:
    """Return the slug of a source: "time-2022" for csd:source-time-2022.

    Raises:
        TextError: it has other characters than slugs have, so no text can be named by it.
    """
    slug = iri.removeprefix(CSD).removeprefix("source-")
    if not is_slug(slug):  # nothing else gets into the name of a file that is read
        raise TextError(f"'{slug[:60]}' is no source. Name one of data/sources.ttl, such as time-2022.")
    return slug


def address_of(store: ox.Store, slug: str) -> str | None:
    """Return the address at which the source *slug* was published, if the graph has one."""
    return _value(store, slug, ox.NamedNode(SCHEMA + "url"))


def cited_text(store: ox.Store, folder: Path, slug: str) -> str:
    """Return the text of a source, once it is sure that it is the text the graph cites.

    Raises:
        TextError: the text is missing, or its digest is not the source's.
    """
    return source_text(folder, f"{CSD}source-{slug}", _value(store, slug, cs("textDigest")))


def _value(store: ox.Store, slug: str, prop: ox.NamedNode) -> str | None:
    quads = store.quads_for_pattern(ox.NamedNode(f"{CSD}source-{slug}"), prop, None, union(store))
    return next((quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)), None)


def source_text(folder: Path, source: str, digest: str | None) -> str:
    """Return the text of the source with the IRI *source*, whose digest is *digest* where one is known.

    Raises:
        TextError: the text is missing, or has another digest.
    """
    slug = source_slug(source)
    text = read_text(folder, slug)
    if digest is not None and text_digest(text) != digest:
        raise TextError(
            f"{folder / slug}.txt: not the text that was cited, its digest differs from cs:textDigest. "
            "Offsets would point elsewhere; fetch the right text."
        )
    return text


def _fault(text: str, row: ox.QuerySolution) -> str | None:
    claim = row["claim"].value.removeprefix(CSD)
    start, end = int(row["start"].value), int(row["end"].value)
    if not 0 <= start < end <= len(text):
        return f"csd:{claim}: the passage {start} to {end} is not within the {len(text)} characters of its text."
    if text_digest(text[start:end]) != row["digest"].value:
        return f"csd:{claim}: the passage {start} to {end} has another digest. Cite it again with chinaspace cite."
    return None
