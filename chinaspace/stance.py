"""Tell how each claim stands: how it is put, by whom, when and where, and what other claims say against or after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field

import pyoxigraph as ox

from chinaspace.names import CSD, prefixes

# Asks a SELECT query, within the limits of whoever answers it.
Ask = Callable[[str], Awaitable[ox.QuerySolutions]]

# The text of a query has a limit, and so has what is read at once.
_AT_ONCE = 300
_CLAIM = CSD + "claim-"

_HEAD = f"""PREFIX cs: <{prefixes()["cs"]}>
PREFIX rdfs: <{prefixes()["rdfs"]}>
PREFIX skos: <{prefixes()["skos"]}>
"""

_STATED = (
    _HEAD
    + """
SELECT ?claim ?modality ?gist ?speaker ?office ?behalf ?date ?source ?address ?locator ?rank ?reason ?standing ?garbled
  ?basis ?collective
WHERE {
  VALUES ?claim { %s }
  ?claim cs:modality/rdfs:label ?modality .
  ?claim cs:gist ?gist .
  ?claim cs:source ?text .
  ?text rdfs:label ?source .
  OPTIONAL { ?claim cs:statedBy/rdfs:label ?speaker . FILTER ( LANG(?speaker) = "en" ) }
  OPTIONAL { ?claim cs:speakerRole/rdfs:label ?office . FILTER ( LANG(?office) = "en" ) }
  OPTIONAL { ?claim cs:speakingFor/rdfs:label ?behalf . FILTER ( LANG(?behalf) = "en" ) }
  OPTIONAL { ?claim cs:statedOn ?date }
  OPTIONAL { ?claim cs:passageAddress ?address }
  OPTIONAL { ?claim cs:locator ?locator }
  OPTIONAL { ?claim cs:rank/rdfs:label ?rank . FILTER ( LANG(?rank) = "en" ) }
  OPTIONAL { ?claim cs:rankReason ?reason }
  OPTIONAL { ?text cs:sourceStanding/rdfs:label ?standing . FILTER ( LANG(?standing) = "en" ) }
  OPTIONAL { ?claim cs:isGarbled ?garbled }
  OPTIONAL { ?claim cs:identityBasis/rdfs:label ?basis . FILTER ( LANG(?basis) = "en" ) }
  OPTIONAL {
    ?claim cs:concerns ?group .
    ?group cs:isCollective true .
    ?group rdfs:label ?collective .
    FILTER ( LANG(?collective) = "en" )
  }
  FILTER ( LANG(?modality) = "en" && LANG(?source) = "en" )
}
ORDER BY ?claim ?speaker ?office ?behalf ?collective"""
)

_RELATED = (
    _HEAD
    + """
