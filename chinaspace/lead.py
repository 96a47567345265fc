"""Lead from a term, or from what a table shows of it, to the page that tells more."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pyoxigraph as ox

from chinaspace.names import CS, CSD, expand
from chinaspace.visit import VISIT

# What a name of ours can be: nothing in it has a meaning in an address.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_PREFIXED = re.compile(r"(cs|csd):[A-Za-z0-9._-]+")


def lead(term: object, root: str | None = None) -> str:
    """Return the address that tells more of *term*, or "" where there is none to follow.

    A thing of ours has its page, a term of the vocabulary its entry, both below
    *root*, or else that of this visit; any other is followed only over HTTP, so that an
    address such as "javascript:…" stays text. A string is what a table shows: a
    prefixed name or an IRI.
    """
    if isinstance(term, ox.Literal | ox.NamedNode):
        iri = term.value
    elif isinstance(term, str):
        iri = expand(term) if _PREFIXED.fullmatch(term) else term
    else:
        return ""
    for namespace, path in ((CSD, "id"), (CS, "ontology")):
        if iri.startswith(namespace) and _NAME.fullmatch(iri[len(namespace) :]):
            return f"{VISIT.get().root if root is None else root}/{path}/{iri[len(namespace) :]}"
    return iri if leads_out(iri) else ""


def leads_out(address: str) -> bool:
    """Tell whether *address* is one of the web, which a browser can follow without running anything."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"\\]", address)
    except ValueError:
        return False


def slug_of(term: object) -> str:
    """Return what a thing of ours, or its IRI, is called in addresses; "" for all else."""
    iri = term.value if isinstance(term, ox.NamedNode) else term
    if isinstance(iri, str) and iri.startswith(CSD) and _NAME.fullmatch(iri[len(CSD) :]):
        return iri[len(CSD) :]
    return ""
