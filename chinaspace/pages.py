"""Render pages and problem reports; templates escape whatever they are given."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from jinja2 import Environment, PackageLoader
from rdflib_endpoint.utils import parse_accept_header

# Pages run no script and load nothing, so the policy can be the strictest there is.
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def accepted(request: Request) -> list[str]:
    """Return the media types that a request accepts, best first; none if it does not say."""
    return [media_type for media_type in parse_accept_header(request.headers.get("accept", "")) if media_type]


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("chinaspace"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def render(template: str, **values: Any) -> Response:
    """Return a page made from a template of this package."""
    body = _environment().get_template(template).render(**values)
    return Response(body, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


def style() -> str:
    """Return the one style sheet."""
    return _environment().get_template("style.css").render()


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Return a problem report in the form of RFC 9457, with *more* members that help to mend it."""
    return JSONResponse(
        {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more},
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )
