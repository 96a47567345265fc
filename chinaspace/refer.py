"""Refer to pySHACL, which many take for the reference: what it finds wrong, in the words of our own results."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from rdflib import Graph

from chinaspace.convert import quiet
from chinaspace.errors import ShapesError
from chinaspace.judge import Result
from chinaspace.names import RDF, SH, Term
from chinaspace.rules import Rules
from chinaspace.shape import sh
from chinaspace.view import View

_TYPE, _RESULT = ox.NamedNode(RDF + "type"), ox.NamedNode(f"{SH}ValidationResult")


def reference_results(data: ox.Store, rules: Rules) -> Iterator[tuple[Result, View]]:
    """Yield what pySHACL finds wrong in all graphs of *data* by all shapes, with the report that each stands in.

    It takes minutes for the graph of this project.

    Raises:
        ShapesError: pySHACL cannot evaluate the shapes.
    """
    # Imported here because it takes half a second, and hardly any run refers to it.
    from pyshacl import validate
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    try:
        with quiet():
            _, report, text = validate(
                _graph(data), shacl_graph=_graph(rules.store), inference="none", advanced=False, inplace=True
            )
    except (ReportableRuntimeError, ShapeLoadError, RuntimeError) as error:
        raise ShapesError(f"pySHACL cannot evaluate the shapes: {error}. Look into shapes/.") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"pySHACL cannot evaluate the shapes: {text}. Look into shapes/.")
    store = ox.Store()
    store.load(report.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    view = View(store)
    for quad in store.quads_for_pattern(None, _TYPE, _RESULT):
        yield _read(view, quad.subject), view


def _graph(store: ox.Store) -> Graph:
    """Return all graphs of a store as one for rdflib."""
    text = ox.serialize({quad.triple for quad in store}, format=ox.RdfFormat.N_TRIPLES)
    return Graph(bind_namespaces="none").parse(data=text, format="nt")


def _read(view: View, result: Term) -> Result:
    def one(name: str) -> Term | None:
        return next(iter(view.objects(result, sh(name))), None)

    node, shape, severity = one("focusNode"), one("sourceShape"), one("resultSeverity")
    component = one("sourceConstraintComponent")
    if node is None or shape is None or not isinstance(severity, ox.NamedNode):
        raise ShapesError("pySHACL gave a result without its node, its shape or its severity.")
    name = str(getattr(component, "value", "")).removeprefix(SH).removesuffix("ConstraintComponent")
    found = view.objects(result, sh("resultMessage"))
    messages = tuple(sorted(message.value for message in found if isinstance(message, ox.Literal)))
    return Result(node, one("resultPath"), one("value"), name, shape, severity, messages)
