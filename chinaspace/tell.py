"""Answer the questions of programs so that a careful reader needs no more: each row with the stance of its claims."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.errors import QueryError
from chinaspace.match import Index
from chinaspace.names import prefixes, shorten
from chinaspace.protocol import Asked
from chinaspace.queries import SavedQuery, find_query
from chinaspace.roster import Rosters
from chinaspace.serving import Serving
from chinaspace.stance import Stance, claims_in, stances

# Rows in an answer, unless more are asked for; and lines of them in the text, which a language model has to read.
USUAL, MOST = 2_500, 10_000
_LINES = 50

_JSON = "application/sparql-results+json"
_CLIENT = "tools"
_MODALITIES = f"""PREFIX cs: <{prefixes()["cs"]}>
PREFIX rdfs: <{prefixes()["rdfs"]}>
PREFIX skos: <{prefixes()["skos"]}>
SELECT ?name ?meaning
WHERE {{
  ?modality skos:inScheme cs:modalities .
  ?modality rdfs:label ?name .
  ?modality skos:definition ?meaning .
  FILTER ( LANG(?name) = "en" && LANG(?meaning) = "en" )
}}
ORDER BY ?name"""

_NO_CLAIMS = (
    "No row names a claim, so no stance is told: these are counts, names or derived facts. "
    "Ask who-said-what or describe_thing before repeating one of them as a fact."
)
CAUTION = (
    "Only what is ASSERTED was said as a fact; anything else is a plan, a prediction, an allegation, a denial, "
    "an estimate or an opinion of its speaker. Name speaker and date, and tell what other claims say against it."
)


@dataclass(frozen=True)
class Told:
    """An answer: as *text* to be read, and as *data* that JSON can hold."""

    text: str
    data: dict[str, object]


class Teller:
    """Answers from what is served, within the limits of its worker processes."""

    def __init__(self, serving: Serving) -> None:
        """Answer from *serving*."""
        self._serving = serving
        self._rosters = Rosters()

    @property
    def serving(self) -> Serving:
        """Return what the answers come from."""
        return self._serving

    async def names(self) -> Index:
        """Return the things of what is served now, by their names.

        Raises:
            ChinaSpaceError: as for :meth:`chinaspace.roster.Rosters.find`.
        """
        return (await self._rosters.find(self._serving, _CLIENT)).index

    async def ask(self, query: str) -> ox.QuerySolutions:
        """Return the solutions of a SELECT query.

        Raises:
            ChinaSpaceError: it is refused, malformed, no SELECT, takes too long or too much.
        """
        reply = await self._serving.ask(Asked(query, (_JSON,)), _CLIENT)
        solutions = ox.parse_query_results(await reply.whole(), format=ox.QueryResultsFormat.JSON)
        if not isinstance(solutions, ox.QuerySolutions):
            raise QueryError("Only a SELECT query gives rows. Write SELECT.")
        return solutions

    async def answer(self, name: str, given: Mapping[str, str], limit: int = USUAL, offset: int = 0) -> Told:
        """Return the rows of a saved query, with the stance of each claim in them.

        Raises:
            ChinaSpaceError: there is no such query, a parameter is wrong, or it takes too long.
        """
        query = find_query(name)
        solutions = await self.ask(await asyncio.to_thread(self._serving.prepare, query, given))
        about: dict[str, object] = {"query": name, "question": query.question, "parameters": dict(given)}
        return await self._tell(query.question, about, solutions, limit, offset, query)

    async def sparql(self, query: str, limit: int = USUAL, offset: int = 0) -> Told:
        """Return the rows of a SELECT query, with the stance of each claim in them.

        Raises:
            ChinaSpaceError: as for :meth:`ask`.
        """
        return await self._tell("SPARQL", {"query": query}, await self.ask(query), limit, offset)

    async def legend(self, found: Iterable[Stance]) -> dict[str, str]:
        """Return what the modalities of *found* mean."""
        used = {one.modality for one in found} | {other.modality for one in found for other in one.relations}
        meanings = {row["name"].value: row["meaning"].value for row in await self.ask(_MODALITIES)}
        return {name: meaning for name, meaning in meanings.items() if name in used}

    async def _tell(
        self,
        title: str,
        about: dict[str, object],
        solutions: ox.QuerySolutions,
        limit: int,
        offset: int,
        query: SavedQuery | None = None,
    ) -> Told:
        columns = [variable.value for variable in solutions.variables]
        every = list(solutions)
        rows = every[offset : offset + limit]
        found = await stances(self.ask, claims_in(term for row in rows for term in row))
        after = offset + len(rows)
        caution = CAUTION if found else _NO_CLAIMS
        data = about | {
            "digest": self._serving.digest,
            "columns": describe_columns(columns, query),
            "rows": [{column: _value(term) for column, term in zip(columns, row, strict=True)} for row in rows],
            "total": len(every),
            "offset": offset,
            "next_offset": after if after < len(every) else None,
            "claims": {iri: one.plain() for iri, one in found.items()},
            "modalities": await self.legend(found.values()) if found else {},
            "caution": caution,
        }
        lines = [title, f"{len(every)} rows; graph {self._serving.digest}", caution]
        lines += [_line(columns, row, found) for row in rows[:_LINES]]
        if len(rows) > _LINES or after < len(every):
            shown = offset + min(len(rows), _LINES)
            lines.append(f"({len(every) - shown} more rows: ask with offset={shown}, or narrow the parameters.)")
        return Told("\n".join(lines), data)


def describe_columns(columns: list[str], query: SavedQuery | None) -> list[dict[str, str]]:
    """Return each column with what the query's header says of it."""
    found = []
    for name in columns:
        column = query.column(name) if query else None
        unit = {"unit": column.unit} if column and column.unit else {}
        found.append({"name": name} | ({"type": column.type, "meaning": column.meaning} | unit if column else {}))
    return found


def _line(columns: list[str], row: ox.QuerySolution, found: Mapping[str, Stance]) -> str:
    """Return a row as text: what it says, and below it how each of its claims stands, which is not said twice."""
    stance = [found[iri] for iri in claims_in(row) if iri in found]
    said = {
        value for one in stance for value in (one.claim, one.gist, one.date, one.source, one.address, *one.speakers)
    }
    cells = [
        f"{column}: {shorten(term.value) if isinstance(term, ox.NamedNode) else _value(term)}"
        for column, term in zip(columns, row, strict=True)
        if term is not None and _value(term) not in said
    ]
    return "\n  ".join(["- " + "; ".join(cells), *map(str, stance)])


def _value(term: object) -> str | None:
    """Return a term as CSV has it; None where there is none."""
    if term is None:
        return None
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)
