"""What "chinaspace new" begins stands laid out in the right file, and only what its author must say is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.cite import text_digest
from chinaspace.format import format_files
from chinaspace.names import CS, CSSH, EDTF, RDF
from chinaspace.paths import built_in
from chinaspace.validate import validate_files
from support import Command

TEXT = "A lamp was lit on the Moon in May. It burns.\n"
SOURCE = ["--say", "date=2026-05-20", "--say", "publisher=institution-time", "--say", "sourceKind=newsArticle"]
SOURCE += ["--say", "sourceStanding=pressStanding", "--say", "publisherCountry=country-usa"]
SOURCE += ["--say", "dateBasis=Stated in the text.", "--say", "url=https://example.org/lamp"]
CLAIM = ["--say", "gist=A lamp stands on the Moon.", "--say", "modality=asserted"]
CLAIM += ["--say", "statedBy=institution-time", "--say", "about=mission-lamp-1"]


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the graph that commands work on."""
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(built_in() / folder, tmp_path / folder)
    monkeypatch.setenv("CHINASPACE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def begin(chinaspace: Command, copy: Path) -> list[Path]:
    """Begin a mission, a source with its text, and a claim on it; return their files."""
    texts = copy / "texts"
    texts.mkdir()
    (texts / "lamp-2026.txt").write_text(TEXT, "utf-8")
    source = ["source", "lamp-2026", "--label", "A lamp", "--text", texts / "lamp-2026.txt", *SOURCE]
    claim = ["claim", "lamp-2026", "lamp was lit on the Moon", "--texts", texts, "--slug", "lit", *CLAIM]
    for arguments in (["mission", "lamp-1", "--label", "Lamp 1", "--chinese", "灯一号"], source, claim):
        run = chinaspace("new", *arguments)
        assert (run.code, run.err) == (0, "")
    return [copy / "data" / name for name in ("missions.ttl", "sources.ttl", "claims/lamp-2026.ttl")]


def test_from_a_text_to_a_green_check(chinaspace: Command, copy: Path) -> None:
    """A thing, a source and a claim that say all they must are valid at once, and laid out."""
    files = begin(chinaspace, copy)
    assert format_files(files, check=True) == []
    assert [problem for problem in validate_files(files) if problem.blocks] == []
    quads = list(ox.parse(path=files[2]))
    said = {quad.predicate.value.removeprefix(CS): quad.object.value for quad in quads}
    assert said["passageDigest"] == text_digest(TEXT[int(said["passageStart"]) : int(said["passageEnd"])])
    assert said["passageAddress"].startswith("https://example.org/lamp#:~:text=")


def test_a_claim_with_a_statement(chinaspace: Command, copy: Path) -> None:
    """The property tells what its object is: a date, a thing or a number."""
    files = begin(chinaspace, copy)
    about = ["--say", "subject=mission-lamp-1", "--say", "predicate=startDate", "--say", "object=2026-05"]
    arguments = ["claim", "lamp-2026", "lamp was lit", "--texts", copy / "texts", "--slug", "began", *CLAIM, *about]
    assert chinaspace("new", *arguments).code == 0
    said = {quad.predicate.value: quad.object for quad in ox.parse(path=files[2]) if "began" in str(quad.subject)}
    assert said[f"{RDF}object"] == ox.Literal("2026-05", datatype=EDTF)
    assert chinaspace("new", "claim", "lamp-2026", "lit", "--texts", copy / "texts", "--say", "object=1").code == 1


def test_what_is_left_to_say_is_named(chinaspace: Command, copy: Path) -> None:
    """Of a source with nothing but a name the check names what is missing, at its line."""
    assert chinaspace("new", "source", "bare-2026", "--label", "Bare").code == 0
    found = {problem.shape.removeprefix(CSSH) for problem in validate_files([copy / "data" / "sources.ttl"])}
    assert {"Source-issued", "Source-publisher", "Source-sourceKind"} <= found


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["mision", "lamp-1"], "mission"),
        (["mission", "change-6"], "already"),
        (["mission", "Lamp_1"], "hyphens"),
        (["mission", "lamp-1", "--say", "cs:nosuch=1"], "cs:nosuch"),
        (["institution", "lamp", "--say", "voice=usOficial"], "cs:usOfficial"),
        (["source", "lamp", "--say", "date=soon"], "soon"),
        (["mission", "lamp-1", "--say", "words"], "property=value"),
        (["claim", "time-2022"], "words"),
    ],
)
def test_what_cannot_be_begun(chinaspace: Command, copy: Path, arguments: list[str], part: str) -> None:
    """What is unknown, taken or malformed is refused in one sentence, and no file is touched."""
    before = {path: path.read_bytes() for path in (copy / "data").rglob("*") if path.is_file()}
    run = chinaspace("new", *arguments)
    assert run.code == 1
    assert part in run.err
    assert {path: path.read_bytes() for path in (copy / "data").rglob("*") if path.is_file()} == before


def test_a_malformed_file_is_left_alone(chinaspace: Command, copy: Path) -> None:
    """Nothing is added to a file that cannot be read."""
    path = copy / "data" / "missions.ttl"
    path.write_text("csd:mission-x a", "utf-8")
    assert chinaspace("new", "mission", "lamp-1").code == 2
    assert path.read_text("utf-8") == "csd:mission-x a"
