"""Fuzz the reader: mutate Turtle of the project, and hold what is read of it to what Oxigraph reads.

Run as "python tests/fuzz.py --seconds 60"; it exits with 1 at the first text that breaks a promise, and prints it.
The promises: nothing but ReadError leaves a reader, no text takes longer than
SECONDS, and of whatever Oxigraph accepts and is RDF 1.1, `locate` yields the same triples.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TypeAlias

import pyoxigraph as ox

from chinaspace.canonical import canonical_lines
from chinaspace.errors import ReadError
from chinaspace.format import format_turtle
from chinaspace.locate import locate_text, unread_from
from chinaspace.names import Term
from chinaspace.paths import graph_files, shape_files
from chinaspace.point import at
from chinaspace.read import read_claims
from chinaspace.report import Problem
from chinaspace.report_text import to_text

SECONDS = 20  # for one text of at most some thousand characters
MOST_STATEMENTS = 4
Triples: TypeAlias = list[tuple[Term, ox.NamedNode, Term]]

PIECES = [
    *(
        "a",
        ".",
        ";",
        ",",
        "[",
        "]",
        "(",
        ")",
        "[]",
        "()",
        "^^",
        "<<",
        ">>",
        "<<(",
        ")>>",
        "{|",
        "|}",
        "~",
        "#",
        "\\",
        "\\u",
    ),
    *("@prefix", "@base", "PREFIX", "BASE", '@version "1.1"', "@en", "@en--ltr", "@zh-Hans", "true", "false", "truex"),
    *(
        "<urn:x>",
        "<>",
        "<#a>",
        "<../b>",
        "<\\u0061>",
        "<\\u0000>",
        "<http://[>",
        "p:",
        ":b",
        "p:a\\,b",
        "p:%20",
        "p:.b.",
    ),
    *("_:b", "_:b.", "_:1", '"x"', "'y'", '"""z"""', "'''w'''", '"\\""', '"\\u0041"', '"\\uD800"', '"a\nb"', "^^p:t"),
    *("1", "-1", "+1.5", ".5", "1.", "1e0", "1.e", "0x1", "rdf:type", "cs:Claim", "csd:mission-a", "http://"),
    *("\n", "\r", "\r\n", "#x\n", "\ufeff", "\0", "\x1b", "\u2028", "\U0001f600", "\u5ae6"),
]


def texts(seed: random.Random) -> Iterator[str]:
    """Yield texts without end: some statements of a real file, with random cuts, copies and insertions."""
    files = [path.read_text("utf-8") for path in (*graph_files(), *shape_files())]
    while True:
        head, *statements = seed.choice(files).split("\n\n")
        chosen = seed.choices(statements or [head], k=seed.randint(1, MOST_STATEMENTS))
        text = "\n".join([head, "@prefix : <urn:y:> . @prefix p: <urn:p:> . @base <http://example.org/> .", *chosen])
        for _ in range(seed.randint(0, 8)):
            text = mutate(text, seed)
        yield text


def mutate(text: str, seed: random.Random) -> str:
    """Return *text* with one change, be it small or large."""
    start = seed.randrange(len(text) + 1)
    end = min(len(text), start + seed.choice([0, 1, 2, 5, 20, 200]))
    part = text[start:end]
    change = seed.randrange(7)
    if change == 0:
        return text[:start] + text[end:]
    if change == 1:
        return text[:start] + part * seed.choice([2, 3, 50]) + text[end:]
    if change == 2:
        return text[:start] + seed.choice(PIECES) + text[end:]
    if change == 3:
        return text[:start] + " " + seed.choice(PIECES) + " " + text[start:]
    if change == 4:
        return text[:start] + chr(seed.choice([seed.randrange(0x80), seed.randrange(0x3000)])) + text[end:]
    if change == 5:
        other = seed.randrange(len(text) + 1)
        return text[:other] + part + text[other:]
    return text.replace("\n", seed.choice(["\r\n", " ", "\r", "\n#\n"]))


def check(text: str, folder: Path) -> None:
    """Read one text in every way.

    Raises:
        AssertionError: the triples differ from those of Oxigraph.
    """
    path = folder / "fuzzed.ttl"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        expected = list(read_claims(path))
    except ReadError as error:
        problem = Problem(None, error.line, error.column, "violation", "urn:x", "", None, error.fault)
        to_text([at(path, problem)])
        unread_from(path)
        return
    found: Triples = [one[:3] for one in locate_text(text.removeprefix("\ufeff"), path)]
    read: Triples = [(quad.subject, quad.predicate, quad.object) for quad in expected]
    assert lines(found) == lines(read), "locate reads other triples than Oxigraph"
    try:
        laid = format_turtle(path)
    except ReadError:
        return
    path.write_text(laid, "utf-8")
    assert format_turtle(path) == laid, "what is laid out is laid out in another way the second time"


def lines(triples: Triples) -> list[bytes]:
    """Return triples, each once, so that they can be compared."""
    return canonical_lines(ox.Quad(*triple) for triple in set(triples))  # type: ignore[arg-type]


def run(seconds: float, seed: int) -> int:
    """Check texts for *seconds*, and return how many."""
    count, until = 0, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        for text in texts(random.Random(seed)):
            if time.monotonic() > until:
                break
            signal.alarm(SECONDS)
            try:
                check(text, Path(folder))
            except BaseException:
                print(f"Seed {seed}, text {count}:\n{text!r}", file=sys.stderr)
                raise
            finally:
                signal.alarm(0)
            count += 1
    return count


def stop(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"a text took more than {SECONDS} seconds")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="Begin with this one; else each run has its own.")
    chosen = parser.parse_args()
    signal.signal(signal.SIGALRM, stop)
    begun = random.randrange(2**32) if chosen.seed is None else chosen.seed
    print(f"{run(chosen.seconds, begun)} texts read in {chosen.seconds:g} seconds from seed {begun}, and none broke.")
