"""What the real graph is made of, as numbers: which things, which statements, how often.

Each table was counted in data/ (2,592 claims, 40,993 triples) by the query that
stands above it, asked of an Oxigraph store of all its Turtle files.
"""

from __future__ import annotations

from typing import NamedTuple

CLAIMS = 2592

# SELECT ?class (COUNT(?thing) AS ?things) { ?thing a ?class } GROUP BY ?class
# A kind is what stands before the number in the identifier, and is shared by narrower classes.
THINGS = """
country Country 44; institution Publisher 39; source Source 38; institution InternationalBody 29;
institution Institute 18; institution University 14; institution Agency 11; institution GovernmentBody 8;
institution Company 7; policy Policy 191; cooperation Cooperation 165; group Group 103; launch Launch 56;
figure Figure 48; event Event 44; event Conference 12; ranking Ranking 33; spacecraft Satellite 59;
spacecraft SpaceStation 4; spacecraft StationModule 4; person Person 31; mission Mission 30; place Place 26;
place LaunchSite 5; work Work 20; programme Programme 18; office Office 16; vehicle LaunchVehicle 15;
platform Platform 13; cost Cost 11; landing Landing 9; sample SampleSet 9; instrument Instrument 8;
constellation Constellation 6; law Law 5; agreement Agreement 4; dataset Dataset 6
"""


class Statement(NamedTuple):
    """A property of claims: how many claims use it, of which class its subject is, and what its value is.

    *value* is a class, a list of concepts, or one of words, text, date, whole, decimal and truth.
    *planned* is the share of plans; *functional* says that a thing has one right value.
    """

    predicate: str
    uses: int
    subject: str
    value: str
    planned: float
    functional: bool


# SELECT ?predicate ?class (COUNT(?claim) AS ?claims) { ?claim rdf:predicate ?predicate ; rdf:subject/a ?class } …
# Where subjects or values are of several classes, the commonest stand; the count of all is theirs.
_STATEMENTS = """
launchVehicle 46 Launch LaunchVehicle 0 functional; launchSite 41 Launch LaunchSite 0 functional
party 159 Cooperation Country .29; party 18 Cooperation Group .29; party 19 Cooperation Agency .29
pursues 194 Country Policy .54; purpose 70 Policy words .38; purpose 54 Cooperation words .38
purpose 62 Satellite words .1; purpose 20 Mission words .1; purpose 17 Programme words .1
cooperationStatus 174 Cooperation cooperationStatus .29; launchDate 89 Launch date .27 functional
launches 88 Launch Satellite .1; researchField 38 Satellite researchField 0
researchField 40 Programme researchField .1; owner 72 Satellite Country 0; memberOf 50 Country InternationalBody 0
memberOf 13 Country Group 0; finding 52 Satellite words 0; amount 50 Figure decimal .1 functional
eventOutcome 48 Launch eventOutcome 0 functional; participant 39 Event Country 0; coDeveloper 38 Cooperation Agency .1
position 36 Ranking whole 0 functional; developer 34 Satellite Agency .1; name 34 Satellite words 0
partOf 31 Policy Policy .1; eventOf 28 Event Mission 0; sameThingAs 26 Satellite Satellite 0
supports 25 Country Policy 0; eventDate 24 Event date .2 functional; usesSpacecraft 22 Mission Satellite 0
cites 20 Source Work 0; accessOfferedTo 20 SampleSet Group .1; basedIn 19 Institute Country 0
initiator 19 Cooperation Country .1; participatesIn 19 Country Programme .1; recipient 19 Cooperation Country .1
affiliation 18 Person Institute 0; publicationDate 16 Work date 0 functional; locatedIn 7 LaunchSite Place 0
locatedIn 8 Place Country 0; holdsOffice 15 Person Office 0; launchedBy 14 Launch Country 0
hostedBy 14 Conference Country .2; landingDate 13 Landing date .3 functional; profession 12 Person words 0
supplier 12 Cooperation Country 0; competesWith 11 Country Country 0; leader 11 Mission Agency .1
amountUsDollars 11 Cost decimal 0 functional; amountYuan 1 Cost decimal 0 functional; eventPlace 11 Event Place 0
parentInstitution 11 Institute Agency 0; destination 10 Mission Place .2; publishedBy 10 Work Publisher 0
orbits 9 Satellite Place 0; operator 9 Programme Agency 0; author 9 Work Person 0; enactedBy 9 Law Country 0
researchPartner 8 Cooperation University 0; dataProvider 8 Cooperation Agency 0; collectedAt 8 SampleSet Place 0
landingPlace 8 Landing Place .1; host 7 Cooperation Country 0; carries 7 Satellite Instrument 0
restrictsCooperationWith 7 Law Country 0; startDate 7 Programme date .2 functional
excludedParty 6 Cooperation Country 0; isCrewed 6 Mission truth 0 functional; selectedBy 6 Mission Agency 0
collectedBy 6 SampleSet Mission 0; deploymentPlace 6 Instrument SpaceStation .2; fundedBy 6 Mission Agency 0
massKilograms 5 Satellite decimal 0 functional; programme 5 Mission Programme 0; customer 5 Cooperation Country 0
volumeAndPages 4 Work text 0; similarTo 4 Mission Mission 0; hasTiesTo 4 Programme Country 0
accessRequestedBy 4 SampleSet University 0; endDate 4 Programme date .3 functional; restricts 3 Law Agency 0
establishmentDate 3 Place date .5 functional; moduleOf 3 StationModule SpaceStation 0; signatory 3 Agreement Country 0
requiresApprovalBy 2 Law GovernmentBody 0; moduleCount 2 SpaceStation whole .3 functional
enactmentDate 2 Law date 0 functional; completionDate 2 SpaceStation date .7 functional
payloadCount 2 Satellite whole 0 functional; barsFrom 2 Law Programme 0; heldOffice 2 Person Office 0
serviceEndDate 2 Satellite date .7 functional; signatureDate 1 Agreement date 0 functional
financier 1 Cooperation Agency 0; principalInvestigator 1 Mission Person 0; nationality 1 Person Country 0
"""

