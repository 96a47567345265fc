"""Propose links to other data sets, and keep what is decided on them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chinaspace.errors import DatasetError
from chinaspace.exits import UNKNOWN, stop

if TYPE_CHECKING:
    from chinaspace.decide import Decided, Decision
    from chinaspace.match import Thing
    from chinaspace.propose import Proposal

# What is typed to decide on a proposal.
_ANSWERS = "accept, reject, later or quit [a/r/l/q]"
link = typer.Typer(
    help="Propose links to Wikidata and other data sets, from files at hand or from services.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
)


class LinkFormat(StrEnum):
    """The forms in which proposals are printed."""

    TABLE = "table"
    JSON = "json"


From = Annotated[
    list[Path] | None, typer.Option("--from", help="File or folder with items and their names; repeat for more.")
]
Services = Annotated[list[str] | None, typer.Option(help="Address of a reconciliation service; repeat for more.")]
Endpoints = Annotated[list[str] | None, typer.Option(help="Address of a SPARQL endpoint; repeat for more.")]
Seconds = Annotated[float, typer.Option(min=1, max=600, help="Seconds that a service has for an answer.")]
Slugs = Annotated[list[str] | None, typer.Option(help="Only this thing, by its slug; repeat for more.")]
Kinds = Annotated[list[str] | None, typer.Option(help="Only things of this class, as Mission; repeat for more.")]
To = Annotated[str, typer.Option(help="The data set to link to: wikidata or ror.")]
Auto = Annotated[float | None, typer.Option(min=0, max=1, help="Accept what scores so much, from 0 to 1, unasked.")]
Review = Annotated[bool, typer.Option("--review", help="Decide on each proposal in the terminal.")]
Again = Annotated[bool, typer.Option("--again", help="Propose also for what is linked or was refused.")]
Least = Annotated[float, typer.Option(min=0, max=1, help="Show nothing below this score.")]
Form = Annotated[LinkFormat, typer.Option("--format", help="Form of the list.")]
Folder = Annotated[Path | None, typer.Option(help="Folder of the mapping sets; data/links by default.")]


@link.callback()
def propose_links(
    context: typer.Context,
    source: From = None,
    service: Services = None,
    endpoint: Endpoints = None,
    thing: Slugs = None,
    kind: Kinds = None,
    to: To = "wikidata",
    auto: Auto = None,
    review: Review = False,
    again: Again = False,
    least: Least = 0.75,
    form: Form = LinkFormat.TABLE,
    timeout: Seconds = 30,
    links: Folder = None,
) -> None:
    """Propose links: list them, decide on them with --review, or accept the sure ones with --auto."""
    if context.invoked_subcommand:
        return
    from chinaspace.decide import Decided
    from chinaspace.paths import home

    decided = Decided(links or home() / "data" / "links")
    known = _enlist()
    things = _wanted(known, thing or [], kind or [])
    offers, unasked = _offers(things, source, service or [], endpoint or [], timeout)
    found = _propose(known, offers, to, None if again else decided)
    asked_for = {one.id for one in things}
    shown = [one for one in found if one.thing.id in asked_for and one.score >= 100 * least]
    if review or auto is not None:
        _keep(decided, list(_ask(shown)) if auto is None else _accept(shown, auto))
    else:
        _show(shown, form)
    for line in unasked:
        print(f"Not asked: {line}", file=sys.stderr if form is LinkFormat.JSON else sys.stdout)
    if unasked:
        stop(UNKNOWN)


def _enlist() -> list[Thing]:
    from chinaspace.enlist import enlist
    from chinaspace.store import open_store, solve

    served = open_store()
    return enlist(lambda query: solve(served, query))


def _propose(known: list[Thing], offers: list[Thing], to: str, decided: Decided | None) -> list[Proposal]:
    """Return what is proposed: all things compete for an item, so that it goes to the one that it fits best."""
    from chinaspace.decide import data_set
    from chinaspace.match import Index
    from chinaspace.propose import propose

    index = Index(one for one in offers if data_set(one.id) == to)
    return propose(known, index, decided.refuses) if decided else propose(known, index)


def _accept(proposals: list[Proposal], score: float) -> list[Decision]:
    from chinaspace.decide import Decision

    return [Decision(one, True) for one in proposals if one.score >= 100 * score]


def _wanted(known: list[Thing], slugs: list[str], kinds: list[str]) -> list[Thing]:
    from chinaspace.names import expand

    iris = {expand(slug) for slug in slugs}
    if missing := sorted(iris - {one.id for one in known}):
        raise DatasetError(f"{missing[0]} is no thing of the graph. Give a slug such as mission-change-6.")
    wanted = {name.removeprefix("cs:") for name in kinds}
    return [one for one in known if (not iris or one.id in iris) and (not wanted or one.kinds & wanted)]


def _offers(
    things: list[Thing], files: list[Path] | None, services: list[str], endpoints: list[str], seconds: float
) -> tuple[list[Thing], list[str]]:
    """Return the items that are offered, and what could not be asked."""
    from chinaspace.errors import BusyError, DeadlineError, QueryError, RemoteError
    from chinaspace.inquire import ask_endpoint, ask_service
    from chinaspace.offers import classes_of, offers_folder, read_offers

    offers: list[Thing] = []
    unasked: list[str] = []
    if files or not (services or endpoints):
        offers += read_offers(files or [offers_folder()])
    kinds = classes_of() if services or endpoints else {}
    asking = [(address, ask_service(address, things, seconds, kinds)) for address in services]
    asking += [(address, ask_endpoint(address, things, seconds, kinds)) for address in endpoints]
    for address, found in asking:
        try:
            offers += found
        except (BusyError, DeadlineError, QueryError, RemoteError) as error:
            unasked.append(f"{address}: {error}")
    return offers, unasked


def _ask(proposals: Iterable[Proposal]) -> Iterable[Decision]:
    """Yield what is decided on each proposal in the terminal."""
    from chinaspace.decide import Decision

    for proposal in proposals:
        _print(proposal)
        answer = ""
        while answer[:1] not in ("a", "r", "l", "q"):
            answer = typer.prompt(_ANSWERS, default="later").strip().lower()
        if answer[0] == "q":
            return
        if answer[0] == "a":
            yield Decision(proposal, True, by_hand=True)
        if answer[0] == "r":
            yield Decision(proposal, False, typer.prompt("because").strip(), by_hand=True)


def _keep(decided: Decided, decisions: list[Decision]) -> None:
    for path in decided.keep(decisions, date.today().isoformat()):
        print(f"{path} was written.")
    if decisions:
        accepted = sum(decision.accepted for decision in decisions)
        print(f"{accepted} links accepted, {len(decisions) - accepted} refused.")


def _show(proposals: list[Proposal], form: LinkFormat) -> None:
    import json

    if form is LinkFormat.JSON:
        rows = [
            {
                "thing": one.thing.id,
                "label": one.thing.label,
                "item": one.item.id,
                "itemLabel": one.item.label,
                "score": one.score / 100,
                "reasons": one.reasons,
            }
            for one in proposals
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in proposals:
        _print(one)
    print(f"{len(proposals)} links are proposed; decide on them with --review, or take the sure ones with --auto 0.95.")


def _print(proposal: Proposal) -> None:
    from chinaspace.names import shorten

    thing, item = proposal.thing, proposal.item
    print(f"{proposal.score / 100:.3f}  {shorten(thing.id)} ({thing.label}) = {shorten(item.id)} ({item.label})")
    for reason in proposal.reasons:
        print(f"       {reason}")
