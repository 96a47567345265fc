"""Say what stands on pages in the language of the visit.

English is what templates hold; chinaspace/messages/*.toml, a file a group of pages, have each sentence in Chinese.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from chinaspace.paths import PACKAGE
from chinaspace.visit import VISIT


@cache
def messages() -> dict[str, str]:
    """Return each message with its Chinese."""
    read: dict[str, str] = {}
    for path in sorted((PACKAGE / "messages").glob("*.toml")):
        read |= tomllib.loads(path.read_text("utf-8"))
    return read


def translate(message: str) -> str:
    """Return *message* in the language of the visit; English where there is no Chinese."""
    return messages().get(message, message) if VISIT.get().language == "zh" else message


def tongue() -> Mapping[str, str]:
    """Return what messages are in the language of the visit, for whoever cannot ask in its place; none in English."""
    return messages() if VISIT.get().language == "zh" else {}


def translate_number(one: str, many: str, number: int) -> str:
    """Return what is said of *number* things; Chinese has one form, which stands at the singular."""
    return translate(one) if number == 1 or VISIT.get().language == "zh" else many
