"""Files become one store: a graph a file, their union, and a digest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from chinaspace.errors import DatasetError, ReadError
from chinaspace.load import Loaded, load
from chinaspace.names import CSG, FACTS, INFERRED
from chinaspace.paths import graph_files, ontology_files
from chinaspace.read import graph_name
from conftest import WORLD
from support import write_turtle

TRIPLE = "<https://example.org/a> <https://example.org/b> "
KINDS = {
    "small.ttl": TRIPLE + '"c" .',
    "small.nt": TRIPLE + '"c" .',
    "small.nq": TRIPLE + '"c" <https://example.org/g> .',
    "small.trig": "<https://example.org/g> { " + TRIPLE + '"c" }',
    "small.jsonld": '{"@id": "https://example.org/a", "https://example.org/b": "c"}',
    "SMALL.TTL": TRIPLE + '"c" .',
}


def world_files() -> list[Path]:
    return [*ontology_files(), WORLD]


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def triples(quads: Iterable[ox.Quad]) -> list[tuple[str, str, str]]:
    return sorted((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)


def test_a_graph_a_file(world: Loaded) -> None:
    """Each file is a named graph, called by its path in the project, beside the two derived ones."""
    assert set(world.store.named_graphs()) == {graph_name(path) for path in world_files()} | {FACTS, INFERRED}
    assert ox.NamedNode(CSG + "tests/world") in set(world.store.named_graphs())


def test_a_graph_a_file_of_the_built_in_graph(graph: Loaded) -> None:
    """The built-in graph has the graphs of its files and the two derived ones, and nothing else."""
    assert set(graph.store.named_graphs()) == {graph_name(path) for path in graph_files()} | {FACTS, INFERRED}


def test_a_graph_of_another_place_is_named_by_its_file(tmp_path: Path) -> None:
    """The name of a file from elsewhere does not tell its folder."""
    assert graph_name(tmp_path / "my file.ttl").value == CSG + "file/my-file"
    assert graph_name(tmp_path / "my<file>{1}.ttl").value == CSG + "file/my%3Cfile%3E%7B1%7D"


def test_the_default_graph_is_the_union(world: Loaded) -> None:
    """The default graph has each triple of the named graphs once."""
    named = {
        (quad.subject, quad.predicate, quad.object)
        for name in world.store.named_graphs()
        for quad in world.store.quads_for_pattern(None, None, None, name)
    }
    default = list(world.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert {(quad.subject, quad.predicate, quad.object) for quad in default} == named
    assert len(default) == len(named) == world.triples


def test_a_triple_in_two_files_counts_once(tmp_path: Path) -> None:
    """What two files say is one answer without GRAPH, and two with it."""
    store = load([write(tmp_path / name, TRIPLE + '"c" .') for name in ("one.ttl", "two.ttl")]).store
    assert len(list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == 1
    rows = store.query("SELECT ?graph { GRAPH ?graph { ?subject ?predicate ?object } }")
    assert isinstance(rows, ox.QuerySolutions)
    assert len(list(rows)) == 2


def test_a_broken_file_names_its_place(tmp_path: Path) -> None:
    """A malformed file is an error with its path, line and column, counted from 1."""
    path = write(tmp_path / "broken.ttl", TRIPLE + '"c" .\n' + TRIPLE + "nonsense .\n")
    with pytest.raises(ReadError) as caught:
        load([path])
    assert (caught.value.path, caught.value.line) == (path, 2)
    assert caught.value.column is not None
    assert caught.value.column >= len(TRIPLE)


@pytest.mark.parametrize("name", ["missing.ttl", "folder.ttl"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """A missing file, or a folder in its place, is an error without a line."""
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(ReadError) as caught:
        load([tmp_path / name])
    assert (caught.value.path, caught.value.line) == (tmp_path / name, None)


@pytest.mark.parametrize("name", ["small.txt", "small", "small.rdf"])
def test_an_unknown_ending(tmp_path: Path, name: str) -> None:
    """The ending decides the format; any other is an error."""
    with pytest.raises(ReadError):
        load([write(tmp_path / name, TRIPLE + '"c" .')])


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """A file that is not UTF-8 is an error and not half a graph."""
    path = tmp_path / "small.ttl"
    path.write_bytes((TRIPLE + '"').encode() + b'\xff\xfe" .')
    with pytest.raises(ReadError):
        load([path])


@pytest.mark.parametrize("content", ["", "# nothing\n", "@prefix cs: <https://example.org/> .\n"])
def test_nothing_to_serve(tmp_path: Path, content: str) -> None:
    """Files without a triple are an error, because an empty graph answers every question wrongly."""
    with pytest.raises(DatasetError):
        load([write(tmp_path / "empty.ttl", content)])


def test_no_files_at_all() -> None:
    """An empty list is not the built-in graph."""
    with pytest.raises(DatasetError):
        load([])


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_dataset_is_served_as_it_is(tmp_path: Path, name: str) -> None:
    """Each kind of file is read, and without claims nothing is derived."""
    loaded = load([write(tmp_path / name, KINDS[name])])
    assert (loaded.triples, loaded.claims, loaded.facts) == (1, 0, 0)
    assert len(set(loaded.store.named_graphs())) == 1
    assert triples(loaded.store)[0][2] == '"c"'


def test_named_graphs_of_a_dataset_are_kept(tmp_path: Path) -> None:
    """A file with graphs of its own keeps their names."""
    loaded = load([write(tmp_path / "small.nq", KINDS["small.nq"])])
    assert set(loaded.store.named_graphs()) == {ox.NamedNode("https://example.org/g")}


def test_a_remote_context_is_not_fetched(tmp_path: Path, uncalled: str) -> None:
    """JSON-LD that needs a context from elsewhere is an error, and nobody is called."""
    text = f'{{"@context": "{uncalled}context.jsonld", "@id": "https://example.org/a", "name": "c"}}'
    with pytest.raises(ReadError):
        load([write(tmp_path / "remote.jsonld", text)])


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    """The label of a blank node means nothing in another file."""
    paths = [write(tmp_path / f"{name}.ttl", f'_:x <https://example.org/b> "{name}" .') for name in ("one", "two")]
    store = load(paths).store
    subjects = {str(quad.subject) for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert len(subjects) == 2


def test_claims_of_a_dataset_become_facts(tmp_path: Path) -> None:
    """Where a dataset holds claims, its facts are derived."""
    body = (
        "csd:claim-a a cs:Claim ; cs:modality cs:asserted ; "
        'rdf:subject csd:launch-a ; rdf:predicate cs:launchDate ; rdf:object "2020"^^edtf:EDTF .'
    )
    loaded = load([write_turtle(tmp_path / "claims.ttl", body)])
    assert (loaded.claims, loaded.facts) == (1, 1)


def test_claims_bring_the_vocabulary(tmp_path: Path) -> None:
    """Claims served without the vocabulary are derived from as with it: super-classes, labels and conflicts."""
    path = tmp_path / "world.ttl"
    path.write_bytes(WORLD.read_bytes())
    loaded = load([path])
    assert loaded.conflicts == 2
    assert loaded.things > 0
