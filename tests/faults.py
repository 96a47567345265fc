"""The kinds of faults that are made in claims: what is missing, doubled, misspelt, misplaced or of the wrong kind."""

from __future__ import annotations

import re
from collections.abc import Callable

from misfits import MISFITS
from mutations import (
    Claim,
    Mutation,
    adds,
    called,
    doubled,
    incomplete,
    lacks,
    locates_twice,
    renames,
    says,
    turns,
)

_PLAN = "csd:claim-time-2022-mengtian-docking-plan"
_FACT = "csd:claim-time-2022-mengtian-launch-date"
_DAY = '"2022-10-31"^^xsd:date'
_DIGEST = re.compile(r'"sha256:([0-9a-f]{64})"')


def _digest(change: Callable[[str], str]) -> Mutation:
    return turns("cs:passageDigest", lambda value: _DIGEST.sub(lambda found: f'"{change(found[1])}"', value))


def _said(*predicates: str) -> Callable[[Claim], bool]:
    return lambda claim: claim.value("rdf:predicate") in predicates


_DATES = ("cs:launchDate", "cs:landingDate", "cs:eventDate", "cs:startDate", "cs:endDate", "cs:completionDate")
_dated = _said(*_DATES)
_linked = _said("cs:launchSite", "cs:operator", "cs:developer", "cs:launchVehicle", "cs:memberOf", "cs:affiliation")
_sorted = _said("cs:researchField", "cs:cooperationStatus", "cs:eventOutcome")
_worded = _said("cs:name", "cs:purpose", "cs:finding", "cs:profession")
_counted = _said("cs:amount", "cs:moduleCount", "cs:payloadCount", "cs:position", "cs:massKilograms")
_placed = _said("cs:launchSite", "cs:launchDate", "cs:launchVehicle")

