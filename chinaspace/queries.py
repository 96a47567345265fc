"""Read the saved queries: one file in queries/ is a name, a header of "#+ key: value" lines, and SPARQL."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from chinaspace.errors import HeaderError, ParameterError, QueryError, UnknownQueryError
from chinaspace.guard import check_query
from chinaspace.header import (
    Chart,
    Column,
    Example,
    Parameter,
    read_chart,
    read_column,
    read_example,
    read_parameter,
)
from chinaspace.names import is_slug
from chinaspace.paths import home
from chinaspace.term import brief, to_term

_T = TypeVar("_T")

_LINE = re.compile(r"#\+ ([a-z-]+): (\S.*)")
_ONCE = ("summary", "question", "tags", "min-rows", "chart")
_FAULT = re.compile(r"error at (\d+):\d+: (.*)", re.DOTALL)
# The place where a bound parameter enters: the group of the outermost query, which our layout puts in column 1.
_WHERE = re.compile(r"^WHERE \{$", re.MULTILINE)


@dataclass(frozen=True)
class SavedQuery:
    """One file of queries/: what it answers, what it takes and gives, and the SPARQL that runs anywhere.

    *columns* stand in the order of the answer.
    """

    name: str
    summary: str
    question: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    min_rows: int
    text: str
    columns: tuple[Column, ...] = ()
    examples: tuple[Example, ...] = ()
    chart: Chart | None = None

    def with_values(self, values: str) -> str:
        """Return the query with a VALUES block put first in its WHERE group."""
        return _WHERE.sub(lambda found: f"{found[0]}\n  {values}", self.text, count=1) if values else self.text

    def column(self, name: str) -> Column | None:
        """Return the column *name*, if the header tells of it."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass
class _Header:
    """What the header of a file says, each thing with the place where it says so."""

    once: dict[str, tuple[str, str]] = field(default_factory=dict)
    parameters: dict[str, tuple[str, Parameter]] = field(default_factory=dict)
    columns: dict[str, tuple[str, Column]] = field(default_factory=dict)
    examples: list[tuple[str, Example]] = field(default_factory=list)

    def chart(self) -> Chart | None:
        return read_chart(*self.once["chart"]) if "chart" in self.once else None


