"""Questions that trap a hasty reader, with what the answer of a tool must hold so that a careful one is not caught."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trap:
    """A *question*, the *tool* and the arguments that a language model would use for it, and what must come back.

    *stances* gives the modality of claims, by slug. *bears* are (claim, relation,
    reversed, other claim). *no_fact* are properties that no fact may have.
    *collective*, *unofficial*, *inferred* and *unanswered* are claims that must be marked as such;
    *things* are slugs that must all be named.
    """

    kind: str
    question: str
    tool: str
    arguments: dict[str, object]
    stances: dict[str, str] = field(default_factory=dict)
    bears: tuple[tuple[str, str, bool, str], ...] = ()
    no_fact: tuple[str, ...] = ()
    collective: tuple[str, ...] = ()
    unofficial: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    things: tuple[str, ...] = ()


def _plan(question: str, thing: str, stances: dict[str, str], fact: str = "launch date") -> Trap:
    return Trap("plan read as fact", question, "describe_thing", {"thing": thing}, stances, no_fact=(fact,))


def _group(question: str, thing: str, *claims: str) -> Trap:
    return Trap("group read as pairs", question, "describe_thing", {"thing": thing}, collective=claims)


def _denied(question: str, tool: str, arguments: dict[str, object], claim: str) -> Trap:
    denial = "time-2022-china-denies-nelson"
    return Trap(
        "denial read as confirmation",
        question,
        tool,
        arguments,
        {claim: "alleged"},
        ((claim, "denies", True, denial),),
    )


def _newer(question: str, thing: str, old: str, new: str, relation: str = "supersedes") -> Trap:
    bears = ((old, relation, True, new),)
    return Trap("superseded date", question, "describe_thing", {"thing": thing, "limit": 200}, bears=bears)


def _namesakes(question: str, name: str, *things: str) -> Trap:
    return Trap("one name, two things", question, "find_thing", {"name": name}, things=things)


TRAPS = (
    _plan(
        "When was eXTP launched?",
        "launch-extp",
        {"nature-2017-extp-launch-date": "planned", "utu-2025-extp-launch-2030": "planned"},
    ),
    _plan(
        "Since when is Xuntian in orbit?",
        "launch-xuntian",
        {"myworldfix-2023-xuntian-launch-end-2023": "planned", "tldrdaily-xuntian-launch-early-2027": "planned"},
    ),
    _plan("When did Tianwen-3 start?", "launch-tianwen-3", {"kikar-tianwen-3-launch-2028": "planned"}),
    _plan("When did Chang'e 7 fly?", "launch-change-7", {"wam-2026-change-7-launch-2026": "planned"}),
    _plan("In which year was STROBE-X launched?", "launch-strobe-x", {"nature-2017-strobe-x-launch-date": "predicted"}),
    _plan(
        "When did the water cycle mission go up?",
        "launch-china-water-cycle",
        {"nature-2017-water-cycle-launch-date": "planned"},
    ),
    Trap(
        "plan read as fact",
        "Is Tiangong the only space station?",
        "who-said-what",
        {"thing": "spacecraft-tiangong"},
        {"time-2022-tiangong-only-station": "predicted"},
    ),
    Trap(
        "plan read as fact",
        "Which dates were set for Xuntian?",
        "announced-dates",
        {"thing": "launch-xuntian"},
        {"ru24-xuntian-launch-2026-12-21": "planned"},
        unofficial=("ru24-xuntian-launch-2026-12-21",),
    ),
    Trap(
        "plan read as fact",
        "What do telescopes on the station do for exoplanets?",
        "sparql",
        {
            "query": "SELECT ?claim { ?claim a <https://w3id.org/chinaspace/ontology/Claim> } ORDER BY ?claim",
            "limit": 3000,
        },
        {"nature-2017-station-telescope-exoplanets": "predicted", "nature-2017-extp-cost": "estimated"},
    ),
    _denied("Does China want to colonise the Moon?", "allegations", {}, "time-2022-nelson-moon-colony"),
    _denied("Does China learn to destroy satellites?", "allegations", {}, "time-2022-nelson-satellite-destruction"),
    _denied("Did China steal technology?", "allegations", {}, "time-2022-nelson-tech-theft"),
    Trap(
        "denial read as confirmation",
        "Is Tiangong a competitor of the ISS?",
        "who-said-what",
        {"thing": "spacecraft-tiangong"},
        {"time-2022-tiangong-no-competitor": "denied"},
    ),
    Trap(
        "denial read as confirmation",
        "Are the data exchanged with China of military use?",
        "sparql",
        {
            "query": "SELECT ?claim { ?claim a <https://w3id.org/chinaspace/ontology/Claim> } ORDER BY ?claim",
            "limit": 3000,
        },
        {"time-2022-data-not-military": "denied"},
    ),
    Trap(
        "denial read as confirmation",
        "Did anyone answer those who say that cooperation would help the military?",
        "allegations",
        {},
        {"change-6-return-2024-civil-programme-military-ties": "alleged"},
        unanswered=("change-6-return-2024-civil-programme-military-ties",),
    ),
    _group(
        "Did China agree with the United States on space governance?",
        "cooperation-future-governance-dialogue",
        "white-paper-2021-governance-dialogue-usa",
        "white-paper-2021-governance-dialogue-russia",
    ),
    _group(
        "Which pairs of countries will study dark matter?",
        "cooperation-future-science-subjects",
        "white-paper-2021-science-subjects-dark-matter",
    ),
    _group(
        "Who trained whom at the regional centre?",
        "cooperation-regional-centre-training",
        "white-paper-2021-regional-centre-training-china",
    ),
    _group(
        "Whose experiments are run on the station?",
        "cooperation-station-international-experiments",
        "white-paper-2021-station-experiments-china",
    ),
    _group(
        "Who makes navigation systems compatible with China's?",
        "cooperation-future-gnss-compatibility",
        "white-paper-2021-gnss-compatibility-china",
    ),
    _newer("When will eXTP fly?", "launch-extp", "nature-2017-extp-launch-date", "arxiv-2025-extp-launch-2030"),
    _newer("When will eXTP fly, as IEEC says?", "launch-extp", "ieec-extp-launch-2027", "utu-2025-extp-launch-2030"),
    _newer(
        "Did SMILE start in April 2026?",
        "launch-smile",
        "everythingbagel-2026-smile-launch-2026-04-09",
        "trendbuzz-2026-smile-launch-2026-05-19",
    ),
    _newer(
        "Is June 2025 the date of Xuntian?",
        "launch-xuntian",
        "myworldfix-2023-xuntian-launch-2025-06",
        "tldrdaily-xuntian-launch-early-2027",
    ),
    _newer(
        "Was Chang'e 5 launched in 2017?",
        "Chang'e 5",
        "nature-2017-change-5-launch-plan",
        "gcat-launchlog-2024-12-change-5-date",
        "resolves",
    ),
    Trap(
        "superseded date",
        "On which day did Chang'e 6 start?",
        "describe_thing",
        {"thing": "launch-change-6"},
        bears=(
            (
                "change-6-return-2024-change-6-launch-date",
                "conflicts with",
                False,
                "gcat-launchlog-2024-12-change-6-date",
            ),
        ),
    ),
    _namesakes("What is Chang'e 5?", "Chang'e 5", "mission-change-5", "spacecraft-change-5"),
    _namesakes("Where is the ILRS?", "ILRS", "place-ilrs", "cooperation-ilrs"),
    _namesakes("What is QUESS?", "QUESS", "mission-quess", "spacecraft-quess"),
    _namesakes(
        "What became of Tiangong?", "Tiangong", "spacecraft-tiangong", "spacecraft-tiangong-1", "spacecraft-tiangong-2"
    ),
    _namesakes("What is 嫦娥七号?", "嫦娥七号", "mission-change-7", "spacecraft-change-7"),
    Trap(
        "one name, two things",
        "Which Moon mission was still unnamed in 2017?",
        "describe_thing",
        {"thing": "mission-unnamed-upcoming-moon-mission-2017"},
        inferred=("nature-2017-upcoming-moon-mission-is-change-5",),
    ),
)
