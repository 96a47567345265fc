"""What is derived at load: facts, super-classes, defaults, bounds of dates, and conflicts."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.derive import compatible
from chinaspace.load import Loaded
from chinaspace.names import CS, EDTF, FACTS, INFERRED, RDF, XSD, cs
from support import SOURCE, claim, load_turtle, thing, values

LAUNCH = "csd:launch-one cs:launchDate"


def date_literal(lexical: str) -> ox.Literal:
    """Return an xsd:date, or an EDTF literal where it is no full day."""
    return ox.Literal(lexical, datatype=ox.NamedNode(XSD + "date") if len(lexical) == 10 else EDTF)


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


@pytest.mark.parametrize("subject", ["claim-a", "launch-one"])
def test_bounds_of_a_claim_and_of_its_thing(tmp_path: Path, subject: str) -> None:
    """A date value bounds its claim, and as a fact also its thing, by xsd:date."""
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020-03"^^edtf:EDTF')).store
    assert values(store, subject, cs("earliest"), INFERRED) == {"2020-03-01"}
    assert values(store, subject, cs("latest"), INFERRED) == {"2020-03-31"}
    quad = next(iter(store.quads_for_pattern(thing(subject), cs("earliest"), None, INFERRED)))
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.datatype.value == XSD + "date"


def test_bounds_of_a_source(tmp_path: Path) -> None:
    """A source has the bounds of its date."""
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF')).store
    assert values(store, "source-two", cs("earliest")) == {"2021-01-01"}
    assert values(store, "source-two", cs("latest")) == {"2021-12-31"}


def test_a_thing_with_several_dates_spans_them_all(tmp_path: Path) -> None:
    """The bounds of a thing reach from the first of its facts to the last."""
    body = claim("a", f'{LAUNCH} "2020"^^edtf:EDTF') + claim("b", f'{LAUNCH} "2022-05"^^edtf:EDTF')
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "launch-one", cs("earliest")) == {"2020-01-01"}
    assert values(store, "launch-one", cs("latest")) == {"2022-05-31"}


def test_an_open_end_has_no_bound(tmp_path: Path) -> None:
    """Where the end is open there is no cs:latest, also not by another date of the thing."""
    body = claim("a", f'{LAUNCH} "2020/.."^^edtf:EDTF') + claim("b", f'{LAUNCH} "2022"^^edtf:EDTF')
    store = load_turtle(tmp_path, SOURCE + body).store
    assert values(store, "claim-a", cs("latest")) == set()
    assert values(store, "launch-one", cs("latest")) == set()
    assert values(store, "launch-one", cs("earliest")) == {"2020-01-01"}


def test_a_plan_bounds_no_thing(tmp_path: Path) -> None:
    """The date of a plan bounds its claim only."""
    store = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "2020"^^edtf:EDTF', modality="cs:planned")).store
    assert values(store, "claim-a", cs("earliest")) == {"2020-01-01"}
    assert values(store, "launch-one", cs("earliest")) == set()


def test_a_bad_date_is_listed(tmp_path: Path) -> None:
    """A date that is none is given back with its claim, and bounds nothing."""
    loaded = load_turtle(tmp_path, SOURCE + claim("a", f'{LAUNCH} "soon"^^edtf:EDTF', modality="cs:planned"))
    assert [node for node, _ in loaded.bad_dates] == [thing("claim-a")]
    assert values(loaded.store, "claim-a", cs("earliest")) == set()


def test_a_conflict_links_both_claims(tmp_path: Path) -> None:
    """Two distinct facts of a functional property conflict, and each claim is linked to the other."""
    body = claim("a", f'{LAUNCH} "2020-05-03"^^xsd:date') + claim("b", f'{LAUNCH} "2020-05-04"^^xsd:date')
    loaded = load_turtle(tmp_path, SOURCE + body)
    assert loaded.conflicts == 1
    assert values(loaded.store, "claim-a", cs("conflictsWith"), INFERRED) == {thing("claim-b").value}
    assert values(loaded.store, "claim-b", cs("conflictsWith"), INFERRED) == {thing("claim-a").value}


def test_no_conflict_without_reason(tmp_path: Path) -> None:
    """Several values of another property, plans, deprecated and outranked claims conflict with nothing."""
    body = (
        claim("a", f'{LAUNCH} "2020"^^edtf:EDTF', "cs:rank cs:preferred")
        + claim("b", f'{LAUNCH} "2021"^^edtf:EDTF')
        + claim("c", f'{LAUNCH} "2022"^^edtf:EDTF', "cs:rank cs:deprecated")
        + claim("d", f'{LAUNCH} "2023"^^edtf:EDTF', modality="cs:planned")
        + claim("e", "csd:cooperation-one cs:party csd:country-one")
        + claim("f", "csd:cooperation-one cs:party csd:country-two")
    )
    assert load_turtle(tmp_path, SOURCE + body).conflicts == 0


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (date_literal("2020-05-03"), date_literal("2020-05-03"), True),
        (date_literal("2020-05-03"), date_literal("2020-05-04"), False),
        (date_literal("2020-05-03"), date_literal("2020-05"), True),
        (date_literal("2020"), date_literal("2020-05-03"), True),
        (date_literal("2020"), date_literal("2021"), False),
        (date_literal("2020/.."), date_literal("2021-01-01"), True),
        (date_literal("soon"), date_literal("2020"), False),
        (ox.Literal(46), ox.Literal("46.0", datatype=ox.NamedNode(XSD + "decimal")), True),
        (ox.Literal(46), ox.Literal(47), False),
        (ox.Literal("long march"), ox.Literal("Long March"), False),
        (thing("place-one"), thing("place-one"), True),
        (thing("place-one"), thing("place-two"), False),
        (thing("place-one"), ox.Literal("place-one"), False),
    ],
)
def test_compatible_values(one: ox.NamedNode | ox.Literal, other: ox.NamedNode | ox.Literal, expected: bool) -> None:
    """A vaguer date agrees with a sharper one inside it, and 46 with 46.0; all else that differs excludes."""
    assert compatible(one, other) is expected
    assert compatible(other, one) is expected


def test_the_world(world: Loaded) -> None:
    """The launch of Lamp 1 has two exclusive days, and the month that contains both is no conflict."""
    assert world.conflicts == 1
    first, second = "claim-gazette-2020-lamp-1-launch", "claim-herald-2021-lamp-1-launch"
    assert values(world.store, first, cs("conflictsWith")) == {thing(second).value}
    assert values(world.store, "claim-herald-2021-lamp-1-month", cs("conflictsWith")) == set()
