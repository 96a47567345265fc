"""Constrain values one by one, and their number: the plain constraint components of SHACL Core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.names import RDF, RDFS, SH, XSD, Term
from chinaspace.reckon import ill_formed, is_pattern, unmatched, unordered
from chinaspace.shape import Constraint, Finding, Judging, Rows, Shape, sh
from chinaspace.view import View
from chinaspace.walk import HERE, Reading, Repeat, Step, then

# Given the values, each once, a test returns those that fail it.
Test: TypeAlias = Callable[[Judging, set[Term]], set[Term]]
Maker: TypeAlias = Callable[[View, Term, Term], Constraint]

_TYPE = Step(ox.NamedNode(RDF + "type"))
_SUB_CLASS = Step(ox.NamedNode(RDFS + "subClassOf"))
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_KINDS: dict[str, tuple[type, ...]] = {
    "IRI": (ox.NamedNode,),
    "BlankNode": (ox.BlankNode,),
    "Literal": (ox.Literal,),
    "BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
    "BlankNodeOrLiteral": (ox.BlankNode, ox.Literal),
    "IRIOrLiteral": (ox.NamedNode, ox.Literal),
}


def each_value(component: str, words: str, test: Test, readings: tuple[Reading, ...] = ()) -> Constraint:
    """Return a constraint by which each value that fails *test* is a result."""

    def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        failing = test(judge, {value for _, values in rows for value in values})
        if failing:
            yield from (Finding(node, value) for node, values in rows for value in values if value in failing)

    return Constraint(component, words, check, readings)


def _each_node(component: str, words: str, wrong: Callable[[int], bool]) -> Constraint:
    """Return a constraint on the number of values."""

    def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        yield from (Finding(node) for node, values in rows if wrong(len(values)))

    return Constraint(component, words, check)


def _class(shapes: View, shape: Term, given: Term) -> Constraint:
    def test(judge: Judging, values: set[Term]) -> set[Term]:
        return {value for value in values if not judge.view.is_a(value, given)}

    kinds = then(HERE, _TYPE, Repeat(_SUB_CLASS, none=True, many=True))
    readings = (Reading(HERE, _TYPE), Reading(kinds, _SUB_CLASS))
    return each_value("Class", f"sh:class {given}", test, readings=readings)


def _datatype(shapes: View, shape: Term, given: Term) -> Constraint:
    if not isinstance(given, ox.NamedNode):
        raise ValueError("sh:datatype takes an IRI, such as xsd:date")

    def test(judge: Judging, values: set[Term]) -> set[Term]:
        right = {value for value in values if isinstance(value, ox.Literal) and value.datatype == given}
        return (values - right) | ill_formed(right)

    return each_value("Datatype", f"sh:datatype {given}", test)


def _node_kind(shapes: View, shape: Term, given: Term) -> Constraint:
    name = _name(given)
    if name not in _KINDS:
        raise ValueError(f"sh:nodeKind takes one of {', '.join(f'sh:{kind}' for kind in _KINDS)}")
    kinds = _KINDS[name]
    return each_value(
        "NodeKind",
        f"sh:nodeKind sh:{name}",
        lambda judge, values: {value for value in values if not isinstance(value, kinds)},
    )


def _count(name: str, wrong: Callable[[int, int], bool]) -> Maker:
    def make(shapes: View, shape: Term, given: Term) -> Constraint:
        limit = whole(given, name)
        return _each_node(name[0].upper() + name[1:], f"sh:{name} {limit}", lambda number: wrong(number, limit))

    return make


def _range(name: str, operator: str, turned: bool) -> Maker:
    def make(shapes: View, shape: Term, given: Term) -> Constraint:
        if not isinstance(given, ox.Literal):
            raise ValueError(f"sh:{name} takes a number or a date")

        def test(judge: Judging, values: set[Term]) -> set[Term]:
            listed = list(values)
            wrong = unordered([(given, one) if turned else (one, given) for one in listed], operator)
            return {listed[place] for place in wrong}

        return each_value(name[0].upper() + name[1:], f"sh:{name} {given}", test)

    return make


def _length(name: str, wrong: Callable[[int, int], bool]) -> Maker:
    def make(shapes: View, shape: Term, given: Term) -> Constraint:
        limit = whole(given, name)

        def test(judge: Judging, values: set[Term]) -> set[Term]:
            return {one for one in values if (text := _text(one)) is None or wrong(len(text), limit)}

        return each_value(name[0].upper() + name[1:], f"sh:{name} {limit}", test)

    return make


def _pattern(shapes: View, shape: Term, given: Term) -> Constraint:
    flags = "".join(_text(one) or "" for one in shapes.objects(shape, sh("flags")))
    pattern = given.value if isinstance(given, ox.Literal) else ""
    if not isinstance(given, ox.Literal) or not is_pattern(pattern, flags):
        raise ValueError("sh:pattern takes a regular expression of SPARQL, and sh:flags some of s, m, i, x and q")

    def test(judge: Judging, values: set[Term]) -> set[Term]:
        texts = {value: _text(value) for value in values}
        wrong = unmatched((text for text in texts.values() if text is not None), pattern, flags)
        return {value for value, text in texts.items() if text is None or text in wrong}

    return each_value("Pattern", f'sh:pattern "{pattern}"', test)


def _language_in(shapes: View, shape: Term, given: Term) -> Constraint:
    tags = [_text(one) or "" for one in members(shapes, given, "languageIn")]

    def fits(value: Term) -> bool:
        tag = (value.language or "").lower() if isinstance(value, ox.Literal) else ""
        return bool(tag) and any(one == "*" or tag == one.lower() or tag.startswith(f"{one.lower()}-") for one in tags)

    return each_value(
        "LanguageIn", f"sh:languageIn ({' '.join(tags)})", lambda judge, values: {v for v in values if not fits(v)}
    )


def _in(shapes: View, shape: Term, given: Term) -> Constraint:
    allowed = set(members(shapes, given, "in"))
    return each_value("In", f"sh:in ({' '.join(map(str, allowed))})", lambda judge, values: values - allowed)


def _text(term: Term) -> str | None:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else None


def _name(term: Term) -> str:
    return term.value.removeprefix(SH) if isinstance(term, ox.NamedNode) else ""


def whole(given: Term, name: str) -> int:
    """Return a whole number of a shapes graph; what is none is a ValueError."""
    if isinstance(given, ox.Literal) and given.datatype.value == XSD + "integer" and given.value.isdecimal():
        return int(given.value)
    raise ValueError(f"sh:{name} takes a whole number, such as 1")


def truth(given: Term, name: str) -> bool:
    """Return true or false of a shapes graph; what is neither is a ValueError."""
    if isinstance(given, ox.Literal) and given.datatype.value == XSD + "boolean" and given.value in _TRUTH:
        return _TRUTH[given.value]
    raise ValueError(f"sh:{name} takes true or false")


def members(shapes: View, head: Term, name: str) -> list[Term]:
    """Return the members of a list of a shapes graph; what is none is a ValueError."""
    found = shapes.items(head)
    if found is None:
        raise ValueError(f"sh:{name} takes a list, such as ( cs:asserted cs:planned )")
    return found


VALUES: dict[str, Maker] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minCount": _count("minCount", lambda number, limit: number < limit),
    "maxCount": _count("maxCount", lambda number, limit: number > limit),
    "minExclusive": _range("minExclusive", "<", True),
    "minInclusive": _range("minInclusive", "<=", True),
    "maxExclusive": _range("maxExclusive", "<", False),
    "maxInclusive": _range("maxInclusive", "<=", False),
    "minLength": _length("minLength", lambda length, limit: length < limit),
    "maxLength": _length("maxLength", lambda length, limit: length > limit),
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
}
