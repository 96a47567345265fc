"""Two things of a kind with one name, and two claims that say one thing, are told once, with both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.finding import Touched
from chinaspace.load import Loaded
from chinaspace.names import CSD, CSSH
from chinaspace.point import Fault
from chinaspace.twin import twin_claims, twin_things
from support import SOURCE, load_turtle, thing

LAMP = 'csd:mission-lamp-1 a cs:Mission ; rdfs:label "Lamp 1"@en ; skos:altLabel "\u706f\u4e00\u53f7"@zh-Hans .\n'
STATEMENT = "rdf:subject csd:mission-a ; rdf:predicate cs:operator ; rdf:object csd:country-b"
WHERE = "cs:source csd:source-one ; cs:passageStart 1 ; cs:passageEnd 9 ; cs:modality cs:asserted"


def brief(faults: list[Fault]) -> list[tuple[str, str, str, list[str]]]:
    """Return rule, severity and node of each fault, and the nodes on the other side."""
    return [
        (
            one.problem.shape.removeprefix(CSSH),
            one.problem.severity,
            one.problem.node.removeprefix(CSD),
            [other.problem.node.removeprefix(CSD) for other in one.beside],
        )
        for one in faults
    ]


def things(folder: Path, body: str, touched: Touched = None) -> list[tuple[str, str, str, list[str]]]:
    return brief(list(twin_things(load_turtle(folder, LAMP + body).store, touched)))


def claims(folder: Path, *bodies: str, touched: Touched = None) -> list[tuple[str, str, str, list[str]]]:
    body = "".join(f"csd:claim-{number} a cs:Claim ; {WHERE} ; {more} .\n" for number, more in enumerate(bodies))
    return brief(list(twin_claims(load_turtle(folder, SOURCE + body).store, touched)))


@pytest.mark.parametrize(
    "name", ['rdfs:label "LAMP-1"@en-GB', 'skos:altLabel "Lamp\u2010 1"@en', 'skos:altLabel "\u706f1\u53f7"@zh-Hans']
)
def test_a_name_of_two_things(tmp_path: Path, name: str) -> None:
    """Case, hyphens, blanks and the way to write a number make no other name."""
    found = things(tmp_path, f"csd:mission-light a cs:Mission ; {name} .")
    assert found == [("Entity-twin", "warning", "mission-lamp-1", ["mission-light"])]


def test_what_is_new_is_at_fault(tmp_path: Path) -> None:
    """Of two sides the problem stands at the one that the change touches, and none where it touches neither."""
    body = 'csd:mission-light a cs:Mission ; skos:altLabel "Lamp 1"@en .'
    assert things(tmp_path, body, {thing("mission-light")})[0][2:] == ("mission-light", ["mission-lamp-1"])
    assert things(tmp_path, body, {thing("mission-other")}) == []


@pytest.mark.parametrize(
    "more",
    [
        'csd:spacecraft-lamp-1 a cs:Spacecraft ; rdfs:label "Lamp-1"@en .',
        'csd:mission-light a cs:Mission ; skos:hiddenLabel "Lamp 1"@en .',
        'csd:mission-light a cs:Mission ; rdfs:label "Lamp 1"@en .',
        'csd:mission-light skos:altLabel "Lamp 1"@en ; owl:differentFrom csd:mission-lamp-1 .',
        'csd:mission-light skos:altLabel "Lamp 1"@en . csd:claim-same a cs:Claim ; rdf:subject csd:mission-lamp-1 ; '
        "rdf:predicate cs:sameThingAs ; rdf:object csd:mission-light .",
    ],
    ids=["another kind", "a garbled name", "the same label, a query of hygiene", "two things", "claimed to be one"],
)
def test_what_is_no_twin(tmp_path: Path, more: str) -> None:
    """A mission and its spacecraft share names, and where it is said that two are two it is meant."""
    assert things(tmp_path, more) == []


def test_a_copied_claim(tmp_path: Path) -> None:
    """The same statement of the same passage in the same words is refused."""
    found = claims(tmp_path, f'{STATEMENT} ; cs:gist "B runs A."@en', f'{STATEMENT} ; cs:gist "B runs  A."@en')
    assert found == [("Claim-copy", "warning", "claim-0", ["claim-1"])]


def test_another_sentence_for_the_same(tmp_path: Path) -> None:
    """In other words it is asked about, unless a note says why there are two."""
    bodies = [f'{STATEMENT} ; cs:gist "B runs A."@en', f'{STATEMENT} ; cs:gist "A is in the hands of B."@en']
    assert claims(tmp_path, *bodies) == [("Claim-twin", "warning", "claim-0", ["claim-1"])]
    assert claims(tmp_path, bodies[0], bodies[1] + ' ; skos:editorialNote "Said twice."@en') == []
    assert claims(tmp_path, *bodies, touched={thing("claim-1")})[0][2:] == ("claim-1", ["claim-0"])


def test_what_no_triple_says(tmp_path: Path) -> None:
    """Two gists on one passage are compared by their words."""
    gist = 'cs:gist "The ministry praises the young crew of Lamp {}."@en'
    assert len(claims(tmp_path, gist.format("one"), gist.format("one now"))) == 1
    assert claims(tmp_path, gist.format("one"), 'cs:gist "The crew is tired."@en') == []


@pytest.mark.parametrize(
    "other",
    [
        f"{STATEMENT} ; cs:passageStart 2",
        STATEMENT.replace("country-b", "country-c"),
        f"{STATEMENT} ; cs:timeFrame '2020'^^edtf:EDTF",
        f"{STATEMENT} ; cs:locator 'row 2'@en",
    ],
)
def test_what_is_another_claim(tmp_path: Path, other: str) -> None:
    """Another passage, object, time or row makes another claim."""
    other = other.replace("cs:passageStart 2", "cs:statedBy csd:person-x")
    assert claims(tmp_path, f'{STATEMENT} ; cs:gist "B runs A."@en', f'{other} ; cs:gist "B runs A."@en') == []


def test_the_graph_has_no_twins(graph: Loaded) -> None:
    """The real graph has none."""
    assert [*twin_things(graph.store), *twin_claims(graph.store)] == []
