"""A file from a stranger gets a clear answer in bounded time: it reads no file, calls nobody and ends no process."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from chinaspace.confine import confined
from chinaspace.errors import ChinaSpaceError, LimitError
from chinaspace.load import load
from chinaspace.names import CSD, CSG
from chinaspace.paths import ontology_files
from chinaspace.read import MOST_BYTES, MOST_GRAPHS
from conftest import WORLD
from support import Command, Run, one_sentence

DEEP = 100_000
LATEST = 120  # seconds, on a machine that does other things as well
START = "<urn:a> <urn:b> "
REFUSED = {
    "lists.ttl": START + "(" * DEEP + ")" * DEEP + " .",
    "open-lists.ttl": START + "(" * DEEP,
    "brackets.ttl": START + "[ <urn:b> " * DEEP + "1" + "]" * DEEP + " .",
    "triples.ttl": START + "<<( <urn:a> <urn:b> " * DEEP + "1" + ")>>" * DEEP + " .",
    "triples.nt": START + "<<( <urn:a> <urn:b> " * DEEP + '"1"' + ")>>" * DEEP + " .",
    "annotations.ttl": START + "1 " + "{| <urn:b> 1 " * DEEP + "|}" * DEEP + " .",
    "objects.jsonld": '{"@id":"urn:a","urn:b":' * DEEP + "1" + "}" * DEEP,
    "arrays.jsonld": '{"@id":"urn:a","urn:b":' + "[" * DEEP + "1" + "]" * DEEP + "}",
    "long-list.ttl": START + "(" + " 1" * DEEP + ") .",
    "chain.nt": "".join(f"_:b{i} <urn:p> _:b{i + 1} .\n" for i in range(20_000)),
    "graphs.nq": "".join(f'<urn:a> <urn:b> "c" <urn:g{i}> .\n' for i in range(MOST_GRAPHS + 1)),
    "forged.nq": f'<{CSD}mission-a> <urn:b> "c" <{CSG}facts> .\n',
    "control.ttl": "<urn:a\x01> <urn:b> 1 .",
    "escaped-control.ttl": "<urn:a\\u0001> <urn:b> 1 .",
    "surrogate.ttl": START + '"\\uD800" .',
    "zeros.ttl": "\0" * 100_000,
    "literal.ttl": START + '"' + "x" * 2**24 + '" .',
    "iri.ttl": "<urn:" + "x" * 2**24 + "> <urn:b> 1 .",
    "comment.ttl": "#" + "x" * 2**24 + "\n" + START + "1 .",
    "number.jsonld": '{"@id":"urn:a","urn:b":' + "9" * 2**24 + "}",
    "large.ttl": "\n" * (MOST_BYTES + 1) + START + "1 .",
    "quotes.ttl": START + '"' * 100_001,
}
# What is well-formed, and what it says is no matter.
HARMLESS = {
    "shared.ttl": "".join(f"_:l{i} <urn:p> {', '.join([f'_:l{i + 1}'] * 9)} .\n" for i in range(99)),
    "symmetric.nt": "".join(f"_:b{i} <urn:p> _:b{j} .\n" for i in range(30) for j in range(30) if i != j),
    "far.ttl": f'{START}"Y1E999999999"^^<http://id.loc.gov/datatypes/edtf/EDTF> , "{"[" * 5000}"^^'
    "<http://id.loc.gov/datatypes/edtf/EDTF> .",
    "prefixes.ttl": "".join(f"@prefix p{i}: <urn:p{i}:> .\n" for i in range(20_000)) + "p1:a p2:b 1 .",
    "types.ttl": START + f'"x"^^<http://www.w3.org/2001/XMLSchema#integer> , {"9" * 5000} , '
    '"9999999-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
}
PLACES = ("imports.ttl", "shapes.ttl", "context.jsonld", "import.jsonld")


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, chinaspace: Command) -> Callable[..., Run]:
    """Give what runs a command on one file, with a small graph for the repository's."""
    monkeypatch.setattr("chinaspace.validate.graph_files", lambda: [*ontology_files(), WORLD])

    def run(command: str, path: Path) -> Run:
        return chinaspace(*command.split(), path)

    return run


