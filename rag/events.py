"""The events and terms of office that people date news by ("since Brexit"), from the table `events.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rag.years import US_FISCAL_START, Period, fold

TABLE = Path(__file__).parent / "events.toml"
DEFAULT_COUNTRY = "US"  # where a question names none: what most questions in English about immigration are about
COMING = timedelta(days=183)  # "before the election" may mean one to come, but none further off
ONE_DAY = timedelta(days=1)

Kind = Literal["event", "election", "office"]
_WHEN = (
    r"\b(?P<when>since|after|following|before|prior\s+to|until|till|during|amid|under|post|pre|desde|durante|antes\s+de"
    r"|despues\s+de)(?:\s+|-)(?:(?:the|la|el|last|latest|most\s+recent|recent|previous)\s+)*"
)
_BEFORE = {"before", "prior to", "until", "till", "pre", "antes de"}
_AFTER = {"after", "following", "post", "despues de"}
_DURING = {"during", "amid", "under", "durante"}
_EDGE = (
    r"(?:(?P<edge>end|fin|expiration|expiry|lifting|start|beginning|outbreak|inicio)\s+(?:of|del?)\s+"
    r"(?:(?:the|la|el)\s+)?)?"
)
# What is said of an event, by which its end is meant; anything else behind it must not be a verb of another story.
_PHASE = (
    r"(?:\s+(?P<ended>ends|ended|expire[sd]|ran\s+out|(?:is|was)\s+over|(?:was\s+)?lifted|was\s+(?:ended|scrapped"
    r"|cancelled|canceled|dropped|terminated))|\s+(?:began|started|hit|broke\s+out|happened|launched|took\s+effect"
    r"|came\s+in(?:to\s+(?:force|effect))?|passed|became\s+law|was\s+(?:passed|signed|adopted|approved|announced"
    r"|introduced|imposed|activated|created|launched)))?(?!\s+(?:is|was|were|are|has|had|will|would|can|ruling)\b)"
)
_ELECTION = (
    r"(?:(?P<year>(?:19|20)\d\d)\s+)?(?:(?!local|mayoral|state|council|leadership|school|primary|his|her|their|its|my|your)[\w.]+\s+){0,2}?"
    r"(?:elections?|elecciones)\b(?!\s+of\b)"
)
_IN_OFFICE = (
    r"(?:'s\s+(?:(?:first|second)\s+)?(?:term|presidency|premiership|inauguration|return|government)|\s+(?:"
    r"administration|presidency|premiership|government|era|years|took\s+(?:office|over|power)|entered\s+office"
    r"|(?:came|got|returned|was\s+voted)(?:\s+back)?(?:\s+(?:in|into|to)(?:\s+(?:office|power|the\s+white\s+house))?)?"
    r"|became\s+(?:president|prime\s+minister|pm|chancellor|leader|premier)|was\s+(?:sworn\s+in|inaugurated)))\b"
)
_TITLE = r"(?:(?:president|prime\s+minister|pm|chancellor|premier)\s+)?"
_IS_US = re.compile(r"US$|\b[Tt]he us$")  # the country; otherwise it is the pronoun
_ENDS = re.compile(r"\s*(?:[?.!,;)]|$)")


@dataclass(frozen=True)
class Event:
    """Something that news is dated by.

    Attributes:
        kind: an "office" is somebody's time in it, an "election" one of a whole country.
        country: ISO 3166 code or "EU"; "" for what concerns no single country.
        first: the day on which it began.
        last: the day on which it ended; None for what goes on.
        sources: where its days can be checked.
        names: as people write it behind "since" or "before"; for an office its holder's; none for an election.
    """

    kind: Kind
    country: str
    first: date
    last: date | None
    sources: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Country:
    """A country, the words by which questions name it, and the month in which its public financial year begins."""

    code: str
    fiscal_start: int
    words: tuple[str, ...]


class Dated(NamedTuple):
    """A time that a question gives by an event.

    Attributes:
        start: where its words begin, "since" included.
        end: behind its words.
        period: the days that are asked about.
        event: when the event itself was.
    """

    start: int
    end: int
    period: Period
    event: Period


class EventTable:
    """Finds events and countries in questions."""

    def __init__(self, events: Iterable[Event], countries: Iterable[Country]) -> None:
        self.events = tuple(events)
        self.countries = {country.code: country for country in countries}
        self._named: dict[str, list[Event]] = {}
        for event in self.events:
            for name in event.names:
                self._named.setdefault(name, []).append(event)
        self._codes = {word: country.code for country in self.countries.values() for word in country.words}
        self._codes |= {name: each[0].country for name, each in self._named.items() if each[0].kind == "office"}
        names = [name for name, each in self._named.items() if each[0].kind == "event"]
        holders = [name for name, each in self._named.items() if each[0].kind == "office"]
        self._dated = re.compile(
            rf"{_WHEN}(?:{_EDGE}(?P<event>{_any(names)})\b{_PHASE}"
            rf"|{_TITLE}(?P<holder>{_any(holders)})\b(?P<in_office>{_IN_OFFICE})?|(?P<election>{_ELECTION}))"
        )
        self._country = re.compile(rf"\b(?P<us>us)\b|(?<!\w)(?:{_any(self._codes)})(?!\w)")

    def country(self, question: str, near: int, default: str = DEFAULT_COUNTRY) -> str:
        """The code of the country that `question` names nearest to the character `near`."""
        named = [
            (abs(match.start() - near), "US" if match["us"] else self._codes[_plain(match[0])])
            for match in self._country.finditer(fold(question))
            if not match["us"] or _IS_US.search(question, max(0, match.start() - 4), match.end())
        ]
        return min(named)[1] if named else default

    def fiscal_start(self, question: str, near: int, default: str = DEFAULT_COUNTRY) -> int:
        """The month in which the fiscal year begins that `question` speaks of at the character `near`."""
        country = self.countries.get(self.country(question, near, default))
        return country.fiscal_start if country else US_FISCAL_START

    def find(self, question: str, day: date) -> Iterator[Dated]:
        """The times that `question`, asked on `day`, gives by events that had happened by then.

        An election up to half a year later counts too for "before" and "until".

        """
        for match in self._dated.finditer(fold(question)):
            when = _plain(match["when"])
            event = self._event(question, match, when, day)
            if event:
                meant = _phase(event, match)
                if period := _relative(when, meant, ongoing=event.kind == "event" or bool(match["in_office"])):
                    yield Dated(match.start(), match.end(), period, meant)

    def _event(self, question: str, match: re.Match[str], when: str, day: date) -> Event | None:
        """The latest of the events that `match` may mean."""
        if match["election"]:
            code = self.country(question, match.end())
            fitting = [event for event in self.events if event.kind == "election" and event.country == code]
            if match["year"]:
                fitting = [event for event in fitting if event.first.year == int(match["year"])]
            day += COMING if when in _BEFORE else timedelta()
        else:
            if match["holder"] and not match["in_office"] and not _stands_alone(match.string, match.end(), when):
                return None
            fitting = self._named[_plain(match["event"] or match["holder"])]
        return max((e for e in fitting if e.first <= day), key=lambda event: event.first, default=None)


@lru_cache(maxsize=1)
def event_table() -> EventTable:
    """The table that comes with the project."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    elections = [
        Event("election", row["country"], day, day, tuple(row["sources"]))
        for row in table["election"]
        for day in row["dates"]
    ]
    countries = [Country(row["code"], row["fiscal_start"], tuple(row["words"])) for row in table["country"]]
    offices = [_read("office", row) for row in table["office"]]
    return EventTable([*elections, *offices, *(_read("event", row) for row in table["event"])], countries)


