"""The command line: the only module that prints, reads arguments or exits."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from chinaspace.errors import ChinaSpaceError, DatasetError, ParameterError, PassageError
from chinaspace.paths import graph_files, shape_files, texts_folder

if TYPE_CHECKING:
    from chinaspace.load import Loaded

# Heavy modules are imported by the command that needs them, so that each command starts quickly.

FINE, PROBLEMS, UNKNOWN = 0, 1, 2

app = typer.Typer(
    help="Who said what about China's space programme, and what became of it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class QueryFormat(StrEnum):
    """The forms in which the answer to a saved query is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MD = "md"
    TSV = "tsv"
    XML = "xml"


class ProblemFormat(StrEnum):
    """The forms in which problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def main() -> None:
    """Run the command line; exit with 0 if all is fine, 1 if problems were found, 2 if it could not be checked."""
    try:
        app()
    except ChinaSpaceError as error:
        _stop(UNKNOWN, str(error))
    except BrokenPipeError:
        # Whoever read the output has enough; Python would complain once more while it shuts down.
        sys.stderr.close()


def _stop(code: int, message: str = "") -> NoReturn:
    if message:
        print(f"chinaspace: {message}", file=sys.stderr)
    sys.exit(code)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 takes a free one.", min=0, max=65535)] = 8000,
    dataset: Annotated[list[Path] | None, typer.Option(help="Serve this RDF file instead; repeat for more.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes for short queries.", min=2, max=256)] = None,
    timeout: Annotated[float, typer.Option(help="Seconds that a query may take.", min=0.1)] = 10,
    memory: Annotated[int, typer.Option(help="MiB that a query may take.", min=16)] = 512,
) -> None:
    """Serve the graph: SPARQL at /sparql, saved queries at /queries."""
    from chinaspace.load import load
    from chinaspace.serve import listen
    from chinaspace.serve import serve as run
    from chinaspace.work import Limits

    with listen(host, port) as listener:
        loaded = load(dataset or None)
        print(_summary(loaded))
        shown = f"[{host}]" if ":" in host else host
        print(
            f"Listening at http://{shown}:{listener.getsockname()[1]}/ (SPARQL: /sparql). Stop with Ctrl-C.",
            flush=True,
        )
        run(loaded, listener, Limits(timeout, memory), workers)


def _summary(loaded: Loaded) -> str:
    return (
        f"Loaded {loaded.triples} triples in {loaded.seconds:.2f} seconds: {loaded.things} things, "
        f"{loaded.claims} claims, {loaded.facts} facts, {loaded.conflicts} conflicts.\n"
        f"Digest {loaded.digest}"
        + (f"\n{len(loaded.bad_dates)} date values are none; run chinaspace validate" if loaded.bad_dates else "")
    )


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(help="Name of the saved query; none lists them all.")] = None,
    param: Annotated[list[str] | None, typer.Option(help="A parameter, as key=value; repeat for more.")] = None,
    form: Annotated[QueryFormat, typer.Option("--format", help="Form of the answer.")] = QueryFormat.TABLE,
    columns: Annotated[str, typer.Option(help="Only these columns, as a,b,c; for table and md.")] = "",
) -> None:
    """Ask a saved query, or list them."""
    from chinaspace.ask import ask, solve
    from chinaspace.load import load
    from chinaspace.queries import find_query, saved_queries
    from chinaspace.tables import pick, read_rows, to_markdown, to_table

    if name is None and (param or columns or form is not QueryFormat.TABLE):
        raise ParameterError("There is no query that this is for. Name one; without options the names are listed.")
    if name is None:
        for saved in saved_queries().values():
            print(f"{saved.name}\n    {saved.question}")
            for parameter in saved.parameters:
                print(f"    --param {parameter.name}=...  {parameter}")
        return
    found, given = find_query(name), _read_parameters(param or [])
    store = load().store
    if form not in (QueryFormat.TABLE, QueryFormat.MD):
        if columns:
            raise ParameterError(f"The form {form} always has all columns. Use table or md, or leave out --columns.")
        sys.stdout.write(ask(store, found, given, form.value).body.decode())
        return
    rows = read_rows(solve(store, found, given))
    shown = pick(rows, columns.split(",")) if columns else rows
    width = None if sys.stdout.isatty() else 200
    sys.stdout.write(to_markdown(shown) if form is QueryFormat.MD else to_table(shown, width))


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


@app.command()
def validate(
    files: Annotated[list[Path] | None, typer.Argument(help="New files, checked together with the repository.")] = None,
    form: Annotated[ProblemFormat, typer.Option("--format", help="Form of the report.")] = ProblemFormat.TEXT,
) -> None:
    """Check the graph, and new files together with it, against the shapes."""
    from chinaspace.report import to_github, to_json, to_text
    from chinaspace.validate import validate_files

    problems = validate_files(files or [])
    write = {ProblemFormat.TEXT: to_text, ProblemFormat.JSON: to_json, ProblemFormat.GITHUB: to_github}[form]
    sys.stdout.write(write(problems))
    _stop(PROBLEMS if any(problem.blocks for problem in problems) else FINE)


@app.command(name="format")
def format_(
    files: Annotated[list[Path] | None, typer.Argument(help="Files to lay out; none takes all of the project.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing, only say what is not laid out.")] = False,
) -> None:
    """Lay out Turtle files in the one layout of the project."""
    from chinaspace.format import format_files

    changed = format_files(files or [*graph_files(), *shape_files()], check)
    for path in changed:
        print(f"{path}: {'is not laid out; run chinaspace format' if check else 'laid out'}")
    _stop(PROBLEMS if check and changed else FINE)


_Texts = Annotated[Path | None, typer.Option("--texts", help="Folder of the source texts, as SLUG.txt.")]


@app.command()
def cite(
    source: Annotated[str, typer.Argument(help="Source, such as time-2022.")],
    words: Annotated[str, typer.Argument(help="The words of the passage, from its first to its last.")],
    texts: _Texts = None,
    slug: Annotated[str | None, typer.Option(help="End of the claim's name; else the offset.")] = None,
) -> None:
    """Find a passage in the text of a source, and print a claim on it in Turtle."""
    from chinaspace.cite import claim_block, find_passage
    from chinaspace.evidence import address_of, cited_text, source_slug
    from chinaspace.load import load
    from chinaspace.names import expand

    name = source_slug(expand(source))
    store = load().store
    text = cited_text(store, texts or texts_folder(), name)
    try:
        passage = find_passage(text, words)
    except PassageError as error:
        _stop(PROBLEMS, str(error))
    print(claim_block(name, address_of(store, name), passage, slug))


@app.command()
def evidence(texts: _Texts = None) -> None:
    """Check every passage against the texts: offsets and digests, byte for byte."""
    from chinaspace.evidence import check_evidence
    from chinaspace.load import load

    result = check_evidence(load().store, texts or texts_folder())
    if not result.checked and not result.unread:
        raise DatasetError("The graph has no claim with a passage, so there was nothing to check.")
    for line in (*result.problems, *result.unread):
        print(line)
    print(f"{result.checked} passages checked, {len(result.problems)} wrong, {len(result.unread)} texts not read.")
    _stop(UNKNOWN if result.unread else PROBLEMS if result.problems else FINE)


@app.command()
def stats(texts: _Texts = None) -> None:
    """Show how much of each source's text its claims cover, and the sentences that none touches, by offset."""
    from chinaspace.load import load
    from chinaspace.stats import source_stats

    found = source_stats(load().store, texts or texts_folder())
    for one in found:
        if one.sentences is None:
            print(f"{one.slug}: {one.claims} claims. {one.fault}")
            continue
        share = 1 - len(one.gaps) / one.sentences
        print(f"{one.slug}: {one.characters} characters, {one.claims} claims, {share:.1%} of {one.sentences} sentences")
        for start, end in one.gaps:
            print(f"    no claim touches {start} to {end}")
    _stop(UNKNOWN if any(one.sentences is None for one in found) else FINE)
