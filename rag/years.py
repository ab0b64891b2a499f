"""The times that a text names with their year, and how a figure of one year is kept from answering about another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from rag.passage_store import StoredPassage
from rag.selection import Candidate

US_FISCAL_START = 10  # the month in which the fiscal year of the US federal government begins
SPLIT_YEAR_START = 7  # of "2022-23" where no country says otherwise: Australia's, and near Britain's and a school's
ONE_DAY = timedelta(days=1)
LONGEST_RANGE = 10  # years; what looks like a longer one ("2001/55") is something else

_MONTH_NAMES = (
    "january jan enero|february feb febrero|march mar marzo|april apr abril|may mayo|june jun junio|july jul julio"
    "|august aug agosto|september sept sep septiembre setiembre|october oct octubre|november nov noviembre"
    "|december dec diciembre"
)
MONTHS = {name: i for i, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}
"""Numbers of the months by their English and Spanish names and the abbreviations in use."""
SEASONS = {
    name: month
    for month, names in {
        3: "spring primavera",
        6: "summer verano",
        9: "autumn fall otono",
        12: "winter invierno",
    }.items()
    for name in names.split()
}
"""The months in which the seasons of the northern hemisphere begin, as meteorologists count."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
NUMBERS = {
    word: number
    for number, words in enumerate(
        "one a an un una|two couple dos|three few tres|four several cuatro|five cinco|six seis|seven siete|eight ocho"
        "|nine nueve|ten diez|eleven once|twelve doce".split("|"),
        start=1,
    )
    for word in words.split()
}

DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
MONTH = f"(?:{'|'.join(MONTHS)})"
SEASON = f"(?:{'|'.join(SEASONS)})"
ORDINAL = f"(?:{'|'.join(ORDINALS)})"
NUMBER = rf"(?:\d{{1,3}}|{'|'.join(NUMBERS)})"

_FOLDED = str.maketrans("áéíóúüñÁÉÍÓÚÜÑİ’‘–—", "aeiouunaeiouuni''--")
_LOOK_BACK, _LOOK_AHEAD = 48, 32  # characters around a year that may say more about the time
_YEAR = re.compile(
    r"(?:(?<![\d,.$£€#])|(?<=\b\d\d\.\d\d\.))\b"
    r"(?:fy\s?'?(?P<short>\d\d)\b|(?:fy\s?'?)?(?P<year>(?:19|20)\d\d)(?=s?\b)(?![,.]?\d))"
)
_BEFORE = re.compile(
    rf"""(?:
      (?P<ending>\b(?:year|12\smonths|twelve\smonths)\s(?:to|ending|ended|through)\s(?:the\send\sof\s|on\s)?)?
      (?:\b(?P<day>{DAY})(?:\s?(?:-|to|and|y|al)\s?(?P<until>{DAY}))?\s(?:of\s|de\s)?)?
      \b(?P<month>{MONTH})\b\.?(?:\s(?P<day_after>{DAY})(?:\s?(?:-|to|and)\s?(?P<until_after>{DAY}))?)?
      ,?\s?(?:of\s|del?\s)?
    | \b(?:q(?P<quarter>[1-4])|(?P<ordinal>{ORDINAL}|last)[\s-](?P<part>quarter|half))\s?
      (?:of\s|in\s)?(?P<fiscal_part>(?:fiscal|financial)\s(?:year\s)?)?
    | \bh(?P<half>[12])\s(?:of\s)?
    | \b(?P<edge>first|last)\s(?P<count>{NUMBER})\smonths\sof\s
    | \b(?P<season>{SEASON})\s(?:of\s|del?\s)?
    | \b(?P<fiscal>fiscal|financial)(?:\syears?)?(?:\sending|\sended|\sof)?
      (?:\s(?:19|20)\d\d,?\s(?:and|or|to|through))*\s'?
    | \b(?P<one>\d\d?)[/.](?P<other>\d\d?)[/.]
    )$""",
    re.VERBOSE,
)
_AFTER = re.compile(
    r"(?P<decade>s)\b|\s?[-/]\s?(?P<to>(?:19|20)\d\d)\b|[-/](?P<two>\d\d)(?!\d)(?:-(?P<day>\d\d)(?!\d))?"
    r"|\sq(?P<quarter>[1-4])\b"
)
# What makes four digits the name or number of something, or a quantity, rather than a time.
_NO_YEAR_BEFORE = re.compile(
    r"(?:\b(?:pages?|pp?\.|sections?|sec\.|articles?|art\.|flight|room|route|highway|number|no\.|form|clause|chapter"
    r"|docket|agenda|vision|project|resolution|directive|extension)\s|\b(?:act|convention|protocol|treaty)\s(?:of\s)?"
    r"|§\s?|\d{3}/)$"
)
_NO_YEAR_AFTER = re.compile(
    r"\s(?:dollars?|pounds?|euros?|pesos?|usd|gbp|prices|people|persons|of\sthem|km|miles|met(?:er|re)s)\b|\s?%|/\d{3}"
)
_AT_LEAST = re.compile(r"\b(?:more than|fewer than|less than|at least|at most|over|nearly|almost|up to|exactly)\s$")
_COUNTED = re.compile(r"\s[a-z]{3,}s\b|\s(?:children|men|women)\b")
_A_LAW_S = re.compile(r"(?:^|\b(?:the|an?|its|\w+'s)\s)$")
_LAW = re.compile(r"\s(?:[\w-]+\s){0,2}?(?:act|convention|protocol|treaty|constitution)\b")
_TOLD = re.compile(r"\b(?P<which>last|past|previous|this)\s(?P<unit>week|month|quarter|year)\b")
# "from 7,000 a year earlier": the sentence gives the figure of the year before the one it names.
_REPORTS = re.compile(r"\b(?:said|released|reported|published|estimated|showed|according to)\b[^.;:]{0,60}$", re.I)
_YEAR_BEFORE = re.compile(r"\b(year (?:earlier|before)|(?:previous|prior|preceding) (?:\w+ )?year|last year)\b", re.I)


