"""Any problem, in every form of a report, is read back by a reader that is not ours, and obeys the form's schema."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import jsonschema
import pyoxigraph as ox
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph, URIRef

from chinaspace.names import CS, CSD, CSSH
from chinaspace.render import render
from chinaspace.report import Form, Problem, Spot
from chinaspace.report_junit import to_junit
from chinaspace.report_sarif import to_sarif
from chinaspace.report_turtle import to_turtle
from chinaspace.word import Rule

SCHEMAS = Path(__file__).parent / "schemas"
RULES = {CSSH + "Claim-gist": Rule("gist", "People read it.", "Write it."), CSSH + "Claim-rank": Rule("rank")}
LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
PTR = "http://www.w3.org/2009/pointers#"

words = st.text(max_size=30)
# What a file can be called: any bytes, which need not be UTF-8.
names = (st.text(min_size=1, max_size=12) | st.binary(min_size=1, max_size=12).map(os.fsdecode)).filter(
    lambda name: name not in ".." and not set(name) & {"\0", "/"}
)
numbers = st.integers(1, 10**6)
spots = st.builds(Spot, names, st.none() | numbers, st.none() | numbers)
iris = st.sampled_from([CSD + "claim-a", "http://example.org/?q=%20&<>", "urn:ü", "no iri", ""])
values = st.none() | words.map(lambda word: str(ox.Literal(word.encode("utf-8", "replace").decode())))
problems = st.builds(
    Problem,
    file=st.none() | names,
    line=numbers,
    column=numbers,
    severity=st.sampled_from(sorted(LEVELS)),
    shape=st.sampled_from([*RULES, CSSH + "File-content", "http://example.org/s#Lamp"]),
    node=iris,
    path=st.none() | st.just(CS + "gist"),
    message=words,
    also=st.lists(spots, max_size=2).map(tuple),
    source=st.none() | words,
    value=values,
    component=st.none() | st.just(str(SH.ClassConstraintComponent)),
)
reports = st.lists(problems, max_size=4)


@pytest.fixture(scope="module")
def sarif() -> jsonschema.Draft4Validator:
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text("utf-8"))
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.fixture(scope="module")
def junit() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")


@given(reports)
def test_sarif(sarif: jsonschema.Draft4Validator, found: list[Problem]) -> None:
    """SARIF is valid by the schema of OASIS, and has each problem with its rule, level, place and fingerprint."""
    log = json.loads(to_sarif(found, RULES, "1.2.3").encode("utf-8"))
    sarif.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({result["partialFingerprints"]["problem/v1"] for result in run["results"]}) == len(found)
    for problem, result in zip(found, run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == LEVELS[problem.severity]
        if problem.file:
            place = result["locations"][0]["physicalLocation"]
            parts = urlsplit(place["artifactLocation"]["uri"])
            assert not parts.scheme
            assert not parts.netloc
            assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
            assert unquote(parts.path, errors="surrogateescape") == problem.file
            assert (place["region"]["startLine"], place["region"]["startColumn"]) == (problem.line, problem.column)


@given(reports)
@settings(max_examples=50)
def test_junit(junit: xmlschema.XMLSchema, found: list[Problem]) -> None:
    """JUnit XML is well-formed whatever a file says, valid by Jenkins' schema, and counts what blocks as failures."""
    text = to_junit(found, RULES)
    junit.validate(text)
    root = ET.fromstring(text.encode("utf-8"))
    assert int(root.get("failures", "")) == len(root.findall(".//failure")) == sum(one.blocks for one in found)
    assert int(root.get("tests", "")) == len(root.findall(".//testcase"))
    unread = any(one.shape.endswith("File-content") for one in found) and set(RULES) - {one.shape for one in found}
    assert bool(root.findall(".//skipped")) == bool(unread)


@given(reports)
def test_turtle(found: list[Problem]) -> None:
    """The report in Turtle is the one that SHACL describes, with places in the W3C's vocabulary of pointers."""
    graph = Graph().parse(data=to_turtle(found), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert bool(graph.value(report, SH.conforms)) is not bool(found)
    results = list(graph.objects(report, SH.result))
    assert len(results) == len(found)
    for needed in (SH.focusNode, SH.resultMessage, SH.resultSeverity, SH.sourceConstraintComponent):
        assert all(len(list(graph.objects(result, needed))) == 1 for result in results)
    said = sorted(one.message.encode("utf-8", "replace").decode() for one in found)
    assert sorted(str(graph.value(result, SH.resultMessage)) for result in results) == said
    places = sum(bool(one.file) + len(one.also) for one in found)
    assert len(list(graph.subjects(RDF.type, URIRef(PTR + "LineCharPointer")))) == places


@given(reports, st.sampled_from([Form.TEXT, Form.JSON, Form.GITHUB, Form.JUNIT]))
def test_nothing_breaks_a_line(found: list[Problem], form: Form) -> None:
    """What a file says begins no line of its own, so that no runner of CI takes it for a command."""
    written = render(found, form)
    written.encode("utf-8")
    commands = [line for line in re.split(r"[\r\n\v\f\x85\u2028]", written) if line.strip().startswith("::")]
    if form is Form.GITHUB:
        assert written.count("\n") == len(found)
    else:
        assert commands == [] or all(one.file and one.file.strip().startswith("::") for one in found if one.file)
    if form is Form.JSON:
        assert len(json.loads(written)["problems"]) == len(found)


def test_rules_are_told_in_words() -> None:
    """Code scanning shows of each rule what it is called, why it exists and what to do, from the shapes."""
    (run,) = json.loads(render([], Form.SARIF))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["Claim-gist"]["shortDescription"]["text"] == "Gist"
    assert "cs:gist" in rules["Claim-gist"]["help"]["text"]
    assert rules["Claim-gist"]["helpUri"] == CSSH + "Claim-gist"
    assert run["columnKind"] == "unicodeCodePoints"


def test_a_rule_holds_only_where_it_was_checked() -> None:
    """Where a file was not read, no rule is said to hold."""
    unread = Problem("a.ttl", 1, 1, "violation", CSSH + "File-wellFormed", "", None, "The file is not read.")
    root = ET.fromstring(to_junit([unread], RULES))
    assert len(root.findall(".//skipped")) == len(RULES)
    assert not ET.fromstring(to_junit([], RULES)).findall(".//skipped")