def _read(kind: Kind, row: dict[str, Any]) -> Event:
    return Event(
        kind=kind,
        country=row.get("country", ""),
        first=row.get("date") or row["first"],
        last=row.get("date") or row.get("last"),
        sources=tuple(row["sources"]),
        names=tuple(row["names"]),
    )


def _stands_alone(question: str, end: int, when: str) -> bool:
    """Whether a name that ends there means its holder's time: "since Trump?", but not "since Trump signed"."""
    return bool(_ENDS.match(question, end)) or (when in _DURING and question[end] != "'")


def _phase(event: Event, match: re.Match[str]) -> Period:
    """The event, or only its first or last day where that is spoken of; without days for an end yet to come."""
    edge = _plain(match["edge"] or "")
    if match["ended"] or edge in {"end", "fin", "expiration", "expiry", "lifting"}:
        return Period(event.last, event.last)
    return Period(event.first, event.first) if edge else Period(event.first, event.last)


def _relative(when: str, meant: Period, *, ongoing: bool) -> Period | None:
    """The days that a word like "since" makes of what is meant; None for what hasn't come yet."""
    first, last = meant
    if first is None:
        return None
    if when in _BEFORE:
        return Period(None, first - ONE_DAY)
    if when in _DURING:
        return meant
    if when in _AFTER:
        behind = last or (first if ongoing else None)
        return Period(behind + ONE_DAY, None) if behind else None
    return Period(first, None)


def _plain(words: str) -> str:
    return " ".join(words.split())


def _any(names: Iterable[str]) -> str:
    """A pattern for any of `names`, the longest first, with any white space between their words."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in ordered)
