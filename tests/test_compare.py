"""Which values of a functional property can both be right."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from chinaspace.compare import compatible
from chinaspace.names import EDTF, XSD, cs
from support import thing


def date_literal(lexical: str) -> ox.Literal:
    """Return an xsd:date, or an EDTF literal where it is no full day."""
    return ox.Literal(lexical, datatype=ox.NamedNode(XSD + "date") if len(lexical) == 10 else EDTF)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (date_literal("2020-05-03"), date_literal("2020-05-03"), True),
        (date_literal("2020-05-03"), date_literal("2020-05-04"), False),
        (date_literal("2020-05-03"), date_literal("2020-05"), True),
        (date_literal("2020"), date_literal("2020-05-03"), True),
        (date_literal("2020"), date_literal("2021"), False),
        (date_literal("2020/.."), date_literal("2021-01-01"), True),
        (date_literal("soon"), date_literal("2020"), False),
        (ox.Literal(46), ox.Literal("46.0", datatype=ox.NamedNode(XSD + "decimal")), True),
        (ox.Literal(46), ox.Literal(47), False),
        (ox.Literal("long march"), ox.Literal("Long March"), False),
        (thing("place-one"), thing("place-one"), True),
        (thing("place-one"), thing("place-two"), False),
        (thing("place-one"), ox.Literal("place-one"), False),
    ],
)
def test_compatible_values(one: ox.NamedNode | ox.Literal, other: ox.NamedNode | ox.Literal, expected: bool) -> None:
    """A vaguer date agrees with a sharper one inside it, and 46 with 46.0; all else that differs excludes."""
    assert compatible(one, other) is expected
    assert compatible(other, one) is expected


@pytest.mark.parametrize(
    ("one", "exactness", "other", "other_exactness", "expected"),
    [
        (12, "moreThan", 14, None, True),
        (12, "moreThan", 12, None, False),
        (12, "atLeast", 12, None, True),
        (12, "atMost", 14, None, False),
        (12, "lessThan", 12, None, False),
        (12, "lessThan", 20, "moreThan", False),
        (100, "approximate", 109, None, True),
        (100, "approximate", 120, None, False),
        (100, "orderOfMagnitude", 350, None, True),
        (100, "exact", 101, None, False),
    ],
)
def test_exactness_widens_a_number(
    one: int, exactness: str, other: int, other_exactness: str | None, expected: bool
) -> None:
    """A number reaches as far as its source says that it may."""
    a, b = ox.Literal(one), ox.Literal(other)
    first, second = cs(exactness), cs(other_exactness) if other_exactness else None
    assert compatible(a, b, first, second) is expected
    assert compatible(b, a, second, first) is expected
