"""Watch files, and tell which were saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

# When a file was last written, and its size; None once it is gone.
Mark: TypeAlias = tuple[int, int] | None


def watch(
    find: Callable[[], Iterable[Path]], pause: float = 0.3, wait: Callable[[float], None] = time.sleep
) -> Iterator[set[Path]]:
    """Yield, each time that some of the files that *find* names were saved, those that differ from the beginning.

    Files are looked at every *pause* seconds; what is still being written is
    waited for until a look finds it as the last one did. Looking works
    wherever files are, on network folders and in containers as well. It ends
    when the caller has enough.
    """
    first = last = told = _marks(find())
    while True:
        wait(pause)
        now = _marks(find())
        if now == last and now != told:
            told = now
            yield {path for path in {*first, *now} if first.get(path) != now.get(path)}
        last = now


def _marks(paths: Iterable[Path]) -> dict[Path, Mark]:
    return {path: mark for path in paths if (mark := _mark(path))}


def _mark(path: Path) -> Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
