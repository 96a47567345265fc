"""Read the saved queries: one file in queries/ is a name, a header of "#+ key: value" lines, and SPARQL."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chinaspace.errors import HeaderError, UnknownQueryError
from chinaspace.names import expand, is_slug, prefixes, shorten
from chinaspace.paths import home

TYPES = ("iri", "string", "integer", "date", "language", "one-of")

_LINE = re.compile(r"#\+ ([a-z-]+): (\S.*)")
_PARAM = re.compile(
    r"(?P<name>[a-z][A-Za-z0-9]*) (?P<type>[a-z-]+)(?:\((?P<list>[^()]*)\))?(?P<optional> optional)?"
    r"(?: default (?P<default>\S+))? -- (?P<help>.+)"
)
_WORD = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
# The place where a bound parameter enters: the group of the outermost query, which our layout puts in column 1.
_WHERE = re.compile(r"^WHERE \{$", re.MULTILINE)


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
class SavedQuery:
    """One file of queries/: what it answers, what it takes, and the SPARQL that runs anywhere."""

    name: str
    summary: str
    question: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    min_rows: int
    text: str

    def with_values(self, values: str) -> str:
        """Return the query with a VALUES block put first in its WHERE group."""
        return _WHERE.sub(lambda found: f"{found[0]}\n  {values}", self.text, count=1) if values else self.text


def read_query(path: Path) -> SavedQuery:
    """Return the saved query in *path*.

    Raises:
        HeaderError: a line of the header, or the layout of the body, breaks the rules.
    """
    text = path.read_text("utf-8")
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#+"):
            continue
        place = f"{path}:{number}"
        found = _LINE.fullmatch(line)
        if not found:
            raise HeaderError(f"{place}: the line is no '#+ key: value'. Write for example '#+ summary: Plans'.")
        key, value = found.groups()
        if key == "param":
            parameter = _read_parameter(place, value)
            if parameter.name in [other.name for other in parameters]:
                raise HeaderError(f"{place}: the parameter '{parameter.name}' stands twice. Keep one.")
            parameters.append(parameter)
        elif key in header:
            raise HeaderError(f"{place}: '{key}' stands twice. Keep one.")
        elif key not in ("summary", "question", "tags", "min-rows"):
            raise HeaderError(f"{place}: '{key}' is no key. Use summary, question, tags, param or min-rows.")
        else:
            header[key] = value
    _check(path, text, header, parameters)
    return SavedQuery(
        name=path.stem,
        summary=header["summary"],
        question=header["question"],
        tags=tuple(tag.strip() for tag in header.get("tags", "").split(",") if tag.strip()),
        parameters=tuple(parameters),
        min_rows=int(header.get("min-rows", "1")),
        text=text,
    )


def _read_parameter(place: str, value: str) -> Parameter:
    found = _PARAM.fullmatch(value)
    if not found:
        raise HeaderError(
            f"{place}: the parameter is no 'NAME TYPE [optional] [default VALUE] -- help'. "
            "Write for example '#+ param: speaker iri(cs:Actor) optional -- who said it'."
        )
    if found["name"] == "format":
        raise HeaderError(
            f"{place}: 'format' chooses the form of the answer over HTTP. Give the parameter another name."
        )
    if found["type"] not in TYPES:
        raise HeaderError(f"{place}: '{found['type']}' is no type. Use {', '.join(TYPES)}.")
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


def _check(path: Path, text: str, header: dict[str, str], parameters: list[Parameter]) -> None:
    if not is_slug(path.stem):
        raise HeaderError(f"{path}:1: the file name is not in kebab-case. Name it for example who-said-what.rq.")
    for key in ("summary", "question"):
        if key not in header:
            raise HeaderError(f"{path}:1: the header has no '{key}'. Add a line '#+ {key}: ...'.")
    if not header.get("min-rows", "1").isdigit():
        raise HeaderError(f"{path}:1: min-rows is '{header['min-rows']}'. Write a whole number.")
    if len(_WHERE.findall(text)) != 1:
        raise HeaderError(f"{path}:1: 'WHERE {{' must stand alone on exactly one line, in column 1.")
    for parameter in parameters:
        if not re.search(rf"\?{parameter.name}\b", text):
            raise HeaderError(f"{path}:1: the body has no variable ?{parameter.name}. Use it, or drop the parameter.")


@cache
def saved_queries(folder: Path | None = None) -> dict[str, SavedQuery]:
    """Return the saved queries of *folder*, or of the project, by name in alphabetical order.

    Raises:
        HeaderError: one of them breaks the rules.
    """
    paths = sorted((folder or home() / "queries").glob("*.rq"))
    return {path.stem: read_query(path) for path in paths}


def find_query(name: str) -> SavedQuery:
    """Return the saved query *name*.

    Raises:
        UnknownQueryError: there is none; the nearest names are given.
    """
    queries = saved_queries()
    if name in queries:
        return queries[name]
    near = difflib.get_close_matches(name, queries, n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise UnknownQueryError(f"There is no saved query '{name}'.{hint} The list of saved queries names them all.")
