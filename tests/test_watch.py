"""A file that was saved is told once it is whole, and only what differs from the beginning."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from chinaspace.watch import watch


def test_saved_files_are_told_once_they_are_whole(tmp_path: Path) -> None:
    """A file that is still growing is waited for; one that is as it was at the beginning is not told."""
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text("a", "utf-8")
    steps = iter([lambda: two.write_text("b", "utf-8"), lambda: two.write_text("bc", "utf-8"), lambda: None])
    looks = 0

    def wait(seconds: float) -> None:
        nonlocal looks
        looks += 1
        next(steps, lambda: None)()

    assert next(watch(lambda: tmp_path.glob("*.ttl"), wait=wait)) == {two}
    assert looks == 3


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    """What was removed has changed as well."""
    one = tmp_path / "one.ttl"
    one.write_text("a", "utf-8")
    steps = iter([one.unlink, lambda: None, lambda: one.with_name("two.ttl").write_text("b", "utf-8")])
    told = watch(lambda: tmp_path.glob("*.ttl"), wait=lambda _: next(steps, lambda: None)() and None)
    assert list(islice(told, 2)) == [{one}, {one, one.with_name("two.ttl")}]
