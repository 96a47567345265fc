"""What the saved queries are asked for where they cannot be asked without, or take too long."""

from __future__ import annotations

# What a query is asked for, where it cannot be asked without: of the world, and of the real graph.
OF_THE_WORLD = {
    "claim-passages": {"source": "source-gazette-2020"},
    "one-side-on-another": {"speaker": "country-south", "target": "country-north"},
    "who-said-what": {"thing": "mission-lamp-1"},
}
OF_THE_GRAPH = {
    "one-side-on-another": {"speaker": "country-usa", "target": "country-china"},
    "who-said-what": {"thing": "mission-change-6"},
}
# rdflib's engine takes minutes for these over the whole graph, so it is asked about a part of it.
OF_A_PART = {
    "as-of": {"day": "2022-12-31", "thing": "launch-mengtian"},
    "cooperation-network": {"partner": "country-pakistan"},
    "corroborated-facts": {"thing": "launch-mengtian"},
    "delivery-by-institution": {"institution": "institution-esa"},
    "facts": {"thing": "launch-change-5"},
    "one-side-on-another": {"speaker": "country-russia", "target": "country-china"},
    "partners": {"partner": "country-pakistan"},
    "partners-by-country": {"field": "cs:deepSpaceField"},
    "payload-partners": {"subject": "mission-change-4"},
    "places": {"kind": "cs:LaunchSite"},
    "plans-as-of": {"day": "2017-12-31", "thing": "launch-change-5"},
    "single-source-facts": {"thing": "launch-change-5"},
    "slips": {"thing": "launch-change-5"},
    "things": {"kind": "cs:LaunchSite"},
}
