"""Ask for defects that no shape can see: a query each, in shapes/hygiene/, of which every row is a defect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from chinaspace.anchor import restrict
from chinaspace.dissect import dissect
from chinaspace.errors import ShapesError
from chinaspace.finding import Touched, concerns, few, finding
from chinaspace.names import Term, expand
from chinaspace.paths import built_in, shapes_folder
from chinaspace.point import Fault
from chinaspace.unite import union

_LINE = re.compile(r"#\+ ([a-z]+): (\S.*)")
_KEYS = {"summary", "severity", "properties", "remedy"}


@dataclass(frozen=True)
class Hygiene:
    """One query: what it looks for, how grave that is, at which properties it stands, and what to do.

    It selects ?wrong, what is wrong; then the node at fault; then, where
    there are two sides, the other one, or the value at fault.
    """

    name: str
    summary: str
    severity: str
    properties: tuple[str, ...]
    remedy: str
    text: str


def hygiene(store: ox.Store, touched: Touched = None) -> Iterator[Fault]:
    """Yield each row of each query as a fault of the node that it names.

    Raises:
        ShapesError: a query cannot be read or asked.
    """
    for query in hygiene_queries():
        try:
            rows = dict.fromkeys(row for text in _asked(query, few(touched)) for row in _solve(store, text))
        except SyntaxError as error:
            raise ShapesError(f"{query.name}.rq cannot be asked: {error}. Look into shapes/hygiene/.") from error
        for wrong, *nodes in rows:
            if wrong is not None and concerns(touched, *(node for node in nodes if node is not None)):
                yield _defect(query, wrong, [node for node in nodes if node is not None])


def _asked(query: Hygiene, nodes: Set[Term] | None) -> list[str]:
    """Return what is asked for the rows with one of *nodes*, and perhaps more; for all rows where that is None."""
    parts = dissect(query.text) if nodes is not None else None
    if parts is None or nodes is None or not all(isinstance(node, ox.NamedNode) for node in nodes):
        return [query.text]
    _, *names = (variable.value for variable in _select(ox.Store(), query.text).variables)
    if not parts.certain.issuperset(names):
        return [query.text]
    return [restrict(query.text, parts.head, name, nodes) for name in names] if nodes else []


def _solve(store: ox.Store, text: str) -> Iterator[tuple[Term | None, ...]]:
    return map(tuple, _select(store, text))


def _select(store: ox.Store, text: str) -> ox.QuerySolutions:
    rows = store.query(text, use_default_graph_as_union=union(store) is None)
    assert isinstance(rows, ox.QuerySolutions)
    return rows


def _defect(query: Hygiene, wrong: Term, nodes: list[Term]) -> Fault:
    said = getattr(wrong, "value", "")
    return finding(
        nodes[0],
        f"Hygiene-{query.name}",
        f"{said[:1].upper()}{said[1:]}. {query.remedy}",
        severity=query.severity,
        predicates=tuple(ox.NamedNode(expand(name)) for name in query.properties),
        value=nodes[1] if len(nodes) > 1 else None,
        beside=[node for node in nodes[1:] if node != nodes[0] and isinstance(node, ox.NamedNode)],
    )


@cache
def hygiene_queries() -> tuple[Hygiene, ...]:
    """Return the queries of shapes/hygiene/, sorted by name.

    Raises:
        ShapesError: there is none, or the header of one lacks what it needs.
    """
    folder = shapes_folder() / "hygiene"
    files = sorted(folder.glob("*.rq"))
    if not files and folder.is_relative_to(built_in()):  # other shapes may have none
        raise ShapesError(f"No query in {folder}. Check it out again.")
    return tuple(map(_read, files))


def _read(path: Path) -> Hygiene:
    text = path.read_text("utf-8")
    lines = (found for line in text.splitlines() if (found := _LINE.fullmatch(line)))
    header = {found[1]: found[2] for found in lines}
    if set(header) != _KEYS or header["severity"] not in ("violation", "warning"):
        raise ShapesError(
            f"{path}: the header has not exactly {', '.join(sorted(_KEYS))}. Write for example '#+ severity: warning'."
        )
    properties = tuple(name.strip() for name in header["properties"].split(","))
    return Hygiene(path.stem, header["summary"], header["severity"], properties, header["remedy"], text)
