"""Hand a store to rdflib, for the tools that need a graph of its kind."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import pyoxigraph as ox
from rdflib import XSD, BNode, Graph, Literal, URIRef, Variable
from rdflib.query import Result
from rdflib.term import Identifier

Row: TypeAlias = dict[Variable, Identifier]

_THIS = Variable("this")


class _StoreGraph(Graph):
    """A graph that answers each SPARQL constraint for all nodes at once, on the store that it was read from.

    pySHACL sends the same text for every node, with $this bound. Asked once
    without it, the store gives the rows of all nodes, and each node takes its
    own. That is the same as long as $this stands in a triple pattern of the
    outermost group, as it does in every constraint of shapes/.
    """

    def __init__(self, store: ox.Store) -> None:
        super().__init__(bind_namespaces="none")
        self._quads = store
        self._answers: dict[str, tuple[list[Variable], dict[str, list[Row]]]] = {}

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,  # noqa: N803 (the names are those of rdflib)
        initBindings: Any = None,  # noqa: N803
        use_store_provided: bool = True,
        **kwargs: Any,
    ) -> Result:
        focus = (initBindings or {}).get("this")
        # A blank node has another name in the store, so what asks about one is answered by rdflib.
        if not isinstance(query_object, str) or not isinstance(focus, URIRef):
            return super().query(query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs)
        if query_object not in self._answers:
            self._answers[query_object] = self._answer(query_object)
        names, rows = self._answers[query_object]
        found = Result("SELECT")
        found.vars = names
        found.bindings = list[Mapping[Variable, Identifier]](rows.get(str(focus), []))
        return found

    def _answer(self, text: str) -> tuple[list[Variable], dict[str, list[Row]]]:
        """Return the variables of a query, and the rows of each node."""
        solutions = self._quads.query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [Variable(variable.value) for variable in solutions.variables]
        rows: dict[str, list[Row]] = defaultdict(list)
        for solution in solutions:
            terms = {name: to_node(term) for name, term in zip(names, solution, strict=True) if term is not None}
            rows[str(terms[_THIS])].append(terms)
        return names, rows


def to_rdflib(store: ox.Store) -> Graph:
    """Return the default graph of *store* as an rdflib graph, for pySHACL; *store* must stay as it is."""
    triples = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    with quiet():
        return _StoreGraph(store).parse(data=triples, format="nt")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-typed literal, which shapes report."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def to_node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Identifier:
    """Return a term of Oxigraph as rdflib reads it from N-Triples, where a plain string has no datatype."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        plain = term.language or term.datatype.value == str(XSD.string)
        return Literal(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    return BNode(str(term))
