"""Recount a thing: what it is, what is held for a fact, and all that was said of it and of its parts."""

from __future__ import annotations

import asyncio

import pyoxigraph as ox

from chinaspace.header import Parameter
from chinaspace.names import CSG, prefixes, shorten
from chinaspace.resolve import name_index
from chinaspace.stance import Stance, claims_in, stances
from chinaspace.tell import CAUTION, Teller, Told

_WITH_VALUE = ox.NamedNode | ox.Literal

# Claims that are told of one thing, unless more are asked for.
USUAL = 60

_HEAD = f"""PREFIX cs: <{prefixes()["cs"]}>
PREFIX csg: <{CSG}>
PREFIX rdf: <{prefixes()["rdf"]}>
PREFIX rdfs: <{prefixes()["rdfs"]}>
PREFIX skos: <{prefixes()["skos"]}>
"""

# A mission is told with its craft, launch and landings, because a date is said of the launch.
_PARTS = (
    _HEAD
    + """
SELECT DISTINCT ?part ?name ?kind
WHERE {
  VALUES ?thing { %s }
  {
    ?thing cs:usesSpacecraft ?part
  } UNION {
    ?part cs:usesSpacecraft ?thing
  } UNION {
    ?part cs:eventOf ?thing
  } UNION {
    ?thing cs:usesSpacecraft ?craft .
    ?part cs:eventOf ?craft
  }
  ?part rdfs:label ?name .
  ?part a ?class .
  ?class rdfs:label ?kind .
  FILTER ( ?part != ?thing && LANG(?name) = "en" && LANG(?kind) = "en" )
  FILTER NOT EXISTS { ?part a ?narrower . ?narrower rdfs:subClassOf ?class . FILTER ( ?narrower != ?class ) }
}
ORDER BY ?part ?kind"""
)

_NAMES = (
    _HEAD
    + """
SELECT DISTINCT ?role ?value
WHERE {
  VALUES ?thing { %s }
  VALUES ( ?link ?role ) {
    ( rdfs:label "name" ) ( skos:altLabel "also called" ) ( skos:hiddenLabel "garbled as" )
    ( skos:exactMatch "same as" ) ( skos:closeMatch "close to" )
  }
  ?thing ?link ?value .
}
ORDER BY ?role ?value"""
)

_KINDS = (
    _HEAD
    + """
SELECT DISTINCT ?kind
WHERE {
  VALUES ?thing { %s }
  ?thing a ?class .
  ?class rdfs:label ?kind .
  FILTER ( LANG(?kind) = "en" )
  FILTER NOT EXISTS { ?thing a ?narrower . ?narrower rdfs:subClassOf ?class . FILTER ( ?narrower != ?class ) }
}
ORDER BY ?kind"""
)

_FACTS = (
    _HEAD
    + """
SELECT DISTINCT ?of ?property ?value ?valueName ?claim
WHERE {
  VALUES ?thing { %s }
  GRAPH csg:facts { ?thing ?link ?value }
  ?thing rdfs:label ?of .
  ?link rdfs:label ?property .
  OPTIONAL { ?value rdfs:label ?valueName . FILTER ( LANG(?valueName) = "en" ) }
  ?claim rdf:subject ?thing .
  ?claim rdf:predicate ?link .
  ?claim rdf:object ?value .
  ?claim cs:modality cs:asserted .
  FILTER ( LANG(?of) = "en" && LANG(?property) = "en" )
}
ORDER BY ?of ?property ?value ?valueName ?claim"""
)

_CLAIMS = (
    _HEAD
    + """
SELECT DISTINCT ?claim ?date
WHERE {
  VALUES ?thing { %s }
  ?claim cs:concerns ?thing .
  ?claim cs:statedOn ?date .
}
ORDER BY ?date ?claim"""
)

_ALIKE = (
    _HEAD
    + """
SELECT DISTINCT ?other ?shared ?kind
WHERE {
  VALUES ?thing { %s }
  VALUES ?link { rdfs:label skos:altLabel skos:hiddenLabel }
  VALUES ?otherLink { rdfs:label skos:altLabel skos:hiddenLabel }
  ?thing ?link ?shared .
  ?other ?otherLink ?shared .
  ?other a ?class .
  ?class rdfs:label ?kind .
  FILTER ( ?other != ?thing && LANG(?kind) = "en" )
  FILTER NOT EXISTS { ?other a ?narrower . ?narrower rdfs:subClassOf ?class . FILTER ( ?narrower != ?class ) }
}
ORDER BY ?other ?shared ?kind"""
)


