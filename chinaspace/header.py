"""Read the header of a saved query: what each "#+ key: value" line says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from chinaspace.errors import HeaderError
from chinaspace.names import expand, prefixes, shorten

TYPES = ("iri", "string", "integer", "date", "language", "one-of")
# What a column holds. A date is one of any precision, EDTF included; an address is one of the web, mostly that of
# a passage; a value is whatever was claimed, of any type.
COLUMN_TYPES = ("iri", "string", "integer", "decimal", "boolean", "date", "address", "wkt", "value")
# What each kind of chart must and may be told: the roles that columns play in it.
CHARTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "timeline": (frozenset({"label", "start"}), frozenset({"end", "kind", "least", "most"})),
        "bar": (frozenset({"x", "y"}), frozenset({"group"})),
        "line": (frozenset({"x", "y"}), frozenset({"group"})),
        "map": (frozenset({"place"}), frozenset({"item", "latitude", "longitude", "geometry", "value", "kind"})),
        "network": (frozenset({"from", "to"}), frozenset({"label", "kind", "value"})),
        "matrix": (frozenset({"row", "column"}), frozenset({"value", "kind"})),
    }
)
# What an address of a saved query says beside its parameters, so that none of them may have these names.
RESERVED = ("format", "limit", "offset", "width", "lang", "asof", "columns", "file")

_PARAM = re.compile(
    r"(?P<name>[a-z][A-Za-z0-9]*) (?P<type>[a-z-]+)(?:\((?P<list>[^()]*)\))?(?P<optional> optional)?"
    r"(?: default (?P<default>\S+))? -- (?P<help>\S.*)"
)
_COLUMN = re.compile(
    r"(?P<name>[a-z][A-Za-z0-9]*) (?P<type>[a-z]+)(?: of (?P<of>[a-z][A-Za-z0-9]*))?"
    r"(?: unit (?P<unit>\??\w+(?: \w+)*))? -- (?P<meaning>\S.*)"
)
_EXAMPLE = re.compile(r"(?P<values>\S.*?) -- (?P<shows>\S.*)")
# By its key, how a line is written: for this program, and in words with an example for whoever misses it.
_WRITTEN = {
    "param": (_PARAM, "NAME TYPE [optional] [default VALUE] -- help", "speaker iri(cs:Actor) optional -- who said it"),
    "column": (_COLUMN, "NAME TYPE [of COLUMN] [unit UNIT] -- meaning", "slip integer unit days -- how late it was"),
    "example": (_EXAMPLE, "NAME=VALUE, OTHER=VALUE -- what it shows", "thing=QUESS, day=2017-12-31 -- plans for QUESS"),
}
_GIVEN = re.compile(r"(?P<name>[a-z][A-Za-z0-9]*)=(?P<value>\S.*)")
_NEXT = re.compile(r", (?=[a-z][A-Za-z0-9]*=)")
_WORD = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Parameter:
    """One "#+ param:" line: the SPARQL variable *name*, its type out of TYPES, and what it means.

    A parameter that is neither optional nor has a default must be given. An iri
    belongs to one of *classes*, each a class or a scheme of concepts as a
    prefixed name, if there are any; a one-of is one of *choices*.
    """

    name: str
    type: str
    optional: bool
    default: str | None
    help: str
    classes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Tell whether the query cannot be asked without it."""
        return not self.optional and self.default is None

    def __str__(self) -> str:
        """Return it as one writes it in a header."""
        default = f" default {self.default}" if self.default is not None else ""
        return f"{self.name} {self.kind}{' optional' if self.optional else ''}{default} -- {self.help}"

    @property
    def kind(self) -> str:
        """Return the type with its list, as in "iri(cs:Mission)"."""
        listed = ", ".join(self.classes or self.choices)
        return f"{self.type}({listed})" if listed else self.type


@dataclass(frozen=True)
class Column:
    """One "#+ column:" line: a variable that the query gives, its type out of COLUMN_TYPES, and what it means.

    *of* is the column with the IRI that this one is the label of, if there is
    one. *unit* is in words, or "?NAME" where the column NAME gives the unit of
    each row; "" where the values have none.
    """

    name: str
    type: str
    meaning: str
    of: str | None = None
    unit: str = ""

    def __str__(self) -> str:
        """Return it as one writes it in a header."""
        return (
            f"{self.name} {self.type}{f' of {self.of}' if self.of else ''}"
            f"{f' unit {self.unit}' if self.unit else ''} -- {self.meaning}"
        )


@dataclass(frozen=True)
class Chart:
    """The "#+ chart:" line: the kind of chart, out of CHARTS, and which column plays which role in it."""

    kind: str
    roles: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Example:
    """One "#+ example:" line: values for some parameters, as one types them, and what they show."""

    values: Mapping[str, str] = field(hash=False)
    shows: str


