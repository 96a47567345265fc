"""Call a remote SPARQL service: one address, given by the operator, within limits, and each fault by its name."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from chinaspace import __version__
from chinaspace.errors import AwayError, DeadlineError, QueryError, RemoteError, StoreError
from chinaspace.scope import Scope

_AGENT = f"chinaspace/{__version__}"
_CONNECT = 5.0
_CONNECTIONS = 64
# The kinds of answers, with what is asked for. Oxigraph writes what the client asked for from these two.
ACCEPT = {"CONSTRUCT": "application/n-triples"}
ROWS = "application/sparql-results+json"
_OF_A_KIND = {"CONSTRUCT": ("application/n-triples", "text/plain")}
_OF_ROWS = (ROWS, "application/json")
# What Virtuoso says of a query that ran into a limit of its own, and of one that it cannot take.
_TIMED_OUT = re.compile(r"S1T\d\d|timed? ?out|timeout|exceeds the limit", re.IGNORECASE)
_NOT_TAKEN = re.compile(r"Virtuoso (37000|22\w\w\w|42000) Error")


@dataclass(frozen=True)
class Address:
    """Where a SPARQL service answers, with the name and password that it asks for, if it does."""

    url: str
    login: tuple[str, str] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Return it as it may be shown."""
        return self.url


def read_address(text: str) -> Address:
    """Return the address of a service: https anywhere, http on this machine only.

    A name and a password before the host are taken for HTTP's basic authentication.

    Raises:
        StoreError: it is none.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise StoreError("The address of the store is malformed. Give one such as https://host/sparql.") from error
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if parts.scheme not in ("https", "http") or not host or parts.fragment or port == 0:
        raise StoreError(f"'{shown}' is no address of a SPARQL service. Give one such as https://host/sparql.")
    if parts.scheme == "http" and not _is_here(host):
        raise StoreError(f"{shown} would be asked without encryption. Use https; http is for this machine only.")
    login = (parts.username or "", parts.password or "") if "@" in parts.netloc else None
    return Address(shown, login)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def settings(address: Address, seconds: float) -> dict[str, object]:
    """Return how clients of httpx are made: none follows a redirect, or takes anything from the environment."""
    return {
        "auth": address.login,
        "follow_redirects": False,
        "headers": {"User-Agent": _AGENT, "Accept-Encoding": "identity"},
        "limits": httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        "timeout": httpx.Timeout(seconds, connect=min(seconds, _CONNECT)),
        "trust_env": False,
    }


def asked(query: str, scope: Scope | None, kind: str) -> dict[str, object]:
    """Return what the request for *query* is made with."""
    values: dict[str, object] = {"query": query}
    if scope:
        values |= {"default-graph-uri": list(scope.default), "named-graph-uri": list(scope.named)}
    return {"data": values, "headers": {"Accept": ACCEPT.get(kind, ROWS)}}


def check_head(response: httpx.Response, kind: str, limit: int | None) -> None:
    """Let the head of an answer pass if all of the answer follows, in a form that was asked for.

    Raises:
        DeadlineError: the service gave only what it had when its own time was over.
        RemoteError: the form is another one, or the service cuts the answer.
    """
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _OF_A_KIND.get(kind, _OF_ROWS):
        raise RemoteError(f"The remote store answered as '{media_type[:60]}', which was not asked for.")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise RemoteError("The remote store compressed its answer, which was not asked for.")
    if "x-sql-state" in response.headers:
        raise DeadlineError("The remote store gave only a part of the answer in its time. Ask for less.")
    most = response.headers.get("x-sparql-maxrows", "")
    if most and (limit is None or not most.isdigit() or limit > int(most)):
        raise RemoteError(
            f"The remote store cuts answers after {most[:12]} rows, and cut this one. Ask for fewer rows with LIMIT, "
            "or have its limit raised (ResultSetMaxRows in virtuoso.ini)."
        )


def fault(status: int, text: str) -> Exception:
    """Return the error for an answer that is none."""
    first = " ".join(text[:400].split("\n\n")[0].split())[:200]
    if status in (408, 504) or (status >= 500 and _TIMED_OUT.search(first)):
        return DeadlineError("The query took longer than the remote store allows. Ask for less: add LIMIT.")
    if status in (400, 413, 414) or (status >= 500 and _NOT_TAKEN.search(first)):
        return QueryError(f"The remote store does not take this query: {first or 'it does not say why'}.")
    if status in (429, 503):
        return AwayError("The remote store is busy. Ask again in a few seconds.")
    if 300 <= status < 400:
        return RemoteError("The remote store redirects to another address, which is not followed.")
    return RemoteError(f"The remote store answered with status {status} instead of an answer.")


@contextmanager
def named_faults() -> Iterator[None]:
    """Give the errors of the HTTP client the names of ours.

    Raises:
        AwayError: the service cannot be reached, or hung up.
        DeadlineError: it did not answer in time.
    """
    try:
        yield
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise AwayError("The remote store cannot be reached. Ask again in a few seconds.") from error
    except httpx.TimeoutException as error:
        raise DeadlineError("The remote store took too long to answer. Ask for less: add LIMIT.") from error
    except httpx.TransportError as error:
        raise AwayError("The remote store cannot be reached. Ask again in a few seconds.") from error
