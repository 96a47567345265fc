"""The kinds of faults that are made in claims by what does not belong there, and by links that do not fit."""

from __future__ import annotations

from mutations import Claim, Mutation, adds, incomplete, lacks, links_itself, says

_PLAN = "csd:claim-time-2022-mengtian-docking-plan"
_FACT = "csd:claim-time-2022-mengtian-launch-date"
_DAY = '"2022-10-31"^^xsd:date'


def _converted(claim: Claim) -> bool:
    return claim.value("rdf:predicate") == "cs:massKilograms" and claim.value("cs:statedUnit") != "cs:kilogram"


def _counted(claim: Claim) -> bool:
    return claim.value("rdf:predicate") in {"cs:amount", "cs:moduleCount"} and claim.has("cs:statedValue")


MISFITS: dict[str, Mutation] = {
    # Links between claims.
    "denies-itself": links_itself("cs:denies"),
    "confirms-itself": links_itself("cs:confirms"),
    "contradicts-itself": links_itself("cs:contradicts"),
    "supersedes-itself": links_itself("cs:supersedes"),
    "resolves-itself": links_itself("cs:resolves"),
    "resolves-a-fact": says(
        "cs:resolves", _FACT, given="a", where=lambda claim: claim.value("cs:modality") == "cs:asserted"
    ),
    "resolves-a-thing": says("cs:resolves", "csd:mission-change-6", given="a"),
    "plan-that-resolves": says(
        "cs:resolves", _PLAN, given="a", where=lambda claim: claim.value("cs:modality") == "cs:planned"
    ),
    "denies-a-thing": says("cs:denies", "csd:country-usa", given="a"),
    "supersedes-a-source": says("cs:supersedes", "csd:source-nature-2017", given="a"),
    "contradicts-in-words": says("cs:contradicts", '"what NASA says"@en', given="a"),
    "confirms-what-it-contradicts": lambda claim: (
        adds("cs:confirms", claim.value("cs:contradicts"))(claim) if claim.has("cs:contradicts") else None
    ),
    # What does not belong on a claim.
    "fact-on-the-claim": adds("cs:launchDate", _DAY),
    "derived-by-hand": adds("cs:earliest", _DAY),
    "derived-link-by-hand": adds("cs:concerns", "csd:country-china"),
    "rank-of-facts-by-hand": adds("cs:conflictsWith", _FACT),
    "property-of-things": adds("cs:officeOf", "csd:institution-nasa"),
    "property-of-actors": adds("cs:voice", "cs:usOfficial"),
    "property-of-sources": adds("cs:sourceKind", "cs:newsArticle"),
    "source-of-another-name": says("cs:source", "csd:source-kikar-tianwen-3"),
    "same-as": adds("owl:sameAs", "<http://www.wikidata.org/entity/Q320644>"),
    # Words, numbers and names that do not fit.
    "label-on-the-claim": adds("rdfs:label", '"Launch of Mengtian"@en'),
    "other-name-on-the-claim": adds("skos:altLabel", '"Mengtian goes up"@en'),
    "gist-to-be-written": says("cs:gist", '"TODO: write what is claimed."@en', '"Lorem ipsum dolor sit amet."@en'),
    "gist-left-open": says("cs:gist", '"One sentence goes here."@en', '"Mengtian was launched from …."@en'),
    "gist-of-a-template": says("cs:gist", '"<what is claimed>."@en', '"[gist of the passage]."@en'),
    "note-to-be-written": says("skos:editorialNote", '"FIXME"@en', '"tbd"@en', '"..."@en', given="a"),
    "reason-to-be-written": says("cs:rankReason", '"To be written."@en', '"xxx"@en'),
    "number-not-converted": lambda claim: says("rdf:object", claim.value("cs:statedValue"), where=_converted)(claim),
    "number-converted-wrongly": says("rdf:object", "123456.7", where=_converted),
    "stated-in-another-number": says("cs:statedValue", "77.7", where=_converted),
    "stated-in-another-unit": says("cs:statedUnit", "cs:kilogram", where=_converted),
    "object-unlike-what-is-stated": says("rdf:object", "123456", where=_counted),
    "no-address": lambda claim: lacks("cs:passageAddress")(claim) if claim.has("cs:passageStart") else None,
    "second-class": incomplete(adds("a", "cs:Mission", "cs:Source")),
}
