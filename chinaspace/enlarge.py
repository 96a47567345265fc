"""Have the memory of a server in large pages, in which the engine finds its way faster."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

_TUNABLES, _SWITCH = "GLIBC_TUNABLES", "glibc.malloc.hugetlb"
_SINCE = (2, 35)
_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def enlarge(words: list[str]) -> None:
    """Begin this program, which was given *words*, anew with the switch by which glibc asks Linux for large pages.

    It is one of the "tunables" of glibc's manual, which reads it once, when a
    program begins, so it cannot be set later. Queries take up to a sixth less
    time so, since following links through the memory of a graph takes most of it,
    and a fork copies a third as much. Nothing is done where there are no such
    pages, or where somebody has set the switch.
    """
    given = os.environ.get(_TUNABLES, "")
    if _SWITCH in given or not _offered() or not _is_own(words):
        return
    tunables = f"{given}:{_SWITCH}=1".removeprefix(":")
    with contextlib.suppress(OSError):  # then it goes on as it is
        begun = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, begun, {**os.environ, _TUNABLES: tunables})  # noqa: S606 - this very program


def _offered() -> bool:
    """Tell whether this is Linux with large pages on request, and a glibc that can ask for them."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        recent = name == "glibc" and tuple(map(int, version.split(".")[:2])) >= _SINCE
        return recent and "[never]" not in _PAGES.read_text()
    except (OSError, ValueError, AttributeError):
        return False


def _is_own(words: list[str]) -> bool:
    """Tell whether this process was begun for a command alone, and not for a program that calls it, such as a test."""
    begun = sys.orig_argv
    by_script = Path(begun[1] if begun[1:] else "").name == "server.py" and begun[2:] == words[1:]
    return bool(words) and (by_script or begun[-len(words) :] == words)
