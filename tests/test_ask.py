"""`chinaspace query`: files of one's own, pages of rows, files for the answer, and what a terminal shows."""

from __future__ import annotations

import io
import sys
import time
import webbrowser
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from chinaspace.cells import Sheet, Shown
from chinaspace.header import Column
from chinaspace.load import Loaded
from chinaspace.progress import waiting
from chinaspace.terminal import to_terminal
from support import Command, one_sentence

OWN = """SELECT ?claim ?gist
WHERE {
  ?claim <https://w3id.org/chinaspace/ontology/gist> ?gist .
}
ORDER BY ?claim
"""


@pytest.fixture(autouse=True)
def opened(world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the world, which is loaded already."""
    monkeypatch.setattr("chinaspace.store.open_store", lambda where: world)


def test_a_file_of_ones_own(chinaspace: Command, tmp_path: Path) -> None:
    """A query from a file is asked with or without a header, with the parameters that its header tells of."""
    path = tmp_path / "My gists.rq"
    path.write_text(OWN, "utf-8")
    run = chinaspace("query", "--file", path, "--format", "csv")
    assert (run.code, run.err) == (0, "")
    rows = run.out.splitlines()
    assert rows[0] == "claim,gist"
    path.write_text(f"#+ param: claim iri(cs:Claim) -- the claim\n{OWN}", "utf-8")
    one = rows[1].partition(",")[0].rpartition("/")[2]
    asked = chinaspace("query", "--file", path, "--format", "csv", "--param", f"claim={one}")
    assert asked.out.splitlines() == rows[:2]
    assert one_sentence(chinaspace("query", "--file", path))
    assert one_sentence(chinaspace("query", "facts", "--file", path))
    path.write_text("SELECT", "utf-8")
    assert one_sentence(chinaspace("query", "--file", path))


def test_pages_of_rows(chinaspace: Command) -> None:
    """A page has the rows that the whole answer has there."""
    whole = chinaspace("query", "facts", "--format", "csv").out.splitlines()
    page = chinaspace("query", "facts", "--format", "csv", "--limit", "3", "--offset", "2").out.splitlines()
    assert page == [whole[0], *whole[3:6]]


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "arrow", "html", "md"])
def test_a_file_for_the_answer(chinaspace: Command, tmp_path: Path, ending: str) -> None:
    """The ending of the file chooses the form, and nothing is printed."""
    path = tmp_path / f"facts.{ending}"
    run = chinaspace("query", "facts", "--output", path)
    assert (run.code, run.out, run.err) == (0, "", "")
    if ending == "parquet":
        assert pq.read_table(io.BytesIO(path.read_bytes())).num_rows > 0
    elif ending != "arrow":
        assert "Lamp" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "ending"), [([], ".html"), (["--format", "csv"], ".csv"), (["--columns", "name"], ".html")]
)
def test_opening_the_answer(
    chinaspace: Command, monkeypatch: pytest.MonkeyPatch, options: list[str], ending: str
) -> None:
    """A browser is given the file with the answer, whose name is printed."""
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open", shown.append)
    run = chinaspace("query", "facts", "--open", *options)
    path = Path(run.out.strip())
    assert (run.code, shown, path.suffix) == (0, [path.as_uri()], ending)
    assert path.read_text("utf-8")


SHEET = Sheet(
    (Column("name", "string", ""), Column("amount", "integer", ""), Column("address", "address", "")),
    (
        (
            Shown("Lamp\x1b[31m 1\x07", "https://example.org/a\x1b]8;;x"),
            Shown("5", "", "number"),
            Shown("https://example.org/" + "a" * 60, "https://example.org/" + "a" * 60, "passage"),
        ),
    ),
)


@pytest.mark.parametrize("width", [30, 60, 100, 200])
@pytest.mark.parametrize("linked", [True, False])
def test_a_table_fits_the_terminal(width: int, linked: bool) -> None:
    """No line is wider than the terminal, and nothing in a cell steers it."""
    text = to_terminal(SHEET, width, linked)
    if not linked:
        assert max(map(len, text.splitlines())) <= width
        assert "\x1b" not in text
    assert "\x07" not in text
    assert "\x1b[31m" not in text


def test_links_that_a_terminal_opens() -> None:
    """Things and passages are links by OSC 8 where the terminal takes them, and addresses where it does not."""
    linked, plain = to_terminal(SHEET, 200, linked=True), to_terminal(SHEET, 200, linked=False)
    assert f";{SHEET.rows[0][2].link}\x1b\\" in linked
    assert "https://example.org/a]8;;x\x1b\\" in linked
    assert SHEET.rows[0][2].text not in linked.replace(f";{SHEET.rows[0][2].link}\x1b\\", "")
    assert SHEET.rows[0][2].text in plain


class Terminal(io.StringIO):
    """A terminal that keeps what it is given."""

    def isatty(self) -> bool:
        """Be a terminal."""
        return True


@pytest.mark.parametrize(
    ("out", "patience", "told"), [(Terminal(), 0.0, True), (Terminal(), 60.0, False), (io.StringIO(), 0.0, False)]
)
def test_a_line_of_progress(monkeypatch: pytest.MonkeyPatch, out: io.StringIO, patience: float, told: bool) -> None:
    """What takes long is told on a terminal, and nowhere else."""
    monkeypatch.setattr(sys, "stderr", out)
    with waiting("Counting stars", patience):
        time.sleep(0.3)
    assert ("Counting stars" in out.getvalue()) == told
