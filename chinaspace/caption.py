"""Caption terms: what a page calls them, in the language of the visit and in the other script."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from markupsafe import Markup, escape

from chinaspace.lead import lead
from chinaspace.lookup import Row, look_up, lookup
from chinaspace.moment import moment
from chinaspace.names import DCTERMS, OWL, RDF, SKOS, shorten
from chinaspace.serving import Serving
from chinaspace.translate import translate
from chinaspace.visit import VISIT

# So many IRIs a query, which must not become longer than the engine takes.
_AT_ONCE = 400


class Captions:
    """The labels of things; one that has none is called by its short name."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Take over *rows*, each with a "thing" and a "label"."""
        self._labels: dict[str, dict[str, str]] = {}
        # The same few speakers and sources stand on a page over and over.
        self._links: dict[object, Markup] = {}
        for row in rows:
            thing, label = row["thing"], row["label"]
            if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
                # Oxigraph writes the tags of languages in lower case.
                self._labels.setdefault(thing.value, {}).setdefault((label.language or "").lower(), label.value)
        for iri, called in _others().items():
            self._labels.setdefault(iri, {VISIT.get().tag.lower(): called})

    def __call__(self, term: object) -> str:
        """Return what to call *term* in the language of the visit, or else in English, or else in any."""
        if isinstance(term, ox.Literal):
            return term.value
        if not isinstance(term, ox.NamedNode):
            return str(term)
        labels = self._labels.get(term.value, {})
        for tag in (VISIT.get().tag.lower(), "en", "", *sorted(labels)):
            if tag in labels:
                return labels[tag]
        return shorten(term.value).removeprefix("csd:")

    def language(self, term: object) -> str:
        """Return the tag of the language of a caption where it is not that of the page, else ""."""
        own = VISIT.get().tag.lower()
        if isinstance(term, ox.Literal):
            return term.language if term.language and term.language.lower() != own else ""
        labels = self._labels.get(term.value, {}) if isinstance(term, ox.NamedNode) else {}
        return "en" if own != "en" and own not in labels and "en" in labels else ""

    def link(self, term: object) -> Markup:
        """Return the caption of *term* as HTML, in a link where there is a page to lead to; dates stand in words."""
        if term not in self._links:
            address, language, name = lead(term), self.language(term), self(term)
            tongue = Markup(' lang="{}"').format(language) if language else ""
            if address:
                self._links[term] = Markup('<a href="{}"{}>{}</a>').format(address, tongue, name)
            elif tongue:
                self._links[term] = Markup("<span{}>{}</span>").format(tongue, name)
            else:
                self._links[term] = escape(moment(name))
        return self._links[term]

    def links(self, terms: Iterable[object]) -> Markup:
        """Return several captions with commas between them."""
        return Markup(", ").join(map(self.link, terms))

    def all(self, term: ox.NamedNode) -> dict[str, str]:
        """Return the labels of *term* by language, English first."""
        labels = self._labels.get(term.value, {})
        return dict(sorted(labels.items(), key=lambda found: (found[0] != "en", found[0])))


def _others() -> dict[str, str]:
    """Return what to call the terms of other vocabularies, which the graph does not describe."""
    return {
        RDF + "subject": translate("subject"),
        RDF + "predicate": translate("property"),
        RDF + "object": translate("value"),
        SKOS + "editorialNote": translate("editors' note"),
        SKOS + "note": translate("note"),
        SKOS + "definition": translate("definition"),
        DCTERMS + "creator": translate("author"),
        DCTERMS + "publisher": translate("publisher"),
        DCTERMS + "title": translate("title"),
        DCTERMS + "issued": translate("date of publication"),
        DCTERMS + "extent": translate("extent"),
        DCTERMS + "language": translate("language"),
        DCTERMS + "license": translate("licence"),
        OWL + "differentFrom": translate("not the same as"),
        OWL + "deprecated": translate("no longer used"),
    }


async def caption(serving: Serving, client: str, terms: Iterable[object]) -> Captions:
    """Return captions for those of *terms* that are IRIs.

    Raises:
        ChinaSpaceError: as for :func:`chinaspace.lookup.look_up`.
    """
    iris = sorted({term.value for term in terms if isinstance(term, ox.NamedNode)})
    parts = [iris[start : start + _AT_ONCE] for start in range(0, len(iris), _AT_ONCE)]
    queries = [lookup("labels", thing=[ox.NamedNode(iri) for iri in part]) for part in parts]
    return Captions(row for rows in await look_up(serving, client, *queries) for row in rows)