class Period(NamedTuple):
    """A span of days, both ends included; None where it is open."""

    first: date | None
    last: date | None

    @property
    def begin(self) -> date:
        """The first day; of an open one the first there is."""
        return self.first or date.min

    @property
    def finish(self) -> date:
        """The last day; of an open one the last there is."""
        return self.last or date.max

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.finish - self.begin).days + 1

    @property
    def years(self) -> frozenset[int]:
        """The years that it touches; none for an open one."""
        return frozenset(range(self.begin.year, self.finish.year + 1)) if None not in self else frozenset()

    def overlap(self, other: Period) -> int:
        """How many days it shares with another."""
        return max(0, (min(self.finish, other.finish) - max(self.begin, other.begin)).days + 1)


class Mention(NamedTuple):
    """A time that a text names.

    Attributes:
        start: where its words begin.
        end: behind its words.
        period: the days.
        years: the years as they are named: "fiscal 2023" is 2023, though it began in 2022.
    """

    start: int
    end: int
    period: Period
    years: frozenset[int]


def months(year: int, month: int, count: int = 1) -> Period:
    """`count` whole months from a `month` of `year`; 0 is the December before, 13 the January after."""
    first, behind = ((year * 12 + index - 1) for index in (month, month + count))
    return Period(date(first // 12, first % 12 + 1, 1), date(behind // 12, behind % 12 + 1, 1) - timedelta(days=1))


def fiscal_year(year: int, start: int) -> Period:
    """The fiscal year that ends in `year` and begins with the month `start`; the calendar year for 1."""
    return months(year if start == 1 else year - 1, start, 12)


def fold(text: str) -> str:
    """`text` in lower case, with plain apostrophes and hyphens and no accents, every character in its place."""
    return text.translate(_FOLDED).lower()


@lru_cache(maxsize=2000)
def mentions(text: str, fiscal_start: int = US_FISCAL_START) -> tuple[Mention, ...]:
    """The times that `text` names with their year, in order.

    Numbers of pages, sections and flights, sums of money, quantities and names of laws ("the 1951 Convention") are
    none, and days that don't exist aren't either.

    Args:
        text: English or Spanish.
        fiscal_start: the month in which fiscal years begin.
    """
    folded = fold(text)
    found: list[Mention] = []
    for match in _YEAR.finditer(folded):
        behind = found[-1].end if found else 0
        mention = _mention(folded, match, fiscal_start) if match.start() >= behind else None
        if mention:
            found.append(mention._replace(start=mention.start if mention.start >= behind else match.start()))
    return tuple(found)


@lru_cache(maxsize=2000)
def reported(text: str, published: date | None) -> tuple[Mention, ...]:
    """The times that a report published on that day names, "last month" and the like included."""
    if published is None:
        return mentions(text)
    told = (
        Mention(match.start(), match.end(), period, frozenset())
        for match in _TOLD.finditer(fold(text))
        for period in (unit_around(match["unit"], published, 0 if match["which"] == "this" else -1),)
    )
    return (*mentions(text), *told)


def years(text: str) -> frozenset[int]:
    """The years that `text` names; "2022-23" names both."""
    return frozenset().union(*(mention.years for mention in mentions(text)))


def about_years(asked: frozenset[int], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those of `candidates` that can be about one of the years `asked`, in order; all when none is asked about.

    What counts are the years that the sentence, the one before it and the headline name, "a year earlier" included,
    but for the day on which somebody said it; only where they name none, those of the passage and the day it was
    published.
    """
    return [c for c in candidates if not asked or asked & (_told_years(c) or _years_around(c.passage))]


def _told_years(candidate: Candidate) -> frozenset[int]:
    texts = (candidate.text, candidate.before, candidate.passage.title)
    told = frozenset().union(
        *(mention.years for text in texts for mention in mentions(text) if not _of_report(text, mention))
    )
    return told | {year - 1 for year in told} if _YEAR_BEFORE.search(candidate.text) else told


def _of_report(text: str, mention: Mention) -> bool:
    """Whether a day is that of the report rather than of what it reports: "said on 10 January 2024"."""
    return mention.period.length == 1 and _REPORTS.search(text[: mention.start]) is not None


def _years_around(passage: StoredPassage) -> frozenset[int]:
    published = frozenset({passage.published.year} if passage.published else ())
    return years(passage.text) | published


def _mention(text: str, match: re.Match[str], fiscal_start: int) -> Mention | None:
    """The time that the year at `match` is part of; None when it isn't one."""
    left = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    right = text[match.end() : match.end() + _LOOK_AHEAD]
    if _NO_YEAR_BEFORE.search(left) or _NO_YEAR_AFTER.match(right):
        return None
    year = int(match["year"] or 2000 + int(match["short"]))
    quantity = _AT_LEAST.search(left) or year % 100 == 0
    if (quantity and _COUNTED.match(right)) or (_A_LAW_S.search(left) and _LAW.match(right)):
        return None
    before, after = _BEFORE.search(left), _AFTER.match(right)
    start = match.start() - (len(left) - before.start() if before else 0)
    fiscal = bool(match["short"] or match[0].startswith("fy") or (before and before["fiscal"]))
    try:
        ranged = _range(year, after, fiscal, fiscal_start) if after else None
        if ranged and after:
            if before and before["season"]:  # winter 2023-24
                ranged = (_before_year(before, year, fiscal_start), ranged[1])
            return Mention(start, match.end() + after.end(), *ranged)
        if fiscal:
            period = fiscal_year(year, fiscal_start)
        else:
            period = _before_year(before, year, fiscal_start) if before else months(year, 1, 12)
    except ValueError:
        return None
    return Mention(start, match.end(), period, frozenset({year}))


def _range(year: int, after: re.Match[str], fiscal: bool, fiscal_start: int) -> tuple[Period, frozenset[int]] | None:
    """What the words `after` a year make of it: a decade, a range, a quarter, an ISO date; None for nothing.

    Raises:
        ValueError: there is no such day, or it is the number of a law (2001/55).
    """
    if after["decade"]:
        span = 100 if year % 100 == 0 else 10
        return (months(year, 1, 12 * span), frozenset(range(year, year + span))) if year % 10 == 0 else None
    if after["quarter"]:
        return months(year, 3 * int(after["quarter"]) - 2, 3), frozenset({year})
    last = int(after["to"] or year // 100 * 100 + int(after["two"]))
    if after["two"] and last == year + 1 and not after["day"]:
        start = fiscal_start if fiscal_start != US_FISCAL_START else SPLIT_YEAR_START
        return months(year, start, 12), frozenset({year, last})
    if year < last <= year + LONGEST_RANGE and not after["day"]:
        first = fiscal_year(year, fiscal_start) if fiscal else months(year, 1, 12)
        return Period(first.first, months(last, 1, 12).last), frozenset(range(year, last + 1))
    if not after["two"]:
        return None
    if after[0][0] == "/":
        raise ValueError("the number of a law")
    month = months(year, int(after["two"])) if int(after["two"]) <= 12 else None
    if month and after["day"]:
        day = date(year, int(after["two"]), int(after["day"]))
        month = Period(day, day)
    return (month, frozenset({year})) if month else None


def _before_year(before: re.Match[str], year: int, fiscal_start: int) -> Period:
    """The time that the words `before` a year name with it.

    Raises:
        ValueError: there is no such day.
    """
    if before["month"]:
        month = MONTHS[before["month"]]
        first, last = (
            (before["day"], before["until"]) if before["day"] else (before["day_after"], before["until_after"])
        )
        period = days(year, month, first, last)
        if before["ending"]:
            return Period(months(year, month - 11).first, period.last)
        return period
    if before["quarter"] or before["part"]:
        size = 6 if before["part"] == "half" else 3
        word = before["ordinal"] or ""
        number = 12 // size if word == "last" else int(before["quarter"] or ORDINALS[word])
        start = fiscal_start if before["fiscal_part"] else 1
        return months(year if start == 1 else year - 1, start + size * (number - 1), size)
    if before["half"]:
        return months(year, 6 * int(before["half"]) - 5, 6)
    if before["edge"]:
        count = number_of(before["count"])
        return months(year, 1 if before["edge"] == "first" else 13 - count, count)
    if before["season"]:
        return months(year, SEASONS[before["season"]], 3)
    if before["one"]:
        one, other = int(before["one"]), int(before["other"])
        month, day = (one, other) if one <= 12 else (other, one)
        return days(year, month, str(day))
    return months(year, 1, 12)


def days(year: int, month: int, first: str | None = None, last: str | None = None) -> Period:
    """A month, one of its days ("12th") or those from `first` to `last`.

    Raises:
        ValueError: there is no such day.
    """
    if not first:
        return months(year, month)
    one, other = (date(year, month, int(re.sub(r"\D", "", day))) for day in (first, last or first))
    if other < one:
        raise ValueError("a span of days that ends before it begins")
    return Period(one, other)


def number_of(word: str) -> int:
    """The number that a word or figures of `NUMBER` say; "few" is 3, "several" 4."""
    return int(word) if word.isdigit() else NUMBERS[word]


def unit_around(unit: str, day: date, offset: int) -> Period:
    """The day, week, weekend, month, quarter or year `offset` after that of `day`; weeks begin on Monday."""
    if unit == "day":
        return Period(day, day)
    if unit == "week":
        monday = day + timedelta(days=7 * offset - day.weekday())
        return Period(monday, monday + timedelta(days=6))
    if unit == "weekend":  # the latest that has begun is "this" one, and from Monday on also the "last"
        saturday = day - timedelta(days=(day.weekday() + 2) % 7)
        if offset > 0 or (offset < 0 and day.weekday() >= 5):
            saturday += timedelta(days=7 * offset)
        return Period(saturday, saturday + ONE_DAY)
    if unit == "month":
        return months(day.year, day.month + offset)
    if unit == "quarter":
        return months(day.year, (day.month - 1) // 3 * 3 + 1 + 3 * offset, 3)
    return months(day.year + offset, 1, 12)


def season_around(name: str, day: date, offset: int) -> Period:
    """This year's season of that name (in January still the winter before), the latest that is over, or the next."""
    month = SEASONS[name]
    around = [months(year, month, 3) for year in range(day.year - 2, day.year + 2)]
    if offset < 0:
        return max(period for period in around if period.finish < day)
    if offset > 0:
        return min(period for period in around if period.begin > day)
    return around[1 if month == 12 and day.month <= 2 else 2]


def weekday_around(name: str, day: date, offset: int) -> Period:
    """The latest day of the week of that name before `day`, the one in its week, or the next."""
    ahead = WEEKDAYS.index(name) - day.weekday()
    if offset:
        ahead = (ahead - 1) % 7 + 1 if offset > 0 else ahead % 7 - 7
    on = day + timedelta(days=ahead)
    return Period(on, on)


def days_back(day: date, count: int, unit: str) -> date:
    """The day that lies `count` units before `day`; 24 hours are a day."""
    if unit == "hour":
        return day - timedelta(days=max(1, count // 24))
    if unit in {"day", "week"}:
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    return months_on(day, -count * {"month": 1, "quarter": 3, "year": 12}[unit])


def months_on(day: date, count: int) -> date:
    """The same day of the month `count` months later, or that month's last day."""
    month = months(day.year, day.month + count)
    return month.begin.replace(day=min(day.day, month.finish.day))
