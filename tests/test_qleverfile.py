"""The configuration for QLever that the documentation shows has each setting where QLever looks for it."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

# The sections by the command line of QLever (qlever 0.6, `qlever index --help`); what stands elsewhere is not read.
SECTIONS = {
    "data": {"name", "description", "format"},
    "index": {"input_files", "cat_input_files"},
    "server": {"port", "timeout"},
    "runtime": {"system", "image"},
}


def test_each_setting_is_in_its_section() -> None:
    """FORMAT, for one, belongs to the data: in the index QLever would take the quads for Turtle."""
    text = (Path(__file__).parent.parent / "docs" / "stores.md").read_text("utf-8")
    shown = re.search(r"^```\n(\[data\].*?)^```", text, re.DOTALL | re.MULTILINE)
    assert shown
    file = ConfigParser(interpolation=None)
    file.read_string(shown[1])
    assert {section: set(file[section]) for section in file.sections()} == SECTIONS
    assert file["data"]["format"] == "nq"
