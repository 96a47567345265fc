"""Links are proposed where nothing speaks against them: a wrong link is worse than none."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.decide import Decided, Decision
from chinaspace.errors import ReadError
from chinaspace.mappings import read_mappings
from chinaspace.match import SURE, Index, Thing
from chinaspace.names import CS, WIKIDATA
from chinaspace.propose import Proposal, propose

SPACECRAFT = frozenset({"Spacecraft", "PhysicalObject"})
MISSION = frozenset({"Mission", "Undertaking"})
BODY = frozenset({"Institution"})
IN_SPACE = frozenset({"Spacecraft", "Mission", "Instrument"})


def item(qid: str, *names: str, kinds: frozenset[str] = IN_SPACE, country: str = "") -> Thing:
    return Thing(WIKIDATA + qid, tuple((name, 0) for name in names), kinds, country, origin="a file")


def thing(slug: str, *names: str, kinds: frozenset[str] = SPACECRAFT, country: str = "") -> Thing:
    return Thing(slug, tuple((name, min(at, 1)) for at, name in enumerate(names)), kinds, country)


def best(things: list[Thing], items: list[Thing]) -> dict[str, tuple[str, bool]]:
    """Return what is proposed for each thing, and whether it is sure."""
    found = propose(things, Index(items))
    return {one.thing.id: (one.item.id.removeprefix(WIKIDATA), one.score >= SURE) for one in found}


def test_a_name_in_another_script() -> None:
    """A Chinese name finds the item that is known by its transliteration."""
    assert best([thing("a", "灯一号")], [item("Q1", "Deng 1")]) == {"a": ("Q1", True)}


def test_one_item_for_one_thing() -> None:
    """An undertaking and its craft with one name are not both linked to one item."""
    found = best([thing("craft", "Lamp 1"), thing("undertaking", "Lamp 1", kinds=MISSION)], [item("Q1", "Lamp 1")])
    assert found == {"undertaking": ("Q1", True), "craft": ("Q1", False)}


def test_homonym_with_fewer_names() -> None:
    """Where two items have a name, the one that has the others as well is meant."""
    items = [item("Q1", "InSight"), item("Q2", "Lamp Telescope", "Insight")]
    assert best([thing("a", "Lamp Telescope", "Insight")], items) == {"a": ("Q2", True)}


def test_two_items_alike() -> None:
    """Where two items fit alike, neither is sure."""
    found = best([thing("a", "Lamp 1")], [item("Q1", "Lamp 1"), item("Q2", "lamp-1")])
    assert [sure for _, sure in found.values()] == [False]


def test_another_kind() -> None:
    """A place is no spacecraft of its name."""
    assert best([thing("a", "Lamp", kinds=frozenset({"Place"}))], [item("Q1", "Lamp")]) == {}


def test_short_forms() -> None:
    """An abbreviation is no evidence where the full names differ in a word."""
    ours = thing("a", "Lamp Academy of Space Technology", "LAST", kinds=BODY, country="CN")
    theirs = item("Q1", "Lamp Academy of Science & Technology", "LAST", kinds=BODY, country="CN")
    assert best([ours], [theirs]) == {"a": ("Q1", False)}
    assert best([ours], [item("Q1", "LAST", kinds=BODY)]) == {"a": ("Q1", True)}


def test_one_word() -> None:
    """A one-word name that lacks "Probe" may be another thing."""
    assert best([thing("a", "Lamp Probe")], [item("Q1", "Lamp")]) == {"a": ("Q1", False)}


def test_brackets_that_differ() -> None:
    """What stands in brackets tells two things apart."""
    ours = thing("a", "University of Lamps (North)", kinds=BODY)
    assert best([ours], [item("Q1", "University of Lamps (South)", kinds=BODY)]) == {"a": ("Q1", False)}
    assert best([ours], [item("Q1", "University of Lamps (North)", kinds=BODY)]) == {"a": ("Q1", True)}


def test_unknown_kind() -> None:
    """An item of which nobody says what it is has to be looked at by someone."""
    assert best([thing("a", "Lamp 1")], [item("Q1", "Lamp 1", kinds=frozenset())]) == {"a": ("Q1", False)}


def test_instrument_with_a_common_name() -> None:
    """One short name is not enough for an instrument, of which lists of spacecraft have few."""
    ours = thing("a", "Polar", kinds=frozenset({"Instrument"}))
    assert best([ours], [item("Q1", "Polar")]) == {"a": ("Q1", False)}


def test_another_number() -> None:
    """Nothing with another number is ever sure."""
    assert not any(sure for _, sure in best([thing("a", "Lamp 12")], [item("Q1", "Lamp 1")]).values())


@pytest.fixture
def proposal() -> Proposal:
    """Return a link that is proposed."""
    return propose([thing("https://w3id.org/chinaspace/id/mission-lamp-1", "Lamp 1")], Index([item("Q1", "Lamp 1")]))[0]


def again(proposal: Proposal, folder: Path) -> list[Proposal]:
    return propose([proposal.thing], Index([proposal.item]), Decided(folder).refuses)


def test_accepted(proposal: Proposal, tmp_path: Path) -> None:
    """An accepted link is a row with its evidence, and is not proposed again."""
    (path,) = Decided(tmp_path).keep([Decision(proposal, True)], "2026-05-01")
    (row,) = read_mappings(path)
    assert row.linked
    assert (row.subject_id, row.object_id) == (proposal.thing.id, proposal.item.id)
    assert (row.confidence, row.object_source_version, row.mapping_date) == (1.0, "a file", "2026-05-01")
    assert row.other
    assert row.author_id
    assert row.object_category == f"{CS}Spacecraft"
    assert again(proposal, tmp_path) == []


def test_refused(proposal: Proposal, tmp_path: Path) -> None:
    """A refused link is kept with its reason, and never proposed again."""
    (path,) = Decided(tmp_path).keep([Decision(proposal, False, "A\nfilm.", by_hand=True)], "2026-05-01")
    (row,) = read_mappings(path)
    assert row.rejected
    assert row.comment == "A film."
    assert again(proposal, tmp_path) == []


def test_later(proposal: Proposal, tmp_path: Path) -> None:
    """What is left for later is proposed again, and nothing is written."""
    assert Decided(tmp_path).keep([], "2026-05-01") == []
    assert again(proposal, tmp_path) == [proposal]


def test_other_rows_stay(proposal: Proposal, tmp_path: Path) -> None:
    """What was decided before stays when more is decided."""
    Decided(tmp_path).keep([Decision(proposal, False, "No.")], "2026-05-01")
    other = Proposal(thing("https://w3id.org/chinaspace/id/mission-lamp-2", "Lamp 2"), item("Q2", "Lamp 2"), 99.0, ())
    (path,) = Decided(tmp_path).keep([Decision(other, True)], "2026-05-02")
    assert [row.rejected for row in read_mappings(path)] == [True, False]


def test_malformed_set(tmp_path: Path) -> None:
    """A set that cannot be read stops the command: what was refused in it is not known."""
    (tmp_path / "a.sssom.tsv").write_text("no table", "utf-8")
    with pytest.raises(ReadError):
        Decided(tmp_path)
