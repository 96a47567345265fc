"""Random edits of a small graph, and what pySHACL, the reference, says of the graph after them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox
import pyshacl
from hypothesis import strategies as st
from rdflib import RDF as R
from rdflib import SH, BNode, Graph

from chinaspace.affect import Affected
from chinaspace.change import Change, State, compare
from chinaspace.gather import Gathered, gather
from chinaspace.judge import Judge, Result
from chinaspace.names import CSD, EDTF, RDF, RDFS, XSD, Term, cs
from chinaspace.names import SH as SHACL
from chinaspace.read import graph_name, read_quads
from chinaspace.rules import Rules
from chinaspace.shape import Shape

Quads: TypeAlias = Mapping[Path, list[ox.Quad]]

SPARQL = ox.NamedNode(f"{SHACL}sparql")
_PREDICATES = [ox.NamedNode(RDF + name) for name in ("type", "subject", "predicate", "object")]
_PREDICATES += [ox.NamedNode(RDFS + name) for name in ("subClassOf", "subPropertyOf", "domain", "range", "label")]
_PREDICATES += [cs(name) for name in ("propertyRole", "idKind", "valueScheme", "statedOn", "resolves", "supersedes")]
_LITERALS = [
    ox.Literal(""),
    ox.Literal("word"),
    ox.Literal("A sentence of many words.", language="en"),
    ox.Literal("7", datatype=ox.NamedNode(XSD + "integer")),
    ox.Literal("-1", datatype=ox.NamedNode(XSD + "integer")),
    ox.Literal("seven", datatype=ox.NamedNode(XSD + "integer")),
    ox.Literal("2021-02-30", datatype=ox.NamedNode(XSD + "date")),
    ox.Literal("2021-02-03", datatype=ox.NamedNode(XSD + "date")),
    ox.Literal("2021~", datatype=EDTF),
    ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")),
]


class Row(NamedTuple):
    """One result: the IRIs of node, shape and component, and the text of the value."""

    node: str
    shape: str
    component: str
    value: str


class Edit(NamedTuple):
    """Numbers that choose a quad to take away and terms to put in, each for what there is to choose from."""

    kind: int
    file: int
    quad: int
    subject: int
    predicate: int
    object: int


def drawn(seed: int) -> list[Edit]:
    """Return one to four edits, spread evenly, which hypothesis's own numbers are not."""
    numbers = Random(seed)
    return [Edit(*(numbers.randrange(10**6) for _ in Edit._fields)) for _ in range(numbers.randint(1, 4))]


edits = st.integers(0, 2**32).map(drawn)


class Pools:
    """The terms that edits are made of."""

    def __init__(self, read: Quads) -> None:
        """Take the terms of *read*, and some that it may lack."""
        self._quads = [quad for quads in read.values() for quad in quads]

    @cached_property
    def subjects(self) -> list[ox.NamedNode]:
        """Return nodes, a new one among them."""
        found = {quad.subject for quad in self._quads if isinstance(quad.subject, ox.NamedNode)}
        return [*sorted(found, key=str), ox.NamedNode(CSD + "mission-new")]

    @cached_property
    def predicates(self) -> list[ox.NamedNode]:
        """Return properties, those with a meaning to the load and to shapes more than once."""
        return [*sorted({quad.predicate for quad in self._quads}, key=str), *_PREDICATES * 5]

    @cached_property
    def objects(self) -> list[Term]:
        """Return values of all kinds."""
        found = {quad.object for quad in self._quads if not isinstance(quad.object, ox.BlankNode)}
        return [*sorted(found, key=str), *_LITERALS * 5]