SELECT DISTINCT ?claim ?relation ?is_object ?other ?gist ?modality ?speaker ?date
WHERE {
  VALUES ?claim { %s }
  VALUES ?link { cs:denies cs:confirms cs:contradicts cs:conflictsWith cs:supersedes cs:resolves }
  { ?claim ?link ?other . BIND ( false AS ?is_object ) } UNION { ?other ?link ?claim . BIND ( true AS ?is_object ) }
  ?link rdfs:label ?relation .
  ?other cs:gist ?gist .
  ?other cs:modality/rdfs:label ?modality .
  ?other cs:statedOn ?date .
  ?other cs:statedBy/rdfs:label ?speaker .
  FILTER ( LANG(?relation) = "en" && LANG(?modality) = "en" && LANG(?speaker) = "en" )
}
ORDER BY ?claim ?relation ?is_object ?other ?speaker"""
)


@dataclass(frozen=True)
class Relation:
    """How another claim bears on a claim: *relation* reads from this claim to the *other*, unless it is *reversed*."""

    relation: str
    reversed: bool
    other: str
    gist: str
    modality: str
    speaker: str
    date: str


@dataclass(frozen=True)
class Stance:
    """What must be known of a claim before it may be repeated.

    *speakers*, *offices* and *behalf* (for whom they speak) are English labels;
    *collective* names the arrangements that the claim says of a group as a whole.
    A *standing* is that of the source, as in "unofficial"; the *basis* tells
    on what ground its things were taken to be those that it means, as in "inferred".
    """

    claim: str
    modality: str
    gist: str
    speakers: tuple[str, ...]
    offices: tuple[str, ...]
    behalf: tuple[str, ...]
    date: str
    source: str
    address: str
    locator: str
    rank: str
    rank_reason: str
    standing: str
    garbled: bool
    basis: str
    collective: tuple[str, ...]
    relations: tuple[Relation, ...] = field(default=())

    @property
    def disputed(self) -> bool:
        """Tell whether another claim speaks against this one, or this one against another."""
        return any(one.relation in ("denies", "contradicts", "conflicts with") for one in self.relations)

    @property
    def open_end(self) -> str:
        """Return what nobody has said yet: an answer to an allegation, or what became of a plan."""
        answered = {one.relation for one in self.relations if one.reversed}
        if self.modality == "alleged" and "denies" not in answered:
            return "no claim in this graph denies it"
        if self.modality in ("planned", "predicted") and not answered & {"resolves", "supersedes"}:
            return "no claim in this graph tells what became of it"
        return ""

    def plain(self) -> dict[str, object]:
        """Return it for JSON; what is empty is left out."""
        found = asdict(self) | {"disputed": self.disputed, "open_end": self.open_end}
        return {key: value for key, value in found.items() if value not in ("", (), None)}

    def __str__(self) -> str:
        """Return it in a line or two, the modality first, so that no plan reads as a fact."""
        who = " and ".join(self.speakers) + (f", {' and '.join(self.offices)}" if self.offices else "")
        line = f"{self.modality.upper()} ({who}, {self.date}, in: {self.source}): {self.gist}"
        notes = [_read(one) for one in self.relations]
        if self.open_end:
            notes.append(self.open_end)
        if self.collective:
            notes.append(f"said of a group as a whole ({'; '.join(self.collective)}): no pair of its members follows")
        if self.rank in ("deprecated", "preferred"):
            notes.append(f"{self.rank}" + (f": {self.rank_reason}" if self.rank_reason else ""))
        if "unofficial" in self.standing.lower():
            notes.append(f"source is {self.standing}")
        if self.basis == "inferred":
            notes.append("inferred by the editors of this graph, not said in these words")
        if self.garbled:
            notes.append("the wording of the passage is garbled")
        notes.append(f"<{self.address}>" if self.address else self.locator)
        return "\n    ".join((line, *filter(None, notes)))


# How a relation reads from the other side.
_PASSIVE = {"denies": "denied by", "confirms": "confirmed by", "supersedes": "superseded by", "resolves": "resolved by"}


def _read(relation: Relation) -> str:
    name = _PASSIVE.get(relation.relation, relation.relation) if relation.reversed else relation.relation
    return f"{name}: {relation.modality.upper()} ({relation.speaker}, {relation.date}): {relation.gist}"


def claims_in(terms: Iterable[object]) -> list[str]:
    """Return the IRIs of claims among *terms*, each once, in their order."""
    iris = (term.value for term in terms if isinstance(term, ox.NamedNode))
    return list(dict.fromkeys(iri for iri in iris if iri.startswith(_CLAIM)))


async def stances(ask: Ask, claims: list[str]) -> dict[str, Stance]:
    """Return how each of *claims* stands, by its IRI; what is no claim is left out.

    Raises:
        ChinaSpaceError: what *ask* raises.
    """
    found: dict[str, Stance] = {}
    for start in range(0, len(claims), _AT_ONCE):
        values = " ".join(str(ox.NamedNode(iri)) for iri in claims[start : start + _AT_ONCE])
        related: dict[str, list[Relation]] = {}
        for row in await ask(_RELATED % values):
            text = [_text(term) for term in row]
            one = Relation(text[1], text[2] == "true", *text[3:])
            related.setdefault(text[0], []).append(one)
        stated: dict[str, list[list[str]]] = {}
        for row in await ask(_STATED % values):
            text = [_text(term) for term in row]
            stated.setdefault(text[0], []).append(text)
        for claim, rows in stated.items():
            found[claim] = _stance(rows, _once(related.get(claim, [])))
    return found


def _stance(rows: list[list[str]], relations: tuple[Relation, ...]) -> Stance:
    """Return the stance that all *rows* on one claim tell together."""

    def each(column: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row[column] for row in rows if row[column]))

    claim, modality, gist, _, _, _, date, source, address, locator, rank, reason, standing, garbled, basis, _ = rows[0]
    return Stance(
        claim=claim,
        modality=modality,
        gist=gist,
        speakers=each(3),
        offices=each(4),
        behalf=each(5),
        date=date,
        source=source,
        address=address,
        locator=locator,
        rank=rank,
        rank_reason=reason,
        standing=standing,
        garbled=garbled == "true",
        basis=basis,
        collective=each(15),
        relations=relations,
    )


def _once(relations: list[Relation]) -> tuple[Relation, ...]:
    """Return *relations* with one for both ways of what goes both ways."""
    kept: dict[tuple[str, str], Relation] = {}
    for one in relations:
        both_ways = one.relation not in _PASSIVE
        kept.setdefault((one.relation if both_ways else f"{one.relation} {one.reversed}", one.other), one)
    return tuple(kept.values())


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
