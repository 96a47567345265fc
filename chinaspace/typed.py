"""Check what is typed in files where it can only be claimed or computed, and things without a type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

import pyoxigraph as ox

from chinaspace.explain import violation
from chinaspace.finding import few
from chinaspace.gather import Gathered
from chinaspace.names import CSD, FACTS, INFERRED, RDF, XSD, Term, cs, shorten
from chinaspace.point import Fault, key
from chinaspace.read import read_quads
from chinaspace.unite import union

_TYPE = ox.NamedNode(RDF + "type")
_ROLE = cs("propertyRole")
_DEFAULT = ox.DefaultGraph()
_NARROW = "byte|short|int|long|unsigned(?:Byte|Short|Int|Long)|(?:positive|nonPositive|negative|nonNegative)Integer"
_NARROWED = re.compile(rf"\^\^\s*[^\s;,]*?(?:{_NARROW})\b|@type".encode())
_NARROW_TYPES = re.compile(rf"{re.escape(XSD)}(?:{_NARROW})")


def bad_dates(gathered: Gathered, touched: Set[Term] | None) -> Iterator[Fault]:
    """Yield the dates that are not well-formed or are no day of the calendar."""
    for quad, error in gathered.bad_dates:
        if touched is None or quad.subject in touched:
            node = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            yield Fault(violation("Date-wellFormed", node, str(error)), (quad.predicate.value,), key(quad.object))


def hand_written(gathered: Gathered, touched: Set[Term] | None) -> Iterator[Fault]:
    """Yield the facts that are typed onto things, and what is derived but stands in a file.

    Here the files are known, so that a typed fact is found even where a claim
    says the same; the shape cssh:Entity-statement, which sees statements with
    what follows from them, finds only those that no claim says.
    """
    store = gathered.store
    for role, shape, fault in (
        ("derivedRole", "Property-derived", "is computed when the graph is loaded. Take it out of the file."),
        (
            "statementRole",
            "Entity-statement",
            "states a fact, and facts come from claims. Make it a claim in data/claims/.",
        ),
    ):
        for prop in store.quads_for_pattern(None, _ROLE, cs(role), union(store)):
            if not isinstance(prop.subject, ox.NamedNode):
                continue
            for node in sorted(_typed(store, prop.subject, touched), key=str):
                iri = node.value if isinstance(node, ox.NamedNode) else ""
                message = f"{shorten(prop.subject.value)} {fault}"
                yield Fault(violation(shape, iri, message, prop.subject.value), (prop.subject.value,))


def _typed(store: ox.Store, prop: ox.NamedNode, touched: Set[Term] | None) -> set[Term]:
    """Return the nodes on which a file states a property."""
    everywhere = touched is None or bool(touched & {prop, _ROLE})
    near = few(touched)
    if everywhere or near is None:
        quads: Iterable[ox.Quad] = store.quads_for_pattern(None, prop, None)
    else:
        nodes = (node for node in near if not isinstance(node, ox.Literal))
        quads = (quad for node in nodes for quad in store.quads_for_pattern(node, prop, None))
    derived = (_DEFAULT, FACTS, INFERRED)
    found: set[Term] = {quad.subject for quad in quads if quad.graph_name not in derived}
    return found if everywhere or touched is None else {node for node in found if node in touched}


def narrow_numbers(gathered: Gathered, _: Set[Term] | None) -> Iterator[Fault]:
    """Yield the whole numbers of our things that have another type than xsd:integer.

    The store takes them all for xsd:integer, so no shape can tell them apart,
    and nothing tells that a change brought one: all are looked for, always.

    Raises:
        ReadError: a file has become unreadable.
    """
    for path in gathered.files:
        if path.suffix.lower() == ".tsv" or not _NARROWED.search(path.read_bytes()):
            continue
        for quad in read_quads(path):
            node, value = quad.subject, quad.object
            if not (isinstance(node, ox.NamedNode) and node.value.startswith(CSD) and isinstance(value, ox.Literal)):
                continue
            if _NARROW_TYPES.fullmatch(value.datatype.value):
                message = (
                    f"A whole number is an xsd:integer, such as 1052 without quotation marks, "
                    f"and this is marked {shorten(value.datatype.value)}. Write the number alone."
                )
                fault = violation("Literal-number", node.value, message, quad.predicate.value)
                yield Fault(fault, (quad.predicate.value,), key(value))


def untyped(gathered: Gathered, touched: Set[Term] | None) -> Iterator[Fault]:
    """Yield our things that have no type, so that no shape would look at them."""
    store = gathered.store
    nodes, where = touched, union(store)
    if nodes is None:
        nodes = {quad.subject for quad in store.quads_for_pattern(None, None, None, where)}
    for node in sorted(nodes, key=str):
        if not isinstance(node, ox.NamedNode) or not node.value.startswith(CSD):
            continue
        said = any(store.quads_for_pattern(node, None, None, where))
        if said and not any(store.quads_for_pattern(node, _TYPE, None, where)):
            message = "The thing has no type, so nothing else of it is checked. Say what it is, such as a cs:Mission."
            yield Fault(violation("Entity-type", node.value, message))