def read_query(path: Path, own: bool = False) -> SavedQuery:
    """Return the saved query in *path*.

    One's *own* file, which is no part of a collection, may have any name and
    leave out of its header what it likes; what it says must be right as well.

    Raises:
        HeaderError: a line of the header, or the layout of the body, breaks the rules.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise HeaderError(f"{path}: the file cannot be read as UTF-8. Name a file with a SPARQL query.") from error
    header = _Header()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#+"):
            _read_line(f"{path}:{number}", line, header)
    if not own:
        _check_presence(path, header)
    projected = _projection(path, text)
    _check_values(path, text, header)
    _check_columns(path, header, projected, own)
    _check_examples(header)
    said = {key: value for key, (_, value) in header.once.items()}
    return SavedQuery(
        name=path.stem,
        summary=said.get("summary", path.stem),
        question=said.get("question", ""),
        tags=tuple(tag.strip() for tag in said.get("tags", "").split(",") if tag.strip()),
        parameters=tuple(parameter for _, parameter in header.parameters.values()),
        min_rows=int(said.get("min-rows", "0" if own else "1")),
        text=text,
        columns=tuple(
            header.columns[name][1] if name in header.columns else Column(name, "value", "") for name in projected
        ),
        examples=tuple(example for _, example in header.examples),
        chart=header.chart(),
    )


def _read_line(place: str, line: str, header: _Header) -> None:
    found = _LINE.fullmatch(line)
    if not found:
        raise HeaderError(f"{place}: the line is no '#+ key: value'. Write for example '#+ summary: Plans'.")
    key, value = found.groups()
    if key == "param":
        parameter = read_parameter(place, value)
        _put(header.parameters, parameter.name, (place, parameter))
    elif key == "column":
        column = read_column(place, value)
        _put(header.columns, column.name, (place, column))
    elif key == "example":
        header.examples.append((place, read_example(place, value)))
    elif key in _ONCE:
        _put(header.once, key, (place, value))
    else:
        keys = ", ".join((*_ONCE, "param", "column"))
        raise HeaderError(f"{place}: '{key}' is no key. Use {keys} or example.")


def _put(things: dict[str, tuple[str, _T]], name: str, thing: tuple[str, _T]) -> None:
    if name in things:
        raise HeaderError(f"{thing[0]}: '{name}' stands twice. Keep one.")
    things[name] = thing


def _check_presence(path: Path, header: _Header) -> None:
    if not is_slug(path.stem):
        raise HeaderError(f"{path}:1: the file name is not in kebab-case. Name it for example who-said-what.rq.")
    for key in ("summary", "question"):
        if key not in header.once:
            raise HeaderError(f"{path}:1: the header has no '{key}'. Add a line '#+ {key}: ...'.")


def _projection(path: Path, text: str) -> list[str]:
    """Return the columns of the answer, as the engine reads them from the body."""
    try:
        check_query(text)
        solutions = ox.Store().query(text)
    except QueryError as error:
        raise HeaderError(f"{path}:1: the body is refused. {error}") from error
    except SyntaxError as error:
        found = _FAULT.match(error.msg)
        line, fault = (found[1], found[2]) if found else ("1", error.msg)
        raise HeaderError(
            f"{path}:{line}: the body is no SPARQL ({' '.join(fault.split())[:200]}). Mend it."
        ) from error
    if not isinstance(solutions, ox.QuerySolutions):
        raise HeaderError(f"{path}:1: only a SELECT query gives rows. Write SELECT.")
    return [variable.value for variable in solutions.variables]


def _check_values(path: Path, text: str, header: _Header) -> None:
    place, least = header.once.get("min-rows", (f"{path}:1", "1"))
    if not re.fullmatch("[0-9]{1,9}", least):
        raise HeaderError(f"{place}: min-rows is '{least}'. Write a whole number.")
    if header.parameters and len(_WHERE.findall(text)) != 1:
        raise HeaderError(f"{path}:1: 'WHERE {{' must stand alone on exactly one line, in column 1.")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#+"))
    for place, parameter in header.parameters.values():
        if not re.search(rf"\?{parameter.name}\b", body):
            raise HeaderError(f"{place}: the body has no variable ?{parameter.name}. Use it, or drop the parameter.")
        if parameter.default is not None:
            _check_value(place, parameter, parameter.default)


def _check_value(place: str, parameter: Parameter, value: str) -> None:
    """Let a value of the parameter's type pass; of an iri it may be a label, which only a graph can tell."""
    if parameter.type == "iri":
        return
    try:
        to_term(parameter, value)
    except ParameterError as error:
        raise HeaderError(f"{place}: {error}") from error


def _check_columns(path: Path, header: _Header, projected: list[str], own: bool) -> None:
    for place, column in header.columns.values():
        if column.name not in projected:
            raise HeaderError(f"{place}: the body does not give ?{column.name}. It gives {', '.join(projected)}.")
        for other in (column.of, column.unit[1:] if column.unit.startswith("?") else None):
            if other is not None and other not in projected:
                raise HeaderError(f"{place}: the body does not give ?{other}. It gives {', '.join(projected)}.")
    if not own and (missing := [name for name in projected if name not in header.columns]):
        raise HeaderError(f"{path}:1: the column '{missing[0]}' has no line. Add '#+ column: {missing[0]} ...'.")
    if not own and list(header.columns) != projected:
        raise HeaderError(f"{path}:1: the columns stand in another order than in the body: {', '.join(projected)}.")
    place, _ = header.once.get("chart", ("", ""))
    chart = header.chart()
    for role, name in chart.roles.items() if chart else ():
        if name not in projected:
            raise HeaderError(f"{place}: '{role}' is '{name}', which the body does not give. Use one of its columns.")


def _check_examples(header: _Header) -> None:
    for place, example in header.examples:
        for name, value in example.values.items():
            if name not in header.parameters:
                known = ", ".join(header.parameters) or "none"
                raise HeaderError(f"{place}: there is no parameter '{name}'. The query takes {known}.")
            _check_value(place, header.parameters[name][1], value)
        missing = [one.name for _, one in header.parameters.values() if one.required and one.name not in example.values]
        if missing:
            raise HeaderError(f"{place}: the example leaves out '{missing[0]}', which must be given. Add it.")


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
    raise UnknownQueryError(f"There is no saved query {brief(name)}.{hint} The list of saved queries names them all.")