def _parse(place: str, key: str, value: str, types: tuple[str, ...] = ()) -> re.Match[str]:
    """Return the parts of the value of a line, whose type is one of *types* if there are any.

    Raises:
        HeaderError: it is written otherwise.
    """
    found = _WRITTEN[key][0].fullmatch(value)
    if not found:
        raise _malformed(place, key)
    if types and found["type"] not in types:
        raise HeaderError(f"{place}: '{found['type']}' is no type of a {key}. Use {', '.join(types)}.")
    return found


def _malformed(place: str, key: str) -> HeaderError:
    _, words, example = _WRITTEN[key]
    return HeaderError(f"{place}: the {key} is no '{words}'. Write for example '#+ {key}: {example}'.")


def read_parameter(place: str, value: str) -> Parameter:
    """Return what a "#+ param:" line says; *place* is its file and line.

    Raises:
        HeaderError: it breaks the rules.
    """
    found = _parse(place, "param", value, TYPES)
    if found["name"] in RESERVED:
        raise HeaderError(
            f"{place}: '{found['name']}' says something else in an address. Give the parameter another name."
        )
    listed = _read_list(place, found["type"], found["list"])
    if found["type"] == "one-of" and found["default"] not in (None, *listed):
        raise HeaderError(f"{place}: the default '{found['default']}' is none of the list. Use one of its words.")
    return Parameter(
        name=found["name"],
        type=found["type"],
        optional=bool(found["optional"]),
        default=found["default"],
        help=found["help"],
        classes=listed if found["type"] == "iri" else (),
        choices=listed if found["type"] == "one-of" else (),
    )


def _read_list(place: str, kind: str, text: str | None) -> tuple[str, ...]:
    """Return what stands in the brackets of a type: the words of one-of, or the classes of an iri."""
    if text is None and kind != "one-of":
        return ()
    if kind not in ("one-of", "iri"):
        raise HeaderError(f"{place}: the type '{kind}' takes no list. Leave the brackets out.")
    listed = tuple(item.strip() for item in (text or "").split(","))
    if len(set(listed)) < len(listed):
        raise HeaderError(f"{place}: the list '{text}' says one thing twice. Keep one.")
    for item in listed:
        if kind == "one-of" and not _WORD.fullmatch(item):
            raise HeaderError(f"{place}: '{item}' is no word to choose. Write for example 'one-of(open, settled)'.")
        if kind == "iri" and not _is_prefixed(item):
            raise HeaderError(f"{place}: '{item}' is no class. Write for example 'iri(cs:Mission, cs:Spacecraft)'.")
    return listed


def _is_prefixed(name: str) -> bool:
    return name.partition(":")[0] in prefixes() and shorten(expand(name)) == name


def read_column(place: str, value: str) -> Column:
    """Return what a "#+ column:" line says; *place* is its file and line.

    Raises:
        HeaderError: it breaks the rules.
    """
    found = _parse(place, "column", value, COLUMN_TYPES)
    if found["unit"] and found["type"] not in ("integer", "decimal", "value"):
        raise HeaderError(f"{place}: a column of type {found['type']} has no unit. Leave it out, or make it a number.")
    return Column(found["name"], found["type"], found["meaning"], found["of"], found["unit"] or "")


def read_chart(place: str, value: str) -> Chart:
    """Return what a "#+ chart:" line says; *place* is its file and line.

    Raises:
        HeaderError: it breaks the rules.
    """
    kind, *pairs = value.split()
    if kind not in CHARTS:
        raise HeaderError(f"{place}: '{kind}' is no chart. Use {', '.join(CHARTS)}.")
    needed, possible = CHARTS[kind]
    roles: dict[str, str] = {}
    for pair in pairs:
        role, equals, column = pair.partition("=")
        if not equals or not column or role in roles:
            raise HeaderError(f"{place}: '{pair}' is no ROLE=COLUMN, or the role stands twice. Name a column once.")
        if role not in needed | possible:
            raise HeaderError(f"{place}: a {kind} has no '{role}'. It takes {', '.join(sorted(needed | possible))}.")
        roles[role] = column
    if missing := needed - set(roles):
        raise HeaderError(f"{place}: a {kind} needs {', '.join(sorted(missing))}. Name a column for each.")
    return Chart(kind, MappingProxyType(roles))


def read_example(place: str, value: str) -> Example:
    """Return what a "#+ example:" line says; *place* is its file and line.

    Raises:
        HeaderError: it breaks the rules.
    """
    found = _parse(place, "example", value)
    pairs = [_GIVEN.fullmatch(part) for part in _NEXT.split(found["values"])]
    given = {pair["name"]: pair["value"] for pair in pairs if pair}
    if len(given) < len(pairs):
        raise _malformed(place, "example")
    return Example(MappingProxyType(given), found["shows"])
