"""A thing stands in the file of its kind, and a claim in that of its source."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chinaspace.names import CSD, CSSH
from chinaspace.paths import built_in
from chinaspace.validate import validate_files

MISSION = f'\n<{CSD}mission-lamp-1> a <https://w3id.org/chinaspace/ontology/Mission> ;\n rdfs:label "Lamp 1"@en .\n'


@pytest.mark.parametrize(
    ("file", "refused"),
    [("missions.ttl", False), ("people.ttl", True), ("claims/time-2022.ttl", True), ("newcomers.ttl", False)],
)
def test_a_thing_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, refused: bool) -> None:
    """A mission is refused in the file of another kind or of a source, at its line; a file of nobody may hold it."""
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(built_in() / folder, tmp_path / folder)
    monkeypatch.setenv("CHINASPACE_HOME", str(tmp_path))
    path = tmp_path / "data" / file
    before = path.read_text("utf-8") if path.exists() else ""
    prefix = "\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    path.write_text(before + prefix + MISSION, "utf-8")
    found = [problem for problem in validate_files([path]) if problem.shape == f"{CSSH}File-place"]
    assert [problem.line for problem in found] == ([(before + prefix).count("\n") + 2] if refused else [])
