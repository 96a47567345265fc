"""Demand: say in words what a constraint of SHACL asks for, where its shape has no message, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from chinaspace.names import Term, shorten
from chinaspace.shape import Shape

# By the component, with {path} for the property and {given} for what the constraint says.
_ASKED = {
    "MinCount": "At least {given} of {path} is needed. Add what is missing.",
    "MaxCount": "At most {given} of {path} is allowed. Take the others out.",
    "Datatype": 'A value of {path} has the type {given}, as in "..."^^{given}. Write it so.',
    "Class": "A value of {path} is a described {given}. Name such a thing, or give this one that type.",
    "NodeKind": "A value of {path} is of the kind {given}: an IRI stands in angle brackets, words in quotation marks.",
    "Pattern": "A value of {path} has the form {given}. Correct it.",
    "MinLength": "A value of {path} has at least {given} characters. Write more.",
    "MaxLength": "A value of {path} has at most {given} characters. Write less.",
    "MinInclusive": "A value of {path} is {given} or more. Correct it.",
    "MaxInclusive": "A value of {path} is {given} or less. Correct it.",
    "MinExclusive": "A value of {path} is more than {given}. Correct it.",
    "MaxExclusive": "A value of {path} is less than {given}. Correct it.",
    "UniqueLang": "Each language stands once among the values of {path}. Take the others out.",
}


def demand(component: str, words: str, path: Term | None) -> str:
    """Return what a constraint asks for: *component* is its kind, *words* as it is written, such as "sh:minCount 1"."""
    of = shorten(path.value) if isinstance(path, ox.NamedNode) else "what the path leads to" if path else "this node"
    given = words.partition(" ")[2]
    if given.startswith("<") and given.endswith(">"):
        given = shorten(given[1:-1])
    return _ASKED.get(component, "{words} does not hold for {path}. Correct it.").format(
        path=of, given=given, words=words
    )


def owner(term: Term, shapes: Mapping[Term, Shape]) -> str:
    """Return the IRI of a shape; one without a name has another in each run, so it takes that of what uses it."""
    seen = set[Term]()
    while isinstance(term, ox.BlankNode) and term not in seen:
        seen.add(term)
        term = next((other for other, shape in shapes.items() if term in shape.parts), term)
    return term.value if isinstance(term, ox.NamedNode) else "urn:shape:without-name"


def title(term: Term, shapes: Mapping[Term, Shape]) -> str:
    """Return a short name for a shape: of one without a name, that of what uses it and its path."""
    name = shorten(owner(term, shapes))
    path = shapes[term].path_term
    if not isinstance(term, ox.BlankNode):
        return name
    return f"{name} ({shorten(path.value) if isinstance(path, ox.NamedNode) else 'a part of it'})"
