"""Lay out a portrait: what stands where on the page of a thing."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import urlsplit

import pyoxigraph as ox
from fastapi.responses import Response

from chinaspace.annotate import annotate
from chinaspace.extract import FORMS
from chinaspace.lead import leads_out, slug_of
from chinaspace.moment import moment
from chinaspace.names import DCTERMS, RDFS, SCHEMA, SKOS, Term
from chinaspace.pages import render
from chinaspace.paginate import Sheet
from chinaspace.portray import Portrait
from chinaspace.sum_up import Fact
from chinaspace.trace import slip
from chinaspace.translate import translate
from chinaspace.visit import VISIT

REPLACED = DCTERMS + "isReplacedBy"
_NAMES = (f"{SKOS}altLabel", f"{SKOS}hiddenLabel")
_ELSEWHERE = tuple(f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
_ELSEWHERE += (f"{SCHEMA}url", f"{SCHEMA}sameAs", f"{RDFS}seeAlso")
_HIDDEN = {f"{RDFS}label", *_NAMES, *_ELSEWHERE, REPLACED}
_SITES = {
    "www.wikidata.org": "Wikidata",
    "ror.org": "ROR",
    "www.geonames.org": "GeoNames",
    "sws.geonames.org": "GeoNames",
}
_LOCAL = re.compile(r"[A-Za-z0-9_.-]+\Z")


def lay_out(found: Portrait, slug: str) -> Response:
    """Return the page of a thing, or of a claim."""
    common = {
        "it": found,
        "slug": slug,
        "about": annotate(found),
        "forms": FORMS,
        "slug_of": slug_of,
        "local": local,
        "stated": _stated(found),
        "moment": moment,
    }
    if found.itself:
        day = VISIT.get().day
        known = {link.other.node for link in found.itself.links}
        later = bool(day) and found.itself.day > day
        return render("claim.html", **common, later=later, slip=slip(found.itself, known))
    names = [term for name in _NAMES for term in found.of(name) if isinstance(term, ox.Literal)]
    labels = found.captions.all(found.thing)
    chinese = next((term for term in names if (term.language or "").startswith("zh")), None)
    if any(tag.startswith("zh") for tag in labels):
        chinese = None
    sheets = {"about": found.about, "said": found.said, "covered": found.covered}
    # Whoever leafs through a list wants no more than the list.
    leafing = next((name for name, sheet in sheets.items() if sheet.page > 1), "")
    return render(
        "thing.html",
        **common,
        names=names,
        chinese=chinese,
        elsewhere=_elsewhere(found),
        successor=next((term for term in found.of(REPLACED) if slug_of(term)), None),
        facts=_by_subject(found),
        leafing=leafing,
        begins=partial(_begins, found.about),
        sections=[] if leafing else _sections(found),
    )


def local(term: object) -> str:
    """Return the last part of an IRI, as an anchor and a mark of what a row is about; "" for none."""
    found = _LOCAL.search(term.value) if isinstance(term, ox.NamedNode) else None
    return found[0] if found else ""


def _begins(sheet: Sheet, said: Term) -> str:
    """Return what leads to the page of a list on which the claims with a property begin."""
    first = next((group.first for group in sheet.contents if group.property == said), sheet.page)
    return f"?about={first}" if first != sheet.page else ""


def _stated(found: Portrait) -> list[tuple[ox.NamedNode, list[Term]]]:
    """Return what files state and no other part of the page shows."""
    hidden = set() if found.itself else _HIDDEN
    return [(ox.NamedNode(name), values) for name, values in found.stated.items() if name not in hidden]


def _elsewhere(found: Portrait) -> list[tuple[str, str, str]]:
    """Return what others have on the thing: the site, what it is called there, and the address to follow."""
    links = []
    for name in _ELSEWHERE:
        for term in found.of(name):
            value = term.value if isinstance(term, ox.Literal | ox.NamedNode) else ""
            host = (urlsplit(value).hostname or "") if leads_out(value) else ""
            label = value.rstrip("/").rpartition("/")[2] if host in _SITES else value
            links.append((_SITES.get(host) or host or translate("Link"), label, value if host else ""))
    return links


def _by_subject(found: Portrait) -> list[tuple[Term, list[Fact]]]:
    """Return the facts by what they are about, the thing itself first."""
    groups: dict[Term, list[Fact]] = {found.thing: []}
    for fact in found.facts:
        groups.setdefault(fact.subject, []).append(fact)
    return [(subject, facts) for subject, facts in groups.items() if facts]


def _sections(found: Portrait) -> list[tuple[str, str]]:
    """Return the parts of the page that there are, each with its anchor and name."""
    parts = (
        ("coverage", translate("Coverage"), found.coverage),
        ("dates", translate("Dates"), found.lines),
        ("said", translate("Statements"), found.said.total),
        ("conflicts", translate("Conflicts"), found.conflicts),
        ("allegations", translate("Allegations"), found.allegations),
        ("partners", translate("Partners"), found.partners),
        ("covered", translate("Claim by claim"), found.covered.total),
        ("claims", translate("Said of it"), found.about.total),
        ("pointing", translate("Sorted by it"), found.pointing),
        ("downloads", translate("Download"), True),
    )
    return [(anchor, label) for anchor, label, there in parts if there]
