"""Begin a thing, a source or a claim in the file where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chinaspace.errors import DateError, DraftError, PassageError
from chinaspace.exits import PROBLEMS, Texts, stop
from chinaspace.paths import graph_files, texts_folder

if TYPE_CHECKING:
    import pyoxigraph as ox

    from chinaspace.draft import Draft


def new(
    kind: Annotated[str, typer.Argument(help="What it is: claim, source, mission, spacecraft, person, …")],
    name: Annotated[str, typer.Argument(help="How its identifier ends, such as change-7; for a claim, its source.")],
    words: Annotated[str | None, typer.Argument(help="For a claim: the words of the passage.")] = None,
    label: Annotated[str | None, typer.Option(help="Name in English; for a source, its title.")] = None,
    chinese: Annotated[str | None, typer.Option(help="Name in Chinese.")] = None,
    say: Annotated[list[str] | None, typer.Option(help="More of it, as cs:voice=cs:usOfficial; repeat.")] = None,
    text: Annotated[Path | None, typer.Option(help="For a source: its text, for length and digest.")] = None,
    texts: Texts = None,
    slug: Annotated[str | None, typer.Option(help="For a claim: the end of its name; else the offset.")] = None,
) -> None:
    """Begin a thing, a source or a claim in the file where it belongs; validate tells what is left to say."""
    import pyoxigraph as ox

    from chinaspace.draft import write_draft
    from chinaspace.load import add_quads
    from chinaspace.read import read_quads

    store = ox.Store()
    for path in graph_files():
        add_quads(store, read_quads(path))
    try:
        if kind == "claim":
            made = _claim(store, name, words, texts or texts_folder(), slug)
        else:
            made = _thing(store, kind, name, [*_names(kind, label, chinese), *_text(kind, text)])
        made.said.extend(_said(store, say or []))
        write_draft(made)
    except (DraftError, PassageError, DateError) as error:
        stop(PROBLEMS, str(error))
    print(
        f"{made.path}: {made.iri.rpartition('/')[2]} is begun. Say what is missing there; chinaspace validate names it."
    )


def _thing(store: ox.Store, kind: str, name: str, said: list[tuple[str, str]]) -> Draft:
    from chinaspace.draft import draft, find_kind

    return draft(store, find_kind(store, kind), name, said)


def _claim(store: ox.Store, source: str, words: str | None, folder: Path, slug: str | None) -> Draft:
    """Return a claim on a passage, in the file of its source."""
    from dataclasses import replace

    from chinaspace.cite import find_passage
    from chinaspace.draft import draft, find_kind, named, quoted
    from chinaspace.evidence import address_of, cited_text, source_slug
    from chinaspace.names import XSD, expand

    if words is None:
        raise DraftError("A claim needs the words of its passage, after the source. Give its first to its last word.")
    of = source_slug(expand(source if "source-" in source else f"source-{source}"))
    written = named(store, f"source-{of}")
    passage = find_passage(cited_text(store, folder, of), words, str(folder / f"{of}.txt"))
    said = [("cs:source", written), ("cs:passageDigest", quoted(passage.digest))]
    said += [("cs:passageStart", str(passage.start)), ("cs:passageEnd", str(passage.end))]
    if address := address_of(store, of):
        said.append(("cs:passageAddress", quoted(passage.opened_at(address), datatype=f"{XSD}anyURI")))
    made = draft(store, find_kind(store, "claim"), f"{of}-{slug or passage.start}", said)
    return replace(made, path=made.path.parent / "claims" / f"{of}.ttl")


def _names(kind: str, label: str | None, chinese: str | None) -> Iterator[tuple[str, str]]:
    from chinaspace.draft import quoted

    for words, language in ((label, "en"), (chinese, "zh-Hans")):
        if words is not None:
            yield "rdfs:label", quoted(words, language)
            if kind == "source":
                yield "dcterms:title", quoted(words, language)


def _text(kind: str, path: Path | None) -> Iterator[tuple[str, str]]:
    """Yield digest and length of a text, which identify it without its words."""
    from chinaspace.cite import read_text, text_digest
    from chinaspace.draft import quoted

    if path is None:
        return
    if kind != "source" or path.suffix != ".txt":
        raise DraftError("--text is the text of a source, saved as SLUG.txt. Save it so, and leave it out elsewhere.")
    content = read_text(path.parent, path.stem)
    yield "cs:textDigest", quoted(text_digest(content))
    yield "cs:textLength", str(len(content))


def _said(store: ox.Store, pairs: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what was said with --say: an identifier, a date, a number or an address as such, all else as English."""
    from chinaspace.draft import PARTS, written

    said: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key or not value:
            raise DraftError(f"'{pair[:60]}' says nothing. Write property=value, such as cs:voice=cs:usOfficial.")
        key = PARTS.get(key, key)
        if key == "rdf:object":  # what it is, the property of the statement tells
            if "rdf:predicate" not in said:
                raise DraftError("An object needs its property before it, such as --say predicate=launchDate.")
            yield key, written(store, said["rdf:predicate"], value)[1]
        else:
            said[key] = value
            yield written(store, key, value)
