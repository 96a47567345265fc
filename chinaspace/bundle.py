"""Send the scripts of the query page, which are built from web/; where they are not there, pages do without."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from fastapi import FastAPI, Request
from starlette.responses import Response

from chinaspace.paths import PACKAGE
from chinaspace.reply import Answered, Validity
from chinaspace.result import Reply

PATH = "/built"
_FOLDER = PACKAGE / "built"
_ENTRY = "src/query.js"
# The name of a file has the digest of what is in it, so a copy holds for ever.
_FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")


@dataclass(frozen=True)
class Bundle:
    """The addresses, below the root, of the script and the style sheet of the query page."""

    script: str
    style: str


@cache
def find_bundle(folder: Path = _FOLDER) -> Bundle | None:
    """Return what the query page loads, as esbuild's record of what it built tells; nothing where none was built."""
    record = folder / "meta.json"
    if not record.is_file():
        return None
    built = json.loads(record.read_text("utf-8"))["outputs"]
    for name, output in built.items():
        if output.get("entryPoint") == _ENTRY:
            return Bundle(_address(name), _address(output["cssBundle"]))
    return None


def add_bundle(app: FastAPI) -> None:
    """Add the files that were built to *app*."""

    @app.head(PATH + "/{name}", include_in_schema=False)
    @app.get(PATH + "/{name}", include_in_schema=False)
    def send(name: str, request: Request) -> Response:
        """Send a script or a style sheet, compressed if the client likes."""
        reply = _read(_FOLDER).get(name)
        if reply is None:
            return Response("There is no such file.", 404, media_type="text/plain")
        return Answered(reply, _ForEver())


class _ForEver(Validity):
    """That of a file whose name changes with what is in it."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the fields that say so."""
        return [(b"vary", b"accept-encoding"), _FOR_EVER]


@cache
def _read(folder: Path) -> dict[str, Reply]:
    """Return the files by name; each keeps what it is in the codings that were asked for."""
    paths = [path for path in folder.glob("*") if path.suffix in (".js", ".css")]
    types = {path.name: mimetypes.guess_type(path.name)[0] or "text/plain" for path in paths}
    return {path.name: Reply(types[path.name], path.read_bytes()) for path in paths}


def _address(name: str) -> str:
    return f"{PATH}/{PurePosixPath(name).name}"
