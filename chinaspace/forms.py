"""The forms in which answers to saved queries are written: by Oxigraph, or row by row by a module that knows how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from chinaspace.engine import CSV, JSON, TSV, XML, UnacceptableError
from chinaspace.errors import MissingPartError, ParameterError
from chinaspace.frame import Frame, read_frame
from chinaspace.locations import has_places, to_geojson
from chinaspace.picture import OPTIONS, has_chart, read_width, to_png, to_svg
from chinaspace.queries import SavedQuery
from chinaspace.slice import Page, cut
from chinaspace.tables import Rows, show, to_markdown

# Writes the rows of a query, as its options ask for.
Write = Callable[[SavedQuery, Frame, Mapping[str, str]], bytes]


@dataclass(frozen=True)
class Form:
    """One form of an answer: its name, its media type, and what writes it.

    Either *engine* writes it, or *write*, with the *options* that it takes from
    the address. *fits* tells which queries have an answer of this form.
    """

    name: str
    media_type: str
    engine: ox.QueryResultsFormat | None = None
    write: Write | None = None
    options: tuple[str, ...] = ()
    fits: Callable[[SavedQuery], bool] = lambda query: True


def _markdown(query: SavedQuery, frame: Frame, options: Mapping[str, str]) -> bytes:
    return to_markdown(Rows(frame.columns, tuple(tuple(map(show, row)) for row in frame.terms))).encode()


def _arrow(query: SavedQuery, frame: Frame, options: Mapping[str, str]) -> bytes:
    table = frame.to_arrow()
    import pyarrow as pa

    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return bytes(out.getvalue())


def _parquet(query: SavedQuery, frame: Frame, options: Mapping[str, str]) -> bytes:
    table = frame.to_arrow()
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return bytes(out.getvalue())


_ALL = (
    Form("json", "application/sparql-results+json", JSON),
    Form("csv", "text/csv", CSV),
    Form("tsv", "text/tab-separated-values", TSV),
    Form("xml", "application/sparql-results+xml", XML),
    Form("md", "text/markdown", write=_markdown),
    Form("geojson", "application/geo+json", write=to_geojson, fits=has_places),
    Form("arrow", "application/vnd.apache.arrow.stream", write=_arrow),
    Form("parquet", "application/vnd.apache.parquet", write=_parquet),
    Form("svg", "image/svg+xml", write=to_svg, options=OPTIONS, fits=has_chart),
    Form("png", "image/png", write=to_png, options=OPTIONS, fits=has_chart),
)
FORMS: Mapping[str, Form] = {form.name: form for form in _ALL}
# Looser names that clients send for some of them.
MEDIA_TYPES: Mapping[str, str] = {"application/json": "json", "application/xml": "xml"} | {
    form.media_type: form.name for form in _ALL
}


def forms_of(query: SavedQuery) -> tuple[Form, ...]:
    """Return the forms in which the answer to *query* can be had."""
    return tuple(form for form in _ALL if form.fits(query))


def options_of(query: SavedQuery, said: Mapping[str, str]) -> dict[str, str]:
    """Return the options of any form of *query* that *said* has, which are right even where another form is wanted.

    Raises:
        ParameterError: one of them is wrong.
    """
    known = {option for form in forms_of(query) for option in form.options}
    options = {name: value for name, value in said.items() if name in known}
    read_width(options.get("width"))
    return options


def find_form(query: SavedQuery, name: str) -> Form:
    """Return the form *name* of the answer to *query*.

    Raises:
        ParameterError: there is none of this name, or not for this query.
    """
    names = [form.name for form in forms_of(query)]
    if name in names:
        return FORMS[name]
    fault = f"'{query.name}' has no rows to be had as {name}" if name in FORMS else f"{name[:40]!r} is no format"
    raise ParameterError(f"{fault}. Use {', '.join(names)}.")


def write(query: SavedQuery, body: bytes, form: Form, page: Page, options: Mapping[str, str]) -> tuple[bytes, int]:
    """Return a page of an answer in *form*, and how many rows the whole answer has; *body* is it in SPARQL JSON.

    Raises:
        ParameterError: an option is wrong.
        UnacceptableError: this installation lacks what writes the form.
    """
    part, total = cut(body, page)
    if form.engine is not None:
        return (part if form.engine == JSON else parse(part).serialize(format=form.engine) or b""), total
    assert form.write
    try:
        return form.write(query, read_frame(parse(part)), options), total
    except MissingPartError as error:
        raise UnacceptableError(f"This installation cannot write {form.name}. {error}") from error


def parse(body: bytes) -> ox.QuerySolutions:
    """Return the rows of an answer in SPARQL JSON."""
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions
