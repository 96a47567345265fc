"""Decide on proposed links, and keep what was decided in mapping sets, so that nothing refused is proposed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chinaspace import __version__
from chinaspace.mappings import ENDING, NOT, Mapping, read_mappings
from chinaspace.match import Thing
from chinaspace.names import CS, CSL, ROR, SKOS, WIKIDATA
from chinaspace.propose import Proposal
from chinaspace.tabulate import write_mappings

_EXACT = SKOS + "exactMatch"
_BY_HAND = "https://w3id.org/semapv/vocab/ManualMappingCuration"
_BY_SCORE = "https://w3id.org/semapv/vocab/CompositeMatching"
_OTHERS = "other"
# Classes that say too little of a thing to be what an item is.
_GENERAL = frozenset({"Entity", "Actor", "PhysicalObject", "Undertaking", "Arrangement"})
# The data sets that links lead to: where their identifiers begin, and which set of mappings is theirs.
_DATA_SETS = (
    (WIKIDATA, "wikidata", "things-wikidata"),
    (ROR, "ror", "institutions-ror"),
)
_TOOL = f"chinaspace link {__version__}"


@dataclass(frozen=True)
class Decision:
    """What was decided on a proposal; *accepted* or refused for a *reason*, by hand or by its score alone."""

    proposal: Proposal
    accepted: bool
    reason: str = ""
    by_hand: bool = False


class Decided:
    """What the mapping sets of a folder say already."""

    def __init__(self, folder: Path) -> None:
        """Read the mapping sets of *folder*; one that is not there has none.

        Raises:
            ReadError: a set is malformed.
        """
        self._folder = folder
        rows = [row for path in sorted(folder.glob(f"*{ENDING}")) for row in read_mappings(path)]
        self._refused = {(row.subject_id, row.object_id) for row in rows if row.rejected}
        exact = [row for row in rows if row.linked and row.predicate_id == _EXACT]
        self._linked = {(row.subject_id, data_set(row.object_id)) for row in exact}
        self._taken = {row.object_id for row in exact}

    def refuses(self, thing: str, item: str) -> bool:
        """Tell whether a link is not to be proposed: it was refused, or one of the two is linked already."""
        return (thing, item) in self._refused or (thing, data_set(item)) in self._linked or item in self._taken

    def is_open(self, thing: Thing, to: str) -> bool:
        """Tell whether a thing has no link to the data set *to* yet."""
        return (thing.id, to) not in self._linked

    def keep(self, decisions: Iterable[Decision], day: str) -> list[Path]:
        """Add what was decided on *day* to the mapping sets, and return those that changed.

        Raises:
            ReadError: as for :func:`chinaspace.tabulate.write_mappings`.
        """
        rows: dict[Path, list[Mapping]] = defaultdict(list)
        for decision in decisions:
            to = data_set(decision.proposal.item.id)
            rows[self._folder / f"{_file(to)}{ENDING}"].append(_row(decision, to, day))
        for path, new in rows.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            before = read_mappings(path) if path.exists() else []
            write_mappings(path, [*_without_the_missing(before, new), *new])
        return sorted(rows)


def data_set(item: str) -> str:
    """Return the name of the data set that an item belongs to."""
    return next((name for start, name, _ in _DATA_SETS if item.startswith(start)), _OTHERS)


def _file(to: str) -> str:
    return next((file for _, name, file in _DATA_SETS if name == to), f"things-{to}")


def _row(decision: Decision, to: str, day: str) -> Mapping:
    thing, item = decision.proposal.thing, decision.proposal.item
    return Mapping(
        subject_id=thing.id,
        subject_label=thing.label,
        predicate_id=_EXACT,
        predicate_modifier="" if decision.accepted else NOT,
        object_id=item.id,
        object_label=item.label,
        object_category=_category(decision),
        mapping_justification=_BY_HAND if decision.by_hand else _BY_SCORE,
        author_id=f"{CSL}editors",
        object_source=f"{CSL}{to}",
        object_source_version=item.origin,
        mapping_tool=_TOOL,
        mapping_date=day,
        confidence=round(decision.proposal.score / 100, 3),
        other=_plain("; ".join(decision.proposal.reasons)),
        comment=_plain(decision.reason),
    )


def _category(decision: Decision) -> str:
    """Return what the item is: by its source, or, where that does not tell, by who accepted it."""
    thing, item = decision.proposal.thing, decision.proposal.item
    judged = thing.kinds - _GENERAL if decision.by_hand and decision.accepted and not item.kinds else frozenset()
    kinds = sorted(kind for kind in (item.kinds & thing.kinds) or judged if ":" not in kind)
    return f"{CS}{kinds[0]}" if kinds else ""


def _without_the_missing(before: Sequence[Mapping], new: Sequence[Mapping]) -> list[Mapping]:
    """Return the rows before without those that say that nothing was found for what is linked now."""
    linked = {row.subject_id for row in new if row.linked}
    return [row for row in before if not (row.missing and row.subject_id in linked)]


def _plain(text: str) -> str:
    """Return *text* as a cell can hold it."""
    return " ".join(text.split())
