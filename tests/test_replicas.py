"""Several replicas behind one address: equal answers, and none lost when one of them is killed."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import yaml

from chinaspace.load import Loaded
from chinaspace.paths import home
from conftest import WORLD, absent
from processes import free_port
from services import running, wait_for
from support import PROGRAM

DEPLOY = home() / "deploy"
JSON = {"Accept": "application/sparql-results+json"}
QUERY = "SELECT ?s ?label WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?s ?label LIMIT 100"
SECONDS = 6.0
KILLED_AFTER = 2.0
CLIENTS = 8


class Replicas(NamedTuple):
    """Two replicas, and the address of what stands before them."""

    addresses: list[str]
    processes: list[subprocess.Popen[bytes]]
    front: str


@pytest.fixture
def replicas(tmp_path: Path) -> Iterator[Replicas]:
    """Give two replicas of the world behind nginx, with the configuration of deploy/."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if not nginx:
        absent("There is no nginx; install Debian's nginx-light.")
    ports, front = [free_port(), free_port()], free_port()
    text = (DEPLOY / "nginx.conf").read_text("utf-8").replace("/tmp/", f"{tmp_path}/")
    for number, port in enumerate(ports, 1):
        text = text.replace(f"replica-{number}:8000", f"127.0.0.1:{port}")
    settings = tmp_path / "nginx.conf"
    settings.write_text(text.replace("listen 8080", f"listen 127.0.0.1:{front}"), "utf-8")
    tmp_path.chmod(0o755)
    with ExitStack() as stack:
        serve = [str(PROGRAM), "serve", "--dataset", str(WORLD), "--port"]
        processes = [stack.enter_context(running(*serve, str(port))) for port in ports]
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        for address, process in zip(addresses, processes, strict=True):
            wait_for(f"{address}/healthz", process)
        before = stack.enter_context(
            running(str(nginx), "-c", settings, "-p", tmp_path, "-g", "daemon off; user root;")
        )
        wait_for(f"http://127.0.0.1:{front}/healthz", before)
        yield Replicas(addresses, processes, f"http://127.0.0.1:{front}")


def test_replicas_are_equal(replicas: Replicas, world: Loaded) -> None:
    """Digest, answers and headers are the same at each replica, so that it does not matter who answers."""
    for path in ("/healthz", f"/sparql?{httpx.QueryParams(query=QUERY)}", "/queries/timeline?format=csv"):
        answers = [httpx.get(address + path, headers=JSON) for address in (*replicas.addresses, replicas.front)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        for header in ("etag", "content-type", "cache-control", "vary", "last-modified"):
            assert len({answer.headers.get(header) for answer in answers[:2]}) == 1
    assert httpx.get(f"{replicas.front}/healthz").json()["claims"] == world.claims


def test_nobody_notices_that_a_replica_is_killed(replicas: Replicas) -> None:
    """Under load no request fails when a replica is killed: GET and POST get the right answer from the other."""
    right = httpx.get(f"{replicas.front}/sparql", params={"query": QUERY}, headers=JSON).content
    end, found = time.monotonic() + SECONDS, Counter[str]()

    def ask(number: int) -> None:
        with httpx.Client(base_url=replicas.front, headers=JSON, timeout=20, trust_env=False) as client:
            while time.monotonic() < end:
                try:
                    if number % 2:
                        answer = client.post("/sparql", data={"query": QUERY})
                    else:
                        answer = client.get("/sparql", params={"query": QUERY})
                    found["right" if answer.content == right else f"{answer.status_code}"] += 1
                except httpx.HTTPError as error:
                    found[repr(error)] += 1

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(KILLED_AFTER)
    replicas.processes[0].send_signal(signal.SIGKILL)
    for client in clients:
        client.join()
    assert set(found) == {"right"}, found
    assert found["right"] > CLIENTS


def test_the_examples_are_well_formed() -> None:
    """The compose file and the Kubernetes example parse, run without root, and probe what the server has."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert sum(name.startswith("replica") for name in compose["services"]) >= 2
    for service in compose["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
    (pod,) = (one["spec"]["template"]["spec"] for one in documents if one["kind"] == "Deployment")
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_the_image_holds_what_the_package_needs() -> None:
    """Whatever the image copies is there, and it ends as another user than root."""
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    for line in lines:
        if found := re.fullmatch(r"COPY ([^-].*) \S+", line):
            assert all((home() / name).exists() for name in found[1].split())
    users = [line for line in lines if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]
    froms = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(re.search(r":\d+\.\d+", name) for name in froms)
