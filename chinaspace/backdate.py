"""Ask a saved query as of a day: with only the claims that had been made by then, where the query lets one tell."""

from __future__ import annotations

import re

from chinaspace.names import CS, XSD
from chinaspace.queries import SavedQuery

# The parameter of the queries that ask as of a day by themselves.
_OWN = "day"
_SELECT = re.compile(r"^SELECT (?:DISTINCT )?(.*)$", re.MULTILINE)
_VARIABLE = re.compile(r"\?(\w+)")
# What only claims have; whatever has it in a query is a claim.
_CLAIM = re.compile(
    r"^( +)\?(\w+) (?:cs:(?:gist|modality|statedBy|statedOn|source|denies|resolves|supersedes|contradicts|confirms|"
    r"concerns|conflictsWith|followedBy)|rdf:(?:subject|predicate|object))\b",
    re.MULTILINE,
)
# How far the outermost group is indented; what stands deeper may be there or not.
_OUTERMOST = "  "
_END = re.compile(r"^\}$", re.MULTILINE)


def heeds_day(query: SavedQuery) -> bool:
    """Tell whether *query* can be asked as of a day: it has a parameter for it, or shows every claim that it uses."""
    return _has_own(query) or bool(_claims(query))


def given_day(query: SavedQuery, given: dict[str, str], day: str) -> dict[str, str]:
    """Return the parameters of *query* with *day*, YYYY-MM-DD or "", where it takes one and was given none."""
    return {_OWN: day} | given if day and _has_own(query) else given


def backdate(query: SavedQuery, sparql: str, day: str) -> str:
    """Return *sparql*, which is *query* parameters bound, with only the rows whose claims were made by *day*."""
    claims = () if _has_own(query) or not day else _claims(query)
    until = f'"{day}"^^<{XSD}date>'
    filters = "\n".join(
        f"  FILTER ( !BOUND(?{claim}) || EXISTS {{ ?{claim} <{CS}statedLatest> ?by_{claim} . "
        f"FILTER ( ?by_{claim} <= {until} ) }} )"
        for claim in claims
    )
    # The first brace that stands alone ends the outermost group.
    return _END.sub(lambda found: f"{filters}\n{found[0]}", sparql, count=1) if claims else sparql


def _has_own(query: SavedQuery) -> bool:
    return any(parameter.name == _OWN and parameter.type == "date" for parameter in query.parameters)


def _claims(query: SavedQuery) -> tuple[str, ...]:
    """Return the variables of the claims that a query uses; none where it does not show one, or may do without it.

    A row that lacks what was said later is another row, and not one to leave out.
    """
    head = _SELECT.search(query.text)
    shown = set(_VARIABLE.findall(head[1])) if head else set()
    found = _CLAIM.findall(query.text)
    used = {name for _, name in found}
    certain = {name for indent, name in found if indent == _OUTERMOST}
    return tuple(sorted(used)) if used <= shown & certain and "GROUP BY" not in query.text else ()
