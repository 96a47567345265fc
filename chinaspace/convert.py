"""Hand a store to rdflib, for the tools that need a graph of its kind."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result


class _PreparedGraph(Graph):
    """A graph that parses each query text once: pySHACL sends the same text for every node."""

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Result:
        prepared = _prepare(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


_prepare = lru_cache(maxsize=None)(prepareQuery)


def to_rdflib(store: ox.Store) -> Graph:
    """Return the default graph of *store* as an rdflib graph, for pySHACL."""
    triples = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # ill-typed literals are reported by shapes, not by tracebacks in a log
    try:
        return _PreparedGraph(bind_namespaces="none").parse(data=triples, format="nt")
    finally:
        logger.setLevel(level)
