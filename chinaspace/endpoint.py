"""The SPARQL endpoint: rdflib-endpoint's router, with Oxigraph to evaluate and nothing to write."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request, Response
from rdflib import RDF, RDFS, VOID, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib_endpoint import SparqlRouter
from rdflib_endpoint.utils import SD

from chinaspace.engine import Scope
from chinaspace.errors import ChinaSpaceError
from chinaspace.pages import accepted, problem, render
from chinaspace.queries import saved_queries
from chinaspace.reply import client_of, respond, unless_gone
from chinaspace.store import Answers, Served, named_graphs

_TITLE = "China space claims"
_DESCRIPTION = "Who said what about China's space programme, when, in which passage, and what became of it."
_FORM = "application/x-www-form-urlencoded"
_BODIES = {"application/sparql-query": "query", "application/sparql-update": "update"}


class _RefusalError(ChinaSpaceError):
    """A request that is not answered, with the status that says why."""

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        super().__init__(detail)


class OxigraphRouter(SparqlRouter):
    """Answers the SPARQL 1.1 Protocol, read-only.

    The base would parse each query with rdflib and evaluate it in Python, in the
    event loop; its service description and its place in FastAPI stay, its two
    handlers are replaced.
    """

    def __init__(self, loaded: Served, workers: Answers, path: str = "/sparql") -> None:
        """Describe what is served, and answer at *path*."""
        super().__init__(
            path=path,
            title=_TITLE,
            description=_DESCRIPTION,
            graph=Graph(),  # the base only reads its size from it
            service_description=_describe(loaded, path),
            public_url=path,
        )
        for claimed in ((None, SD.feature, SD.BasicFederatedQuery), (None, SD.inputFormat, None)):
            self.service_description.remove(claimed)  # the base adds both, whatever is served
        self._workers = workers
        self.routes.clear()
        for method in ("GET", "POST", "HEAD"):
            self.add_api_route(
                path,
                self._answer,
                methods=[method],
                summary="Answer a SPARQL query",
                include_in_schema=method != "HEAD",
            )

    async def _answer(self, request: Request) -> Response:
        """Answer a query, or describe the service where there is none."""
        try:
            values = await _read_values(request)
            query = _find_query(values, request.method)
        except _RefusalError as error:
            return problem(error.status, str(error))
        accept = accepted(request)
        if query is None:
            return self.serve_yasgui() if "text/html" in accept else self._description(accept)
        asked = self._workers.ask(query, _machine_types(accept), _scope(values), client_of(request))
        return respond(await unless_gone(request, asked), request.method)

    def serve_yasgui(self) -> Response:
        """Serve a query form of our own: the base's loads its editor from another host."""
        return render("sparql.html", title=_TITLE, queries=saved_queries().values())

    def _description(self, accept: list[str]) -> Response:
        if "application/rdf+xml" in accept:
            return Response(self.service_description.serialize(format="xml"), media_type="application/rdf+xml")
        return Response(self.service_description.serialize(format="turtle"), media_type="text/turtle")


def _machine_types(accept: list[str]) -> list[str]:
    """Leave out what only a browser asks for, so that a query typed into its address bar is answered."""
    return ["*/*" if media_type in ("text/html", "application/xhtml+xml") else media_type for media_type in accept]


async def _read_values(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of a request, those of its body among them; the protocol's section 2.1 names the forms.

    Raises:
        _RefusalError: the body is in none of these forms.
    """
    values = request.query_params.multi_items()
    if request.method != "POST":
        return values
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        body = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _RefusalError(400, "The body is not UTF-8. Send it in UTF-8.") from error
    if content_type == _FORM:
        return values + parse_qsl(body, keep_blank_values=True)
    if content_type in _BODIES:
        return [*values, (_BODIES[content_type], body)]
    raise _RefusalError(415, f"Send a query as {_FORM} or as application/sparql-query.")


def _find_query(values: list[tuple[str, str]], method: str) -> str | None:
    """Return the one query of a request; None where a GET has none.

    Raises:
        _RefusalError: there is an update, there are several queries, or a POST has none.
    """
    if any(name == "update" for name, _ in values):
        raise _RefusalError(403, "This endpoint is read-only. Data change by a pull request.")
    queries = [value for name, value in values if name == "query"]
    if len(queries) > 1:
        raise _RefusalError(400, "There are several queries. Send one.")
    if not queries and method == "POST":
        raise _RefusalError(400, "There is no query. Send one as the parameter 'query'.")
    return queries[0] if queries else None


def _scope(values: list[tuple[str, str]]) -> Scope | None:
    """Return the graphs that a request chooses, if it does."""
    default = tuple(value for name, value in values if name == "default-graph-uri")
    named = tuple(value for name, value in values if name == "named-graph-uri")
    return Scope(default, named) if default or named else None


def _describe(loaded: Served, path: str) -> Graph:
    """Return the W3C service description, with each named graph and its size."""
    graph = Graph()
    service, dataset, default = URIRef(path), BNode(), BNode()
    for triple in (
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, service),
        (service, RDFS.label, Literal(_TITLE, "en")),
        (service, SD.feature, SD.UnionDefaultGraph),
        (service, SD.defaultDataset, dataset),
        (dataset, RDF.type, SD.Dataset),
        (dataset, SD.defaultGraph, default),
        (default, RDF.type, SD.Graph),
        (default, VOID.triples, Literal(loaded.triples)),
    ):
        graph.add(triple)
    if loaded.digest:
        graph.add((dataset, DCTERMS.identifier, Literal(loaded.digest)))
    for name, size in named_graphs(loaded).items():
        named, content = BNode(), BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(name)))
        graph.add((named, SD.graph, content))
        graph.add((content, VOID.triples, Literal(size)))
    return graph
