"""The steps of the GitHub Action check the graph of others by their own shapes, as a runner would start them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from chinaspace.paths import built_in
from support import Run

ROOT = built_in()
SHAPES = """
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ;
  sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 ] .
"""
SOUND = "@prefix ex: <https://example.org/> .\nex:ann a ex:Person ; ex:name 'Ann' .\n"
NAMELESS = SOUND + "ex:bob a ex:Person .\n"

pytestmark = [
    pytest.mark.skipif(not (ROOT / "action.yml").is_file(), reason="a wheel has no action.yml"),
    pytest.mark.skipif(shutil.which("bash") is None, reason="the action runs in bash"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return the checkout of another graph, beside a folder in which the program is installed."""
    program = tmp_path / "temp" / "chinaspace" / "bin" / "chinaspace"
    program.parent.mkdir(parents=True)
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from chinaspace.cli import main; main()"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{start}" "$@"\n', "utf-8")
    program.chmod(0o755)
    folder = tmp_path / "work place"
    for name, text in (("data/people.ttl", SOUND), ("shapes/person.ttl", SHAPES)):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def act(workspace: Path, **given: str) -> Run:
    """Run the step that validates, with inputs as GitHub passes them."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    inputs = {name: str(one["default"]) for name, one in action["inputs"].items()} | given
    (step,) = (one for one in action["runs"]["steps"] if one.get("name") == "Validate")
    env = {name: _filled(value, inputs) for name, value in step["env"].items()}
    script = workspace.parent / "step.sh"
    script.write_text(_filled(step["run"], {}), "utf-8")
    run = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
        cwd=workspace,
        env={"PATH": os.environ["PATH"], "RUNNER_TEMP": str(workspace.parent / "temp"), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Run(run.returncode, run.stdout, run.stderr)


def _filled(text: str, inputs: dict[str, str]) -> str:
    for name, value in inputs.items():
        text = text.replace("${{ inputs." + name + " }}", value)
    assert "${{" not in text, "what an input holds would be run"
    return text


def test_a_graph_that_conforms(workspace: Path) -> None:
    """A sound graph of others passes without a word on this project's own rules."""
    run = act(workspace)
    assert (run.code, run.out, run.err) == (0, "", "")


def test_a_graph_that_does_not(workspace: Path) -> None:
    """A broken rule of theirs is an annotation at its line, named after their shape, and fails the step."""
    (workspace / "data" / "people.ttl").write_text(NAMELESS, "utf-8")
    run = act(workspace)
    assert run.code == 1
    assert "file=data/people.ttl,line=3,col=1," in run.out
    assert "https%3A//example.org/PersonShape" in run.out


def test_other_shapes_and_one_file(workspace: Path) -> None:
    """Shapes may lie elsewhere, and names with blanks and signs of the shell are names."""
    elsewhere = workspace / "rules; echo $HOME"
    (workspace / "shapes").rename(elsewhere)
    (workspace / "data" / "new one.ttl").write_text(NAMELESS, "utf-8")
    run = act(workspace, shapes=elsewhere.name, files="data/new one.ttl\n", format="sarif", output="found.sarif")
    assert run.code == 1
    assert '"startLine": 3' in (workspace / "found.sarif").read_text("utf-8")
    assert act(workspace).code == 2


def test_what_changed(workspace: Path) -> None:
    """What changed since a commit is checked, and a commit that is not there is told."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "a"]):
        subprocess.run([*git, *command], cwd=workspace, check=True, timeout=60)
    assert act(workspace, since="HEAD").code == 0
    (workspace / "data" / "people.ttl").write_text(NAMELESS, "utf-8")
    assert act(workspace, since="HEAD").code == 1
    assert act(workspace, since="--help").code == 2


def hook(workspace: Path, name: str, file: str) -> Run:
    """Run a hook on a file, as pre-commit does."""
    hooks = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert re.search(hooks[name]["files"], file)
    run = subprocess.run(
        [*hooks[name]["entry"].split(), file],
        cwd=workspace,
        env={"PATH": f"{workspace.parent / 'temp' / 'chinaspace' / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Run(run.returncode, run.stdout, run.stderr)


def test_hooks(workspace: Path) -> None:
    """The hooks lay out and check the graph that is committed to, and keep its prefixes."""
    path = workspace / "data" / "people.ttl"
    path.write_text(NAMELESS, "utf-8")
    assert hook(workspace, "chinaspace-format", "data/people.ttl").code == 0
    assert path.read_text("utf-8").splitlines()[-3:] == ["ex:bob", "    a ex:Person ;", "."]
    run = hook(workspace, "chinaspace-validate", "data/people.ttl")
    assert run.code == 1
    assert "data/people.ttl:8:1:" in run.out
