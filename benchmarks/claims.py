"""Write invented claims: what is said, by whom, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mix import ABOUT, Statement
from things import Pairs, World, digest, words

_NUMBERS = ("decimal", "whole")
# Properties that are numbers in one unit alone.
_UNITS = {
    "amountUsDollars": "usDollar",
    "amountYuan": "yuan",
    "areaHectares": "hectare",
    "massKilograms": "pound",
    "moduleCount": "piece",
    "payloadCount": "piece",
}
# What a number in a unit is multiplied by to be one of the property (cs:conversionFactor).
_FACTORS = {"gram": 0.001, "pound": 0.45359237, "tonne": 1000}
_LONGEST_PASSAGE = 200


@dataclass(frozen=True)
class Claim:
    """What a claim says and who says it; the rest is added when it is written.

    *subject* is the number of the thing that *told* is about, *value* is the object
    as Turtle. Without a statement the claim has only what it is about.
    """

    number: int
    source: int
    speaker: tuple[str, int]
    modality: str
    told: Statement | None = None
    subject: int = 0
    value: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The identifier of the claim."""
        return f"csd:claim-{self.number}"


def write_claim(world: World, claim: Claim) -> tuple[str, Pairs]:
    """Return the block of a claim."""
    pairs = [("a", "cs:Claim")]
    gist = f"It is said that {words(claim.number)} matters."
    if claim.told:
        subject = world.thing(claim.told.subject, claim.subject)
        pairs += [("rdf:object", claim.value), ("rdf:predicate", f"cs:{claim.told.predicate}")]
        pairs.append(("rdf:subject", subject))
        name, property_name = world.label(claim.told.subject, claim.subject), claim.told.predicate
        gist = f"{name} has {property_name}, says claim {claim.number}."
    garbled = world.chance("garbled")
    if garbled:
        pairs.append(("cs:isGarbled", "true"))
    if garbled or world.chance("note"):
        pairs.append(("skos:editorialNote", f'"An invented remark on {words(claim.number)}."@en'))
    pairs += [*_about(world, claim), ("cs:gist", f'"{gist}"@en'), ("cs:modality", f"cs:{claim.modality}")]
    return claim.name, [*pairs, *claim.more, *_number(world, claim), *_place(world, claim), *_said(world, claim)]


def _about(world: World, claim: Claim) -> Pairs:
    among = world.draw()
    count = next(number for number, up_to in enumerate(ABOUT) if among <= up_to)
    classes = [world.choose("about") for _ in range(max(count, 0 if claim.told else 1))]
    things = {world.thing(name, world.pick(name)): None for name in classes}
    return [("cs:about", thing) for thing in things]


def _number(world: World, claim: Claim) -> Pairs:
    """Return how a number is written in the source, and how exact it is."""
    if not claim.told or claim.told.value not in _NUMBERS:
        return []
    pairs: Pairs = []
    if world.chance("exactness"):
        pairs.append(("cs:exactness", "cs:" + world.choose("exactness")))
    if world.chance("statedValue"):
        drawn = world.choose("statedUnit")
        unit = _UNITS.get(claim.told.predicate, drawn)
        pairs += [("cs:statedUnit", f"cs:{unit}"), ("cs:statedValue", _stated(claim.value, unit))]
    return pairs


def _stated(value: str, unit: str) -> str:
    """Return a number in the unit of its source."""
    return f"{float(value) / _FACTORS[unit]:.6f}" if unit in _FACTORS else value


def _place(world: World, claim: Claim) -> Pairs:
    """Return where in its source a claim stands."""
    slug = world.thing("Source", claim.source)[4:]
    if world.is_catalogue(claim.source):
        return [("cs:locator", f'"Row {claim.number} of the catalogue"')]
    start = int(world.draw() * (world.text_length(claim.source) - _LONGEST_PASSAGE))
    return [
        ("cs:passageAddress", f'"https://{slug}.example/text#:~:text=passage%20{claim.number}"^^xsd:anyURI'),
        ("cs:passageDigest", f'"{digest(claim.number)}"'),
        ("cs:passageEnd", str(start + 20 + int(world.draw() * (_LONGEST_PASSAGE - 20)))),
        ("cs:passageStart", str(start)),
    ]


def _said(world: World, claim: Claim) -> Pairs:
    """Return by whom, for whom and when a claim was made."""
    issued = world.issued(claim.source)
    pairs = [("cs:source", world.thing("Source", claim.source)), ("cs:statedBy", world.thing(*claim.speaker))]
    if world.chance("speakerRole"):
        pairs.append(("cs:speakerRole", world.thing("Office", world.pick("Office"))))
    if world.chance("speakingFor"):
        name = world.choose("speakingFor")
        pairs.append(("cs:speakingFor", world.thing(name, world.pick(name))))
    if world.chance("statedOn"):
        said = issued - timedelta(days=1 + int(world.draw() * 400))
        pairs.append(("cs:statedOn", write_date("day", said)))
    if (claim.told and claim.told.predicate == "sameThingAs") or world.chance("identityBasis"):
        pairs.append(("cs:identityBasis", "cs:inferredIdentity"))
    dated = claim.told is not None and claim.told.value == "date"
    if not dated and world.chance("timeFrameOfPlan" if claim.modality == "planned" else "timeFrame"):
        pairs.append(("cs:timeFrame", write_date(world.choose("frame"), issued)))
    return pairs


def write_date(form: str, day: date) -> str:
    """Return a date that can mean *day* or, where it is a span of years, begins with its month."""
    month, year = day.isoformat()[:7], day.isoformat()[:4]
    later = f"{day.year + 4}{day.isoformat()[4:7]}"
    edtf = {
        "year": year,
        "month": month,
        "about": f"{year}~",
        "decade": f"{year[:3]}X",
        "until": f"../{year}",
        "from": f"{year}/..",
        "fromMonth": f"{month}/..",
        "months": f"{month}/{later}",
    }
    if form == "day":
        return f'"{day.isoformat()}"^^xsd:date'
    if form == "instant":
        return f'"{day.isoformat()}T{day.day % 24:02d}:{day.month + 30}:00Z"^^xsd:dateTime'
    return f'"{edtf[form]}"^^edtf:EDTF'
