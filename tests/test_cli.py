"""The command line: what each command prints, and 0 if all is fine, 1 for problems, 2 where it could not check."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from chinaspace.cli import COMMANDS
from chinaspace.names import CSSH
from chinaspace.queries import saved_queries
from support import PROGRAM, Command, Run, one_sentence, write_turtle

STORY = "Lamp 1 flew at last. Lamp 1 landed.\n"
FIELDS = {"file", "line", "column", "severity", "shape", "component", "node", "path", "value", "message", "also"}


@pytest.fixture
def texts_of_a_story(tmp_path: Path) -> Path:
    """Return a folder with one invented text, of a source that the graph does not know."""
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    return tmp_path


def test_help_names_every_command() -> None:
    """The installed program runs, and its help names each command."""
    run = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=60, check=True)
    for name in COMMANDS:
        assert re.search(rf"^ +{name} ", run.stdout, re.MULTILINE)


@pytest.mark.parametrize("arguments", [["nonsense"], ["query", "facts", "--format", "pdf"], ["serve", "--port", "x"]])
def test_a_wrong_use(chinaspace: Command, arguments: list[str]) -> None:
    """An unknown command, option or value exits with 2."""
    assert chinaspace(*arguments).code == 2


def test_query_lists_every_query(chinaspace: Command) -> None:
    """Without a name all queries are listed with their parameters."""
    run = chinaspace("query")
    assert run.code == 0
    assert [line for line in run.out.splitlines() if not line.startswith(" ")] == list(saved_queries())
    assert run.out.count("--param") == sum(len(query.parameters) for query in saved_queries().values())


@pytest.mark.parametrize("form", ["table", "html", "json", "csv", "tsv", "xml", "md"])
def test_query_in_each_form(chinaspace: Command, form: str) -> None:
    """Each form is printed, and nothing else."""
    run = chinaspace("query", "modality-by-source", "--format", form)
    assert (run.code, run.err) == (0, "")
    assert "opinion" in run.out


def test_query_with_chosen_columns(chinaspace: Command) -> None:
    """Only the columns that are named are shown, in that order."""
    run = chinaspace("query", "modality-by-source", "--format", "md", "--columns", "claims,source")
    assert run.code == 0
    assert run.out.startswith("| claims | source |\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-query"],
        ["facts", "--param", "nothing=1"],
        ["facts", "--param", "thing"],
        ["facts", "--param", "=mission-change-6"],
        ["facts", "--param", "thing=a b"],
        ["facts", "--param", "thing=mission-nowhere"],
        ["facts", "--param", "thing=mission-change-6", "--param", "thing=mission-change-6"],
        ["plans-as-of", "--param", "day=soon"],
        ["modality-by-source", "--columns", "nowhere"],
        ["modality-by-source", "--columns", "source", "--format", "csv"],
    ],
)
def test_a_query_that_cannot_be_asked(chinaspace: Command, arguments: list[str]) -> None:
    """An unknown query, a wrong parameter or an unknown column is told in one sentence."""
    run = chinaspace("query", *arguments)
    assert run.code == 2
    assert one_sentence(run)


def test_a_query_by_label(chinaspace: Command) -> None:
    """A label gives the same answer as the slug of its thing."""
    by_label = chinaspace("query", "slips", "--format", "csv", "--param", "thing=Launch of Chang\u2019e-5")
    by_slug = chinaspace("query", "slips", "--format", "csv", "--param", "thing=launch-change-5")
    assert by_label.code == 0
    assert by_label.out == by_slug.out


def test_an_ambiguous_name(chinaspace: Command) -> None:
    """A name of several things is an error, with a line for each of them on stderr."""
    run = chinaspace("query", "facts", "--param", "thing=QUESS")
    fault, *candidates = run.err.splitlines()
    assert (run.code, run.out) == (2, "")
    assert fault.startswith("chinaspace: ")
    assert [line.split()[0] for line in candidates] == ["mission-quess", "spacecraft-quess"]


def test_an_answer_that_nobody_reads_on() -> None:
    """When the reader of the output stops reading, there is no traceback."""
    command = f"{PROGRAM} query facts --format csv | head -1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert (run.stdout.count("\n"), run.stderr) == (1, "")


def test_cite(chinaspace: Command, texts_of_a_story: Path) -> None:
    """A passage that stands once is printed as a claim."""
    run = chinaspace("cite", "story", "flew at last", "--texts", texts_of_a_story, "--slug", "flight")
    assert run.code == 0
    assert run.out.startswith("csd:claim-story-flight\n    a cs:Claim ;\n")
    assert f"cs:passageStart {STORY.index('flew')} ;" in run.out


@pytest.mark.parametrize(("words", "places"), [("Lamp 1 crashed", 0), ("Lamp 1", 2), ("", 0)])
def test_a_passage_that_is_not_one(chinaspace: Command, texts_of_a_story: Path, words: str, places: int) -> None:
    """A passage that is not there, or stands in several places, is a problem of the passage."""
    run = chinaspace("cite", "story", words, "--texts", texts_of_a_story)
    assert run.code == 1
    assert one_sentence(run)
    assert run.err.count("in line") == places


def test_a_text_that_is_missing(chinaspace: Command, tmp_path: Path) -> None:
    """Without the text nothing can be cited and nothing checked."""
    cited = chinaspace("cite", "story", "Lamp 1", "--texts", tmp_path)
    assert cited.code == 2
    assert one_sentence(cited)
    assert chinaspace("evidence", "--texts", tmp_path).code == 2


@pytest.mark.texts
def test_evidence(chinaspace: Command, texts: Path) -> None:
    """Where all passages are right, the check says so."""
    assert chinaspace("evidence", "--texts", texts).code == 0


def test_validate_a_broken_file(chinaspace: Command, tmp_path: Path) -> None:
    """A malformed file is a problem with its place, in nine fields."""
    path = write_turtle(tmp_path / "broken.ttl", "csd:a a .\n")
    run = chinaspace("validate", path, "--format", "json")
    assert run.code == 1
    (problem,) = json.loads(run.out)["problems"]
    assert set(problem) == FIELDS
    assert (problem["file"], problem["severity"]) == (str(path), "violation")
    assert problem["line"] == len(path.read_text("utf-8").splitlines())
    text = chinaspace("validate", path)
    assert text.code == 1
    assert text.out.startswith(f"{path}:{problem['line']}:{problem['column']}: violation: ")
    _, line, caret, *_ = text.out.splitlines()
    assert line.endswith(" | csd:a a .")
    assert line[caret.index("^")] == "."
    command = chinaspace("validate", path, "--format", "github")
    assert command.code == 1
    assert command.out.startswith(f"::error file={path},line={problem['line']},col={problem['column']},title=")


@pytest.mark.parametrize("body", ["", "# a remark alone\n", "@prefix a: <urn:a:> .\n"])
def test_validate_a_file_without_a_triple(chinaspace: Command, tmp_path: Path, body: str) -> None:
    """A file that holds nothing to check is a problem, because no problem in it means nothing."""
    path = tmp_path / "empty.ttl"
    path.write_text(body, "utf-8")
    run = chinaspace("validate", path, "--format", "json")
    assert run.code == 1
    (problem,) = json.loads(run.out)["problems"]
    assert (problem["file"], problem["shape"]) == (str(path), CSSH + "File-content")


def test_validate_a_missing_file(chinaspace: Command, tmp_path: Path) -> None:
    """A file that is not there cannot be checked."""
    run = chinaspace("validate", tmp_path / "missing.ttl")
    assert run.code == 2
    assert one_sentence(run)


def test_validate_the_repository(chinaspace: Command) -> None:
    """The repository has no problem that blocks."""
    run = chinaspace("validate", "--format", "json")
    problems = json.loads(run.out)["problems"]
    assert [problem for problem in problems if problem["severity"] == "violation"] == []
    assert all(set(problem) == FIELDS for problem in problems)
    assert run.code == 0


def test_format(chinaspace: Command, tmp_path: Path) -> None:
    """A file that is not laid out is a problem to the check, until it is laid out."""
    path = write_turtle(tmp_path / "loose.ttl", "csd:b a cs:Mission . csd:a a cs:Mission .\n")
    assert chinaspace("format", "--check", path).code == 1
    assert str(path) in chinaspace("format", path).out
    assert chinaspace("format", "--check", path) == Run(0, "", "")


def test_format_a_broken_file(chinaspace: Command, tmp_path: Path) -> None:
    """A malformed file cannot be laid out."""
    run = chinaspace("format", write_turtle(tmp_path / "broken.ttl", "csd:a a .\n"))
    assert run.code == 2
    assert one_sentence(run)
