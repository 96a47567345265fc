"""Check every passage against the texts."""

from __future__ import annotations

from chinaspace.errors import DatasetError
from chinaspace.exits import FINE, PROBLEMS, UNKNOWN, Texts, stop
from chinaspace.paths import texts_folder


def evidence(texts: Texts = None) -> None:
    """Check every passage against the texts: offsets and digests, byte for byte."""
    from chinaspace.evidence import check_evidence
    from chinaspace.load import load

    result = check_evidence(load().store, texts or texts_folder())
    if not result.checked and not result.unread:
        raise DatasetError("The graph has no claim with a passage, so there was nothing to check.")
    for line in (*result.problems, *result.unread):
        print(line)
    print(f"{result.checked} passages checked, {len(result.problems)} wrong, {len(result.unread)} texts not read.")
    stop(UNKNOWN if result.unread else PROBLEMS if result.problems else FINE)
