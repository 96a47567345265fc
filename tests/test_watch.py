"""A file that was saved is told once it is whole, and only what differs from the beginning."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from chinaspace.watch import watch


def after(*steps: Callable[[], object]) -> Callable[[float], None]:
    """Return a wait that takes no time, and in which one step after the other is done."""
    left = list(steps)

    def wait(seconds: float) -> None:
        if left:
            left.pop(0)()

    return wait


def test_saved_files_are_told_once_they_are_whole(tmp_path: Path) -> None:
    """A file that is still growing is waited for; one that is as it was at the beginning is not told."""
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text("a", "utf-8")
    seen: list[str] = []
    steps = (
        lambda: two.write_text("b", "utf-8"),
        lambda: two.write_text("bc", "utf-8"),
        lambda: seen.append("still"),
    )
    assert next(watch(lambda: tmp_path.glob("*.ttl"), wait=after(*steps))) == {two}
    assert seen == ["still"]


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    """What was removed has changed as well."""
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text("a", "utf-8")
    told = watch(lambda: tmp_path.glob("*.ttl"), wait=after(one.unlink, lambda: None, lambda: two.write_text("b")))
    assert list(islice(told, 2)) == [{one}, {one, two}]
