"""Pages over a remote store are those over the same graph in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from chinaspace.export import export_file
from chinaspace.load import Loaded
from chinaspace.store import open_store
from chinaspace.web import create_app
from chinaspace.work import Limits
from conftest import absent
from services import oxigraph, virtuoso
from virtuoso import installed

PAGES = [
    "/",
    "/zh/search?q=lamp",
    "/browse",
    "/as-of/2020-12-31/browse?kind=cs:Mission",
    "/browse?year=2021",
    "/browse?to=country-north",
    "/timeline",
    "/cooperation",
    "/as-of/2020-12-31/plans",
    "/allegations",
    "/conflicts",
    "/changes?from=2020-01-01&to=2021-12-31",
]


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def there(
    request: pytest.FixtureRequest, world: Loaded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """Give a client of the web application over a service that holds the world."""
    if request.param == "virtuoso" and not installed():
        absent("There is no Virtuoso; install Debian's virtuoso-opensource-7-bin.")
    folder = tmp_path_factory.mktemp(request.param)
    export_file(world, "nquads", folder / "export.nq")
    with (
        (oxigraph if request.param == "oxigraph" else virtuoso)(folder, folder / "export.nq") as address,
        TestClient(create_app(open_store(address), Limits(60)), follow_redirects=False) as running,
    ):
        yield running


def main_of(client: TestClient, address: str) -> str:
    """Return what a page shows; no service but Oxigraph keeps how a number was written."""
    answer = client.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 200
    return re.sub(r"(?<=\d)\.0\b", "", answer.text.partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize("address", PAGES)
def test_pages(address: str, there: TestClient, client: TestClient) -> None:
    """Whatever a page shows, it shows the same, now and as of a day."""
    assert main_of(there, address) == main_of(client, address)