def apply(read: Quads, pools: Pools, changes: Sequence[Edit]) -> dict[Path, list[ox.Quad]]:
    """Return *read* after edits, one in five of the vocabulary; files that none touches are the same lists."""
    result = dict(read)
    *vocabulary, data = result
    for edit in changes:
        path = vocabulary[edit.file // 5 % len(vocabulary)] if edit.file % 5 == 0 else data
        quads = list(result[path])
        old = quads.pop(edit.quad % len(quads)) if edit.kind % 3 and quads else None
        if edit.kind % 3 != 1:
            quads.append(_made(edit, pools, old, path))
        result[path] = quads
    return result


def _made(edit: Edit, pools: Pools, old: ox.Quad | None, path: Path) -> ox.Quad:
    """Return a new quad: any, or *old* with one of its terms changed."""
    subject = pools.subjects[edit.subject % len(pools.subjects)]
    predicate = pools.predicates[edit.predicate % len(pools.predicates)]
    value = pools.objects[edit.object % len(pools.objects)]
    graph = graph_name(path)
    if old is None:
        return ox.Quad(subject, predicate, value, graph)
    kept = edit.subject % 3
    return ox.Quad(
        subject if kept == 0 else old.subject,
        predicate if kept == 1 else old.predicate,
        value if kept == 2 else old.object,
        graph,
    )


def without(rules: Rules, *shapes: str) -> dict[Term, Shape]:
    """Return the shapes of *rules* but those."""
    left = {ox.NamedNode(shape) for shape in shapes}
    return {term: shape for term, shape in rules.shapes.items() if term not in left}


def run(judge: Judge, shapes: Mapping[Term, Shape]) -> Counter[Result]:
    """Return the results of a full run."""
    return Counter(one for shape in shapes.values() for one in judge.results(shape, judge.targets(shape)))


def read_in(files: Iterable[Path]) -> dict[Path, list[ox.Quad]]:
    """Return the quads of each file."""
    return {path: list(read_quads(path)) for path in files}


def gathered(read: Quads) -> Gathered:
    """Return the graph of these quads, and what follows."""
    store = ox.Store()
    store.extend(quad for quads in read.values() for quad in quads)
    return gather(store)


def changed(old: Quads, new: Quads, before: Gathered, after: Gathered) -> Change:
    """Return what changed; files that no edit touched are the same lists."""
    same = {graph_name(path) for path in old if old[path] is new.get(path)}
    return compare(State(before, same), State(after, same))


def difference(
    shapes: Mapping[Term, Shape], before: Gathered, after: Gathered, change: Change, mended: bool = True
) -> tuple[Counter[Result], Counter[Result]]:
    """Return the results before and after of the nodes that a change can affect, and of no others."""
    then, now = Judge(before.store, shapes), Judge(after.store, shapes)
    affected = Affected(then, now, shapes, change, mended)
    gone, come = Counter[Result](), Counter[Result]()
    for shape in shapes.values():
        nodes = affected.nodes(shape) if shape.targets else set()
        for judge, found in ((then, gone), (now, come)):
            found.update(judge.results(shape, [node for node in nodes if judge.is_target(shape, node)]))
    return gone, come


def graph_of(store: ox.Store) -> Graph:
    """Return all graphs of a store as one for rdflib."""
    triples = ox.serialize({quad.triple for quad in store}, format=ox.RdfFormat.N_TRIPLES)
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    return Graph().parse(data=triples, format="nt")


def reference(data: ox.Store, shapes: Graph, nodes: Sequence[str] = ()) -> set[Row]:
    """Return what pySHACL finds wrong, with all nodes or with *nodes*."""
    _, report, _ = pyshacl.validate(
        graph_of(data), shacl_graph=shapes, inplace=True, inference="none", focus_nodes=list(nodes) or None
    )
    assert isinstance(report, Graph)
    fields = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.value)
    rows = ([report.value(one, name) for name in fields] for one in report.subjects(R.type, SH.ValidationResult))
    return {Row(*("" if term is None or isinstance(term, BNode) else str(term) for term in row)) for row in rows}


def plain(results: Iterable[Result]) -> set[Row]:
    """Return our results as :func:`reference` returns those of pySHACL; blank nodes have no name that lasts."""
    return {
        Row(_text(one.node), _text(one.shape), f"{SHACL}{one.component}ConstraintComponent", _text(one.value))
        for one in results
    }


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
