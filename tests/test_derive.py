"""What is derived at load: facts, super-classes, defaults, bounds of dates, and conflicts."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.load import Loaded, load
from chinaspace.names import CS, FACTS, INFERRED, RDF, cs
from chinaspace.paths import ontology_files
from support import SOURCE, claim, load_turtle, thing, values

LAUNCH = "csd:launch-one cs:launchDate"

_TRANSITIVE = ox.NamedNode("http://www.w3.org/2002/07/owl#TransitiveProperty")


def launch_days(folder: Path, body: str) -> set[str]:
    """Return the launch dates that become facts."""
    return values(load_turtle(folder, SOURCE + body).store, "launch-one", cs("launchDate"), FACTS)


@pytest.mark.parametrize("modality", ["planned", "estimated", "alleged", "denied", "opinion", "predicted"])
def test_only_what_is_asserted_is_a_fact(tmp_path: Path, modality: str) -> None:
    """A claim of any other modality gives no fact, not even in the default graph."""
    loaded = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF', modality=f"cs:{modality}"))
    assert loaded.facts == 0
    assert values(loaded.store, "launch-one", cs("launchDate")) == set()


def test_an_asserted_claim_is_a_fact(tmp_path: Path) -> None:
    """The statement of an asserted claim stands in csg:facts and in the default graph."""
    loaded = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020-05-03"^^xsd:date'))
    assert loaded.facts == 1
    assert values(loaded.store, "launch-one", cs("launchDate"), FACTS) == {"2020-05-03"}
    assert values(loaded.store, "launch-one", cs("launchDate")) == {"2020-05-03"}


def test_a_deprecated_claim_is_no_fact(tmp_path: Path) -> None:
    """What is deprecated is left out, also where nothing else is said."""
    assert launch_days(tmp_path, claim("a", f'{LAUNCH} "2020"^^edtf:EDTF', "cs:rank cs:deprecated")) == set()


def test_the_best_rank_wins(tmp_path: Path) -> None:
    """Where one claim is preferred, claims of normal rank on the same property are no facts."""
    normal = claim("a", f'{LAUNCH} "2020"^^edtf:EDTF')
    preferred = claim("b", f'{LAUNCH} "2021"^^edtf:EDTF', "cs:rank cs:preferred")
    other = claim("c", "csd:launch-one cs:launchSite csd:place-one")
    loaded = load_turtle(tmp_path, SOURCE + normal + preferred + other)
    assert values(loaded.store, "launch-one", cs("launchDate"), FACTS) == {"2021"}
    assert values(loaded.store, "launch-one", cs("launchSite"), FACTS) == {"https://w3id.org/chinaspace/id/place-one"}


def test_a_preferred_plan_outranks_no_fact(tmp_path: Path) -> None:
    """Only asserted claims compete for the best rank."""
    plan = claim("a", f'{LAUNCH} "2021"^^edtf:EDTF', "cs:rank cs:preferred", "cs:planned")
    assert launch_days(tmp_path, plan + claim("b", f'{LAUNCH} "2020"^^edtf:EDTF')) == {"2020"}


def test_two_claims_of_one_rank_are_two_facts(tmp_path: Path) -> None:
    """Facts that differ both stay."""
    body = claim("a", f'{LAUNCH} "2020"^^edtf:EDTF') + claim("b", f'{LAUNCH} "2021"^^edtf:EDTF')
    assert launch_days(tmp_path, body) == {"2020", "2021"}


@pytest.mark.parametrize(
    "broken",
    ['rdf:subject "one" ; rdf:predicate cs:launchDate', 'rdf:subject csd:one ; rdf:predicate "launchDate"'],
)
def test_a_statement_that_is_no_triple_is_no_fact(tmp_path: Path, broken: str) -> None:
    """A text where a thing or a property is due derives nothing, and stops nothing."""
    body = f'csd:claim-a a cs:Claim ; cs:modality cs:asserted ; {broken} ; rdf:object "2020"^^edtf:EDTF .\n'
    loaded = load_turtle(tmp_path, SOURCE + body + claim("b", f'{LAUNCH} "2020"^^edtf:EDTF'))
    assert loaded.facts == 1


def test_super_classes(tmp_path: Path) -> None:
    """A thing is of every class above its own, and only the derived ones stand in csg:inferred."""
    loaded = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF') + "csd:craft-one a cs:Lander .")
    inferred = values(loaded.store, "craft-one", ox.NamedNode(RDF + "type"), INFERRED)
    assert {CS + "Spacecraft", CS + "PhysicalObject", CS + "Entity"} <= inferred
    assert CS + "Lander" not in inferred


def test_super_properties(tmp_path: Path) -> None:
    """A fact holds for every property above its own, inferred and not as a fact."""
    loaded = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF'))
    assert values(loaded.store, "launch-one", cs("eventDate"), INFERRED) == {"2020"}
    assert values(loaded.store, "launch-one", cs("eventDate"), FACTS) == set()


def test_defaults(tmp_path: Path) -> None:
    """A claim without a day is said on the day of its source, and without a rank it is of normal rank."""
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF')).store
    assert values(store, "claim-a", cs("statedOn"), INFERRED) == {"2020-05-01"}
    assert values(store, "claim-a", cs("rank"), INFERRED) == {CS + "normal"}


def test_what_is_stated_is_not_defaulted(tmp_path: Path) -> None:
    """A day and a rank of its own keep the defaults away."""
    more = 'cs:statedOn "2020-02"^^edtf:EDTF ; cs:rank cs:deprecated'
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF', more)).store
    assert values(store, "claim-a", cs("statedOn")) == {"2020-02"}
    assert values(store, "claim-a", cs("rank")) == {CS + "deprecated"}
    assert values(store, "claim-a", cs("statedEarliest")) == {"2020-02-01"}
    assert values(store, "claim-a", cs("statedLatest")) == {"2020-02-29"}


def test_symmetric_and_transitive_properties(tmp_path: Path) -> None:
    """Sameness holds both ways, and a place lies in all that contains the place that contains it."""
    body = claim("a", "csd:craft-one cs:sameThingAs csd:craft-two") + claim("b", "csd:base cs:locatedIn csd:pole")
    body += claim("c", "csd:pole cs:locatedIn csd:moon")
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "craft-two", cs("sameThingAs"), INFERRED) == {thing("craft-one").value}
    assert values(store, "base", cs("locatedIn"), INFERRED) == {thing("moon").value}


def test_the_transitive_property_is_the_one_that_is_closed() -> None:
    """Loading closes each property that the vocabulary calls transitive."""
    store = load(ontology_files()).store
    transitive = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), _TRANSITIVE, ox.DefaultGraph())
    assert {quad.subject for quad in transitive} == {cs("locatedIn")}


def test_a_conflict_links_both_claims(tmp_path: Path) -> None:
    """Two distinct facts of a functional property conflict, and each claim is linked to the other."""
    body = claim("a", f'{LAUNCH} "2020-05-03"^^xsd:date') + claim("b", f'{LAUNCH} "2020-05-04"^^xsd:date')
    loaded = load_turtle(tmp_path, SOURCE + body)
    assert loaded.conflicts == 1
    assert values(loaded.store, "claim-a", cs("conflictsWith"), INFERRED) == {thing("claim-b").value}
    assert values(loaded.store, "claim-b", cs("conflictsWith"), INFERRED) == {thing("claim-a").value}


def test_no_conflict_without_reason(tmp_path: Path) -> None:
    """Several values of another property, and plans, conflict with nothing."""
    body = (
        claim("a", f'{LAUNCH} "2020"^^edtf:EDTF')
        + claim("d", f'{LAUNCH} "2023"^^edtf:EDTF', modality="cs:planned")
        + claim("e", "csd:cooperation-one cs:party csd:country-one")
        + claim("f", "csd:cooperation-one cs:party csd:country-two")
    )
    assert load_turtle(tmp_path, SOURCE + body).conflicts == 0


def test_a_settled_conflict_stays_in_view(tmp_path: Path) -> None:
    """Rank decides which value is a fact, not whether the sources differ."""
    body = (
        claim("a", f'{LAUNCH} "2020"^^edtf:EDTF', "cs:rank cs:preferred")
        + claim("b", f'{LAUNCH} "2021"^^edtf:EDTF')
        + claim("c", f'{LAUNCH} "2020"^^edtf:EDTF', "cs:rank cs:deprecated")
    )
    loaded = load_turtle(tmp_path, SOURCE + body)
    assert values(loaded.store, "launch-one", cs("launchDate"), FACTS) == {"2020"}
    assert values(loaded.store, "claim-b", cs("conflictsWith")) == {thing("claim-a").value, thing("claim-c").value}


def test_two_names_of_one_thing_are_no_conflict(tmp_path: Path) -> None:
    """Values that a claim of fact calls the same agree; a mere opinion that they are does not settle it."""
    body = claim("a", "csd:launch-one cs:launchVehicle csd:vehicle-unnamed")
    body += claim("b", "csd:launch-one cs:launchVehicle csd:vehicle-one")
    same = "csd:vehicle-one cs:sameThingAs csd:vehicle-unnamed"
    assert load_turtle(tmp_path, SOURCE + body + claim("c", same)).conflicts == 0
    assert load_turtle(tmp_path, SOURCE + body + claim("c", same, modality="cs:opinion")).conflicts == 1


def test_a_claim_concerns_all_that_it_speaks_of(tmp_path: Path) -> None:
    """Subject, object and further things are found by one property, literals are not things."""
    body = "csd:country-one a cs:Country . csd:launch-one a cs:Launch . csd:place-one a cs:LaunchSite ."
    body += claim("a", "csd:launch-one cs:launchSite csd:place-one", "cs:about csd:country-one")
    body += claim("b", f'{LAUNCH} "2020"^^edtf:EDTF')
    store = load_turtle(tmp_path, SOURCE + body).store
    found = {value.rpartition("/")[2] for value in values(store, "claim-a", cs("concerns"), INFERRED)}
    assert found == {"country-one", "launch-one", "place-one"}
    assert values(store, "claim-b", cs("concerns")) == {thing("launch-one").value}


def test_an_arrangement_involves_parties_and_members_of_their_groups(tmp_path: Path) -> None:
    """Planned parties and those of an open list are involved, without being parties as a fact."""
    body = claim("a", "csd:cooperation-one cs:host csd:country-one", modality="cs:planned")
    body += claim("b", "csd:cooperation-one cs:party csd:group-one")
    body += claim("c", "csd:country-two cs:memberOf csd:group-one")
    store = load_turtle(tmp_path, SOURCE + body).store
    found = {value.rpartition("/")[2] for value in values(store, "cooperation-one", cs("involves"), INFERRED)}
    assert found == {"country-one", "group-one", "country-two"}
    assert values(store, "cooperation-one", cs("party")) == {thing("group-one").value}


def test_the_world(world: Loaded) -> None:
    """The launch of Lamp 1 has two exclusive days, its lander two masses; the month that contains both days is none."""
    assert world.conflicts == 2
    first, second = "claim-gazette-2020-lamp-1-launch", "claim-herald-2021-lamp-1-launch"
    assert values(world.store, first, cs("conflictsWith")) == {thing(second).value}
    assert values(world.store, "claim-herald-2021-lamp-1-month", cs("conflictsWith")) == set()
