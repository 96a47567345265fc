"""Names resolve to things: by slug, prefixed name or IRI, by label or alias, and what is ambiguous says so."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinaspace.errors import AmbiguousNameError, ParameterError
from chinaspace.header import Parameter
from chinaspace.load import Loaded
from chinaspace.names import CS, CSD
from chinaspace.resolve import NameIndex, fold, name_index, offers
from support import load_turtle

THINGS = """
csd:mission-lamp-5 a cs:Mission ; rdfs:label "Lamp'er 5"@en , "明灯5号"@zh-Hans ; skos:altLabel "LMP"@en .
csd:spacecraft-lamp-5 a cs:Lander ; rdfs:label "Lamp'er 5 lander"@en ; skos:altLabel "Lamp'er 5"@en , "LMP"@en .
csd:launch-lamp-5 a cs:Launch ; rdfs:label "launch of Lamp'er 5"@en ; skos:altLabel "Lamp'er 5"@en .
csd:mission-lamp-11 a cs:Mission ; rdfs:label "Lamp'er 11"@en , "明灯11号"@zh-Hans .
csd:institution-office a cs:Agency ; rdfs:label "Lamp Office"@en ; skos:hiddenLabel "Lamp Orifice"@en .
csd:institution-orifice a cs:Agency ; rdfs:label "Office of Orifices"@en ; skos:altLabel "Lamp Orifice"@en .
csd:place-lamp a cs:Place ; rdfs:label "Mission: Lamp"@en .
csd:claim-one a cs:Claim ; cs:gist "One."@en ; cs:about csd:mission-lamp-5 ; cs:modality cs:asserted .
"""
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"'\\\n\r{}#<>?$&;\0`^|@"))
NOISE = st.text(" -'\u2019\u2010\u00a0\t\u2013`\u00b4", max_size=3)


def parameter(*classes: str) -> Parameter:
    return Parameter("thing", "iri", optional=True, default=None, help="any", classes=classes)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    return NameIndex(load_turtle(tmp_path_factory.mktemp("names"), THINGS).store)


@pytest.mark.parametrize(
    ("name", "classes", "found"),
    [
        ("mission-lamp-5", (), CSD + "mission-lamp-5"),
        (" mission-lamp-5 ", (), CSD + "mission-lamp-5"),
        ("csd:mission-lamp-5", (), CSD + "mission-lamp-5"),
        (CSD + "mission-lamp-5", (), CSD + "mission-lamp-5"),
        ("Lamp'er 5", (), CSD + "mission-lamp-5"),
        ("Lamp\u2019er-5", (), CSD + "mission-lamp-5"),
        ("LAMPER5", (), CSD + "mission-lamp-5"),
        (" lamp\u00b4er\u00a0\u2013 \uff15 ", (), CSD + "mission-lamp-5"),
        ("明灯5号", (), CSD + "mission-lamp-5"),
        ("明灯五号", (), CSD + "mission-lamp-5"),
        ("明灯十一号", (), CSD + "mission-lamp-11"),
        ("Lamp'er 5", ("cs:Spacecraft",), CSD + "spacecraft-lamp-5"),
        ("Lamp'er 5", ("cs:Launch",), CSD + "launch-lamp-5"),
        ("Lamp'er 5", ("cs:Launch", "cs:Mission"), CSD + "mission-lamp-5"),
        ("LMP", ("cs:Undertaking",), CSD + "mission-lamp-5"),
        ("Lamp Orifice", (), CSD + "institution-orifice"),
        ("Mission: Lamp", (), CSD + "place-lamp"),
        ("certainly late", (), CS + "certainlyLate"),
        ("Deep-Space Exploration", (), CS + "deepSpaceField"),
        ("space science", ("cs:policy-fields",), CS + "sciencePolicy"),
        ("launch site", ("owl:Class",), CS + "LaunchSite"),
    ],
)
def test_a_name(names: NameIndex, name: str, classes: tuple[str, ...], found: str) -> None:
    """A name in any of its forms finds its thing; the class decides first, then a label before an alias."""
    assert names.find(parameter(*classes), name) == found


@pytest.mark.parametrize(
    ("name", "classes", "candidates"),
    [
        ("LMP", (), ["mission-lamp-5", "spacecraft-lamp-5"]),
        ("lmp", ("cs:Entity",), ["mission-lamp-5", "spacecraft-lamp-5"]),
        ("Lamp'er 5", ("cs:Launch", "cs:Spacecraft"), ["launch-lamp-5", "spacecraft-lamp-5"]),
        ("space science", (), ["cs:sciencePolicy", "cs:spaceScienceField"]),
    ],
)
def test_an_ambiguous_name(names: NameIndex, name: str, classes: tuple[str, ...], candidates: list[str]) -> None:
    """A name of several things is an error that lists them, and each as listed finds one of them."""
    with pytest.raises(AmbiguousNameError) as raised:
        names.find(parameter(*classes), name)
    assert [one.name for one in raised.value.candidates] == candidates
    assert raised.value.parameter == "thing"
    assert len({names.find(parameter(*classes), one.name) for one in raised.value.candidates}) == len(candidates)
    for one in raised.value.candidates:
        assert one.name in str(raised.value)
        assert one.label in str(raised.value)


def test_what_a_candidate_is(names: NameIndex) -> None:
    """A candidate has its label and its own class, not one above it; a concept has its scheme."""
    with pytest.raises(AmbiguousNameError) as raised:
        names.find(parameter(), "LMP")
    assert raised.value.candidates == (
        ("mission-lamp-5", "Lamp'er 5", "mission"),
        ("spacecraft-lamp-5", "Lamp'er 5 lander", "lander"),
    )
    with pytest.raises(AmbiguousNameError) as raised:
        names.find(parameter(), "space science")
    assert [one.kind for one in raised.value.candidates] == ["policy fields", "cooperation fields"]


@pytest.mark.parametrize(
    ("name", "classes", "hint"),
    [
        ("Lamper 6", (), "mission-lamp-5"),
        ("mission-lamp-6", (), "mission-lamp-5"),
        ("Lamper 6", ("cs:Launch",), "launch-lamp-5"),
        ("csd:lamp-office", (), "institution-office"),
        ("mission-lamp-5", ("cs:Launch",), "mission-lamp-5"),
        ("Lamp Office", ("cs:Mission",), "institution-office"),
    ],
)
def test_an_unknown_name(names: NameIndex, name: str, classes: tuple[str, ...], hint: str) -> None:
    """What names nothing of the class is an error that names the nearest, or what it names instead."""
    with pytest.raises(ParameterError, match=hint) as raised:
        names.find(parameter(*classes), name)
    assert not isinstance(raised.value, AmbiguousNameError)


@pytest.mark.parametrize("name", ["", "'", " - ", "\0", "\ud800", "https://example.org/nothing", "x" * 10000])
def test_what_is_no_name(names: NameIndex, name: str) -> None:
    """What names nothing is an error in one short line."""
    with pytest.raises(ParameterError) as raised:
        names.find(parameter(), name)
    assert len(str(raised.value)) < 500
    assert len(str(raised.value).splitlines()) == 1


@given(noise=st.lists(NOISE, min_size=10, max_size=10), upper=st.lists(st.booleans(), min_size=9, max_size=9))
def test_case_hyphens_and_apostrophes_are_no_matter(names: NameIndex, noise: list[str], upper: list[bool]) -> None:
    """However a label is written, it finds its thing."""
    letters = [letter.upper() if up else letter for letter, up in zip("Lamp'er 5", upper, strict=True)]
    name = noise[0] + "".join(letter + gap for letter, gap in zip(letters, noise[1:], strict=True))
    assert names.find(parameter("cs:Mission"), name) == CSD + "mission-lamp-5"


@given(CHARACTERS)
def test_folding_is_stable(name: str) -> None:
    """What is folded stays as it is, so that names are compared fairly."""
    assert fold(fold(name)) == fold(name)


@given(CHARACTERS)
def test_nothing_else_is_found(names: NameIndex, name: str) -> None:
    """Whatever is typed is refused, or finds a thing that is described."""
    try:
        found = names.find(parameter("cs:Entity"), name)
    except ParameterError:
        return
    assert found.startswith(CSD)


@pytest.mark.parametrize(
    "classes", [(), ("cs:Entity",), ("cs:Mission", "cs:Spacecraft"), ("owl:Class",), ("cs:voices",)]
)
def test_what_a_form_offers(graph: Loaded, classes: tuple[str, ...]) -> None:
    """Each name that is offered finds one thing of the class; they are some hundreds at most."""
    offered = offers(graph.store, classes)
    assert 5 < len(offered) <= 300
    found = [name_index(graph.store).find(parameter(*classes), one.name) for one in offered]
    assert len(set(found)) == len(found)


def test_most_spoken_of_things_are_offered(graph: Loaded) -> None:
    """Where there are too many things, those with the most claims are offered."""
    assert {"China", "Chang'e 6"} <= {one.name for one in offers(graph.store, ("cs:Entity",))}


def test_an_index_is_made_once(world: Loaded) -> None:
    """A store has one index, and another store another."""
    assert name_index(world.store) is name_index(world.store)
    assert name_index(world.store) is not name_index(ox.Store())


@pytest.mark.parametrize(
    ("name", "classes", "slug"),
    [
        ("Chang\u2019e-5", ("cs:Mission",), "mission-change-5"),
        ("嫦娥五号", ("cs:Entity",), "mission-change-5"),
        ("QUESS", ("cs:Mission",), "mission-quess"),
        ("CNSA", ("cs:Entity",), "institution-cnsa"),
    ],
)
def test_names_of_the_graph(graph: Loaded, name: str, classes: tuple[str, ...], slug: str) -> None:
    """Names as people write them find what the built-in graph has."""
    assert name_index(graph.store).find(parameter(*classes), name) == CSD + slug
