"""Files of items are told by their columns; what is malformed in them is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.errors import DatasetError
from chinaspace.match import Thing
from chinaspace.names import ROR, WIKIDATA
from chinaspace.offers import read_offers

LABELS = "qid\tlabel\tlabel_kind\tsource_path\tsource_commit\tsource_date\n"
BODIES = "ror_id\tror_display_name\tcountry\ttypes\twikidata_preferred\twikidata_all\tother_names\n"


def read(folder: Path, content: str, name: str = "a.tsv") -> list[Thing]:
    (folder / name).write_text(content, "utf-8")
    return list(read_offers([folder / name]))


def test_labels(tmp_path: Path) -> None:
    """A table of labels gives names without the tag of their language, and slugs as words."""
    found = read(
        tmp_path,
        LABELS + 'Q1\tlamp "one" @en\taltLabel\tp\tc\t2025\nQ2\tlamp-2\tslug-of-label\tp\tc\t2025\nx\ty\tlabel\t\t\t\n',
    )
    assert [(one.id.removeprefix(WIKIDATA), one.names) for one in found] == [
        ("Q1", (('lamp "one"', 1),)),
        ("Q2", (("lamp 2", 0),)),
    ]


def test_kinds(tmp_path: Path) -> None:
    """The kinds of a table are those of our vocabulary."""
    found = read(tmp_path, 'name\ttype\tqid\tevidence\nLong Pole 1\tlaunch vehicle\tQ1\t"a ""b"""\n')
    assert (found[0].kinds, found[0].label) == (frozenset({"LaunchVehicle"}), "Long Pole 1")


def test_organizations(tmp_path: Path) -> None:
    """An organization is offered by both its identifiers; several of Wikidata are none."""
    row = (
        "https://ror.org/0abcdef12\tLamp Agency\tno\tx\t\tQ1\tLA ; 灯\nhttps://ror.org/0abcdef13\tB\tNO\tx\t\tQ2;Q3\t\n"
    )
    found = read(tmp_path, BODIES + row)
    assert [one.id for one in found] == [f"{WIKIDATA}Q1", f"{ROR}0abcdef12", f"{ROR}0abcdef13"]
    assert found[0].country == "NO"
    assert [name for name, _ in found[0].names] == ["Lamp Agency", "LA", "灯"]


def test_properties(tmp_path: Path) -> None:
    """A list of properties is an object of JSON."""
    found = read(tmp_path, '{"P1": "lamp", "x": "y", "P2": 3}', "p.json")
    assert [(one.id, one.kinds) for one in found] == [(f"{WIKIDATA}P1", frozenset({"Property"}))]


@pytest.mark.parametrize(
    ("content", "name"),
    [("", "a.tsv"), ("a\tb\n1\t2\n", "a.tsv"), ("{", "a.json"), ("[]", "a.json"), (LABELS + "Q1\n", "a.tsv")],
)
def test_nothing_of_use(tmp_path: Path, content: str, name: str) -> None:
    """A file without items is an error, never an empty list that would read as "nothing was found"."""
    with pytest.raises(DatasetError):
        read(tmp_path, content, name)


def test_bad_bytes(tmp_path: Path) -> None:
    """What is not UTF-8 is named."""
    (tmp_path / "a.tsv").write_bytes(LABELS.encode() + b"Q1\t\xff\tlabel\t\t\t\n")
    with pytest.raises(DatasetError, match=r"a\.tsv"):
        list(read_offers([tmp_path]))


def test_missing(tmp_path: Path) -> None:
    """A file that is not there is an error, and so is a folder without such files."""
    for path in (tmp_path / "none.tsv", tmp_path):
        with pytest.raises(DatasetError):
            list(read_offers([path]))
