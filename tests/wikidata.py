"""An invented world in the shape of Wikidata's RDF, and things of ours that are linked to it."""

from __future__ import annotations

from pathlib import Path

from chinaspace.load import Loaded
from support import SOURCE, claim, load_turtle

_HEAD = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix psv: <http://www.wikidata.org/prop/statement/value/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wds: <http://www.wikidata.org/entity/statement/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wdv: <http://www.wikidata.org/value/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# Q90 is a vehicle, Q91 and Q92 are agencies, Q93 is a country.
OTHERS = """
wd:Q90 rdfs:label "Long Pole 2"@en . wd:Q91 rdfs:label "Northland Space Agency"@en .
wd:Q92 rdfs:label "Southland Space Agency"@en . wd:Q93 rdfs:label "Northland"@en .
"""

# What a launch is told by, where nothing else is said: its craft, and what that is linked to.
LINKED = """
csd:vehicle-long-pole a cs:LaunchVehicle ; rdfs:label "Long Pole 2"@en ; skos:exactMatch wd:Q90 .
csd:institution-agency a cs:Agency ; rdfs:label "Agency"@en ; cs:country csd:country-north ; skos:exactMatch wd:Q91 .
csd:country-north a cs:Country ; rdfs:label "Northland"@en ; skos:exactMatch wd:Q93 .
"""


def item(name: str, *statements: str) -> str:
    """Return an item that is there, with *statements* as "wdt:P137 wd:Q91"."""
    return f'wd:{name} {" ; ".join((f"""rdfs:label "{name}"@en""", "schema:version 1", *statements))} .\n'


def time(name: str, code: str, day: str, precision: int, rank: str = "NormalRank") -> str:
    """Return a statement of a time with its precision, as Wikidata's full RDF has it."""
    key = f"{name}-{code}-{day}-{rank}".replace("+", "")
    return (
        f"wd:{name} p:{code} wds:{key} . wds:{key} wikibase:rank wikibase:{rank} ; psv:{code} wdv:{key} .\n"
        f'wdv:{key} wikibase:timeValue "{day}T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision {precision} .\n'
    )


def write_extract(path: Path, body: str) -> Path:
    """Write an extract of Wikidata as Turtle."""
    path.write_text(_HEAD + OTHERS + body, "utf-8")
    return path


def craft(name: str, linked_to: str, more: str = "") -> str:
    """Return a spacecraft of ours that is linked to an item, and the claim that it was launched, with *more* said."""
    return (
        f'csd:spacecraft-{name} a cs:Satellite ; rdfs:label "{name}"@en ; skos:exactMatch wd:{linked_to} .\n'
        f'csd:launch-{name} a cs:Launch ; rdfs:label "launch of {name}"@en .\n'
        + claim(f"{name}-launches", f"csd:launch-{name} cs:launches csd:spacecraft-{name}", more)
    )


def launched(name: str, day: str, more: str = "", modality: str = "cs:asserted") -> str:
    """Return the claim that a spacecraft of ours was launched on a day, given in Turtle."""
    key = "".join(sign for sign in day if sign.isalnum())
    return claim(f"{name}-date-{key}", f"csd:launch-{name} cs:launchDate {day}", more, modality)


def ours(folder: Path, body: str) -> Loaded:
    """Load things of ours with what they are linked to."""
    return load_turtle(folder, SOURCE + LINKED + body)
