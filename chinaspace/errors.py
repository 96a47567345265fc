"""The errors of this package: each says in one sentence what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class ChinaSpaceError(Exception):
    """The base of all errors that this package raises on purpose; they can be sent from process to process."""

    def __reduce__(self) -> tuple[object, ...]:
        """Have the error made anew from what it holds, since not all are made from their text alone."""
        return _make_anew, (type(self), self.args, self.__dict__)


def _make_anew(kind: type[ChinaSpaceError], arguments: tuple[object, ...], state: dict[str, object]) -> ChinaSpaceError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error


class ReadError(ChinaSpaceError):
    """A file cannot be read as RDF.

    Lines and columns count from 1; both are None where the parser gives none.
    """

    def __init__(self, path: Path, fault: str, line: int | None = None, column: int | None = None) -> None:
        """Say what is wrong at *line* and *column* of *path*."""
        self.path, self.fault, self.line, self.column = path, fault, line, column
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        remedy = "Mend the file" if path.is_file() else "Name a file that is there"
        super().__init__(f"{place}: {fault}. {remedy} and try again.")


class LimitError(ChinaSpaceError):
    """What is to be read takes more time or memory than it may."""


class DatasetError(ChinaSpaceError):
    """The files or folders that a command was given hold nothing to work on."""


class DateError(ChinaSpaceError):
    """A date value is not well-formed, or is no day of the calendar."""


class HeaderError(ChinaSpaceError):
    """The header or the layout of a saved query breaks the rules."""


class UnknownQueryError(ChinaSpaceError):
    """No saved query has this name."""


class ParameterError(ChinaSpaceError):
    """A parameter of a saved query is missing, unknown or of the wrong type."""


class Candidate(NamedTuple):
    """One of the things that a name may stand for: how to name it without doubt, its label, and what it is."""

    name: str
    label: str
    kind: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.name} ({self.label}, {self.kind})"


class AmbiguousNameError(ParameterError):
    """A name stands for several things of the kind that the parameter takes.

    *parameter* is the name of the parameter; the message has a line for each of *candidates*.
    """

    def __init__(self, fault: str, parameter: str, candidates: tuple[Candidate, ...]) -> None:
        """Say in *fault* what is ambiguous, and list the candidates below it."""
        self.fault, self.parameter, self.candidates = fault, parameter, candidates
        super().__init__("\n    ".join((fault, *map(str, candidates))))


class QueryError(ChinaSpaceError):
    """A SPARQL query is refused or malformed.

    Where it is malformed, *line* and *column* tell where, from 1, and *hint* may tell what to write.
    """

    def __init__(self, fault: str, line: int | None = None, column: int | None = None, hint: str = "") -> None:
        """Say in *fault* what is wrong."""
        self.line, self.column, self.hint = line, column, hint
        super().__init__(fault)


class TextError(ChinaSpaceError):
    """The text of a source is missing or is not the text that was cited."""


class DraftError(ChinaSpaceError):
    """Nothing new can be written under this name, or of this kind."""


class PassageError(ChinaSpaceError):
    """A passage is not found in its text, or is found more than once."""


class ShapesError(ChinaSpaceError):
    """The shapes cannot be used, so nothing is known about the data."""


class MalformedShapesError(ShapesError):
    """Files of shapes cannot be read; *faults* has the error of each, with its place."""

    def __init__(self, faults: Sequence[ReadError]) -> None:
        """Say what is wrong with each of the files."""
        self.faults = tuple(faults)
        super().__init__(" ".join(map(str, faults)))


class HistoryError(ChinaSpaceError):
    """The state of the graph at an older commit cannot be read."""


class AddressError(ChinaSpaceError):
    """The server cannot listen at the address it was given."""


class BusyError(ChinaSpaceError):
    """Too many queries wait already, or this one waited too long."""


class AwayError(BusyError):
    """A remote store cannot be reached, or is too busy itself."""


class StoreError(ChinaSpaceError):
    """A store cannot be used: it is not ours, it does not hold what it should, or its address is none."""


class RemoteError(ChinaSpaceError):
    """A remote store gives no answer that can be passed on."""


class DeadlineError(ChinaSpaceError):
    """A query took longer than it may."""


class ServiceError(ChinaSpaceError):
    """A service that a query calls gives no answer; *status* is the HTTP status that tells of it: 502, 503 or 504."""

    def __init__(self, fault: str, status: int = 502) -> None:
        """Say in *fault* what is wrong."""
        self.status = status
        super().__init__(fault)


class KilledError(ChinaSpaceError):
    """A query ended the process that it ran in, most likely by its memory."""


class MissingPartError(ChinaSpaceError):
    """A package is not installed that only a part of this one needs."""

    def __init__(self, part: str, package: str) -> None:
        """Tell which *part*, an extra of this package, brings *package*."""
        super().__init__(f"The package '{package}' is not installed. Install it with pip install 'chinaspace[{part}]'.")
        self.part, self.package = part, package