async def recount(teller: Teller, name: str, limit: int = USUAL, offset: int = 0) -> Told:
    """Return what the graph knows of the thing called *name*: a label, an alias, a slug or an IRI.

    Facts name the claims that they rest on; claims come in the order in which
    they were made, *limit* of them from *offset*.

    Raises:
        AmbiguousNameError: the name stands for several things, which are given.
        ChinaSpaceError: it names nothing, or an answer takes too long.
    """
    store = teller.serving.loaded.store
    wanted = Parameter("thing", "iri", False, None, "")
    thing = ox.NamedNode(await asyncio.to_thread(lambda: name_index(store).find(wanted, name)))
    parts = _plain(await teller.ask(_PARTS % thing))
    group = " ".join(dict.fromkeys([str(thing), *(str(ox.NamedNode(row["part"])) for row in parts)]))
    names, kinds, facts, said, alike = await asyncio.gather(
        *(teller.ask(query % of) for query, of in _questions(str(thing), group))
    )
    claims, known = claims_in(row["claim"] for row in said), _plain(facts)
    shown = claims[offset : offset + limit]
    found = await stances(teller.ask, list(dict.fromkeys([*(row["claim"] for row in known), *shown])))
    data = {
        "thing": thing.value,
        "digest": teller.serving.digest,
        "names": [{"role": row["role"].value, "name": row["value"].value} for row in names],
        "kinds": [row["kind"].value for row in kinds],
        "shares_a_name_with": _plain(alike),
        "parts": parts,
        "facts": known,
        "claim_order": shown,
        "claims": {iri: one.plain() for iri, one in found.items()},
        "total_claims": len(claims),
        "offset": offset,
        "next_offset": offset + len(shown) if offset + len(shown) < len(claims) else None,
        "modalities": await teller.legend(found.values()),
        "caution": CAUTION,
    }
    return Told(_text(data, shown, found), data)


def _questions(thing: str, group: str) -> list[tuple[str, str]]:
    return [(_NAMES, thing), (_KINDS, thing), (_FACTS, group), (_CLAIMS, group), (_ALIKE, thing)]


def _plain(solutions: ox.QuerySolutions) -> list[dict[str, str]]:
    columns = [variable.value for variable in solutions.variables]
    return [
        {column: term.value for column, term in zip(columns, row, strict=True) if isinstance(term, _WITH_VALUE)}
        for row in solutions
    ]


def _text(data: dict[str, object], order: list[str], found: dict[str, Stance]) -> str:
    """Return *data* to be read: names, facts with who says so, then claims with how they are put."""
    lines = [f"{shorten(str(data['thing']))}: {', '.join(map(str, _list(data, 'kinds')))}; graph {data['digest']}"]
    lines += [f"  {one['role']}: {one['name']}" for one in _list(data, "names")]
    lines += [
        f"  not the same as {shorten(one['other'])} ({one['kind']}), which is called {one['shared']} as well"
        for one in _list(data, "shares_a_name_with")
    ]
    lines += [f"  part: {shorten(one['part'])} ({one['kind']}): {one['name']}" for one in _list(data, "parts")]
    lines.append("HELD FOR FACT (asserted, and not outranked):")
    lines += [f"  {line}" for line in _facts(_list(data, "facts"), found)]
    lines += [f"CLAIMS, {data['total_claims']} in all, by date. {data['caution']}"]
    lines += [f"- {found[iri]}" for iri in order if iri in found]
    if data["next_offset"]:
        lines.append(f"(More claims: ask with offset={data['next_offset']}.)")
    return "\n".join(lines)


def _facts(rows: list[dict[str, str]], found: dict[str, Stance]) -> list[str]:
    """Return a line for each fact, with all who assert it."""
    grouped: dict[str, list[Stance]] = {}
    for row in rows:
        line = f"{row['of']}: {row['property']}: {row.get('valueName', shorten(row['value']))}"
        grouped.setdefault(line, []).extend(found[iri] for iri in [row["claim"]] if iri in found)
    return [f"{line} ({'; '.join(map(_basis, claims))})" for line, claims in grouped.items()]


def _basis(one: Stance) -> str:
    return f"says {' and '.join(one.speakers)}, {one.date}{', DISPUTED' if one.disputed else ''}"


def _list(data: dict[str, object], key: str) -> list[dict[str, str]]:
    found = data[key]
    assert isinstance(found, list)
    return found
