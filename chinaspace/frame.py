"""Give the rows of a query columns with types, for notebooks and data frames: as Python, pandas or Arrow.

A column of dates becomes three: the date as its source has it, and the first
and the last day that it can mean (``NAME_earliest``, ``NAME_latest``, empty
where an end is open). A column of things keeps the IRIs and gets their labels
beside it (``NAME_label``), where any are known. Numbers and truth values have
types of their own; everything else, and a column of mixed kinds, is text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from chinaspace.dates import DATE_TYPES, span
from chinaspace.errors import DateError, MissingPartError
from chinaspace.names import XSD, shorten
from chinaspace.tables import show

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Cell: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None

_WHOLE = {XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger", "gYear")}
_NUMBERS = _WHOLE | {XSD + name for name in ("decimal", "double", "float")}
_LEAST_WHOLE, _MOST_WHOLE = -(2**63), 2**63 - 1
# So many rows are shown of an answer at the end of a cell.
_SHOWN = 50


@dataclass(frozen=True)
class Column:
    """A column with one type out of "text", "whole", "number", "truth" and "day"; None is an empty cell."""

    name: str
    type: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Frame:
    """The rows of a query: the names of its columns, its terms, and the labels of the things among them by IRI."""

    columns: tuple[str, ...]
    terms: tuple[tuple[Cell, ...], ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a dictionary of the typed columns."""
        names = [column.name for column in self.typed]
        for row in zip(*(column.values for column in self.typed), strict=True):
            yield dict(zip(names, row, strict=True))

    @cached_property
    def typed(self) -> tuple[Column, ...]:
        """Return the columns with their types, those of labels and of days among them."""
        widened = (
            (name, column)
            for place, name in enumerate(self.columns)
            for column in _widen(name, [row[place] for row in self.terms], self.labels)
        )
        # Where the query itself has a column of that name, it stays.
        return tuple(column for name, column in widened if column.name == name or column.name not in self.columns)

    def to_arrow(self) -> pa.Table:
        """Return the typed columns as a table of Arrow.

        Raises:
            MissingPartError: pyarrow is not installed.
        """
        try:
            import pyarrow as pa
        except ImportError as error:
            raise MissingPartError("notebook", "pyarrow") from error
        types = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_()}
        fields = [(column.name, types.get(column.type, pa.date32())) for column in self.typed]
        arrays = [pa.array(column.values, type=kind) for column, (_, kind) in zip(self.typed, fields, strict=True)]
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields))

    def to_pandas(self) -> pd.DataFrame:
        """Return the typed columns as a data frame, in pandas' own types that know empty cells.

        Days are datetime64. An interval of pandas is made of two of its columns:
        ``pd.arrays.IntervalArray.from_arrays(frame.date_earliest, frame.date_latest, closed="both")``.

        Raises:
            MissingPartError: pandas or pyarrow is not installed.
        """
        table = self.to_arrow()
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingPartError("notebook", "pandas") from error
        kinds = {"string": pd.StringDtype(), "int64": pd.Int64Dtype(), "bool": pd.BooleanDtype()}
        return table.to_pandas(types_mapper=lambda kind: kinds.get(str(kind)), date_as_object=False)

    def _repr_html_(self) -> str:
        """Return the first rows as a table of a page, for the end of a notebook's cell."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_linked(term, self.labels)}</td>' for term in row)}</tr>"
            for row in self.terms[:_SHOWN]
        )
        more = f"<p>first {_SHOWN} of {len(self)} rows</p>" if len(self) > _SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def read_frame(solutions: ox.QuerySolutions, labels: Mapping[str, str] | None = None) -> Frame:
    """Return all *solutions*; *labels* are those of the things that are to have one, by IRI."""
    columns = tuple(variable.value for variable in solutions.variables)
    return Frame(columns, tuple(tuple(solution) for solution in solutions), labels or {})


def things_in(frame: Frame) -> list[str]:
    """Return the IRIs in a frame, each once, sorted: what labels are to be looked up for."""
    return sorted({term.value for row in frame.terms for term in row if isinstance(term, ox.NamedNode)})


def _widen(name: str, terms: list[Cell], labels: Mapping[str, str]) -> Iterator[Column]:
    """Yield the column *name*, and those that make it readable."""
    kind = _kind(terms)
    if kind == "date":
        spans = [span(term.value, term.datatype.value) if isinstance(term, ox.Literal) else None for term in terms]
        yield Column(name, "text", tuple(map(_text, terms)))
        yield Column(f"{name}_earliest", "day", tuple(one and one.earliest for one in spans))
        yield Column(f"{name}_latest", "day", tuple(one and one.latest for one in spans))
        return
    read = _READ.get(kind, _text)
    yield Column(name, kind if kind in _READ else "text", tuple(None if term is None else read(term) for term in terms))
    named = tuple(labels.get(term.value) if isinstance(term, ox.NamedNode) else None for term in terms)
    if any(named):
        yield Column(f"{name}_label", "text", named)


def _kind(terms: list[Cell]) -> str:
    """Return the type that all cells of a column have that are not empty; a column without any is text."""
    kinds = {_kind_of(term) for term in terms if term is not None}
    if kinds == {"whole", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "text"


def _kind_of(term: Cell) -> str:
    if not isinstance(term, ox.Literal):
        return "text"
    datatype = term.datatype.value
    if datatype in DATE_TYPES:
        return "date" if _is_date(term.value, datatype) else "text"
    if datatype == XSD + "boolean":
        return "truth" if term.value in ("true", "false", "1", "0") else "text"
    if datatype in _NUMBERS:
        return _kind_of_number(term.value, datatype)
    return "text"


def _kind_of_number(lexical: str, datatype: str) -> str:
    try:
        if datatype in _WHOLE:
            return "whole" if _LEAST_WHOLE <= int(lexical) <= _MOST_WHOLE else "text"
        float(lexical)
    except ValueError:
        return "text"
    return "number"


def _is_date(lexical: str, datatype: str) -> bool:
    try:
        span(lexical, datatype)
    except DateError:
        return False
    return True


def _text(term: Cell) -> str | None:
    return None if term is None else term.value if isinstance(term, ox.NamedNode) else show(term)


def _linked(term: Cell, labels: Mapping[str, str]) -> str:
    """Return a cell of a page: a link where the term is an address, and nothing of it is markup."""
    value = _text(term) or ""
    if not value.startswith(("https://", "http://")):
        return escape(value)
    return f'<a href="{escape(value)}">{escape(labels.get(value) or shorten(value))}</a>'


_READ: dict[str, Callable[[Any], Any]] = {
    "whole": lambda term: int(term.value),
    "number": lambda term: float(term.value),
    "truth": lambda term: term.value in ("true", "1"),
}
