"""How often the right thing comes first when names are misspelt or Chinese, asked as OpenRefine asks.

    python benchmarks/reconcile.py http://127.0.0.1:8000 --names 200

Labels of things are taken from the server's /sparql; each is changed in one way, always the same. A thing counts as
right if the label that was changed is a name of it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable

import httpx

from chinaspace.names import CSD, RDFS, cs
from chinaspace.spell import spell

BATCH = 10  # as OpenRefine sends them
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_KINDS = ("Mission", "Spacecraft", "Institution", "Country", "LaunchVehicle", "Place", "Person", "Constellation")
_QUERY = (
    f"SELECT DISTINCT ?thing ?name ?label WHERE {{ VALUES ?kind {{ {' '.join(str(cs(kind)) for kind in _KINDS)} }} "
    f"?thing a ?kind ; <{RDFS}label>|<{_SKOS}altLabel> ?name . BIND(EXISTS {{ ?thing <{RDFS}label> ?name }} AS ?label) "
    f"FILTER(STRSTARTS(STR(?thing), '{CSD}')) }} ORDER BY ?thing ?name"
)
_LETTERS = "aeiounrstl"


def swap(name: str, chance: random.Random) -> str:
    """Return *name* with two letters next to each other exchanged."""
    at = chance.randrange(1, max(2, len(name) - 1))
    return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]


def drop(name: str, chance: random.Random) -> str:
    """Return *name* without one of its letters."""
    at = chance.choice([at for at, letter in enumerate(name) if letter.isalpha()] or [0])
    return name[:at] + name[at + 1 :]


def replace(name: str, chance: random.Random) -> str:
    """Return *name* with another letter for one."""
    at = chance.choice([at for at, letter in enumerate(name) if letter.isalpha()] or [0])
    return name[:at] + chance.choice(_LETTERS) + name[at + 1 :]


def same(name: str, chance: random.Random) -> str:
    """Return *name*."""
    return name


def main() -> None:
    """Ask, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--names", type=int, default=200, help="how many of each sort")
    options = parser.parse_args()
    base = options.address.rstrip("/")
    with httpx.Client(timeout=60) as client:
        answer = client.post(
            f"{base}/sparql", data={"query": _QUERY}, headers={"Accept": "application/sparql-results+json"}
        )
        rows = [{key: one["value"] for key, one in row.items()} for row in answer.json()["results"]["bindings"]]
        chance = random.Random(1)
        labels = [row for row in rows if row["label"] == "true" and row["name"].isascii() and len(row["name"]) > 3]
        chinese = [row for row in rows if any("\u4e00" <= letter <= "\u9fff" for letter in row["name"])]
        owners: dict[str, set[str]] = {}
        for row in rows:
            owners.setdefault(spell(row["name"]).heart, set()).add(row["thing"].removeprefix(CSD))
        print("| names | asked | right first | batches of 10, median ms |\n|---|--:|--:|--:|")
        sorts: dict[str, tuple[list[dict[str, str]], Callable[[str, random.Random], str]]] = {
            "exchanged": (labels, swap),
            "dropped": (labels, drop),
            "replaced": (labels, replace),
            "Chinese": (chinese, same),
        }
        for title, (some, change) in sorts.items():
            taken = chance.sample(some, min(options.names, len(some)))
            asked = [(change(row["name"], chance), owners[spell(row["name"]).heart]) for row in taken]
            right, middle = ask(client, f"{base}/reconcile", asked)
            print(f"| {title} | {len(asked)} | {right / max(1, len(asked)):.1%} | {middle:.1f} |")


def ask(client: httpx.Client, address: str, asked: list[tuple[str, set[str]]]) -> tuple[int, float]:
    """Return for how many names a right thing came first, and the median of the times of the batches, in ms."""
    right, times = 0, []
    for start in range(0, len(asked), BATCH):
        some = asked[start : start + BATCH]
        queries = {f"q{at}": {"query": name, "limit": 5} for at, (name, _) in enumerate(some)}
        begin = time.perf_counter()
        answer = client.post(address, data={"queries": json.dumps(queries)}).json()
        times.append(1000 * (time.perf_counter() - begin))
        for at, (_, things) in enumerate(some):
            found = answer[f"q{at}"]["result"]
            right += bool(found) and found[0]["id"] in things
    return right, sorted(times)[len(times) // 2] if times else 0.0


if __name__ == "__main__":
    main()
