"""Render pages; templates escape whatever they are given."""

from __future__ import annotations

import hashlib
import mimetypes
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import Response
from jinja2 import Environment, PackageLoader

from chinaspace.backdate import heeds_day
from chinaspace.lead import lead, leads_out
from chinaspace.paths import PACKAGE
from chinaspace.queries import SavedQuery
from chinaspace.translate import translate, translate_number
from chinaspace.visit import VISIT

# What all pages say of themselves: they load nothing from elsewhere, and depend on the language of the browser.
POLICY = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"vary", b"accept-language"),
)

# The path that every link begins with, without a slash at its end: that of a proxy, then what the visitor has chosen.
ROOT: ContextVar[str] = ContextVar("ROOT", default="")

# Pages that show the same on any day.
_TIMELESS = ("/sparql", "/ontology", "/docs")
_STATIC = PACKAGE / "static"


@cache
def environment() -> Environment:
    """Return what templates are read with.

    In them "_" translates what they hold, and "translate" the words of saved queries; "asset" gives the address of a
    file of ours, and "lead" that of a term.
    """
    made = Environment(
        loader=PackageLoader("chinaspace"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(translate, translate_number, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"asset": _address, "heeds_day": _heeds_day, "navigation": navigation, "services": services}
    made.globals |= {"lead": lead, "leads_out": leads_out, "translate": translate}
    return made


def _heeds_day(query: object) -> bool:
    """Tell whether a page shows what was known on the day of the visit; *query* is the saved query on it, if any."""
    if isinstance(query, SavedQuery):
        return heeds_day(query)
    return not VISIT.get().path.startswith(_TIMELESS)


def read_templates() -> None:
    """Read all templates, which takes longer than to render the largest page."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


def navigation() -> list[tuple[str, str]]:
    """Return the pages that the head of each page leads to, below the root, with their names."""
    return [
        ("/browse", translate("Browse")),
        ("/timeline", translate("Timeline")),
        ("/cooperation", translate("Cooperation")),
        ("/plans", translate("Plans")),
        ("/allegations", translate("Allegations")),
        ("/conflicts", translate("Conflicts")),
        ("/changes", translate("Changes")),
        ("/queries", translate("Questions")),
        ("/sparql", "SPARQL"),
        ("/ontology", translate("Vocabulary")),
    ]


def services() -> list[tuple[str, str]]:
    """Return what the foot of each page leads to: downloads, and descriptions for machines."""
    return [
        ("/queries?format=json", translate("Questions (JSON)")),
        ("/docs", translate("For programs")),
        ("/.well-known/void", "VoID"),
        ("/feed.atom", "Atom"),
    ]


def render(template: str, **values: Any) -> Response:
    """Return a page made from a template of this package, with links below the root of this request."""
    visit = VISIT.get()
    body = environment().get_template(template).render(root=ROOT.get(), visit=visit, **values)
    page = Response(body, media_type="text/html", headers={"Vary": "Accept"})
    page.raw_headers += POLICY
    return page


def look() -> str:
    """Return what shapes a page beside its address and its data, for its entity tag."""
    return f"{ROOT.get()} {VISIT.get().language}"


@cache
def assets() -> dict[str, Path]:
    """Return the files that pages load, by name."""
    return {path.name: path for path in _STATIC.iterdir() if path.is_file()}


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(assets()[name].read_bytes()).hexdigest()[:12]


def _address(name: str) -> str:
    """Return the address of a file that pages load, which changes with the file, so that it can be kept for long."""
    return f"{VISIT.get().site}/static/{name}?v={_digest(name)}"


def send_asset(name: str) -> Response:
    """Return a file that pages load; 404 where there is none."""
    if name not in assets():
        return Response("There is no such file.", 404, media_type="text/plain")
    kind = mimetypes.guess_type(name)[0]
    return Response(assets()[name].read_bytes(), media_type=kind, headers={"Cache-Control": "public, max-age=31536000"})
