"""Build docs/vocabulary.html from ontology/ with pyLODE: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from pylode.profiles.ontpub import OntPub
from rdflib import Graph

from chinaspace.write import write_whole

ROOT = Path(__file__).resolve().parent.parent


def build() -> Path:
    """Write the page of the vocabulary and return where it is."""
    graph = Graph()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        graph.parse(path)
    page = ROOT / "docs" / "vocabulary.html"
    write_whole(page, str(OntPub(ontology=graph).make_html()))
    return page


if __name__ == "__main__":
    sys.stdout.write(f"{build()}\n")
