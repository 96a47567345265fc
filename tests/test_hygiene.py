"""Defects that no shape can see: a query each, over the real graph, and every row is a defect."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace.engine import select
from chinaspace.load import Loaded
from support import SOURCE, claim, load_turtle

FOLDER = Path(__file__).parent / "hygiene"
QUERIES = sorted(FOLDER.glob("*.rq"))
LEAST_QUERIES = 11

# For each query a graph that has its defect: a check that never fires checks nothing.
PLAN = claim("plan", 'csd:launch-one cs:launchDate "2021"^^edtf:EDTF', 'cs:gist "A plan."@en', "cs:planned")
FACT = claim("fact", 'csd:launch-one cs:launchDate "2020"^^edtf:EDTF', 'cs:gist "A fact."@en')
DEFECTS = {
    "answers-before-the-question": PLAN + 'csd:claim-a cs:resolves csd:claim-plan ; cs:statedOn "2019"^^edtf:EDTF .',
    "idle-denials": "csd:claim-no cs:modality cs:denied .",
    "links-to-itself": "csd:claim-plan cs:denies csd:claim-plan .",
    "long-gists": f'csd:claim-plan cs:gist "{"a" * 301}"@en .',
    "long-passages": "csd:claim-plan cs:passageStart 100 ; cs:passageEnd 501 .",
    "offices-of-things": "csd:claim-plan cs:speakerRole csd:office-one ; cs:statedBy csd:country-one .",
    "repeated-gists": FACT + 'csd:claim-other cs:source csd:source-one ; cs:gist "A fact."@en .',
    "resolved-facts": FACT + "csd:claim-other cs:resolves csd:claim-fact .",
    "same-labels": 'csd:launch-a a cs:Launch ; rdfs:label "A"@en . csd:mission-a a cs:Mission ; rdfs:label "A"@en .',
    "subjects-in-about": FACT + "csd:claim-fact cs:about csd:launch-one .",
    "unmentioned-things": "csd:mission-one a cs:Mission ; cs:about csd:mission-one .",
}

each_query = pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)


def defects(loaded: Loaded, path: Path) -> list[str]:
    """Return what is wrong by a query: each row in one line."""
    solutions = select(loaded.store, path.read_text("utf-8"))
    names = [variable.value for variable in solutions.variables]
    assert names[0] == "wrong"
    return [", ".join(f"{name}: {row[name].value}" for name in names if row[name]) for row in solutions]


def test_there_are_queries() -> None:
    """The queries are found, and each has a graph that it fires on."""
    assert len(QUERIES) >= LEAST_QUERIES
    assert {path.stem for path in QUERIES} == set(DEFECTS)


@each_query
def test_the_graph_has_no_defect(path: Path, graph: Loaded) -> None:
    """The real graph has none of these defects."""
    assert defects(graph, path) == []


@each_query
def test_a_defect_is_found(path: Path, tmp_path: Path) -> None:
    """The query finds its defect where there is one, and only there."""
    plain = defects(load_turtle(tmp_path, SOURCE + PLAN), path)
    found = defects(load_turtle(tmp_path, SOURCE + PLAN + DEFECTS[path.stem]), path)
    assert len(found) == len(plain) + 1
    assert path.stem == "unmentioned-things" or plain == []
