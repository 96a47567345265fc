"""Recall the names of a remote store: a part of it, held in memory, that names of things are looked up in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future

import pyoxigraph as ox

from chinaspace.defer import defer, within
from chinaspace.errors import RemoteError
from chinaspace.names import CSG, RDF, RDFS, SKOS, Node, Term, cs
from chinaspace.survey import Asker, Row, Survey

_NAMES = f"<{RDFS}label> <{SKOS}altLabel> <{SKOS}hiddenLabel>"
_BELONGING = f"<{RDF}type> <{SKOS}inScheme>"
_CONCERNS = cs("concerns")
_UNION = ox.DefaultGraph()
# Rows of one answer; Virtuoso gives no more as Debian installs it.
_PAGE = 10_000
# Virtuoso refuses to sort and skip more than so many rows unless the sorting stands in a query within.
_CALLED = f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?p {{ {_NAMES} }} ?s ?p ?o }} ORDER BY ?s ?p ?o"
_KINDS = (
    f"SELECT DISTINCT ?s ?p ?o ?g WHERE {{ VALUES ?name {{ {_NAMES} }} ?s ?name ?called . "
    f"VALUES ?p {{ {_BELONGING} }} GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o ?g"
)
_SPOKEN = f"SELECT ?s (COUNT(*) AS ?o) WHERE {{ ?claim {_CONCERNS} ?s }} GROUP BY ?s ORDER BY ?s"
_OF_ONE = (
    f"SELECT DISTINCT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ %s }} VALUES ?p {{ {_BELONGING} }} GRAPH ?g {{ ?s ?p ?o }} }}"
)
_ANY = "SELECT ?s ?p ?o WHERE { VALUES ?s { %s } ?s ?p ?o } LIMIT 1"
# Where a store does not tell which data set it holds, its names are asked for again after so many seconds.
_FRESH = 300
# Things without a name are asked for one by one; so many of them are kept.
_MOST_LEARNT = 10_000
# Names that have not come after so many seconds are asked for anew.
_HOPELESS = 300.0
_LATE = "The remote store takes long to tell its names. Ask again in a minute."


class Recollection:
    """The names, classes and schemes of a remote store, as the triples that they come from.

    Nothing is asked before it is needed. What has no name is asked for when someone names it by its IRI.
    """

    def __init__(self, asker: Asker, survey: Survey, patience: float) -> None:
        """Remember nothing yet; nobody is to wait longer than *patience* seconds, though names may come later."""
        self._patience = patience
        self._asker, self._survey = asker, survey
        self._lock = threading.Lock()
        self._store: ox.Store | None = None
        self._coming: Future[ox.Store] | None = None
        self._since = 0.0
        self._spoken: list[tuple[Node, int]] = []
        self._learnt: set[str] = set()
        self._until = 0.0

    @property
    def is_held(self) -> bool:
        """Tell whether the names have been asked for."""
        return self._store is not None

    @property
    def is_stale(self) -> bool:
        """Tell whether the names are so old that they should be asked for anew."""
        return self._survey.digest is None and self.is_held and time.monotonic() > self._until

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs of the store."""
        return iter([ox.NamedNode(name) for name in self._survey.graphs])

    def __contains__(self, quad: ox.Quad, /) -> bool:
        """Tell whether the store holds a statement on what something is."""
        self._learn(quad.subject)
        return quad in self._recalled()

    def quads_for_pattern(
        self,
        subject: Node | None,
        predicate: ox.NamedNode | None,
        value: Term | None,
        graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """Yield statements on names and on what something is; of what claims concern, only how many do so."""
        if predicate == _CONCERNS and subject is None:
            self._recalled()
            return (ox.Quad(ox.BlankNode(), _CONCERNS, thing) for thing, number in self._spoken for _ in range(number))
        if subject is not None:
            self._learn(subject)
        return self._recalled().quads_for_pattern(subject, predicate, value, graph_name)

    def fill(self) -> None:
        """Ask for the names now, however long that takes.

        Raises:
            AwayError, DeadlineError, QueryError, RemoteError: the store does not tell them.
        """
        self._ask()

    def _recalled(self) -> ox.Store:
        """Return the names; they are asked for on one thread, so that a store that hangs holds up no others.

        Raises:
            AwayError, DeadlineError, QueryError, RemoteError: the store does not tell them, or not in time.
        """
        with self._lock:
            if self._store is not None:
                return self._store
            now = time.monotonic()
            if self._coming is None or self._coming.done() or now > self._since + _HOPELESS:
                self._coming, self._since = defer(self._ask), now
            coming = self._coming
        return within(coming, self._since + self._patience - now, _LATE)

    def _ask(self) -> ox.Store:
        store = ox.Store()
        for query in (_CALLED, _KINDS):
            for row in self._pages(query):
                _add(store, row)
        spoken = [(thing, _number(count)) for thing, count in self._pages(_SPOKEN) if _is_node(thing)]
        with self._lock:
            self._spoken = spoken  # type: ignore[assignment]
            self._store, self._until = store, time.monotonic() + _FRESH
        return store

    def _learn(self, thing: Node) -> None:
        """Ask for what has no name, once."""
        store = self._recalled()
        if not isinstance(thing, ox.NamedNode) or thing.value in self._learnt:
            return
        if any(store.quads_for_pattern(thing, None, None, _UNION)):
            return
        rows = within(defer(lambda: self._ask_about(thing)), self._patience, _LATE)
        with self._lock:
            for row in rows:
                _add(store, row)
            if len(self._learnt) < _MOST_LEARNT:
                self._learnt.add(thing.value)

    def _ask_about(self, thing: ox.NamedNode) -> list[Row]:
        scope = self._survey.scope
        return self._asker.select(_OF_ONE % thing, scope) + self._asker.select(_ANY % thing, scope)

    def _pages(self, query: str) -> Iterator[Row]:
        """Yield the rows of a sorted query, page by page."""
        head, where, rest = query.partition(" WHERE ")
        columns = " ".join(word.strip(")") for word in head.replace("(COUNT(*) AS", "").split() if word[0] == "?")
        offset = 0
        while True:
            page = f"SELECT {columns} WHERE {{ {{ {head}{where}{rest} }} }} LIMIT {_PAGE} OFFSET {offset}"
            rows = list(self._asker.solutions(page, self._survey.scope, _PAGE))
            if any(len(row) != columns.count("?") for row in rows):
                raise RemoteError("The remote store gave other columns than were asked for.")
            yield from map(tuple, rows)
            offset += len(rows)
            if len(rows) < _PAGE:
                return


def _add(store: ox.Store, row: Row) -> None:
    """Add a statement, to its graph as well where the row has one."""
    subject, predicate, value, *graphs = row
    if not isinstance(predicate, ox.NamedNode) or not _is_node(subject) or value is None:
        raise RemoteError("The remote store gave rows that are no statements.")
    for graph in (_UNION, *graphs):
        if isinstance(graph, ox.NamedNode | ox.DefaultGraph) and str(graph) != f"<{CSG}union>":
            store.add(ox.Quad(subject, predicate, value, graph))  # type: ignore[arg-type]


def _is_node(term: object) -> bool:
    return isinstance(term, ox.NamedNode | ox.BlankNode | ox.Triple)


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, ox.Literal) else 0
