"""Complete what is typed of a saved query in a shell: its name, its parameters, and the things that they take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping
from pathlib import Path

import pyoxigraph as ox

from chinaspace.errors import ChinaSpaceError
from chinaspace.header import Parameter
from chinaspace.names import RDF, RDFS, SKOS, short_name, shorten
from chinaspace.paths import graph_files
from chinaspace.queries import SavedQuery, saved_queries
from chinaspace.read import read_quads
from chinaspace.remember import recall, retain
from chinaspace.resolve import fold

_NAMES = "names"
_TYPE, _SCHEME = RDF + "type", SKOS + "inScheme"
_LABEL, _BELOW = RDFS + "label", RDFS + "subClassOf"
# A shell shows no more of use.
_MOST = 60

# What may be written, and what it is.
Offer = tuple[str, str]


def complete_query(typed: str) -> list[Offer]:
    """Return the saved queries whose names begin with what was *typed*, with their summaries."""
    return [(query.name, query.summary) for query in _queries().values() if query.name.startswith(typed)]


def complete_parameter(words: list[str], typed: str) -> list[Offer]:
    """Return what can stand after --param: "thing=" at first, then "thing=mission-change-5".

    The query is the first that *words*, those of the command line, name.

    A thing is found by the beginning of its slug or by a part of its label, with
    whatever case, apostrophes and hyphens, and is written as its slug.
    """
    query = next((_queries()[word] for word in words if word in _queries()), None)
    if query is None:
        return []
    key, equals, value = typed.partition("=")
    if not equals:
        return [(f"{one.name}=", one.help) for one in query.parameters if one.name.startswith(key)]
    found = next((one for one in query.parameters if one.name == key), None)
    return [(f"{key}={word}", told) for word, told in _values(query, found, value)] if found else []


def rejoin(environment: MutableMapping[str, str]) -> None:
    """Put the words that bash gives in *environment* to whoever completes together as they were typed.

    bash takes "=" for a word of its own, and what stands around it for two more.
    """
    words, place = environment.get("COMP_WORDS", "").split("\n"), environment.get("COMP_CWORD", "")
    joined: list[str] = []
    for word in words[: int(place) + 1] if place.isdecimal() else []:
        if joined and (word == "=" or joined[-1].endswith("=")) and not joined[-1].startswith("-"):
            joined[-1] += word
        else:
            joined.append(word)
    if joined:
        environment["COMP_WORDS"], environment["COMP_CWORD"] = "\n".join(joined), str(len(joined) - 1)


def _queries() -> dict[str, SavedQuery]:
    try:
        return saved_queries()
    except ChinaSpaceError:  # a shell that completes is no place to tell it
        return {}


def _values(query: SavedQuery, parameter: Parameter, typed: str) -> list[Offer]:
    if parameter.type == "one-of":
        return [(choice, "") for choice in parameter.choices if choice.startswith(typed)]
    if parameter.type != "iri":
        given = [one.values[parameter.name] for one in query.examples if parameter.name in one.values]
        return [(value, "for example") for value in dict.fromkeys(given) if value.startswith(typed)]
    return _things(parameter, typed)


def _things(parameter: Parameter, typed: str) -> list[Offer]:
    wanted, found = fold(typed), list[tuple[int, int, Offer]]()
    for name, (label, *classes) in known_things().items():
        if not parameter.classes or set(parameter.classes) & set(classes):
            place = 0 if name.startswith(typed) else fold(label).find(wanted)
            if place >= 0:
                found.append((place, len(label), (name, label)))
    return [offer for _, _, offer in sorted(found)[:_MOST]]


def known_things() -> dict[str, list[str]]:
    """Return by its short name each thing of the built-in graph: its label, then its classes and schemes.

    They are read from the files once, and remembered until one of these changes.
    """
    try:
        files = graph_files()
        stamp = _stamp(files)
        kept = recall(_NAMES)
        if kept.get("") != stamp:
            kept = {"": stamp, **_read(files)}
            retain(_NAMES, kept)
    except (ChinaSpaceError, OSError, SyntaxError):
        return {}
    return {name: told for name, told in kept.items() if name and isinstance(told, list)}


def _stamp(files: list[Path]) -> str:
    told = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _read(files: list[Path]) -> dict[str, list[str]]:
    labels, belonging, above = dict[str, str](), dict[str, set[str]](), dict[str, set[str]]()
    for subject, predicate, value in _triples(files):
        if predicate == _LABEL:
            labels[subject] = value
        elif predicate == _BELOW:
            above.setdefault(subject, set()).add(value)
        else:
            belonging.setdefault(subject, set()).add(value)
    return {
        short_name(subject): [
            labels.get(subject, ""),
            *sorted(shorten(one) for one in _all_above(classes, above)),
        ]
        for subject, classes in belonging.items()
        if shorten(subject) != subject
    }


def _triples(files: list[Path]) -> Iterator[tuple[str, str, str]]:
    for path in files:
        for quad in read_quads(path):
            kind, value = quad.predicate.value, quad.object
            if not isinstance(quad.subject, ox.NamedNode) or kind not in (_TYPE, _SCHEME, _LABEL, _BELOW):
                continue
            is_word = isinstance(value, ox.Literal) and value.language == "en"
            if not isinstance(value, ox.Triple) and (is_word if kind == _LABEL else isinstance(value, ox.NamedNode)):
                yield quad.subject.value, kind, value.value


def _all_above(classes: set[str], above: dict[str, set[str]]) -> set[str]:
    found, left = set[str](), set(classes)
    while left:
        one = left.pop()
        found.add(one)
        left |= above.get(one, set()) - found
    return found