STATEMENTS = [
    Statement(one[0], int(one[1]), one[2], one[3], float(one[4]), one[-1] == "functional")
    for line in _STATEMENTS.split("\n")
    for part in line.split(";")
    if (one := part.split())
]

# SELECT ?concept (COUNT(?s) AS ?uses) { ?s PROPERTY ?concept } GROUP BY ?concept; a claim's value for the last three.
_CONCEPTS = """
cooperationKind generalCooperation:26 payloadCooperation:9 satelliteDelivery:4 jointInfrastructure:16
 jointDevelopment:12 policyDialogue:11 sampleSharing:9 productCooperation:8 disasterResponse:7 systemCoordination:7
 dataExchange:7 membershipKind:7 jointMission:6 scienceExchange:6 jointResearch:6 groundSupportKind:6
 engineeringCooperation:6 launchService:5 training:4 crewExchange:4 payloadHosting:4 stationPartnership:2
cooperationField deepSpaceField:34 spaceScienceField:31 applicationsField:31 technologyField:20 navigationField:17
 exchangesField:16 governanceField:13 humanSpaceflightField:11 commercialField:8 telemetryField:7 generalField:7
policyField cooperationPolicy:38 applicationPolicy:22 governancePolicy:19 talentPolicy:18 industryPolicy:17
 educationPolicy:16 strategyPolicy:16 sciencePolicy:16 explorationPolicy:15 innovationPolicy:15 legalPolicy:12
 commercialPolicy:12
sourceKind webPage:15 newsArticle:15 journalArticle:2 commentary:1 whitePaper:1 rewordedArticle:1
sourceStanding unofficialStanding:16 pressStanding:12 scholarlyStanding:4 primaryStanding:3
voice press:35 chineseScientist:13 usOfficial:10 otherScientist:8 chineseOfficial:8 analyst:6 europeanAgency:5
 usScientist:4 europeanScientist:4 chineseAnalyst:3 cataloguer:2 otherOfficial:1
costKind totalCost:6 fundingKind:2 contributionKind:2 budgetKind:1
exactness approximate:4 moreThan:4 orderOfMagnitude:4 atMost:1 lessThan:1
statedUnit piece:36 usDollar:11 yearUnit:6 times:6 kilometre:4 gram:2 pound:2 hectare:1 yuan:1 tonne:1
rankRule officialCatalogue:4 laterReport:2
modality asserted:1201 opinion:29 predicted:22 alleged:17 estimated:8 denied:2
untold opinion:142 asserted:141 predicted:11 planned:5 alleged:2 estimated:1
cooperationStatus practisedStatus:78 plannedStatus:50 completedStatus:26 offeredStatus:11 excludedStatus:4
 signedStatus:2 endedStatus:2 requestedStatus:1
researchField astronomy:10 spacePhysics:9 highEnergyAstrophysics:8 darkMatter:7 earthScience:6 gravitationalWaves:6
 solarPhysics:5 lifeScience:4 microgravityResearch:4 planetaryScience:3 lunarScience:3 quantumScience:3 planetSearch:2
eventOutcome success:46 failure:2
about Country:790 Mission:384 Cooperation:285 Programme:227 Satellite:345 Group:146 Constellation:113 Policy:110
 Place:236 SpaceStation:113 Launch:76 Agency:75 Event:60 InternationalBody:94 SampleSet:40 Platform:34 Institute:62
 Person:22 Instrument:21 Law:19 Work:19
cooperationSubject Mission:24 Constellation:21 Satellite:23 SampleSet:10 Platform:8 Conference:6 Programme:6
 SpaceStation:5 Event:3
speaker Publisher:60 Person:30 Group:10
speakingFor Country:1119 Agency:42
planned year:14 months:9 until:7 day:3 about:3 decade:2 month:2 from:2
known instant:44 year:37 day:25 month:11 until:2 about:1
frame months:246 fromMonth:187 year:26 from:24 until:22 month:15 decade:8 about:3
"""


