"""Render pages; templates escape whatever they are given."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from typing import Any

from fastapi.responses import Response
from jinja2 import Environment, PackageLoader

# Pages run no script and load nothing, so the policy can be the strictest there is.
POLICY = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
)

# The path below which a proxy offers this server, without a slash at its end.
ROOT: ContextVar[str] = ContextVar("ROOT", default="")


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("chinaspace"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def render(template: str, **values: Any) -> Response:
    """Return a page made from a template of this package, with links below the root of this request."""
    body = _environment().get_template(template).render(root=ROOT.get(), **values)
    page = Response(body, media_type="text/html", headers={"Vary": "Accept"})
    page.raw_headers += POLICY
    return page


def style() -> str:
    """Return the one style sheet."""
    return _environment().get_template("style.css").render()