def serves(path: Path) -> bool:
    """Tell whether a server would take a file; what ends it, or takes too long, fails."""
    try:
        return bool(confined(lambda: load([path]).triples, LATEST))
    except LimitError:
        raise
    except ChinaSpaceError:
        return False


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(
    name: str, tmp_path: Path, answer: Callable[..., Run], within: Callable[[int], AbstractContextManager[None]]
) -> None:
    """It is refused with its name, in the report or in one sentence; what would end a server is refused there too."""
    path = tmp_path / name
    path.write_bytes(REFUSED[name].encode())
    with within(LATEST):
        checked, laid = answer("validate", path), answer("format --check", path)
        assert (checked.code, laid.code) in {(1, 2), (2, 2)}
        assert one_sentence(laid)
        assert str(path) in checked.out + checked.err
        assert "process" not in checked.err + laid.err
        assert not name.startswith("triples") or not serves(path)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless(
    name: str, tmp_path: Path, answer: Callable[..., Run], within: Callable[[int], AbstractContextManager[None]]
) -> None:
    """It is checked, laid out or refused, and served, within bounded time."""
    path = tmp_path / name
    path.write_bytes(HARMLESS[name].encode())
    with within(LATEST):
        for command in ("validate", "format --check"):
            run = answer(command, path)
            assert run.code in (0, 1) or one_sentence(run)
            assert "process" not in run.err
        assert serves(path)


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "circle", "dangling", "link"])
def test_what_is_no_file(kind: str, tmp_path: Path, answer: Callable[..., Run]) -> None:
    """A pipe, a device, a folder and a link are refused by their name, and nothing of what a link leads to is shown."""
    path, secret = tmp_path / "new.ttl", tmp_path / "secret"
    secret.write_text("hidden words\n", "utf-8")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        target = {"device": Path("/dev/zero"), "circle": path, "dangling": tmp_path / "gone", "link": secret}
        path.symlink_to(target[kind])
    for command in ("validate", "format"):
        run = answer(command, path)
        assert run.code in (1, 2)
        assert str(path) in run.out + run.err
        assert "hidden" not in run.out + run.err
    assert secret.read_text("utf-8") == "hidden words\n"
    assert kind == "link" or not serves(path)


def test_a_name_that_is_no_text(tmp_path: Path, answer: Callable[..., Run]) -> None:
    """Bytes of a name that are no UTF-8, and line breaks in one, are shown as something else."""
    for name in (b"bad\xff.ttl", b"new\nline::error::.ttl"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.write_text("<urn:a> <urn:b> .", "utf-8")
        for form in ("text", "github", "json", "sarif", "junit", "turtle"):
            run = answer(f"validate --format {form}", path)
            assert run.code == 1
            assert "\nline::error" not in run.out


@pytest.mark.parametrize("name", PLACES)
def test_nobody_is_called(name: str, tmp_path: Path, answer: Callable[..., Run], uncalled: str) -> None:
    """An import, a graph of shapes and a context elsewhere are not fetched, from the network or from a file."""
    secret = tmp_path / "secret.ttl"
    secret.write_text("hidden words\n", "utf-8")
    addresses = [uncalled, secret.as_uri()]
    iris = " , ".join(f"<{address}>" for address in addresses)
    for address in addresses:
        bodies = {
            "imports.ttl": f"<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ; owl:imports {iris} .",
            "shapes.ttl": f"<urn:o> sh:shapesGraph {iris} ; sh:select 'SELECT * {{ SERVICE <{address}> {{}} }}' .",
            "context.jsonld": f'{{"@context": "{address}", "@id": "urn:a", "urn:b": 1}}',
            "import.jsonld": f'{{"@context": {{"@version": 1.1, "@import": "{address}"}}, "@id": "urn:a", "urn:b": 1}}',
        }
        head = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        path = tmp_path / name
        path.write_text(bodies[name] if name.endswith("ld") else head + bodies[name], "utf-8")
        run = answer("validate", path)
        assert run.code in (0, 1)
        assert "hidden" not in run.out + run.err
        serves(path)
