"""The digest that is worked out beside the load is that of the store, and only of what is well-formed."""

from __future__ import annotations

from pathlib import Path

import pytest

from chinaspace import witness
from chinaspace.beside import can_fork
from chinaspace.digest import digest
from chinaspace.errors import ReadError
from chinaspace.load import Loaded, load
from chinaspace.read import read_quads
from conftest import WORLD

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no second processor to work on")

A = "<https://example.org/a>"
XSD = "http://www.w3.org/2001/XMLSchema#"
ODD = [
    *(f'"{value}"^^<{XSD}{kind}>' for value, kind in (("007", "integer"), ("1", "boolean"), ("1.50", "decimal"))),
    *(f'"{value}"^^<{XSD}{kind}>' for value, kind in (("05", "byte"), ("1e0", "double"), ("1980-02-31", "date"))),
    *(f'"a{character}b"@EN-us' for character in ("\\u0007", "\\u007F", "\\uFFFE", "\\r", "\\t", "\\\\", "_:", "é")),
    '"plain"',
    f'"typed"^^<{XSD}string>',
    f"<<( {A} {A} {A} )>>",
]


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "_WORTH_BYTES", 1)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this thread for the only one, as it is in a server that starts."""
    monkeypatch.setattr("threading.active_count", lambda: 1)


def claims(suffix: str, tmp_path: Path) -> Path:
    """Write the test world in another format, with odd values of its claims, and blank nodes."""
    lines = [f"{quad.triple} ." for quad in read_quads(WORLD)]
    claim = next(line.split()[0] for line in lines if line.split()[1].endswith("22-rdf-syntax-ns#object>"))
    lines += [f"{claim} {'<http://www.w3.org/1999/02/22-rdf-syntax-ns#object>'} {value} ." for value in ODD]
    lines += [f"_:one {A} _:two .", f"_:two {A} {A} .", f"{A} {A} {A} .", f"{A} {A} {A} ."]
    if suffix == ".nq":
        lines += [line[:-1] + "<https://w3id.org/chinaspace/graph/facts> ." for line in lines[:50]]
    path = tmp_path / f"claims{suffix}"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def heard(*files: Path) -> Loaded:
    return load(files, lean=True, digests=True)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("suffix", [".nt", ".nq", ".ttl"])
def test_it_is_the_digest_of_the_store(suffix: str, tmp_path: Path) -> None:
    """Numbers, escapes, blank nodes, triples in triples and what stands twice come to the same as in the store."""
    loaded = heard(claims(suffix, tmp_path))
    assert loaded.early_digest == digest(loaded.store)
    assert loaded.facts


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("line", ["<https://example.org/a b> <a:b> <a:c> .", '<a:a> <a:b> "c"@e_e .', "<a> <b> <c> ."])
def test_what_was_taken_on_trust_is_refused(line: str, tmp_path: Path) -> None:
    """An IRI or a language that is none is named with its line, as where files are small."""
    path = tmp_path / "bad.nt"
    path.write_text(f"<a:a> <a:b> <a:c> .\n{line}\n", "utf-8")
    with pytest.raises(ReadError) as found:
        heard(path)
    assert found.value.line == 2


def test_beside_other_threads_nothing_is_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a server that reloads, the store is read for its digest."""
    monkeypatch.setattr("threading.active_count", lambda: 2)
    loaded = heard(claims(".nt", tmp_path))
    assert loaded.early_digest is None
    assert loaded.digest == digest(loaded.store)


@pytest.mark.usefixtures("alone")
def test_a_file_that_changes_meanwhile_has_no_early_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What two processes have read may not be the same then."""
    path = claims(".ttl", tmp_path)
    sizes = iter(range(10))
    monkeypatch.setattr(witness, "_stamp", lambda _: (next(sizes),))
    loaded = heard(path)
    assert loaded.early_digest is None


@pytest.mark.usefixtures("alone")
def test_a_graph_without_a_name_is_left_to_the_store(tmp_path: Path) -> None:
    """Its name depends on what is said in it."""
    path = tmp_path / "nameless.nq"
    path.write_text("<a:a> <a:b> <a:c> _:graph .\n", "utf-8")
    loaded = heard(path)
    assert loaded.early_digest is None
    assert loaded.digest == digest(loaded.store)
