"""The header of a saved query: what each line says, and that what is wrong names its file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chinaspace.errors import HeaderError
from chinaspace.header import CHARTS, COLUMN_TYPES, RESERVED, Column
from chinaspace.queries import read_query

RIGHT = """#+ summary: Claims
#+ question: Which claims are there?
#+ tags: claims, all
#+ min-rows: 2
#+ param: claim iri optional -- only this claim
#+ example: claim=Claim, one -- the first
#+ column: claim iri -- the claim
#+ column: amount integer of claim unit US dollars -- how much
#+ chart: bar x=claim y=amount
SELECT ?claim ?amount
WHERE {
  ?claim ?property ?amount .
}
ORDER BY ?claim
"""
FIRST, SECOND, _, FOURTH, PARAM, EXAMPLE, CLAIM, AMOUNT, CHART = RIGHT.splitlines()[:9]
OWN = "SELECT * WHERE { ?claim ?property ?amount }\n"


def write(folder: Path, text: str, name: str = "all-claims") -> Path:
    path = folder / f"{name}.rq"
    path.write_text(text, "utf-8")
    return path


def test_a_right_header(tmp_path: Path) -> None:
    """Each line of the header is read, and nothing else is."""
    query = read_query(write(tmp_path, RIGHT))
    assert (query.name, query.summary, query.question) == ("all-claims", "Claims", "Which claims are there?")
    assert (query.tags, query.min_rows) == (("claims", "all"), 2)
    (parameter,) = query.parameters
    assert (parameter.name, parameter.type, parameter.optional, parameter.required) == ("claim", "iri", True, False)
    assert query.columns == (
        Column("claim", "iri", "the claim"),
        Column("amount", "integer", "how much", of="claim", unit="US dollars"),
    )
    assert query.column("amount") == query.columns[1]
    assert query.column("other") is None
    (example,) = query.examples
    assert (dict(example.values), example.shows) == ({"claim": "Claim, one"}, "the first")
    assert query.chart
    assert (query.chart.kind, dict(query.chart.roles)) == ("bar", {"x": "claim", "y": "amount"})


@pytest.mark.parametrize(
    ("kind", "classes", "choices"),
    [
        ("iri(cs:Claim)", ("cs:Claim",), ()),
        ("iri(cs:Claim, owl:Class,skos:Concept)", ("cs:Claim", "owl:Class", "skos:Concept"), ()),
        ("one-of(open, half-open,2.0)", (), ("open", "half-open", "2.0")),
    ],
)
def test_a_type_with_a_list(tmp_path: Path, kind: str, classes: tuple[str, ...], choices: tuple[str, ...]) -> None:
    """An iri may name its classes, a one-of names its words; both are written as they are read."""
    text = RIGHT.replace(f"{EXAMPLE}\n", "")
    (parameter,) = read_query(write(tmp_path, text.replace(" iri opt", f" {kind} opt"))).parameters
    assert (parameter.type, parameter.classes, parameter.choices) == (kind.partition("(")[0], classes, choices)
    assert read_query(write(tmp_path, text.replace(PARAM, f"#+ param: {parameter}"))).parameters == (parameter,)


def test_a_column_is_written_as_it_is_read(tmp_path: Path) -> None:
    """A column keeps its type, what it names and its unit, which another column may give."""
    text = RIGHT.replace("unit US dollars", "unit ?claim")
    column = read_query(write(tmp_path, text)).columns[1]
    assert column.unit == "?claim"
    assert read_query(write(tmp_path, text.replace(AMOUNT, f"#+ column: {column}"))).columns[1] == column
    for kind in COLUMN_TYPES:
        other = RIGHT.replace(AMOUNT, f"#+ column: amount {kind} -- how much")
        assert read_query(write(tmp_path, other)).columns[1].type == kind


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_has_its_roles(tmp_path: Path, kind: str) -> None:
    """Each kind of chart is drawn from the columns that it needs, and not without."""
    needed, possible = CHARTS[kind]
    roles = dict.fromkeys(sorted(needed | possible), "amount")
    line = " ".join((f"#+ chart: {kind}", *(f"{role}={column}" for role, column in roles.items())))
    chart = read_query(write(tmp_path, RIGHT.replace(CHART, line))).chart
    assert chart
    assert (chart.kind, dict(chart.roles)) == (kind, roles)
    for role in needed:
        with pytest.raises(HeaderError, match=re.escape("all-claims.rq:9:")):
            read_query(write(tmp_path, RIGHT.replace(CHART, line.replace(f" {role}=amount", ""))))


@pytest.mark.parametrize(
    ("line", "part", "instead"),
    [
        (1, FIRST + "\n", ""),
        (1, SECOND + "\n", ""),
        (1, FIRST, "#+summary: Claims"),
        (1, FIRST, "#+ summary Claims"),
        (1, FIRST, "#+ summary:"),
        (1, FIRST, "#+ Summary: Claims"),
        (2, SECOND, FIRST),
        (1, FIRST, "#+ title: Claims"),
        (4, FOURTH, "#+ min-rows: some"),
        (4, FOURTH, "#+ min-rows: -1"),
        (5, PARAM, "#+ param: claim"),
        (5, PARAM, "#+ param: claim iri"),
        (5, PARAM, "#+ param: claim iri optional"),
        (5, PARAM, "#+ param: Claim iri -- only this claim"),
        (5, PARAM, "#+ param: ?claim iri -- only this claim"),
        (5, PARAM, "#+ param: claim url -- only this claim"),
        (5, PARAM, "#+ param: claim iri default -- only this claim"),
        (5, PARAM, "#+ param: claim integer default some -- only this claim"),
        (5, PARAM, "#+ param: claim iri() -- only this claim"),
        (5, PARAM, "#+ param: claim iri(Claim) -- only this claim"),
        (5, PARAM, "#+ param: claim iri(nowhere:Claim) -- only this claim"),
        (5, PARAM, "#+ param: claim iri(cs:) -- only this claim"),
        (5, PARAM, "#+ param: claim iri(cs:Claim, cs:Claim) -- only this claim"),
        (5, PARAM, "#+ param: claim iri(cs:Claim -- only this claim"),
        (5, PARAM, "#+ param: claim iri (cs:Claim) -- only this claim"),
        (5, PARAM, "#+ param: claim string(cs:Claim) -- only this claim"),
        (5, PARAM, "#+ param: claim one-of -- only this claim"),
        (5, PARAM, "#+ param: claim one-of() -- only this claim"),
        (5, PARAM, "#+ param: claim one-of(open, ) -- only this claim"),
        (5, PARAM, "#+ param: claim one-of(open, open) -- only this claim"),
        (5, PARAM, "#+ param: claim one-of(half open) -- only this claim"),
        (5, PARAM, "#+ param: claim one-of(open, settled) default shut -- only this claim"),
        (6, PARAM, f"{PARAM}\n{PARAM}"),
        (5, PARAM, "#+ param: other iri -- only this claim"),
        (5, PARAM, "#+ param: clai iri -- only this claim"),
        (6, EXAMPLE, "#+ example: claim=one"),
        (6, EXAMPLE, "#+ example: one -- the first"),
        (6, EXAMPLE, "#+ example: claim= -- the first"),
        (6, EXAMPLE, "#+ example: claim=one, claim=two -- the first"),
        (6, EXAMPLE, "#+ example: other=one -- the first"),
        (6, PARAM, "#+ param: claim date optional -- only this claim"),
        (6, f"{PARAM}\n{EXAMPLE}", f"{PARAM.replace('iri opt', 'integer opt')}\n{EXAMPLE}"),
        (7, PARAM, f"{PARAM}\n#+ param: amount iri -- only this\n"[:-1]),
        (7, CLAIM, "#+ column: claim"),
        (7, CLAIM, "#+ column: claim iri"),
        (7, CLAIM, "#+ column: claim -- the claim"),
        (7, CLAIM, "#+ column: ?claim iri -- the claim"),
        (7, CLAIM, "#+ column: claim word -- the claim"),
        (7, CLAIM, "#+ column: claim iri unit days -- the claim"),
        (7, CLAIM, "#+ column: claim iri of other -- the claim"),
        (7, CLAIM, "#+ column: clai iri -- the claim"),
        (7, CLAIM, "#+ column: property iri -- the claim"),
        (8, AMOUNT, CLAIM),
        (8, AMOUNT, "#+ column: amount integer unit ?other -- how much"),
        (1, f"{CLAIM}\n", ""),
        (1, f"{CLAIM}\n{AMOUNT}", f"{AMOUNT}\n{CLAIM}"),
        (9, CHART, "#+ chart: pie x=claim y=amount"),
        (9, CHART, "#+ chart: bar"),
        (9, CHART, "#+ chart: bar x=claim"),
        (9, CHART, "#+ chart: bar x=claim y="),
        (9, CHART, "#+ chart: bar x=claim y=amount z=amount"),
        (9, CHART, "#+ chart: bar x=claim y=amount y=claim"),
        (9, CHART, "#+ chart: bar x=claim y=property"),
        (10, CHART, f"{CHART}\n{CHART}"),
        (1, "WHERE {", "{"),
        (1, "WHERE {", " WHERE {"),
        (1, "WHERE {", "WHERE { #"),
        (15, "ORDER BY ?claim\n", "ORDER BY\n"),
        (12, "?property ?amount .", "nowhere:property ?amount ."),
        (1, "?claim ?property ?amount .", "SERVICE <http://127.0.0.1/> { ?claim ?property ?amount }"),
        (1, "SELECT ?claim ?amount", "CONSTRUCT { ?claim ?claim ?amount }"),
    ],
)
def test_a_wrong_file_names_its_line(tmp_path: Path, line: int, part: str, instead: str) -> None:
    """What breaks the rules is an error with file and line; what is missing is told of line 1."""
    assert part in RIGHT
    path = write(tmp_path, RIGHT.replace(part, instead, 1))
    with pytest.raises(HeaderError, match=re.escape(f"{path}:{line}:")):
        read_query(path)


@pytest.mark.parametrize("name", RESERVED)
def test_a_reserved_name(tmp_path: Path, name: str) -> None:
    """What an address says beside the parameters is no name for one of them."""
    path = write(tmp_path, RIGHT.replace("claim iri opt", f"{name} iri opt").replace("?claim", f"?{name}"))
    with pytest.raises(HeaderError, match=re.escape(f"{path}:5:")):
        read_query(path)


@pytest.mark.parametrize("name", ["AllClaims", "all_claims", "all claims", "-all", "all--claims"])
def test_a_wrong_file_name(tmp_path: Path, name: str) -> None:
    """A file whose name is not in kebab-case is an error."""
    with pytest.raises(HeaderError):
        read_query(write(tmp_path, RIGHT, name))


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """A file that is no part of the collection needs no header, and any name will do."""
    query = read_query(write(tmp_path, OWN, "My Query"), own=True)
    assert (query.name, query.parameters, query.min_rows) == ("My Query", (), 0)
    assert [column.name for column in query.columns] == ["amount", "claim", "property"]
    with pytest.raises(HeaderError):
        read_query(write(tmp_path, OWN))


@pytest.mark.parametrize(
    "text",
    [
        "#+ sumary: Claims\n" + OWN,
        "#+ column: other iri -- the claim\n" + OWN,
        "#+ param: claim iri -- the claim\n" + OWN,
        "",
        "SELECT",
        "ASK {}",
        "SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * WHERE " + "{" * 20_000,
    ],
)
def test_a_wrong_file_of_ones_own(tmp_path: Path, text: str) -> None:
    """What such a file does say must be right, and only a SELECT query that stays in the graph will do."""
    with pytest.raises(HeaderError):
        read_query(write(tmp_path, text), own=True)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """A file that is missing or not in UTF-8 is an error that names it."""
    path = tmp_path / "bytes.rq"
    with pytest.raises(HeaderError, match=re.escape(str(path))):
        read_query(path, own=True)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(HeaderError, match=re.escape(str(path))):
        read_query(path, own=True)
