"""Inquire for items elsewhere: by the Reconciliation Service API 0.2, or at a SPARQL endpoint of Wikidata's kind.

What comes back are names and kinds to be matched here; the score of a service decides nothing.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
import pyoxigraph as ox

from chinaspace.call import named_faults, read_address, settings
from chinaspace.errors import RemoteError
from chinaspace.match import Thing
from chinaspace.names import RDFS, SKOS
from chinaspace.survey import Asker

_P31 = "http://www.wikidata.org/prop/direct/P31"
_P619 = "http://www.wikidata.org/prop/direct/P619"
_BATCH = 10  # what OpenRefine sends at a time, and every service takes
_FOR_EACH = 5
_MOST_BYTES = 4 * 2**20
_MOST_NAMES = 4
_MOST_ROWS = 20_000
_LONGEST = 300
_ID = re.compile(r"[\w.:/#%~+-]{1,300}")
_LANGUAGES = ("en", "zh", "zh-hans", "zh-cn", "mul")


def ask_service(
    address: str, things: Sequence[Thing], seconds: float, kinds: Mapping[str, frozenset[str]]
) -> Iterator[Thing]:
    """Yield what a reconciliation service at *address* takes *things* for.

    *kinds* tells what its types, by their IRIs, are in our vocabulary.

    Raises:
        AwayError, DeadlineError: it cannot be reached, or takes longer than *seconds* for an answer.
        RemoteError: it is no such service.
        StoreError: the address is none.
    """
    where = read_address(address)
    with httpx.Client(**settings(where, seconds)) as client:  # type: ignore[arg-type]
        manifest = _fetch(client, "GET", where.url)
        space = manifest.get("identifierSpace")
        if not isinstance(space, str) or not isinstance(manifest.get("name"), str):
            raise RemoteError(f"{where} gives no manifest of a reconciliation service. Name the address of one.")
        names = [name for thing in things for name, rank in thing.names[:_MOST_NAMES] if rank < 2]
        for some in _in_batches(list(dict.fromkeys(names)), _BATCH):
            queries = {f"q{at}": {"query": name, "limit": _FOR_EACH} for at, name in enumerate(some)}
            answer = _fetch(client, "POST", where.url, {"queries": json.dumps(queries)})
            for key in queries:
                yield from _candidates(answer.get(key), space, where.url, kinds)


def _candidates(answer: object, space: str, origin: str, kinds: Mapping[str, frozenset[str]]) -> Iterator[Thing]:
    found = answer.get("result") if isinstance(answer, dict) else None
    for one in found[:_FOR_EACH] if isinstance(found, list) else ():
        key, name = (one.get("id"), one.get("name")) if isinstance(one, dict) else (None, None)
        if isinstance(key, str) and isinstance(name, str) and name and _ID.fullmatch(key):
            iri = key if "://" in key else space + key
            known = [kinds[type_] for type_ in _types(one.get("type"), space) if type_ in kinds]
            yield Thing(iri, ((name[:_LONGEST], 0),), frozenset().union(*known), origin=origin)


def _types(given: object, space: str) -> Iterator[str]:
    """Yield the IRIs of types, which come as identifiers or as objects with one."""
    for one in given if isinstance(given, list) else ():
        name = one.get("id") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name if "://" in name else space + name


def _fetch(client: httpx.Client, method: str, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object of an answer, which must not be long."""
    body = bytearray()
    with named_faults(), client.stream(method, url, data=form, headers={"Accept": "application/json"}) as response:
        if response.status_code != httpx.codes.OK:
            raise RemoteError(f"{url} answered with status {response.status_code}. Name the address of the service.")
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _MOST_BYTES:
                raise RemoteError(f"{url} answered with more than {_MOST_BYTES} bytes, which are not read.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RemoteError(f"{url} answered with something other than JSON. Name a reconciliation service.") from error
    if not isinstance(found, dict):
        raise RemoteError(f"{url} answered with no object of JSON. Name a reconciliation service.")
    return found


def ask_endpoint(
    address: str, things: Sequence[Thing], seconds: float, kinds: Mapping[str, frozenset[str]]
) -> Iterator[Thing]:
    """Yield what a SPARQL endpoint at *address* calls by the names of *things*.

    *kinds* tells what its classes, by their IRIs, are in our vocabulary.

    Raises:
        AwayError, DeadlineError, QueryError, RemoteError: it gives no answer within *seconds*.
        StoreError: the address is none.
    """
    asker = Asker(read_address(address), seconds)
    try:
        names = dict.fromkeys(name for thing in things for name, rank in thing.names if rank < 2)
        for some in _in_batches(list(names), 4 * _BATCH):
            values = " ".join(
                f"{ox.Literal(name, language=tag) if tag else ox.Literal(name)}"
                for name in some
                for tag in ("", *_LANGUAGES)
            )
            query = (
                f"SELECT DISTINCT ?item WHERE {{ VALUES ?name {{ {values} }} VALUES ?called {{ <{RDFS}label> "
                f"<{SKOS}altLabel> }} ?item ?called ?name FILTER(isIRI(?item)) }} LIMIT {_MOST_ROWS}"
            )
            items = [str(row[0]) for row in asker.select(query) if isinstance(row[0], ox.NamedNode)]
            for few in _in_batches(items, 4 * _BATCH):
                yield from _described(asker, few, kinds)
    finally:
        asker.close()


def _described(asker: Asker, items: Sequence[str], kinds: Mapping[str, frozenset[str]]) -> Iterator[Thing]:
    """Yield items with their names, kinds and year of launch."""
    query = (
        f"SELECT ?item ?about ?value WHERE {{ VALUES ?item {{ {' '.join(items)} }} VALUES ?about {{ <{RDFS}label> "
        f"<{SKOS}altLabel> <{_P31}> <{_P619}> }} ?item ?about ?value "
        f"FILTER(isIRI(?value) || LANG(?value) IN ('', {', '.join(map(repr, _LANGUAGES))})) }} LIMIT {_MOST_ROWS}"
    )
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item, about, value in asker.select(query):
        match item, about, value:
            case ox.NamedNode(), ox.NamedNode(), ox.NamedNode() | ox.Literal():
                said[item.value][about.value].append(value.value[:_LONGEST])
    for iri, found in said.items():
        names = [(name, 0) for name in found[f"{RDFS}label"]] + [(name, 1) for name in found[f"{SKOS}altLabel"]]
        known = [kinds[one] for one in found[_P31] if one in kinds]
        years = sorted(int(text[:4]) for text in found[_P619] if text[:4].isdecimal())
        span = (years[0], years[-1]) if years else None
        yield Thing(iri, tuple(names), frozenset().union(*known), "", span, origin=asker.address.url)


def _in_batches(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (values[at : at + size] for at in range(0, len(values), size))
