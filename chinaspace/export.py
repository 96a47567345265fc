"""Export the graph for use elsewhere: each form is a function that writes what was loaded to a file."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from chinaspace.arrange import arrange
from chinaspace.describe import describe_dataset, graph_sizes
from chinaspace.export_jsonld import write_jsonld
from chinaspace.export_linkset import write_linkset
from chinaspace.export_nanopub import write_nanopubs
from chinaspace.export_quickstatements import write_quickstatements
from chinaspace.export_rdf12 import write_rdf12
from chinaspace.export_schema import write_schema
from chinaspace.export_sssom import write_sssom
from chinaspace.load import Loaded
from chinaspace.names import prefixes
from chinaspace.write import writing_whole

Export = Callable[[Loaded, IO[bytes]], None]


def export_file(loaded: Loaded, form: str, path: Path) -> None:
    """Write *loaded* in one of EXPORTS to *path*, whole or not at all; compressed if its name ends in ".gz".

    The same graph gives the same bytes, compressed ones as well.
    """
    with writing_whole(path) as file:
        if path.suffix != ".gz":
            EXPORTS[form](loaded, file)
            return
        # Neither the name nor the hour enters the file.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            EXPORTS[form](loaded, cast(IO[bytes], packed))


def write_nquads(loaded: Loaded, out: IO[bytes]) -> None:
    """Write every graph, the default graph among them, as N-Quads."""
    ox.serialize(_quads(loaded), out, format=ox.RdfFormat.N_QUADS)


def write_trig(loaded: Loaded, out: IO[bytes]) -> None:
    """Write every graph, the default graph among them, as TriG."""
    ox.serialize(_quads(loaded), out, format=ox.RdfFormat.TRIG, prefixes=prefixes())


def write_turtle(loaded: Loaded, out: IO[bytes]) -> None:
    """Write the union of all graphs, and the description, as Turtle, which has no named graphs."""
    union = chain(_describe(loaded), arrange(loaded.store, [ox.DefaultGraph()]))
    ox.serialize((quad.triple for quad in union), out, format=ox.RdfFormat.TURTLE, prefixes=prefixes())


EXPORTS: dict[str, Export] = {
    "nquads": write_nquads,
    "trig": write_trig,
    "turtle": write_turtle,
    "jsonld": write_jsonld,
    "linkset": write_linkset,
    "nanopub": write_nanopubs,
    "quickstatements": write_quickstatements,
    "rdf12": write_rdf12,
    "schema-org": write_schema,
    "sssom": write_sssom,
}


def _quads(loaded: Loaded) -> Iterator[ox.Quad]:
    """Yield the description, the default graph, and each named graph, in an order that depends on nothing else."""
    named = sorted(loaded.store.named_graphs(), key=str)
    yield from _describe(loaded)
    yield from arrange(loaded.store, [ox.DefaultGraph(), *named])


def _describe(loaded: Loaded) -> list[ox.Quad]:
    return sorted(describe_dataset(loaded.digest, loaded.triples, graph_sizes(loaded.graphs)), key=str)
