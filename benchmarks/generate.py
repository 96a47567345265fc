"""Write an invented graph of claims that is mixed like the real one, as large as one likes.

`python benchmarks/generate.py --triples 100000 --seed 1 --output FILE`, where the
end of FILE chooses Turtle (.ttl) or N-Triples (.nt). The same arguments give the
same bytes. The file is written as a stream, so memory does not grow with it. Its
triples are those of a data file: what a load derives from them comes on top.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from claims import write_claim
from mix import CLAIMS
from stories import Teller
from things import Pairs, World

_PREFIXES = {
    "cs": "https://w3id.org/chinaspace/ontology/",
    "csd": "https://w3id.org/chinaspace/id/",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }, for all files of data/: what a claim and its part of the things come to.
_TRIPLES_OF_A_CLAIM = 40_993 / CLAIMS
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

# Values for which each saved query that takes parameters has rows, whatever the size and the seed.
PARAMETERS = {
    "announced-dates": {"thing": "launch-1"},
    "as-of": {"day": "2026-06-30", "thing": "country-1"},
    "claim-passages": {"source": "source-1"},
    "claims-over-time": {"source": "source-1"},
    "claims-per-speaker": {"speaker": "person-1"},
    "conflict-register": {"claim": "claim-1"},
    "cooperation-network": {"partner": "country-1", "field": "cs:spaceScienceField"},
    "cooperation-status": {"state": "cs:practisedStatus"},
    "cooperations": {"actor": "country-1"},
    "corroborated-facts": {"thing": "launch-1"},
    "delivery-by-institution": {"institution": "country-1"},
    "facts": {"thing": "launch-1"},
    "memberships": {"actor": "country-1", "body": "institution-internationalbody-1"},
    "missions": {"thing": "spacecraft-satellite-1", "actor": "country-1"},
    "offices": {"person": "person-1"},
    "one-side-on-another": {"speaker": "country-1", "target": "country-2"},
    "overdue-plans": {"day": "2026-06-30"},
    "partners-by-country": {"field": "cs:spaceScienceField"},
    "partners": {"partner": "country-1", "field": "cs:spaceScienceField"},
    "payload-partners": {"subject": "spacecraft-satellite-1"},
    "payloads": {"subject": "spacecraft-satellite-1"},
    "people-and-institutions": {"institution": "institution-institute-1"},
    "places": {"kind": "cs:LaunchSite"},
    "plans-as-of": {"day": "2026-06-30", "thing": "country-1"},
    "policies": {"field": "cs:cooperationPolicy"},
    "research": {"thing": "spacecraft-satellite-1"},
    "sides-against-each-other": {"voice": "cs:usOfficial", "otherVoice": "cs:press"},
    "single-source-facts": {"thing": "mission-1", "text": "source-1"},
    "slips": {"thing": "launch-1"},
    "things": {"kind": "cs:Mission"},
    "who-said-what": {"thing": "mission-1"},
}


def main() -> None:
    """Write the graph that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000, help="at least so many, and hardly more")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    write(options.output, options.triples, options.seed)


def write(path: Path, triples: int, seed: int) -> Path:
    """Write a graph of *triples* triples to *path*, whole or not at all, and return *path*."""
    to_text = {".nt": to_ntriples, ".ttl": to_turtle}[path.suffix]
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        if path.suffix == ".ttl":
            file.writelines(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in _PREFIXES.items())
        file.writelines(to_text(subject, pairs) for subject, pairs in blocks(triples, seed))
    return unfinished.replace(path)


def blocks(triples: int, seed: int) -> Iterator[tuple[str, Pairs]]:
    """Yield a subject with its statements, one after the other, until there are *triples* of them."""
    draw: Callable[[], float] = random.Random(seed).random  # the one method whose numbers Python keeps for ever
    claims = max(1, round(triples / _TRIPLES_OF_A_CLAIM))
    world, left = World(claims, seed, draw), triples
    for subject, pairs in chain(world.describe(), (write_claim(world, claim) for claim in Teller(world).tell())):
        yield subject, pairs
        left -= len(pairs)
        if left <= 0:
            return


def to_turtle(subject: str, pairs: Pairs) -> str:
    """Return a block of Turtle."""
    return f"\n{subject}\n" + "".join(f"    {predicate} {value} ;\n" for predicate, value in pairs) + ".\n"


def to_ntriples(subject: str, pairs: Pairs) -> str:
    """Return a block as lines of N-Triples."""
    start = _expand(subject)
    return "".join(f"{start} {_expand(predicate)} {_literal_or_iri(value)} .\n" for predicate, value in pairs)


def _literal_or_iri(value: str) -> str:
    if value.startswith('"'):
        text, mark, datatype = value.partition("^^")
        return text + mark + _expand(datatype) if mark else value
    if value in ("true", "false"):
        return f'"{value}"^^{_expand("xsd:boolean")}'
    if found := _NUMBER.fullmatch(value):
        return f'"{value}"^^{_expand("xsd:decimal" if found[1] else "xsd:integer")}'
    return _expand(value)


def _expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>" if prefix in ("csd", "cs") else _expand_term(name)


@cache
def _expand_term(name: str) -> str:
    if name == "a":
        name = "rdf:type"
    prefix, _, local = name.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>"


if __name__ == "__main__":
    main()
