"""Remember between runs what is dear to work out, in the user's cache folder; without one, nothing is lost but time."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from chinaspace.write import write_whole

# No more is remembered of one kind.
MOST = 20_000


def cache_folder() -> Path:
    """Return the folder: that of CHINASPACE_CACHE, or else chinaspace in the user's own (XDG Base Directory)."""
    if given := os.environ.get("CHINASPACE_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chinaspace"


def recall(name: str) -> dict[str, object]:
    """Return what was retained under *name*; nothing where that is missing, broken or not to be read."""
    try:
        found = json.loads((cache_folder() / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError, RuntimeError):  # there may be no home at all
        return {}
    return found if isinstance(found, dict) else {}


def retain(name: str, values: Mapping[str, object]) -> None:
    """Retain *values*, whole or not at all, if there are not too many; where it cannot be, nothing happens."""
    if len(values) > MOST:
        return
    with contextlib.suppress(OSError, RuntimeError, UnicodeEncodeError):
        path = cache_folder() / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(values))
