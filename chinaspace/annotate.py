"""Annotate a page for search engines: what it is about, as schema.org in JSON-LD."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from chinaspace.lead import leads_out
from chinaspace.names import CS, DCTERMS, SCHEMA, SKOS
from chinaspace.portray import Portrait

_KEYS = {f"{SCHEMA}url": "url", f"{DCTERMS}issued": "datePublished", f"{DCTERMS}title": "headline"}
# Of several types the first that fits, since a search engine takes one; a Claim is one to schema.org as well.
_TYPES = (
    *("Country", "Person", "Event", "Legislation", "Dataset", "MonetaryAmount", "CollegeOrUniversity"),
    *("GovernmentOrganization", "Corporation", "Organization", "Place", "CreativeWork"),
)


def annotate(found: Portrait) -> dict[str, Any]:
    """Return the description of a thing, whatever else its page shows."""
    itself = found.itself
    kind = next((name for name in _TYPES if SCHEMA + name in found.classes), "Thing")
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Claim" if itself else kind,
        "@id": found.thing.value,
        "name": itself.text("gist") if itself else found.captions(found.thing),
    }
    others = [label for label in found.captions.all(found.thing).values() if label != said["name"]]
    others += [term.value for term in found.of(f"{SKOS}altLabel") if isinstance(term, ox.Literal)]
    same = [term.value for term in found.of(f"{SKOS}exactMatch") if isinstance(term, ox.NamedNode)]
    said |= {"alternateName": sorted(set(others))} if others else {}
    said |= {"sameAs": [address for address in same if leads_out(address)]} if same else {}
    if itself:
        said |= _of_a_claim(found)
    for name, key in _KEYS.items():
        values = [term.value for term in found.of(name) if isinstance(term, ox.Literal | ox.NamedNode)]
        if values and (key != "url" or leads_out(values[0])):
            said[key] = values[0]
    return said


def _of_a_claim(found: Portrait) -> dict[str, Any]:
    itself = found.itself
    assert itself is not None
    speakers = [
        {"@type": "Thing", "@id": speaker.value, "name": found.captions(speaker)}
        for speaker in itself.several("statedBy")
        if isinstance(speaker, ox.NamedNode)
    ]
    source = itself.one("source")
    said: dict[str, Any] = {"author": speakers, "datePublished": itself.text("statedOn")}
    if isinstance(source, ox.NamedNode):
        appearance = {"@type": "CreativeWork", "@id": source.value, "name": found.captions(source)}
        said["appearance"] = appearance | ({"url": itself.passage} if itself.passage else {})
    subject = itself.one("subject")
    if isinstance(subject, ox.NamedNode):
        said["about"] = {"@id": subject.value, "name": found.captions(subject)}
    said["additionalType"] = CS + itself.modality
    return said
