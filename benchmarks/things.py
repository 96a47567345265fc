"""Describe invented things: each a function of its class, its number and the seed, so that none has to be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TypeAlias
from zlib import crc32

from mix import CLAIMS, CONCEPTS, SHARE, SKEW, SKEW_OF_THINGS, THINGS

# A statement on a thing, in the words of Turtle; a subject with all of its statements is a block.
Pairs: TypeAlias = list[tuple[str, str]]

_SYLLABLES = ["ba", "lo", "mi", "ren", "ka", "tu", "sel", "vo", "na", "dri", "he", "go", "pia", "zun", "wa", "ferr"]
_SIGNS = "明舟云星河山海光风雷火石林玉泉月"
_NOUNS = ["dust", "wind", "ice", "tides", "rays", "storms", "crystals", "seeds", "echoes", "shadows"]
_MOST_COUNTRIES = 200
_TEXT_LENGTH = 200_000
_FIRST_DAY, _DAYS = date(2001, 1, 1), 25 * 365
_FIRST_SOURCE, _FIRST_EVENT = date(2014, 3, 1), date(2020, 6, 15)


def words(number: int) -> str:
    """Return a few invented English words with a number, without quotation marks."""
    return f"study {number} of {_NOUNS[number % 10]} and {_NOUNS[number // 10 % 10]}"


class World:
    """How many things of each class there are beside so many claims, and what is said of each.

    *draw* is what gives numbers from 0 to 1 for the choices that are made in passing.
    """

    def __init__(self, claims: int, seed: int, draw: Callable[[], float]) -> None:
        """Count the things that go with *claims*."""
        self._seed, self.draw = seed, draw
        self._taken: set[str] = set()
        self._kinds: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        for part in THINGS.split(";"):
            kind, name, count = part.split()
            self._kinds[name] = kind
            self._counts[name] = max(3, round(int(count) * claims / CLAIMS))
        self._counts["Country"] = min(self._counts["Country"], _MOST_COUNTRIES)

    def count(self, name: str) -> int:
        """Return how many things of a class there are."""
        return self._counts[name]

    def fixed(self, *key: object) -> float:
        """Return a number from 0 to 1 that is always the same for *key*."""
        return crc32(repr((self._seed, *key)).encode()) / 2**32

    def thing(self, name: str, number: int) -> str:
        """Return the name of a thing."""
        kind, narrow = self._kinds[name], name.lower()
        return f"csd:{kind}-{'' if narrow == kind else narrow + '-'}{number % self._counts[name] + 1}"

    def pick(self, name: str, skew: float | None = None) -> int:
        """Choose a thing of a class; those with small numbers are chosen more often."""
        if skew is None:
            skew = SKEW.get(name, SKEW_OF_THINGS)
        # The bounded Pareto distribution, whose inverse needs no table.
        most = (self._counts[name] + 1) ** (1 - skew)
        return int((1 + self.draw() * (most - 1)) ** (1 / (1 - skew))) - 1

    def chance(self, name: str) -> bool:
        """Tell whether what happens in a share of the cases happens now; the first time it always does."""
        if name not in self._taken:
            self._taken.add(name)
            return True
        return self.draw() < SHARE[name]

    def choose(self, name: str, among: float | None = None) -> str:
        """Return the word of a list that a number from 0 to 1 stands for; any if there is none."""
        among = self.draw() if among is None else among
        return next((word for word, up_to in CONCEPTS[name] if among <= up_to), CONCEPTS[name][-1][0])

    def day(self, name: str, number: int) -> date:
        """Return the day on which something happened, from 2001 to 2025."""
        if number == 0:  # what is planned in the first source happens later
            return _FIRST_SOURCE if name == "Source" else _FIRST_EVENT
        return _FIRST_DAY + timedelta(days=int(self.fixed("day", name, number) * _DAYS))

    def issued(self, source: int) -> date:
        """Return the day of a source; catalogues are newer than all that they tell of."""
        return date(2026, 1, 1 + source % 28) if self.is_catalogue(source) else self.day("Source", source)

    def is_catalogue(self, source: int) -> bool:
        """Tell whether the claims of a source have a locator; of the three greatest the last."""
        return source == 2 or (source > 2 and self.fixed("catalogue", source) < SHARE["catalogue"])

    def text_length(self, source: int) -> int:
        """Return the length of a source's text in Unicode code points."""
        return _TEXT_LENGTH + int(self.fixed("length", source) * _TEXT_LENGTH)

    def label(self, name: str, number: int) -> str:
        """Return the English name of a thing."""
        letters = int(self.fixed("label", name, number) * 2**24)
        first = "".join(_SYLLABLES[letters >> shift & 15] for shift in (0, 4, 8)).capitalize()
        return f"{first} {number + 1}" if name == "Person" else f"{first} {name.lower()} {number + 1}"

    def describe(self) -> Iterator[tuple[str, Pairs]]:
        """Yield a block for each thing."""
        for name, count in self._counts.items():
            for number in range(count):
                pairs = [("a", f"cs:{name}"), ("rdfs:label", f'"{self.label(name, number)}"@en')]
                if name != "Source":
                    letters = int(self.fixed("sign", name, number) * 2**12)
                    signs = "".join(_SIGNS[letters >> shift & 15] for shift in (0, 4, 8))
                    pairs.append(("rdfs:label", f'"{signs}{number + 1}"@zh-Hans'))
                if number % 3 == 0:
                    pairs.append(("skos:altLabel", f'"{name[:2].upper()}-{number + 1}"@en'))
                yield self.thing(name, number), pairs + self._more(name, number)

    def _more(self, name: str, number: int) -> Pairs:
        makers = {
            "Country": self._country,
            "Source": self._source,
            "Cooperation": self._arrangement,
            "Agreement": self._arrangement,
            "Figure": self._figure,
            "Ranking": self._figure,
            "Cost": self._figure,
        }
        if name in makers:
            return makers[name](name, number)
        if name == "Policy":
            return [("cs:policyField", self._concept("policyField", name, number))]
        if name == "Office":
            return [("cs:officeOf", self.thing("Agency", number))]
        if name in ("Publisher", "Person", "Group"):
            voice = "cs:press" if name == "Publisher" else self._concept("voice", name, number)
            return [*self._home(name, number), ("cs:voice", voice)]
        return self._home(name, number) if self._kinds[name] == "institution" else []

    def _country(self, name: str, number: int) -> Pairs:
        return [("skos:editorialNote", '"An invented country."@en')]

    def _home(self, name: str, number: int) -> Pairs:
        """Return the country of an actor, which some have."""
        if name == "Person" or self.fixed("home", name, number) > 0.5:
            return []
        return [("cs:country", self.thing("Country", int(self.fixed("of", name, number) ** 3 * self.count("Country"))))]

    def _concept(self, scheme: str, name: str, number: int) -> str:
        """Return a concept for a thing: for the first things the first of the list, so that a small graph has them."""
        if number < 3:
            return "cs:" + CONCEPTS[scheme][number][0]
        return "cs:" + self.choose(scheme, self.fixed(scheme, name, number))

    def _source(self, name: str, number: int) -> Pairs:
        catalogue = self.is_catalogue(number)
        day, slug = self.issued(number).isoformat(), self.thing(name, number)[4:]
        issued = f'"{day[:7]}"^^edtf:EDTF' if number % 4 == 3 and not catalogue else f'"{day}"^^xsd:date'
        standing = self._concept("sourceStanding", name, number)
        pairs = [
            ("dcterms:issued", issued),
            ("dcterms:publisher", self.thing("Publisher", number)),
            ("dcterms:title", f'"{self.label(name, number)}"@en'),
            ("schema:url", f'"https://{slug}.example/text"^^xsd:anyURI'),
            ("cs:dateBasis", '"Printed on the text."@en'),
            ("cs:publisherCountry", self.thing("Country", number)),
            ("cs:sourceKind", "cs:catalogue" if catalogue else self._concept("sourceKind", name, number)),
            ("cs:sourceStanding", "cs:catalogueStanding" if catalogue else standing),
        ]
        if not catalogue:
            pairs.append(("cs:textDigest", f'"{digest(self._seed, slug)}"'))
            pairs.append(("cs:textLength", str(self.text_length(number))))
        return pairs

    def _arrangement(self, name: str, number: int) -> Pairs:
        about, which = self.choose("cooperationSubject", self.fixed("on", name, number)), self.fixed("which", number)
        if number < 3:
            about, which = "Satellite", 0
        pairs = [
            ("cs:cooperationField", self._concept("cooperationField", name, number)),
            ("cs:cooperationKind", self._concept("cooperationKind", name, number)),
            ("cs:cooperationSubject", self.thing(about, int(which * self.count(about)))),
        ]
        if self.fixed("collective", name, number) < SHARE["isCollective"]:
            pairs.append(("cs:isCollective", "true"))
        return pairs

    def _figure(self, name: str, number: int) -> Pairs:
        pairs = [("cs:figureOf", self.thing("Mission", number))]
        if name == "Cost":
            return [*pairs, ("cs:costKind", self._concept("costKind", name, number))]
        if name == "Ranking":
            pairs.append(("cs:rankingScope", self.thing("Country", number)))
        return [*pairs, ("cs:countedUnit", f'"{_NOUNS[number % 10]}"@en')]


def digest(*key: object) -> str:
    """Return a digest that is always the same for *key*; it is of no text."""
    return "sha256:" + "".join(f"{crc32(repr((part, *key)).encode()):08x}" for part in range(8))
