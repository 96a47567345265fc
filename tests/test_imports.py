"""What is heavy is imported where it is needed, so that commands start quickly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Half a second and more between them: the web, validation, and the parser of EDTF dates.
HEAVY = {"edtf", "fastapi", "pyshacl", "rdflib", "starlette", "uvicorn"}

_RUN = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr))
from chinaspace.cli import main
sys.argv = ["chinaspace", *sys.argv[1:]]
main()
"""


def imported(*arguments: str) -> set[str]:
    """Return what of the heavy a command has imported when it ends."""
    run = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stderr)) & HEAVY


@pytest.mark.parametrize("arguments", [["--help"], ["query"]])
def test_help_and_lists_wait_for_nothing(arguments: list[str]) -> None:
    """Neither help nor a list waits for what only servers and validation use."""
    assert imported(*arguments) == set()


def test_a_saved_query_waits_for_dates_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first query needs the parser of EDTF dates, and the next one what the first has worked out."""
    monkeypatch.setenv("CHINASPACE_CACHE", str(tmp_path))
    assert imported("query", "modality-by-source") == {"edtf"}
    assert imported("query", "modality-by-source") == set()
