"""Recognize countries by their names, and name them in other scripts, by the Common Locale Data of Unicode in Babel."""

from __future__ import annotations

from functools import cache

from chinaspace.resolve import fold

# Whoever writes of countries in Chinese writes one of these.
_SCRIPTS = ("zh_Hans", "zh_Hant")


def code_of(names: tuple[str, ...]) -> str:
    """Return the code of ISO 3166-1 of the country that has one of these English names; "" if none or several have."""
    known = _codes()
    found = {known[fold(name)] for name in names if fold(name) in known}
    return found.pop() if len(found) == 1 else ""


@cache
def names_of(code: str) -> tuple[str, ...]:
    """Return the names of a country in English and Chinese, each once."""
    from babel import Locale

    found = (Locale.parse(name).territories.get(code, "") for name in ("en", *_SCRIPTS))
    return tuple(dict.fromkeys(name for name in found if name))


@cache
def _codes() -> dict[str, str]:
    # Babel is not needed to start a server, so it is loaded with the first name.
    from babel import Locale

    regions = Locale.parse("en").territories
    return {fold(name): code for code, name in regions.items() if len(code) == 2 and code.isalpha()}
