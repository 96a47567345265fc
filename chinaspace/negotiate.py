"""Choose what a client takes best: media types and codings, by RFC 9110, section 12."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

_CODINGS = ("br", "gzip")
# Longer headers than this have no honest use; what is cut off of one is not looked at.
_LONGEST = 2000


@lru_cache(maxsize=512)
def ranked(accept: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the media types *offered* that an Accept header takes, best first; all if it says nothing.

    A type gets the quality of the most specific range that holds it. Of equal
    quality the one that is named more exactly comes first, then the one that
    the client names first, then the one that is offered first.
    """
    if not accept.strip():
        return offered
    ranges = parse_accept_header(accept[:_LONGEST], MIMEAccept)
    places = [(place, *found) for place, one in enumerate(offered) if (found := _best(ranges, one))]
    places.sort(key=lambda found: (-found[2], found[1], found[0]))
    return tuple(offered[place] for place, _, _ in places)


def _best(ranges: MIMEAccept, media_type: str) -> tuple[int, float] | None:
    """Return the place and the quality of the most specific range that holds a media type, if it is to be had."""
    for place, (one, quality) in enumerate(ranges):
        wanted = one.partition(";")[0].strip().lower()
        if wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
            return (place, quality) if quality > 0 else None
    return None


@lru_cache(maxsize=512)
def coding(accept_encoding: str) -> str:
    """Return the coding that an Accept-Encoding header takes best: "br", "gzip", or "" for none."""
    wanted = parse_accept_header(accept_encoding[:_LONGEST], Accept)
    best = max(_CODINGS, key=wanted.quality)  # of equal ones the first
    return best if wanted.quality(best) > 0 and wanted.quality(best) >= wanted.quality("identity") else ""
