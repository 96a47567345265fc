"""Resolve a name to the thing that it stands for: its slug, prefixed name or IRI, or a label or an alias."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import pyoxigraph as ox

from chinaspace.errors import AmbiguousNameError, Candidate, ParameterError
from chinaspace.header import Parameter
from chinaspace.names import INFERRED, RDF, RDFS, SKOS, cs, expand, short_name, shorten
from chinaspace.term import brief
from chinaspace.unite import Graph, union

_LABEL, _TYPE = ox.NamedNode(RDFS + "label"), ox.NamedNode(RDF + "type")
# The best first: a thing is called by its label rather than by another name, and least by a garbled one.
_NAMES = (_LABEL, ox.NamedNode(SKOS + "altLabel"), ox.NamedNode(SKOS + "hiddenLabel"))
# A thing belongs to its classes, and a concept to its scheme.
_BELONGING = (ox.NamedNode(SKOS + "inScheme"), _TYPE)

# Apostrophes and accents that stand for one, dashes and hyphens, blanks and what has no width.
_APOSTROPHES = "'`\u00b4\u02b9-\u02bd\u02c8\u2018-\u201b\u2032\u2035\uff07"
_HYPHENS = "\\-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_BLANKS = "\\s\u200b-\u200f\u2060\ufeff"
_DROPPED = re.compile(f"[{_APOSTROPHES}{_HYPHENS}{_BLANKS}]+")

# The digits of Chinese, and two-digit numbers written with the sign for ten.
_NUMERALS = "\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d"
_DIGITS = str.maketrans(_NUMERALS, "0123456789")
_TENS = re.compile(f"([{_NUMERALS[2:]}]?)\u5341([{_NUMERALS[1:]}]?)")

# Names are compared up to here: what is longer is no slip of the pen.
_LONGEST = 200
_MOST_CANDIDATES = 20
_MOST_OFFERED = 300


def fold(name: str) -> str:
    """Return what is left of *name* when case, width, apostrophes, hyphens and blanks are no matter.

    "Chang'e 5" and "CHANG'E-5", with whatever apostrophe, fold to the same, and
    so do the two ways to write a number in Chinese. Some apostrophes are dropped
    first, because NFKC makes blanks and accents of them.
    """
    plain = unicodedata.normalize("NFKC", _DROPPED.sub("", name)).casefold()
    # What is dropped can have stood between a letter and its accent, so this goes on until nothing changes.
    while (again := unicodedata.normalize("NFKC", _DROPPED.sub("", plain)).casefold()) != plain:
        plain = again
    return count(plain)


def count(text: str) -> str:
    """Return *text* with the numbers of Chinese, up to 99, in Arabic numerals."""
    return _TENS.sub(lambda found: (found[1] or _NUMERALS[1]) + (found[2] or _NUMERALS[0]), text).translate(_DIGITS)


class NameIndex:
    """All names in a store, folded, with the things that they stand for."""

    def __init__(self, store: Graph) -> None:
        """Read the names of *store*, which must not change afterwards."""
        self._store, self._union = store, union(store)
        self._named: dict[str, dict[ox.NamedNode, int]] = {}
        for rank, predicate in enumerate(_NAMES):
            for quad in store.quads_for_pattern(None, predicate, None, self._union):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                    self._named.setdefault(fold(quad.object.value), {}).setdefault(quad.subject, rank)
        self._named.pop("", None)

    def __iter__(self) -> Iterator[tuple[str, ox.NamedNode, int]]:
        """Yield each name, folded, with what it stands for, and 0 if it is its label, 1 an alias, 2 garbled."""
        return ((name, thing, rank) for name, things in self._named.items() for thing, rank in things.items())

    def find(self, parameter: Parameter, name: str) -> str:
        """Return the IRI of the one thing that *name* stands for, of the classes that *parameter* takes.

        A slug, prefixed name or IRI of what is described comes first, then a
        label, then an alias, then a garbled name.

        Raises:
            AmbiguousNameError: it stands for several things, each as well as the other.
            ParameterError: nothing that is described, or nothing of these classes, has this name.
        """
        node = _node(expand(name.strip()))
        if node is not None and self._is_described(node):
            if not self._belongs(node, parameter.classes):
                raise self._of_another_class(parameter, name, [node])
            return node.value
        found = self._called(name, parameter.classes)
        if len(found) == 1:
            return found[0].value
        if found:
            raise AmbiguousNameError(
                f"The parameter '{parameter.name}' is {brief(name)}, which names {len(found)} things. "
                "Give one of these instead:",
                parameter.name,
                tuple(self._candidate(thing) for thing in found[:_MOST_CANDIDATES]),
            )
        if others := self._called(name, ()):
            raise self._of_another_class(parameter, name, others)
        raise ParameterError(
            f"The parameter '{parameter.name}' is {brief(name)}, which names nothing that the graph describes. "
            f"{self._suggest(name, parameter.classes)}"
        )

    def offer(self, classes: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Return names that a form can offer for things of *classes*, sorted by label; at most some hundreds.

        Each name finds its thing: it is the label, or the name without doubt where
        the label is not enough. Where there are too many, those with the most claims are kept.
        """
        spoken = Counter(quad.object for quad in self._store.quads_for_pattern(None, cs("concerns"), None, self._union))
        things = sorted(self._members(classes), key=lambda thing: (-spoken[thing], thing.value))[:_MOST_OFFERED]
        offered = []
        for thing in things:
            candidate = self._candidate(thing)
            clear = self._called(candidate.label, classes) == [thing]
            offered.append(candidate._replace(name=candidate.label) if clear else candidate)
        return tuple(sorted(offered, key=lambda one: (fold(one.label), one.name)))

    def _called(self, name: str, classes: tuple[str, ...]) -> list[ox.NamedNode]:
        """Return the things of *classes* that *name* fits best, sorted."""
        ranks = self._named.get(fold(name), {})
        fitting = {thing: rank for thing, rank in ranks.items() if self._belongs(thing, classes)}
        best = min(fitting.values(), default=0)
        return sorted((thing for thing, rank in fitting.items() if rank == best), key=lambda thing: thing.value)

    def _members(self, classes: tuple[str, ...]) -> set[ox.NamedNode]:
        named = {thing for things in self._named.values() for thing in things}
        return {thing for thing in named if self._belongs(thing, classes)}

    def _belongs(self, thing: ox.NamedNode, classes: tuple[str, ...]) -> bool:
        wanted = [ox.NamedNode(expand(name)) for name in classes]
        return not wanted or any(
            any(self._store.quads_for_pattern(thing, belonging, one, self._union))
            for one in wanted
            for belonging in _BELONGING
        )

    def _is_described(self, thing: ox.NamedNode) -> bool:
        return any(self._store.quads_for_pattern(thing, None, None, self._union))

    def _of_another_class(self, parameter: Parameter, name: str, things: list[ox.NamedNode]) -> ParameterError:
        found = " or ".join(str(self._candidate(thing)) for thing in things[:_MOST_CANDIDATES])
        return ParameterError(
            f"The parameter '{parameter.name}' is {brief(name)}, which names {found}. "
            f"Give the name of one of {', '.join(parameter.classes)}. {self._suggest(name, parameter.classes)}"
        )

    def near(self, name: str, classes: tuple[str, ...] = ()) -> tuple[Candidate, ...]:
        """Return the things of *classes* whose names are nearest to *name*, at most three."""
        members = self._members(classes)
        names = {key: set(things) & members for key, things in self._named.items()}
        for thing in members:
            names.setdefault(fold(short_name(thing.value)), set()).add(thing)
        known = sorted(key for key, things in names.items() if things)
        near = difflib.get_close_matches(fold(name)[:_LONGEST], known, n=3, cutoff=0.7)
        found = dict.fromkeys(thing for key in near for thing in sorted(names[key], key=lambda thing: thing.value))
        return tuple(self._candidate(thing) for thing in list(found)[:3])

    def _suggest(self, name: str, classes: tuple[str, ...]) -> str:
        """Return a sentence with the things of *classes* whose names are nearest to *name*."""
        hint = " or ".join(f"{one.name} ({one.label})" for one in self.near(name, classes))
        return f"Did you mean {hint}?" if hint else "The query 'things' lists what it describes."

    def _candidate(self, thing: ox.NamedNode) -> Candidate:
        return Candidate(short_name(thing.value), self._label(thing), self._kind(thing))

    def _label(self, thing: ox.NamedNode) -> str:
        """Return the English label, or else any, or else the short name."""
        labels = [quad.object for quad in self._store.quads_for_pattern(thing, _LABEL, None, self._union)]
        ranked = sorted((one.language != "en", one.value) for one in labels if isinstance(one, ox.Literal))
        return ranked[0][1] if ranked else shorten(thing.value)

    def _kind(self, thing: ox.NamedNode) -> str:
        """Return what the data says that *thing* is: the scheme of a concept, else its own class, not one above."""
        return next((self._label(one) for one in self._kinds(thing)), "thing")

    def _kinds(self, thing: ox.NamedNode) -> Iterator[ox.NamedNode]:
        for belonging in _BELONGING:
            quads = self._store.quads_for_pattern(thing, belonging, None)
            stated = {quad.object for quad in quads if quad.graph_name not in (INFERRED, self._union)}
            yield from sorted((one for one in stated if isinstance(one, ox.NamedNode)), key=lambda one: one.value)


@lru_cache(maxsize=4)
def name_index(store: Graph) -> NameIndex:
    """Return the index of the names in *store*, which is made once."""
    return NameIndex(store)


@lru_cache(maxsize=256)
def offers(store: Graph, classes: tuple[str, ...]) -> tuple[Candidate, ...]:
    """Return what :meth:`NameIndex.offer` does, which is worked out once."""
    return name_index(store).offer(classes)


def forget_names() -> None:
    """Let go of the stores whose names were looked up."""
    name_index.cache_clear()
    offers.cache_clear()


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
