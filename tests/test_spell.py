"""Names are spelled in one way, whatever script, case, signs and numerals they came in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.spell import spell, variants

SAME = [
    ("Chang'e 5", "嫦娥五号"),
    ("Chang'e 5", "嫦娥五號"),
    ("Chang'e 5", "Cháng'é wǔ hào"),
    ("Chang'e 5", "Chang’e-V"),
    ("Chang'e 5", "CHANGE-5"),
    ("Chang'e 5", "chang e 5"),
    ("Shenzhou 11", "Shenzhou XI"),
    ("Shenzhou 11", "shenzhou-xi"),
    ("Shenzhou 11", "神舟十一号"),
    ("Shenzhou 11", "Shén zhōu shí yī hào"),
    ("Tiangong-2", "Tiangong Two"),
    ("Long March 2C", "长征二号丙"),
    ("Long March 2C", "CZ-2C"),
    ("Long March 2C", "Chang Zheng 2C"),
    ("Mozi", "墨子号"),
    ("Mozi", "Mòzǐ hào"),
    ("CBERS-04A", "CBERS 4A"),
    ("Lamp No. 3", "lamp 3"),
]
DIFFERENT = [
    ("Shenzhou 1", "Shenzhou 11"),
    ("Long March 2C", "Long March 2D"),
    ("Vega", "Vega C"),
    ("Xi Jinping", "11 Jinping"),
    ("Yaogan 30 01", "Yaogan 3001"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spelled_the_same(one: str, other: str) -> None:
    """Script, tones, hyphens, apostrophes, case and numerals make no other name."""
    assert spell(one).whole == spell(other).whole
    assert spell(one).numbers == spell(other).numbers


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_spelled_differently(one: str, other: str) -> None:
    """What tells two things apart is kept."""
    assert (spell(one).whole, spell(one).numbers) != (spell(other).whole, spell(other).numbers)


def test_words_that_say_what_it_is() -> None:
    """The heart of a name is without words such as "mission" and their Chinese."""
    assert spell("Lamp 1 mission").heart == spell("The Lamp-1 spacecraft").heart == spell("Lamp 1 卫星").heart
    assert spell("the mission").heart


def test_surname_is_no_numeral() -> None:
    """A surname that looks like a Roman numeral is none."""
    assert spell("Li Xi").numbers == ()


def test_variants() -> None:
    """What stands in brackets is left out, and an abbreviation there is a name."""
    names = ("Lamp Space Agency (LSA)", "Lamp Space Agency", "LSA")
    assert variants(names[0]) == tuple((name, False) for name in names)
    assert variants("Lamp (spacecraft)") == (("Lamp (spacecraft)", False), ("Lamp", True))
    assert variants("Lamp") == (("Lamp", False),)


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    """Whatever is spelled has words without blanks, and is spelled the same when spelled again."""
    words = spell(text).words
    assert all(word and word == "".join(word.split()) for word in words)
    assert set(spell(text).core) <= set(words)