def _read_concepts(text: str) -> dict[str, list[tuple[str, float]]]:
    """Return for each list its words with the share of all up to each, so that a number from 0 to 1 chooses one."""
    lists: dict[str, list[tuple[str, float]]] = {}
    for line in text.strip().replace("\n ", " ").split("\n"):
        name, *pairs = line.split()
        weights = [(word, int(weight)) for word, _, weight in (pair.partition(":") for pair in pairs)]
        total, running = sum(weight for _, weight in weights), 0
        lists[name] = []
        for word, weight in weights:
            running += weight
            lists[name].append((word, running / total))
    return lists


CONCEPTS = _read_concepts(_CONCEPTS)

# SELECT (COUNT(?claim) AS ?claims) { ?claim PROPERTY ?value }, as a share of all claims.
SHARE = {
    "triple": 2290 / CLAIMS,
    "speakingFor": 1161 / CLAIMS,
    "note": 766 / CLAIMS,
    "timeFrameOfPlan": 428 / 510,
    "timeFrame": 104 / 1847,
    "identityBasis": 295 / CLAIMS,
    "statedOn": 110 / CLAIMS,
    "speakerRole": 74 / CLAIMS,
    "contradicts": 95 / CLAIMS,
    "confirms": 69 / CLAIMS,
    "garbled": 29 / CLAIMS,
    # Of the plans for a date: replaced by a newer plan, and resolved.
    "superseded": 0.35,
    "resolved": 0.8,
    # Of the allegations; of the numbers; of the conflicts between asserted values of functional properties.
    "denied": 3 / 19,
    "statedValue": 66 / 108,
    "exactness": 14 / 108,
    "ranked": 6 / 40,
    # Of the sources: catalogues, whose claims have a locator instead of a passage.
    "catalogue": 3 / 38,
    "isCollective": 34 / 169,
}

# SELECT ?claim (COUNT(?thing) AS ?things) { ?claim cs:about ?thing } GROUP BY ?claim: the share that has up to so many.
ABOUT = [0.25, 0.618, 0.872, 0.96, 0.988, 0.994, 1.0]

# How uneven a choice is: the share of rank r falls as r to this power. One country is in two of five claims, one
# source has four of ten; things of other classes are spread far more evenly, and those that only a functional
# property describes more evenly still.
SKEW = {"Country": 2.2, "Source": 1.7, "Publisher": 1.7}
SKEW_OF_THINGS, SKEW_OF_FACTS = 0.8, 0.3
