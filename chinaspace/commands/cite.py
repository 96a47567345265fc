"""Find a passage, and print a claim on it."""

from __future__ import annotations

from typing import Annotated

import typer

from chinaspace.errors import PassageError
from chinaspace.exits import PROBLEMS, Texts, stop
from chinaspace.paths import texts_folder


def cite(
    source: Annotated[str, typer.Argument(help="Source, such as time-2022.")],
    words: Annotated[str, typer.Argument(help="The words of the passage, from its first to its last.")],
    texts: Texts = None,
    slug: Annotated[str | None, typer.Option(help="End of the claim's name; else the offset.")] = None,
) -> None:
    """Find a passage in the text of a source, and print a claim on it in Turtle."""
    from chinaspace.cite import claim_block, find_passage
    from chinaspace.evidence import address_of, cited_text, source_slug
    from chinaspace.load import load
    from chinaspace.names import expand

    name = source_slug(expand(source))
    store, folder = load().store, texts or texts_folder()
    text = cited_text(store, folder, name)
    try:
        passage = find_passage(text, words, str(folder / f"{name}.txt"))
    except PassageError as error:
        stop(PROBLEMS, str(error))
    print(claim_block(name, address_of(store, name), passage, slug))
