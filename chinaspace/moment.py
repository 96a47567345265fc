"""Say a date in words: an ISO date or time, or one of the commoner forms of EDTF; any other stays as it is."""

from __future__ import annotations

import re

from chinaspace.translate import translate

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::[\d.]+)?(?:Z|\+00:00)")
_BEGIN, _END = re.compile(r"([^/]+)/(?:\.\.)?"), re.compile(r"(?:\.\.)?/([^/]+)")
_SPAN = re.compile(r"([^/.]+)/([^/.]+)")
_ABOUT = re.compile(r"([^~?%/]+)[~?%]")
_DECADE, _CENTURY = re.compile(r"(\d{3})X"), re.compile(r"(\d\d)XX")
# Whatever else a text is, it is no date.
_DATE = re.compile(r"(?:\.\./|/)?\d\d[\dX][\dX][0-9X.TZ:+~?%/-]*", re.ASCII)


def moment(value: object) -> str:
    """Return what *value* says, in the language of the visit."""
    text = str(getattr(value, "value", value) or "")
    if not _DATE.fullmatch(text):
        return text
    for form, words in _forms():
        if found := form.fullmatch(text):
            parts = [moment(part) if form in (_SPAN, _BEGIN, _END) else part for part in found.groups()]
            return words % {"one": parts[0], "other": parts[-1]}
    return text


def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what a date can look like, with what it says then."""
    return (
        (_TIME, translate("%(one)s, %(other)s UTC")),
        (_SPAN, translate("%(one)s to %(other)s")),
        (_BEGIN, translate("%(one)s or later")),
        (_END, translate("%(one)s or before")),
        (_ABOUT, translate("about %(one)s")),
        (_DECADE, translate("%(one)s0s")),
        (_CENTURY, translate("%(one)s00s")),
    )
