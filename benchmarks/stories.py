"""Tell invented claims on invented things, in stories: plans and outcomes, conflicts, allegations and denials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

from claims import Claim, write_date
from mix import SHARE, SKEW_OF_FACTS, STATEMENTS, Statement
from things import World, words

# A claim in so many gives a functional property a value that is not the right one.
_WRONG = 0.06


class Teller:
    """Tells claims without end."""

    def __init__(self, world: World) -> None:
        """Tell claims on the things of *world*."""
        self._world, self._draw, self._count = world, world.draw, 0

    def tell(self) -> Iterator[Claim]:
        """Yield claims: first one of each property, on the first things, then as the mix has it."""
        for told in STATEMENTS:
            subject = (1 if told.predicate == "party" else 2) if told.subject == "Cooperation" else 0
            yield from self._story(told, subject, first=True)
        total = sum(told.uses for told in STATEMENTS)
        shares = [up_to / total for up_to in accumulate(told.uses for told in STATEMENTS)]
        while True:
            if self._draw() > SHARE["triple"]:
                yield self._untold()
                continue
            among = self._draw()
            told = next((one for one, up_to in zip(STATEMENTS, shares, strict=True) if among <= up_to), STATEMENTS[0])
            skew = SKEW_OF_FACTS if told.functional else None
            yield from self._story(told, self._world.pick(told.subject, skew))

    def _story(self, told: Statement, subject: int, first: bool = False) -> Iterator[Claim]:
        """Yield a claim and those that answer it."""
        if told.value == "date" and (first or self._draw() < told.planned):
            yield from self._plan(told, subject, first)
            return
        source = 0 if first else self._world.pick("Source")
        planned = told.value != "date" and (told.planned > 0.5 if first else self._draw() < told.planned)
        modality = "planned" if planned else "asserted" if first else self._world.choose("modality")
        wrong = not first and self._draw() < _WRONG
        value = self._value(told, subject, 0 if first else None, wrong)
        claim = self._new(source, modality, told, subject, value)
        yield claim
        # A small graph has, of its first launch, a conflict about the vehicle and an agreement about the site.
        if modality == "asserted" and (self._world.chance("confirms") or (first and told.predicate == "launchSite")):
            yield self._answer(claim, "confirms", self._other_source(source), "asserted", value)
        if self._world.chance("contradicts") or (first and told.predicate == "launchVehicle"):
            yield self._contradiction(claim)
        if modality == "alleged" and self._world.chance("denied"):
            yield self._answer(claim, "denies", self._world.pick("Source"), "denied", value)

    def _contradiction(self, claim: Claim) -> Claim:
        """Return a claim that gives another value, which sometimes is preferred."""
        assert claim.told is not None
        value = self._value(claim.told, claim.subject, None, wrong=True)
        answer = self._answer(claim, "contradicts", self._world.pick("Source"), claim.modality, value)
        person = 2 if claim.number < len(STATEMENTS) else self._world.pick("Person")
        answer = replace(answer, speaker=("Person", person))
        if claim.told.functional and claim.modality == "asserted" and self._world.chance("ranked"):
            rule = "cs:" + self._world.choose("rankRule")
            ranked = (
                ("cs:rank", "cs:preferred"),
                ("cs:rankReason", '"It was written nearer to the event."@en'),
                ("cs:rankRule", rule),
            )
            answer = replace(answer, more=(*answer.more, *ranked))
        return answer

    def _plan(self, told: Statement, subject: int, first: bool) -> Iterator[Claim]:
        """Yield a plan for a date, perhaps a newer plan, and perhaps the outcome; an outcome alone if all is past."""
        world, day = self._world, self._world.day(told.subject, subject)
        source = 0 if first else next((one for one in self._sources() if world.issued(one) < day), None)
        if source is None:
            late = world.pick("Source")
            yield self._new(late, "asserted", told, subject, self._value(told, subject, None, self._draw() < _WRONG))
            return
        plan = self._new(source, "planned", told, subject, self._promise(world.issued(source), day))
        yield plan
        newer = next((one for one in self._sources() if world.issued(source) < world.issued(one) < day), None)
        if newer is not None and self._world.chance("superseded"):
            promise = self._promise(world.issued(newer), day)
            plan = self._answer(plan, "supersedes", newer, "planned", promise)
            yield plan
        if self._world.chance("resolved"):
            yield self._answer(plan, "resolves", 2, "asserted", self._value(told, subject, None, wrong=False))

    def _other_source(self, source: int) -> int:
        other = self._world.pick("Source")
        return other if other != source else source + 1

    def _sources(self) -> Iterator[int]:
        return (self._world.pick("Source") for _ in range(8))

    def _promise(self, said: date, day: date) -> str:
        """Return a date that is planned on the day *said* for what will happen on *day*, mostly too early."""
        planned = said + (day - said) * (0.3 + 0.8 * self._draw())
        return write_date(self._world.choose("planned"), planned)

    def _untold(self) -> Claim:
        return self._new(self._world.pick("Source"), self._world.choose("untold"))

    def _new(
        self, source: int, modality: str, told: Statement | None = None, subject: int = 0, value: str = ""
    ) -> Claim:
        self._count += 1
        # The publisher speaks, or whoever is quoted; a source has few of those.
        kind = "Publisher" if self._draw() < 0.6 else self._world.choose("speaker")
        number = source if kind == "Publisher" else source * 3 + int(self._draw() * 3)
        return Claim(self._count, source, (kind, number), modality, told, subject, value)

    def _answer(self, claim: Claim, link: str, source: int, modality: str, value: str) -> Claim:
        """Return a claim on the same thing and property that is linked to *claim*."""
        answer = self._new(source, modality, claim.told, claim.subject, value)
        return replace(answer, more=((f"cs:{link}", claim.name),))

    def _value(self, told: Statement, subject: int, number: int | None, wrong: bool) -> str:
        """Return the object of a statement: for a functional property always the same, unless it is *wrong*."""
        world, among = self._world, self._world.fixed(told.predicate, subject) if told.functional else self._draw()
        shift = 1 + int(self._draw() * 400) if wrong else 0
        if told.value == "date":
            known = "day" if wrong else world.choose("known")
            return write_date(known, world.day(told.subject, subject) + timedelta(days=shift))
        if told.value == "words":
            return f'"{words(int(among * 10**6))}"@en'
        if told.value == "text":
            return f'"{int(among * 100)}, {int(among * 10**4) % 100}"'
        if told.value == "truth":
            return "true" if (among < 0.5) != wrong else "false"
        if told.value == "whole":
            return str(1 + int(9 * among**3) + shift)
        if told.value == "decimal":
            return f"{int(among * 10**4) + 10**4 * shift}.5"
        if told.value[0].islower():
            return "cs:" + world.choose(told.value, 1.0 if wrong else among)
        other = self._other(told, subject, number, among)
        other += 1 + shift % (world.count(told.value) - 1) if wrong else 0
        # Nothing is said to be of itself.
        found = world.thing(told.value, other)
        return found if found != world.thing(told.subject, subject) else world.thing(told.value, other + 1)

    def _other(self, told: Statement, subject: int, number: int | None, among: float) -> int:
        """Return the number of the thing that is the object."""
        if told.predicate in ("launches", "usesSpacecraft", "eventOf"):
            return subject  # so that the date of a launch is found from its mission and its spacecraft
        if told.predicate in ("sameThingAs", "partOf", "similarTo"):
            return subject + 1
        if told.functional:
            return int(among * self._world.count(told.value))
        return self._world.pick(told.value) if number is None else number
