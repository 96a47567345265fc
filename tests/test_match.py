"""A name finds what it stands for, and nothing that is numbered otherwise; what leaves doubt is not sure."""

from __future__ import annotations

import pytest

from chinaspace.match import Index, Match, Thing, Wanted

LAMPS = [
    Thing("lamp-1", (("Lamp 1", 0), ("灯一号", 1)), frozenset({"Mission", "Entity"}), years=(2018, 2018)),
    Thing("lamp-1-craft", (("Lamp 1 lander", 0), ("Lamp 1", 1)), frozenset({"Spacecraft", "Entity"})),
    Thing("lamp-2", (("Lamp 2", 0),), frozenset({"Mission", "Entity"})),
    Thing("agency", (("Northland Space Agency", 0), ("NSA", 1)), frozenset({"Institution"}), "NO"),
    Thing("office", (("Northland Space Agency", 0),), frozenset({"Institution"}), "SE"),
    Thing("einstein", (("Einstein Probe", 0), ("Enstien Prob", 2)), frozenset({"Spacecraft"})),
    Thing("galileo", (("Galileo (navigation)", 0),), frozenset({"Constellation"})),
]


@pytest.fixture(scope="module")
def index() -> Index:
    """Return an index of some things."""
    return Index(LAMPS)


def ids(matches: list[Match]) -> list[str]:
    return [match.thing.id for match in matches]


@pytest.mark.parametrize("name", ["Lamp 1", "lamp-1", "灯一号", "燈一號", "LAMP I"])
def test_one_name_in_many_forms(index: Index, name: str) -> None:
    """The first is what has the name as its label; two that have it are no sure match."""
    found = index.find(Wanted((name,)))
    assert found[0].thing.id == "lamp-1"


def test_doubt(index: Index) -> None:
    """A name of two things is sure for neither, and for one once its kind is given."""
    assert not any(match.sure for match in index.find(Wanted(("Lamp 1",))))
    found = index.find(Wanted(("Lamp 1",), frozenset({"Spacecraft"})))
    assert (found[0].thing.id, found[0].sure) == ("lamp-1-craft", True)


def test_doubt_beyond_the_limit(index: Index) -> None:
    """What is not shown casts doubt as well."""
    assert not index.find(Wanted(("Lamp 1",)), most=1)[0].sure


@pytest.mark.parametrize("name", ["Enstein Probe", "Einstien Probe", "Einstein Probes", "Einstein-prob"])
def test_misspelt(index: Index, name: str) -> None:
    """A slip of the pen finds the thing, and is not sure."""
    found = index.find(Wanted((name,)))[0]
    assert (found.thing.id, found.sure) == ("einstein", False)


def test_numbers_are_not_misspelt(index: Index) -> None:
    """Another number is another thing, however alike the names."""
    found = {match.thing.id: match.score for match in index.find(Wanted(("Lamp 2",)))}
    assert found["lamp-2"] > 95
    assert found.get("lamp-1", 0) < 75


def test_country(index: Index) -> None:
    """The country decides between namesakes."""
    found = index.find(Wanted(("Northland Space Agency",), country="SE"))
    assert (found[0].thing.id, found[0].sure) == ("office", True)


def test_years(index: Index) -> None:
    """What dates from other years is hardly meant."""
    assert index.find(Wanted(("灯一号",), years=(2018, 2019)))[0].sure
    assert index.find(Wanted(("灯一号",), years=(1999, 2001)))[0].score < 75


def test_strict(index: Index) -> None:
    """With kinds alone, nothing of another kind is a candidate."""
    assert ids(index.find(Wanted(("Lamp 1",), frozenset({"Constellation"})), strict=True)) == []
    assert ids(index.find(Wanted(("Lamp 1",), frozenset({"Constellation"}))))


def test_brackets(index: Index) -> None:
    """A name is found without what stands in brackets, and worth less."""
    assert index.find(Wanted(("Galileo",)))[0].score < index.find(Wanted(("Galileo (navigation)",)))[0].score


def test_reasons(index: Index) -> None:
    """Each score is explained: the name, and whatever else was compared."""
    found = index.find(Wanted(("NSA",), frozenset({"Institution"}), "NO"))[0]
    assert len(found.reasons) == 3


def test_nothing(index: Index) -> None:
    """What is like no name, or is no name, has no candidates."""
    for name in ("", "  ", "!?", "qqqq xxxx", "\ud800"):
        assert index.find(Wanted((name,))) == []


def test_two_parts_of_one() -> None:
    """Things with one id are one, with the names of both."""
    index = Index([Thing("a", (("Lamp", 0),), origin="x"), Thing("a", (("Light", 0),), origin="y")])
    assert ids(index.find(Wanted(("light",)))) == ["a"]
    assert index.things["a"].origin == "x; y"
