"""Compare two values of a functional property: can both be right?"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from chinaspace.dates import DATE_TYPES, span
from chinaspace.errors import DateError
from chinaspace.names import Term, cs

_ENDLESS = Decimal("Infinity")
# How far a rough number reaches is nowhere defined. Beyond a tenth, a reader would call two of them different.
_ROUGH = Decimal("0.1")


def compatible(one: Term, other: Term, exactness: Term | None = None, other_exactness: Term | None = None) -> bool:
    """Tell whether two values of a functional property can both be right.

    Dates agree if some day fits both, as for a vaguer one and a sharper one
    within it. Numbers agree by value, as 46 and 46.0 do, and as far as their
    exactness reaches: "more than 12" agrees with 14. *exactness* is a concept
    of cs:exactnesses, or None for a number without a qualifier.
    """
    if one == other and exactness == other_exactness:
        return True
    if not (isinstance(one, ox.Literal) and isinstance(other, ox.Literal)):
        return False
    if {one.datatype.value, other.datatype.value} <= DATE_TYPES:
        try:
            a, b = (span(value.value, value.datatype.value) for value in (one, other))
        except DateError:
            return False
        return a.meets(b)
    try:
        low, high = _reach(Decimal(one.value), exactness)
        other_low, other_high = _reach(Decimal(other.value), other_exactness)
    except InvalidOperation:
        return False
    return low <= other_high and other_low <= high


def _reach(number: Decimal, exactness: Term | None) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest number that the source can mean."""
    rough = abs(number) * _ROUGH
    reaches: dict[Term | None, tuple[Decimal, Decimal]] = {
        cs("approximate"): (number - rough, number + rough),
        cs("orderOfMagnitude"): (number / 10, number * 10),
        cs("atLeast"): (number, _ENDLESS),
        cs("moreThan"): (number.next_plus(), _ENDLESS),
        cs("atMost"): (-_ENDLESS, number),
        cs("lessThan"): (-_ENDLESS, number.next_minus()),
    }
    return reaches.get(exactness, (number, number))