KINDS: dict[str, Mutation] = {
    # What is missing.
    "no-gist": lacks("cs:gist"),
    "no-modality": lacks("cs:modality"),
    "no-source": lacks("cs:source"),
    "no-speaker": lacks("cs:statedBy"),
    "no-digest": lacks("cs:passageDigest"),
    "no-start": lacks("cs:passageStart"),
    "no-end": lacks("cs:passageEnd"),
    "no-locator": lacks("cs:locator"),
    "no-type": lacks("a"),
    "no-subject": lacks("rdf:subject"),
    "no-predicate": lacks("rdf:predicate"),
    "no-object": lacks("rdf:object"),
    "no-unit": lambda claim: lacks("cs:statedUnit")(claim) if claim.has("cs:statedValue") else None,
    "no-stated-value": lambda claim: None if claim.has("cs:exactness") else lacks("cs:statedValue")(claim),
    "no-rank-rule": lacks("cs:rankRule"),
    "no-rank-reason": lacks("cs:rankReason"),
    "no-note-on-damage": lambda claim: lacks("skos:editorialNote")(claim) if claim.has("cs:isGarbled") else None,
    "no-identity-basis": lambda claim: lacks("cs:identityBasis")(claim) if _said("cs:sameThingAs")(claim) else None,
    # What stands twice.
    "two-gists": adds("cs:gist", '"This claim has been told in two ways."@en'),
    "two-modalities": adds("cs:modality", "cs:opinion", "cs:predicted"),
    "two-sources": adds("cs:source", "csd:source-nature-2017", "csd:source-time-2022"),
    "two-digests": adds("cs:passageDigest", f'"sha256:{"3" * 64}"', given="cs:passageDigest"),
    "two-starts": adds("cs:passageStart", "7", given="cs:passageStart"),
    "two-ends": adds("cs:passageEnd", "99999", given="cs:passageEnd"),
    "two-addresses": adds("cs:passageAddress", '"https://example.org/"^^xsd:anyURI', given="cs:passageAddress"),
    "two-subjects": adds("rdf:subject", "csd:mission-change-6", "csd:mission-change-5", given="rdf:subject"),
    "two-predicates": adds("rdf:predicate", "cs:about", "cs:operator", given="rdf:predicate"),
    "two-objects": adds("rdf:object", "csd:country-china", "csd:country-usa", given="rdf:object"),
    "two-ranks": adds("cs:rank", "cs:normal", given="cs:rank"),
    "two-time-frames": adds("cs:timeFrame", '"2099"^^edtf:EDTF', given="cs:timeFrame"),
    "two-stated-units": adds("cs:statedUnit", "cs:tonne", given="cs:statedUnit"),
    "two-kinds-of-place": locates_twice,
    # What is misspelt or unknown.
    "misspelt-gist": renames("cs:gist", "cs:gits"),
    "misspelt-speaker-property": renames("cs:statedBy", "cs:statedby"),
    "misspelt-about": renames("cs:about", "cs:abuot"),
    "misspelt-note": renames("skos:editorialNote", "skos:editorialnote"),
    "misspelt-subject-property": renames("rdf:subject", "rdf:subjekt"),
    "misspelt-object-property": renames("rdf:object", "rdf:objcet"),
    "property-of-another-namespace": incomplete(renames("cs:statedBy", "prov:wasAttributedTo")),
    "property-from-elsewhere": adds("schema:description", '"Words of another vocabulary."@en'),
    "property-of-no-namespace": adds("<http://example.org/says>", '"so"'),
    "http-instead-of-https": renames("cs:modality", "<http://w3id.org/chinaspace/ontology/modality>"),
    "misspelt-modality": doubled("cs:modality"),
    "misspelt-class": says("a", "cs:Clam", "cs:claim", "cs:Claims", "cs:Statement"),
    "source-by-another-vocabulary": adds("dcterms:source", "csd:source-nature-2017", "csd:source-time-2022"),
    "class-from-elsewhere": says("a", "schema:Claim", "prov:Entity", "rdf:Statement"),
    "unknown-subject": doubled("rdf:subject"),
    "unknown-object": lambda claim: (
        doubled("rdf:object")(claim) if claim.value("rdf:object").startswith("cs") else None
    ),
    "unknown-source": doubled("cs:source"),
    "unknown-speaker": doubled("cs:statedBy"),
    "unknown-predicate": doubled("rdf:predicate"),
    "unknown-unit": doubled("cs:statedUnit"),
    "unknown-about": says("cs:about", "csd:mission-no-such"),
    "unknown-role": says("cs:speakerRole", "csd:office-no-such"),
    "unknown-other-claim": adds("cs:confirms", "csd:claim-time-2022-no-such"),
    "thing-by-its-name": says("rdf:subject", '"Chang\'e 6"@en', '"Tianwen-1"'),
    "source-by-its-address": says("cs:source", "<https://example.org/article>", '"Nature"@en'),
    "speaker-by-name": says("cs:statedBy", '"Bill Nelson"@en', '"NASA"'),
    # Identifiers.
    "underscore-in-name": called(lambda name: name.replace("-", "_", 2)),
    "capital-in-name": called(lambda name: name[:-1] + "Z"),
    "double-hyphen-in-name": called(lambda name: name + "--2"),
    "name-of-another-kind": called(lambda name: name.replace("claim-", "mission-", 1)),
    # Passages.
    "digest-too-short": _digest(lambda digits: f"sha256:{digits[:-1]}"),
    "digest-too-long": _digest(lambda digits: f"sha256:{digits}0"),
    "digest-in-capitals": _digest(lambda digits: f"sha256:{digits[:-1]}F"),
    "digest-without-its-method": _digest(lambda digits: digits),
    "digest-of-another-method": _digest(lambda digits: f"md5:{digits[:32]}"),
    "digest-of-another-passage": _digest(lambda digits: "sha256:" + digits[::-1]),
    "digest-of-nothing": says(
        "cs:passageDigest", '"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'
    ),
    "digest-of-a-longer-passage": says(
        "cs:passageDigest", '"sha256:286b1f0f64405763324380a109f685a6278ac127d3cd0df998dfd71230e73a2f"'
    ),
    "digest-of-the-text": says(
        "cs:passageDigest", '"sha256:71b4cb446ddf7f33951445692ef432c887f7a89277f4599b73d21e5b2df0964f"'
    ),
    "digest-with-language": turns("cs:passageDigest", lambda value: value + "@en"),
    "start-negative": says("cs:passageStart", "-1", "-250"),
    "start-decimal": says("cs:passageStart", "12.5", "1.0"),
    "start-in-quotes": turns("cs:passageStart", lambda value: f'"{value.split(chr(34))[1]}"'),
    "end-decimal": says("cs:passageEnd", "1200.0", "77.7"),
    "end-in-words": says("cs:passageEnd", '"the last line"@en'),
    "end-behind-the-text": says("cs:passageEnd", "9999999", given="cs:passageStart"),
    "start-of-another-type": turns("cs:passageStart", lambda value: f'"{value.split(chr(34))[1]}"^^xsd:int'),
    "end-at-start": lambda claim: says("cs:passageEnd", claim.value("cs:passageStart"))(claim),
    "end-before-start": says("cs:passageStart", "99999", given="cs:passageEnd"),
    "address-without-scheme": says("cs:passageAddress", '"www.example.org/article"^^xsd:anyURI'),
    "address-with-blank": turns("cs:passageAddress", lambda value: value.replace("%20", " ", 1)),
    "address-with-half-a-sign": turns("cs:passageAddress", lambda value: value.replace("%20", "%2,", 1)),
    "address-as-string": says("cs:passageAddress", '"https://example.org/article"'),
    "address-of-another-page": says("cs:passageAddress", '"https://example.org/article"^^xsd:anyURI'),
    "locator-empty": says("cs:locator", '""'),
    "locator-with-language": says("cs:locator", '"Row 7 of the table"@en'),
    # Gists.
    "gist-without-language": turns("cs:gist", lambda value: value.removesuffix("@en")),
    "gist-in-german": turns("cs:gist", lambda value: value.removesuffix("en") + "de"),
    "gist-in-chinese": says("cs:gist", '"嫦娥六号于二零二四年五月三日从文昌发射升空。"@zh-Hans'),
    "gist-in-chinese-marked-english": says("cs:gist", '"嫦娥六号于二零二四年五月三日从文昌发射升空."@en'),
    "gist-empty": says("cs:gist", '""@en'),
    "gist-blank": says("cs:gist", '"                    "@en', '"            .    "@en'),
    "gist-with-what-is-unseen": turns("cs:gist", lambda value: value.replace(" ", " \u200b", 1)),
    "gist-that-turns-round": turns("cs:gist", lambda value: value.replace(" ", " \u202e", 1)),
    "gist-that-rings": turns("cs:gist", lambda value: value.replace(" ", " \\u0007", 1)),
    "note-without-language": says("skos:editorialNote", '"The name is garbled."', given="a"),
    "reason-without-language": turns("cs:rankReason", lambda value: value.removesuffix("@en")),
    "gist-of-one-word": says("cs:gist", '"Launch."@en'),
    "gist-without-end": says("cs:gist", '"Mengtian was launched from Wenchang"@en'),
    "gist-on-two-lines": says("cs:gist", '"Mengtian was launched.\\nIt docked a day later."@en'),
    # Modality, rank, speaker and the other concepts.
    "modality-of-another-list": says("cs:modality", "cs:preferred", "cs:newsArticle"),
    "modality-in-quotes": turns("cs:modality", lambda value: f'"{value.removeprefix("cs:")}"'),
    "plan-for-the-past": says(
        "cs:modality", "cs:planned", where=lambda c: _dated(c) and "2019" in c.value("rdf:object")
    ),
    "denial-that-is-asserted": says("cs:modality", "cs:asserted", where=lambda claim: claim.has("cs:denies")),
    "rank-without-reason": incomplete(adds("cs:rank", "cs:preferred", "cs:deprecated")),
    "rank-unknown": says("cs:rank", "cs:best", given="a"),
    "rank-rule-of-another-list": says("cs:rankRule", "cs:pound"),
    "reason-of-a-normal-rank": says("cs:rank", "cs:normal", given="cs:rankReason"),
    "speaker-is-a-mission": says("cs:statedBy", "csd:mission-change-6"),
    "speaker-is-a-source": says("cs:statedBy", "csd:source-nature-2017"),
    "speaker-without-voice": says("cs:statedBy", "csd:country-brazil", "csd:country-belgium"),
    "role-is-an-institution": says("cs:speakerRole", "csd:institution-nasa", given="a"),
    "speaking-for-an-office": says("cs:speakingFor", "csd:office-nasa-administrator", given="a"),
    "stated-at-an-institution": says("cs:statedAt", "csd:institution-nasa", given="a"),
    "stated-to-an-event": says("cs:statedTo", "csd:event-press-conference-2024-06-27", given="a"),
    "source-is-a-mission": says("cs:source", "csd:mission-change-6"),
    "stated-after-its-source": says("cs:statedOn", '"2099-01-01"^^xsd:date', given="a"),
    "stated-in-words": says("cs:statedOn", '"last year"', '"2019"', given="a"),
    "stated-in-another-age": says("cs:statedOn", '"0216-05-01"^^xsd:date', given="a"),
    "stated-on-no-day": says("cs:statedOn", '"2016-02-30"^^xsd:date', given="a"),
    "time-frame-in-words": says("cs:timeFrame", '"in five years"@en'),
    "time-frame-backwards": says("cs:timeFrame", '"2030/2025"^^edtf:EDTF'),
    "about-a-claim": adds("cs:about", _FACT),
    "about-a-concept": adds("cs:about", "cs:lunarScience"),
    "garbled-false": adds("cs:isGarbled", "false"),
    "exactness-of-another-list": says("cs:exactness", "cs:normal", given="cs:statedValue"),
    "identity-basis-of-another-list": says("cs:identityBasis", "cs:asserted"),
    # Triples.
    "predicate-of-things": says("rdf:predicate", "cs:officeOf", "cs:cooperationKind"),
    "predicate-of-claims": says("rdf:predicate", "cs:modality", "cs:about"),
    "predicate-derived": says("rdf:predicate", "cs:earliest", "cs:concerns"),
    "predicate-of-another-vocabulary": says("rdf:predicate", "schema:startDate", "rdfs:label"),
    "predicate-is-a-class": says("rdf:predicate", "cs:Launch"),
    "predicate-of-another-domain": says("rdf:subject", "csd:country-china", where=_placed),
    "subject-is-a-concept": says("rdf:subject", "cs:lunarScience"),
    "object-of-another-range": says(
        "rdf:object", "csd:rover-yutu", "csd:policy-lunar-sample-regulations", where=_linked
    ),
    "object-of-a-wrong-class": says("rdf:object", "csd:source-nature-2017", where=_linked),
    "words-where-a-thing-is-due": says("rdf:object", '"Wenchang"@en', where=_linked),
    "thing-where-a-date-is-due": says("rdf:object", "csd:place-wenchang", where=_dated),
    "thing-where-words-are-due": says("rdf:object", "csd:place-wenchang", where=_worded),
    "thing-where-a-number-is-due": says("rdf:object", "csd:place-wenchang", where=_counted),
    "thing-where-a-concept-is-due": says("rdf:object", "csd:place-wenchang", where=_sorted),
    "words-where-a-concept-is-due": says("rdf:object", '"astronomy"@en', where=_sorted),
    "concept-of-another-list": says("rdf:object", "cs:newsArticle", where=_sorted),
    "words-without-language": says("rdf:object", '"heavenly palace"', where=_worded),
    "number-in-quotes": says("rdf:object", '"46"', where=_counted),
    "number-below-nothing": says("rdf:object", "-46", where=_counted),
    "words-that-are-blank": says("rdf:object", '""@en', '" "@en', where=_worded),
    "number-with-exponent": says("rdf:object", "4.6e1", where=_counted),
    "number-in-words": says("rdf:object", '"forty-six"@en', where=_counted),
    "date-in-quotes": says("rdf:object", '"2022-10-31"', where=_dated),
    "date-in-words": says("rdf:object", '"31 October 2022"@en', where=_dated),
    "date-that-is-none": says("rdf:object", '"2022-02-30"^^xsd:date', '"2021-13-01"^^xsd:date', where=_dated),
    "date-turned-round": says("rdf:object", '"31-10-2022"^^xsd:date', '"10/31/2022"^^xsd:date', where=_dated),
    "date-of-another-type": says("rdf:object", '"2022"^^xsd:gYear', '"2022-10"^^xsd:gYearMonth', where=_dated),
    "time-without-zone": says("rdf:object", '"2022-10-31T07:37:00"^^xsd:dateTime', where=_dated),
    "time-in-beijing": says("rdf:object", '"2022-10-31T15:37:00+08:00"^^xsd:dateTime', where=_dated),
    "day-with-zone": says("rdf:object", '"2016-10-31Z"^^xsd:date', where=_dated),
    "edtf-that-is-none": says("rdf:object", '"late 2022"^^edtf:EDTF', '"2022-13"^^edtf:EDTF', where=_dated),
    "edtf-backwards": says("rdf:object", '"2030/2025"^^edtf:EDTF', where=_dated),
    "object-is-its-subject": lambda claim: says("rdf:object", claim.value("rdf:subject"), where=_said("cs:partOf"))(
        claim
    ),
    "stated-value-in-quotes": says("cs:statedValue", '"46"', '"4.4 pounds"@en'),
    "stated-value-differs": says("cs:statedValue", "123456", where=_said("cs:amount", "cs:moduleCount")),
    "currency-of-another-property": says("cs:statedUnit", "cs:yuan", where=_said("cs:amountUsDollars")),
    "mass-in-years": says("cs:statedUnit", "cs:yearUnit", "cs:usDollar", where=_said("cs:massKilograms")),
    "unit-in-words": says("cs:statedUnit", '"pounds"@en'),
    **MISFITS,
}
