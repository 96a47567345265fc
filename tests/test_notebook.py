"""The worked notebook runs from its first to its last cell, and shows what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chinaspace.paths import home

NOTEBOOK = home() / "docs" / "notebook.ipynb"
SECONDS = 100


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the cells after they were run, by their names."""
    import nbformat
    from nbclient import NotebookClient

    # A kernel writes down how to reach it; that is nobody's business but its own.
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp("jupyter")))
        notebook = nbformat.reads(NOTEBOOK.read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": "."}})
        client.execute()
    return {cell["id"]: cell for cell in notebook["cells"]}


def shown(cell: Any, kind: str) -> str:
    """Return what a cell shows in one form."""
    found = [output.get("data", {}).get(kind, "") or output.get("text", "") for output in cell["outputs"]]
    return "\n".join(found)


def test_the_notebook_is_kept_without_outputs() -> None:
    """What the graph answers changes with it, so no answer is kept."""
    for cell in json.loads(Path(NOTEBOOK).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_every_cell_runs(cells: dict[str, Any]) -> None:
    """Each cell of code gives something, and none an error."""
    run = [cell for cell in cells.values() if cell["cell_type"] == "code"]
    assert len(run) > 5
    for cell in run:
        assert cell["outputs"]
        assert all(output["output_type"] != "error" for output in cell["outputs"])


def test_the_cells_show_what_they_say(cells: dict[str, Any]) -> None:
    """Rows come as tables with addresses, dates as days, and things with labels."""
    assert '<a href="https://' in shown(cells["ask"], "text/html")
    assert "2017-12-31" in shown(cells["frame"], "text/html")
    assert "1058 days" in shown(cells["certain"], "text/html")
    assert "id/mission-quess" in shown(cells["labels"], "text/html")
    assert "2020-11-23" in shown(cells["iterate"], "text/plain")
    assert "claims: int64" in shown(cells["arrow"], "text/plain")
