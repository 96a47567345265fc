"""Ask a saved query, or list them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chinaspace.errors import ParameterError

if TYPE_CHECKING:
    from chinaspace.queries import SavedQuery
    from chinaspace.slice import Page

_TABLE, _HTML = "table", "html"
# A pipe has no width; this one holds most tables.
_WIDTH = 200


def _names(incomplete: str) -> list[tuple[str, str]]:
    from chinaspace.complete import complete_query

    return complete_query(incomplete)


class _Found(str):
    """An offer that need not begin with what was typed, which typer would ask of it; a shell that does asks itself."""

    __slots__ = ()

    def startswith(self, *typed: object) -> bool:
        """Be taken for one that does."""
        return True


def _parameters(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    from chinaspace.complete import complete_parameter

    # An option without its value is one that typer cannot read yet, so the name is looked for in the words themselves.
    words = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    offers = complete_parameter(words.split(), incomplete)
    if os.environ.get("_CHINASPACE_COMPLETE") == "complete_bash":  # which takes what follows "=" for a word of its own
        offers = [(word.partition("=")[2] if "=" in incomplete else word, told) for word, told in offers]
    return [(_Found(word), told) for word, told in offers]


def _forms(incomplete: str) -> list[str]:
    from chinaspace.forms import FORMS

    return [name for name in (_TABLE, *FORMS, _HTML) if name.startswith(incomplete)]


_Name = Annotated[
    str | None, typer.Argument(help="Name of the saved query; none lists them all.", autocompletion=_names)
]
_File = Annotated[Path | None, typer.Option(help="A file with a query of your own, instead of a name.")]
_Param = Annotated[
    list[str] | None, typer.Option(help="A parameter, as key=value; repeat for more.", autocompletion=_parameters)
]
_Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="Form of the answer: table, html, json, csv, tsv, xml, md, geojson, arrow, parquet, svg or png.",
        autocompletion=_forms,
    ),
]
_Store = Annotated[
    str,
    typer.Option(
        envvar="CHINASPACE_STORE", help="Where the graph is: memory, a folder, or the address of a SPARQL service."
    ),
]
_Columns = Annotated[str, typer.Option(help="Only these columns, as a,b,c; for table, md and html.")]
_Limit = Annotated[str | None, typer.Option(help="At most so many rows.")]
_Offset = Annotated[str | None, typer.Option(help="From this row on, counted from 0.")]
_Width = Annotated[int | None, typer.Option(help="Width of a table in characters, or of a picture in pixels.")]
_Output = Annotated[Path | None, typer.Option(help="A file for the answer; its ending chooses the form.")]
_Open = Annotated[bool, typer.Option("--open", help="Open the answer as a picture or a page in the browser.")]


def query(
    name: _Name = None,
    file: _File = None,
    param: _Param = None,
    form: _Format = None,
    store: _Store = "memory",
    columns: _Columns = "",
    limit: _Limit = None,
    offset: _Offset = None,
    width: _Width = None,
    output: _Output = None,
    show: _Open = False,
) -> None:
    """Ask a saved query, or list them."""
    from chinaspace.queries import find_query, read_query
    from chinaspace.slice import read_page

    chosen = (file, param, form, columns, limit, offset, width, output, show or None)
    if name is None and file is None:
        if any(one is not None and one != "" for one in chosen):
            raise ParameterError("There is no query that this is for. Name one; without options the names are listed.")
        _list()
        return
    if name is not None and file is not None:
        raise ParameterError("There are a name and a file. Give one of them.")
    found = read_query(file, own=True) if file else find_query(name or "")
    kind = form or _by_ending(found, output) or (_opened(found) if show else _TABLE)
    page = read_page(limit, offset)
    options = {} if width is None else {"width": str(width)}
    made = _make(found, _read_parameters(param or []), store, (kind, columns, page, options))
    _put(made, kind, found, output, show)


def _list() -> None:
    from chinaspace.queries import saved_queries

    for saved in saved_queries().values():
        print(f"{saved.name}\n    {saved.question}")
        for parameter in saved.parameters:
            print(f"    --param {parameter.name}=...  {parameter}")


def _make(found: SavedQuery, given: dict[str, str], store: str, wanted: tuple[str, str, Page, dict[str, str]]) -> bytes:
    """Return the answer in the form, the columns and the rows that are *wanted*."""
    from chinaspace.ask import prepare
    from chinaspace.engine import JSON
    from chinaspace.forms import find_form, write
    from chinaspace.progress import waiting
    from chinaspace.store import open_store, solve

    kind, columns, page, options = wanted
    if columns and kind not in (_TABLE, "md", _HTML):
        raise ParameterError(f"The form {kind} always has all columns. Use table, md or html, or leave out --columns.")
    written = None if kind in (_TABLE, _HTML) else find_form(found, kind)
    with waiting("Opening the graph"):
        served = open_store(store)
    with waiting(f"Asking {found.name}"):
        body = solve(served, prepare(served.store, found, given)).serialize(format=JSON) or b""
    with waiting(f"Writing {kind}"):
        if written is not None and not columns:
            return write(found, body, written, page, options)[0]
        return _show(found, body, wanted)


def _show(found: SavedQuery, body: bytes, wanted: tuple[str, str, Page, dict[str, str]]) -> bytes:
    """Return the rows as people read them, of the columns that were chosen."""
    from chinaspace.cells import lay_out, pick
    from chinaspace.document import to_document
    from chinaspace.forms import FORMS, parse
    from chinaspace.frame import read_frame
    from chinaspace.slice import cut
    from chinaspace.terminal import to_terminal

    kind, columns, page, options = wanted
    frame = read_frame(parse(cut(body, page)[0]))
    frame = pick(frame, columns.split(",")) if columns else frame
    if write := FORMS[kind].write if kind in FORMS else None:
        return write(found, frame, options)
    sheet = lay_out(found, frame, "https://w3id.org/chinaspace", every=bool(columns))
    if kind == _HTML:
        return to_document(found, sheet).encode()
    width = int(options["width"]) if options else shutil.get_terminal_size().columns if _terminal() else _WIDTH
    return to_terminal(sheet, max(width, 20), _terminal()).encode()


def _terminal() -> bool:
    return sys.stdout.isatty()


def _by_ending(found: SavedQuery, output: Path | None) -> str | None:
    """Return the form that the ending of a file chooses; none where it says nothing."""
    from chinaspace.forms import forms_of

    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in (_HTML, *(form.name for form in forms_of(found))) else None


def _opened(found: SavedQuery) -> str:
    """Return the form in which a browser shows an answer: a picture if the query has one, or else a page."""
    from chinaspace.forms import forms_of

    return next((form.name for form in forms_of(found) if form.media_type == "image/svg+xml"), _HTML)


def _put(made: bytes, kind: str, found: SavedQuery, output: Path | None, show: bool) -> None:
    """Write an answer where it is wanted, and open it."""
    from chinaspace.write import write_bytes

    if show and output is None:
        import tempfile

        output = Path(tempfile.mkdtemp(prefix="chinaspace-")) / f"{found.name}.{kind}"
    if output is not None:
        write_bytes(output, made)
    elif kind in ("arrow", "parquet", "png") and _terminal():
        raise ParameterError(f"The form {kind} is no text for a terminal. Name a file with --output.")
    else:
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()  # here, so that a reader who has gone is noticed in time
    if show and output is not None:
        import webbrowser

        print(output)
        webbrowser.open(output.resolve().as_uri())


def _read_parameters(pairs: Iterable[str]) -> dict[str, str]:
    given = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise ParameterError(f"'{pair}' is no parameter. Write key=value, for example --param day=2022-10-31.")
        if key in given:
            raise ParameterError(f"The parameter '{key}' is given twice. Give it once.")
        given[key] = value
    return given
