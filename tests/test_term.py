"""What is typed for a parameter becomes a term of its type, or is refused."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from chinaspace.errors import ParameterError
from chinaspace.names import CS, CSD, XSD
from chinaspace.term import to_term
from support import parameter


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("iri", "mission-change-6", ox.NamedNode(CSD + "mission-change-6")),
        ("iri", "csd:mission-change-6", ox.NamedNode(CSD + "mission-change-6")),
        ("iri", "cs:Mission", ox.NamedNode(CS + "Mission")),
        ("iri", "https://example.org/a?b=c#d", ox.NamedNode("https://example.org/a?b=c#d")),
        ("string", 'a "b" \\ c', ox.Literal('a "b" \\ c')),
        ("string", "", ox.Literal("")),
        ("integer", "2022", ox.Literal("2022", datatype=ox.NamedNode(XSD + "integer"))),
        ("integer", "-007", ox.Literal("-7", datatype=ox.NamedNode(XSD + "integer"))),
        ("date", "2022-10-31", ox.Literal("2022-10-31", datatype=ox.NamedNode(XSD + "date"))),
        ("language", "zh-Hans", ox.Literal("zh-Hans")),
        ("one-of", "half-open", ox.Literal("half-open")),
    ],
)
def test_a_value_of_its_type(kind: str, value: str, term: ox.NamedNode | ox.Literal) -> None:
    """A value of the right type becomes a term of that type."""
    assert to_term(parameter(kind), value) == term


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", "a b"),
        ("iri", ":a"),
        ("iri", "https://example.org/<a>"),
        ("iri", "https://example.org/a\\u003Eb"),
        ("string", "a\0b"),
        ("string", "a\ud800b"),
        ("integer", ""),
        ("integer", "two"),
        ("integer", "2.0"),
        ("integer", "1_000"),
        ("integer", " 1"),
        ("integer", "٢"),
        ("integer", "9" * 5000),
        ("date", "2022"),
        ("date", "2022-02-30"),
        ("date", "20221031"),
        ("date", "2022-W44-1"),
        ("date", "2022-10-31T00:00:00"),
        ("language", ""),
        ("language", "english language"),
        ("language", "en_GB"),
        ("one-of", ""),
        ("one-of", "Open"),
        ("one-of", "open, settled"),
        ("one-of", "half"),
    ],
)
def test_a_value_of_another_type(kind: str, value: str) -> None:
    """A value of another type is an error."""
    with pytest.raises(ParameterError):
        to_term(parameter(kind), value)
