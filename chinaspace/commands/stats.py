"""Show what claims cover of the texts."""

from __future__ import annotations

from chinaspace.exits import FINE, UNKNOWN, Texts, stop
from chinaspace.paths import texts_folder


def stats(texts: Texts = None) -> None:
    """Show how much of each source's text its claims cover, and the sentences that none touches, by offset."""
    from chinaspace.load import load
    from chinaspace.stats import source_stats

    found = source_stats(load().store, texts or texts_folder())
    for one in found:
        if one.sentences is None:
            print(f"{one.slug}: {one.claims} claims. {one.fault}")
            continue
        share = 1 - len(one.gaps) / one.sentences
        print(f"{one.slug}: {one.characters} characters, {one.claims} claims, {share:.1%} of {one.sentences} sentences")
        for start, end in one.gaps:
            print(f"    no claim touches {start} to {end}")
    stop(UNKNOWN if any(one.sentences is None for one in found) else FINE)
