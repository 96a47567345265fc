"""Name blank nodes by what is said with them, so that the same statements are the same lines."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import pyoxigraph as ox

# How often the edges between blank nodes are looked at, all in all, where they go in circles.
_MOST_STEPS = 500_000
_MOST_ROUNDS = 50


class _Edge(NamedTuple):
    """A statement between a blank node and another one, seen from the first."""

    label: str
    other: str


def canonical_lines(quads: Iterable[ox.Quad]) -> list[bytes]:
    """Return quads as lines of N-Quads, sorted, their blank nodes named by what is said with them.

    The same statements give the same lines, whatever their order and the
    names of their blank nodes. Different ones may only where blank nodes go
    in circles, or share parts that share parts, and look alike from every one
    of them. The time grows with the number of the statements: RDFC-1.0, the
    W3C's canonicalization, needs more than any power of it for some files, and
    Oxigraph's ends the process for a list of ten thousand items, so a file
    from a stranger must not get there.
    """
    kept = list(quads)
    names = blank_names([quad for quad in kept if has_blank_node(quad)])
    return sorted(_line(quad, names).encode() for quad in kept)


def has_blank_node(quad: ox.Quad) -> bool:
    """Tell whether a term of *quad* is a blank node, or a triple, which may hold one."""
    terms = (quad.subject, quad.object, quad.graph_name)
    return any(isinstance(term, ox.BlankNode | ox.Triple) for term in terms)


def _line(quad: ox.Quad, names: dict[str, str]) -> str:
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return " ".join(_text(term, names) for term in terms if not isinstance(term, ox.DefaultGraph)) + " ."


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, names: dict[str, str]) -> str:
    if isinstance(term, ox.BlankNode):
        return names.get(term.value, "_")
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(_text(part, names) for part in (term.subject, term.predicate, term.object))} )>>"
    return str(term)


def blank_names(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """Return a name for each blank node of *quads*: the digest of what is said with it, near and far.

    Two of which the same is said have the same name.
    """
    own: dict[str, list[str]] = defaultdict(list)
    out: dict[str, list[_Edge]] = defaultdict(list)
    back: dict[str, list[_Edge]] = defaultdict(list)
    for quad in quads:
        shape = _line(quad, {})
        ends = {"s": quad.subject, "o": quad.object, "g": quad.graph_name}
        nodes = {end: term.value for end, term in ends.items() if isinstance(term, ox.BlankNode)}
        for end, node in nodes.items():
            own[node].append(f"{end} {shape}")
        if "s" in nodes and "o" in nodes:
            out[nodes["s"]].append(_Edge(shape, nodes["o"]))
            back[nodes["o"]].append(_Edge(shape, nodes["s"]))
    names = {node: _hash(sorted(said)) for node, said in own.items()}
    names = _sweep(_sweep(names, out, back), back, out)
    return _refine(names, out, back)


def _sweep(names: dict[str, str], out: dict[str, list[_Edge]], back: dict[str, list[_Edge]]) -> dict[str, str]:
    """Return names that know all that *out* leads to, from the ends inwards; what leads into a circle keeps its own."""
    left = {node: len(out.get(node, ())) for node in names}
    ready = [node for node, count in left.items() if not count]
    found = dict(names)
    for node in ready:
        found[node] = _seen(names[node], out.get(node, ()), found)
        for edge in back.get(node, ()):
            left[edge.other] -= 1
            if not left[edge.other]:
                ready.append(edge.other)
    return found


def _refine(names: dict[str, str], out: dict[str, list[_Edge]], back: dict[str, list[_Edge]]) -> dict[str, str]:
    """Return names that know their neighbours' on both sides, again and again until no more of them differ."""
    edges = sum(map(len, out.values())) + len(names)
    for _ in range(max(1, min(_MOST_ROUNDS, _MOST_STEPS // max(edges, 1)))):
        before = len(set(names.values()))
        if before == len(names):
            break
        seen = {node: _seen(name, out.get(node, ()), names) for node, name in names.items()}
        names = {node: _seen(name, back.get(node, ()), names) for node, name in seen.items()}
        if len(set(names.values())) == before:
            break
    return names


def _seen(name: str, edges: Iterable[_Edge], names: dict[str, str]) -> str:
    return _hash([name, *sorted(f"{edge.label} {names[edge.other]}" for edge in edges)])


def _hash(parts: Iterable[str]) -> str:
    return "_:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
