"""Probe nodes by the SPARQL constraints of SHACL: asked once for all nodes where that means the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from chinaspace.anchor import MOST_TERMS, restrict
from chinaspace.dissect import LEXED
from chinaspace.errors import ShapesError
from chinaspace.names import Term
from chinaspace.shape import Constraint, Finding, Judging, Query, Row, Rows, Shape, sh
from chinaspace.unite import union
from chinaspace.view import View
from chinaspace.walk import Path, to_sparql

# Where one of these stands, a part of the query may be evaluated apart from the rest, where $this would be any node.
_APART = {"UNION", "GRAPH", "GROUP", "HAVING", "LIMIT", "OFFSET"}
_APART |= {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
# SHACL forbids these in constraints, and the last would call out.
_REFUSED = {"MINUS", "VALUES", "SERVICE", "FROM"}
_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


def read_query(shapes: View, shape: Term, path: Path | None, term: Term) -> Query:
    """Return the SPARQL constraint *term* of a shape; what is wrong with it is a ValueError."""
    texts = [one.value for one in shapes.objects(term, sh("select")) if isinstance(one, ox.Literal)]
    if len(texts) != 1:
        raise ValueError("sh:sparql takes a node with one sh:select, the text of a query")
    words = {match["word"].upper() for match in LEXED.finditer(texts[0]) if match["word"]}
    if found := words & _REFUSED:
        raise ValueError(f"SHACL allows no {min(found)} in a constraint")
    variables = {match["variable"] for match in LEXED.finditer(texts[0]) if match["variable"]}
    if found := variables & {"shapesGraph", "currentShape"}:
        raise ValueError(f"${min(found)} is not supported in a constraint")
    if not _hands_down(texts[0]):
        raise ValueError("a nested SELECT of a constraint must select $this as well")
    body = _replace(texts[0], "PATH", to_sparql(path)) if path else texts[0]
    text = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in _prefixes(shapes, term).items()) + body
    try:
        solutions = ox.Store().query(text)
    except SyntaxError as error:
        raise ValueError(f"sh:select is no query that can be read: {error}") from error
    if not isinstance(solutions, ox.QuerySolutions) or ox.Variable("this") not in solutions.variables:
        raise ValueError("sh:select is a SELECT query with the variable $this")
    messages = tuple(one.value for one in shapes.objects(term, sh("message")) if isinstance(one, ox.Literal))
    return Query(term, text, _is_joined(body), messages)


def constrain_by(query: Query) -> Constraint:
    """Return the constraint that a query is."""

    def check(judge: Judging, shape: Shape, rows: Rows) -> Iterator[Finding]:
        found = judge.rows(query, [node for node, _ in rows]) if rows else {}
        for node, _ in rows:
            for row in found.get(node, ()):
                if "failure" in row:
                    raise ShapesError(f"The query {query.term} says that it failed. Look into shapes/.")
                value = row.get("value") or (None if shape.path else node)
                path = row.get("path")
                yield Finding(node, value, path if isinstance(path, ox.NamedNode) else None, _words(query, shape, row))

    return Constraint("SPARQL", f"sh:sparql {query.term}", check, query=query)


def ask(store: ox.Store, query: Query, nodes: Sequence[Term] | None) -> dict[Term, list[Row]]:
    """Return the rows of a constraint by node: of *nodes*, of more where that takes less, of all where it is None.

    Raises:
        ShapesError: the query cannot be asked about one of *nodes*.
    """
    found: dict[Term, list[Row]] = defaultdict(list)
    if query.at_once:
        few = query.parts is not None and nodes is not None and _can_be_listed(nodes)
        for row in bound(store, query, {"this": nodes or ()}) if few else _solve(store, query.text):
            found[row["this"]].append(row)
        return found
    for node in nodes or ():
        if isinstance(node, ox.BlankNode):
            raise ShapesError(f"The query {query.term} cannot be asked about a blank node. Give the node an IRI.")
        asked = re.sub(r"(?i)\bBOUND\s*\(\s*[$?]this\s*\)", "(true)", query.text)
        try:
            found[node] = [{**row, "this": node} for row in _solve(store, _replace(asked, "this", str(node)))]
        except SyntaxError as error:
            raise ShapesError(f"The query {query.term} cannot be asked about {node}: {error}.") from error
    return found


def bound(store: ox.Store, query: Query, terms: Mapping[str, Iterable[Term]]) -> Iterator[Row]:
    """Yield the rows of a constraint with known parts that have one of *terms* by variable, some of them twice."""
    assert query.parts
    for name, values in terms.items():
        if values:
            yield from _solve(store, restrict(query.text, query.parts.head, name, values))


def _can_be_listed(nodes: Sequence[Term]) -> bool:
    return len(nodes) <= MOST_TERMS and all(isinstance(node, ox.NamedNode | ox.Literal) for node in nodes)


def _solve(store: ox.Store, text: str) -> Iterator[Row]:
    solutions = store.query(text, use_default_graph_as_union=union(store) is None)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: term for name, term in zip(names, solution, strict=True) if term is not None}


def _is_joined(text: str) -> bool:
    """Tell whether asking for all nodes and keeping the rows of one is the same as asking about that one.

    It is if $this stands in a triple pattern of the outermost group, and
    every other group is one of EXISTS, which is evaluated for each row, or of
    OPTIONAL, whose solutions join with those that have the same $this.
    """
    braces, brackets, before, joined = 0, 0, "", False
    for match in LEXED.finditer(text):
        word, sign = (match["word"] or "").upper(), match["sign"] or ""
        if word in _APART or (sign == "{" and braces and before not in ("EXISTS", "OPTIONAL")):
            return False
        braces += (sign == "{") - (sign == "}")
        brackets += (sign == "(") - (sign == ")")
        joined = joined or (match["variable"] == "this" and braces == 1 and not brackets)
        before = before if match["gap"] or match["remark"] else word or sign
    return joined


def _replace(text: str, variable: str, value: str) -> str:
    """Put *value* for a variable in the groups of a query, and in what a nested SELECT selects."""
    parts = []
    for match, depth, selecting in _inside(text):
        put = f"({value} AS ?{variable}_)" if selecting else value
        parts.append(put if depth and match["variable"] == variable else match[0])
    return "".join(parts)


def _hands_down(text: str) -> bool:
    """Tell whether each nested SELECT selects $this, without which it would be about any node."""
    waiting = False
    for match, _, selecting in _inside(text):
        if waiting and not selecting:
            return False
        waiting = selecting and match["variable"] != "this" and (waiting or (match["word"] or "").upper() == "SELECT")
    return not waiting


def _inside(text: str) -> Iterator[tuple[re.Match[str], int, bool]]:
    """Yield each part of a query with the depth of its group, and whether a nested SELECT selects there."""
    depth, selecting = 0, False
    for match in LEXED.finditer(text):
        word = (match["word"] or "").upper()
        depth += (match["sign"] == "{") - (match["sign"] == "}")
        selecting = depth > 0 and (word == "SELECT" or (selecting and word != "WHERE" and match["sign"] != "{"))
        yield match, depth, selecting


def _prefixes(shapes: View, term: Term) -> dict[str, str]:
    """Return the prefixes that a constraint declares, and those of what it imports."""
    found: dict[str, str] = {}
    left, seen = list(shapes.objects(term, sh("prefixes"))), set[Term]()
    while left:
        here = left.pop()
        if here not in seen:
            seen.add(here)
            left += shapes.objects(here, ox.NamedNode("http://www.w3.org/2002/07/owl#imports"))
            for one in shapes.objects(here, sh("declare")):
                names, spaces = shapes.objects(one, sh("prefix")), shapes.objects(one, sh("namespace"))
                found.update({_text(name): _text(space) for name in names for space in spaces})
    return found


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _words(query: Query, shape: Shape, row: Mapping[str, Term]) -> tuple[str, ...] | None:
    """Return the messages of a row, with the values of its variables put in."""
    given = row.get("message")
    said = (given.value,) if isinstance(given, ox.Literal) else query.messages or shape.messages

    def value(match: re.Match[str]) -> str:
        term = row.get(match[1])
        return match[0] if term is None else _text(term)

    return tuple(_PLACEHOLDER.sub(value, text) for text in said) or None
