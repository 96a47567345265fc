"""What is heavy is imported where it is needed, so that commands start quickly."""

from __future__ import annotations

import json
import subprocess
import sys

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


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [(["--help"], set()), (["query"], set()), (["query", "modality-by-source"], {"edtf"})],
)
def test_a_command_imports_what_it_needs(arguments: list[str], needed: set[str]) -> None:
    """Neither help nor a saved query waits for what only servers and validation use."""
    run = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(json.loads(run.stderr)) & HEAVY == needed
