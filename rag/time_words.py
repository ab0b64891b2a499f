"""The words by which a question says when: "last March", "between 2019 and 2021", "since Brexit"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from corpus.dates import EARLIEST
from rag.events import DEFAULT_COUNTRY, event_table
from rag.years import (
    DAY,
    MONTH,
    MONTHS,
    NUMBER,
    ONE_DAY,
    ORDINAL,
    ORDINALS,
    SEASON,
    SEASONS,
    US_FISCAL_START,
    WEEKDAYS,
    Period,
    days,
    days_back,
    fiscal_year,
    fold,
    mentions,
    months,
    months_on,
    number_of,
    season_around,
    unit_around,
    weekday_around,
)

LAST_DAY = date(2200, 1, 1)  # on which a question counts as asked; what is reckoned from it stays in the calendar
FURTHEST = 30  # years ahead that news still speaks of; 2099 is more likely some other number
LEAP = 8  # years within which every day of a year comes round
_LOOK_BACK = 40  # characters before a time that say what of it is meant

_NAMED_DAYS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "this morning": 0,
    "tomorrow": 1,
    "anteayer": -2,
    "ayer": -1,
}
_OFFSETS = {
    **dict.fromkeys(("last", "previous", "prior", "past", "pasado", "pasada"), -1),
    **dict.fromkeys(("this", "current", "the", "este", "esta", "actual"), 0),
    **dict.fromkeys(("next", "coming", "proximo", "proxima", "que viene"), 1),
}
_UNITS = {"semana": "week", "mes": "month", "ano": "year", "yr": "year", "trimestre": "quarter", "dia": "day"}
_WHICH = "last|previous|prior|past|this|current|next|coming"
_UNIDAD = "semana|mes|trimestre|ano"
_ANY_WEEKDAY = "|".join(WEEKDAYS)

# Times that say no year. All patterns are for text that `fold` gave.
_MONTH_ONLY = re.compile(
    rf"\b(?P<ending>(?:year|12\s+months|twelve\s+months)\s+(?:to|ending|ended)\s+(?:the\s+end\s+of\s+)?)?"
    rf"(?:(?P<which>{_WHICH})\s+|(?P<day>{DAY})(?:\s?(?:-|to|and|al)\s?(?P<until>{DAY}))?\s+(?:of\s+|de\s+)?)?"
    rf"(?P<month>{MONTH})\b\.?(?:\s+(?P<day_after>{DAY})(?:\s?(?:-|to)\s?(?P<until_after>{DAY}))?\b)?"
    rf"(?:,?\s+(?:of\s+)?(?P<which_year>{_WHICH})\s+year\b|\s+del\s+ano\s+(?P<pasado>pasado)\b)?"
)
_QUARTER_ONLY = re.compile(
    rf"\b(?:q(?P<quarter>[1-4])|(?P<ordinal>{ORDINAL})[\s-](?P<part>quarter|half))\b"
    rf"(?:\s+of\s+(?P<which>the|{_WHICH})\s+(?P<fiscal>(?:fiscal|financial)\s+)?year\b)?(?!\s+of\b)"
)
_COUNTED = re.compile(
    rf"\b(?:(?P<which>last|past|previous|recent|next|coming|ultim[oa]s|proxim[oa]s)\s+(?:(?P<count>{NUMBER})\s+"
    r"(?:of\s+)?)?(?:(?P<unit>hour|day|week|month|quarter|year|dia|semana|mes|ano)(?:s|es)|(?P<decade>decade)s?)"
    rf"|(?:an?\s+(?=few|couple))?(?P<back>{NUMBER})\s+(?:of\s+)?(?P<ago>day|week|month|year)s?\s+ago"
    rf"|hace\s+(?P<atras>{NUMBER})\s+(?P<unidad>dia|semana|mes|ano)(?:s|es)?)\b"
)
_RELATIVE = re.compile(
    rf"\b(?:(?P<which>{_WHICH})\s+(?P<unit>week|weekend|month|quarter|(?:(?:fiscal|financial)\s+)?year|yr|{SEASON}"
    rf"|{_ANY_WEEKDAY})|(?P<este>este|esta|proxim[oa])\s+(?P<unidad>{_UNIDAD}|{SEASON})"
    rf"|(?P<la_unidad>{_UNIDAD}|{SEASON})\s+(?P<pasado>pasad[oa]|proxim[oa]|actual|que\s+viene)"
    r"|(?:start|beginning|middle|end|turn|half|rest)\s+of\s+(?P<the>the)\s+(?P<whole>week|month|year)"
    r"|(?P<weekend>(?:over|on|at|during)\s+the\s+weekend)|(?P<to_date>year[\s-]to[\s-]date|ytd)"
    r"|(?P<ended>(?:(?:fiscal|financial)\s+)?year)\s+(?:that\s+)?(?:has\s+)?just\s+(?:ended|finished|closed)"
    r"|(?:latest|most\s+recent|last\s+(?:completed|full))\s+(?P<recent>(?:fiscal|financial)\s+year))\b"
)
_DAY_NAMED = re.compile(
    rf"\b(?:{'|'.join(_NAMED_DAYS)})\b"
    r"|(?<!\bblack )(?<!\bbloody )(?<!\bgood )(?<!\bsuper )(?<!\bevery )(?<!\beach )"
    rf"\b(?P<weekday>{_ANY_WEEKDAY})\b"
)
_SEASON_ONLY = re.compile(rf"\b(?P<season>{SEASON})\b(?!\s+(?:of\s+[a-z]|in\b))")
_HOLIDAY = re.compile(
    r"\b(?:(?P<which>last|this|next)\s+)?(?:(?P<christmas>christmas|xmas|navidad)(?!\s+island)"
    r"|(?<!\blunar )(?<!\bchinese )new\s+year(?:'s)?(?:\s+(?:eve|day))?)\b"
)

# What tells a time from a word that only looks like one.
_BEFORE_MONTH = re.compile(
    r"\b(?:in|on|since|until|till|before|after|during|by|from|to|through|throughout|between|and|or|early|mid|late"
    r"|(?:start|beginning|middle|end|month|half|rest)\s+of|en|desde|hasta|de|entre|y)[\s-]$"
)
_BEFORE_SEASON = re.compile(
    r"\b(?:in|during|since|until|till|by|over|throughout|before|after|early|late|mid|(?:start|beginning|end)\s+of|en"
    r"|desde|durante)[\s-](?:(?:the|el|la)\s)?(?:early\s|late\s|mid-?\s?)?$"
)
_BEFORE_HOLIDAY = re.compile(r"\b(?:at|over|by|on|before|since|after|until|around|during|en|desde)\s(?:the\s)?$")
_VERB_BEHIND = re.compile(
    r"'s\b|\s+(?:have|be|not|also|still|only|i|we|you|he|she|they|it|apply|need|become|became|took|said|left|resigned"
    r"|announced|was|is|had|did|called|lost|won|against|for\s+(?:life|our)|on\s+(?:washington|london|parliament))\b"
)
_THE_POLITICIAN = re.compile(r"\b(?:theresa|mrs\.?|ms\.?|prime\s+minister|pm)\s+may\b")
_ANOTHER_MONTH = re.compile(rf"\s(?:and|to|or|through|-)\s{MONTH}\b")
_A_NAME = re.compile(r"[A-Z]\w+\s+[A-Z][a-z]")  # April Jones; in the question itself
_OF_SOMETHING = re.compile(r"\s+(?:in|of)\b")  # "this fall in numbers"
_FISCAL = re.compile(r"\b(?:fiscal|financial|fy(?=\W?\d)|(?:19|20)\d\d[-/]\d\d\b)")
_WILL = re.compile(r"\b(?:will|going to|shall|upcoming)\b|'ll\b")

# What stands around a time and says what of it is meant.
_FILLER = (
    r"(?:\b(?:back\s+in|in|on|at|during|over|for|of|the|en|el|la|los|las|del?|al|durante|around|throughout)\s+)*"
)
_PART = (
    r"(?:(?P<part>early|mid|late|start|beginning|turn|middle|end|first\s+half|second\s+half|principios|mediados"
    r"|finales|fines)(?:\s+of|\s+del?)?(?:\s+|-)(?:(?:the|el|la)\s+)?)?"
)
_LEAD = re.compile(
    r"(?:\b(?P<op>ever\s+since|since|after|before|prior\s+to|until|till|up\s+until|up\s+to|by|from|between|starting"
    r"|as\s+of|desde|hasta|antes\s+de|despues\s+de|entre|a\s+partir\s+de|than|compared\s+(?:to|with))\s+)?"
    rf"{_FILLER}{_PART}$"
)
_LINK = re.compile(
    rf"\s*(?P<word>-|,|and|or|&|y|o|to|until|till|through|thru|al?|hasta|vs\.?|versus)\s*{_FILLER}{_PART}"
)
_ONWARDS = re.compile(
    r"\s+(?:onwards?|en\s+adelante|(?:to|until|till|hasta)\s+(?:now|today|date|the\s+present|hoy|ahora))\b"
)
_SINCE = {"since", "ever since", "starting", "desde", "a partir de"}
_AFTER = {"after", "despues de"}
_BEFORE = {"before", "prior to", "antes de"}
_UNTIL = {"until", "till", "up until", "up to", "hasta"}
_THAN = {"than", "compared to", "compared with"}
_FROM, _AND = {"between", "from", "entre", "desde"}, {"and", "y"}
_TO = {"-", "to", "until", "till", "through", "thru", "al", "a", "hasta"}
_PARTS = {
    **dict.fromkeys(("early", "start", "beginning", "turn", "principios"), (0, 1, 3)),
    **dict.fromkeys(("mid", "middle", "mediados"), (1, 2, 3)),
    **dict.fromkeys(("late", "end", "finales", "fines"), (2, 3, 3)),
    "first half": (0, 1, 2),
    "second half": (1, 2, 2),
}
"""From which to which of how many equal parts of a period."""


@dataclass(frozen=True)
class Span:
    """A time asked about.

    Attributes:
        period: the days that are asked about.
        named: the days that the words name: of "since May 2023" those of May 2023.
    """

    period: Period
    named: Period


@dataclass(frozen=True)
class Said:
    """A time asked about and the words that say it.

    Attributes:
        years: the years that it covers, where the words count in years.
        start: where its words begin, prepositions included.
        said: where they begin without a mere "in" or "on".
        end: behind them.
    """

    span: Span
    years: frozenset[int]
    start: int
    said: int
    end: int


@dataclass(frozen=True)
class _Time:
    """Words that name a time.

    Attributes:
        relative: whether the time depends on the day of the question.
        bare: of a month without a year, gives the latest that has begun on a day.
    """

    start: int
    end: int
    period: Period
    years: frozenset[int] = frozenset()
    relative: bool = True
    bare: Callable[[date], Period] | None = None


@dataclass(frozen=True)
class _Asking:
    """A question, its folded text, which has every character in the same place, and the day it is asked."""

    question: str
    text: str
    day: date

    def behind(self, pattern: re.Pattern[str], place: int) -> bool:
        """Whether `pattern` fits the text that ends at `place`."""
        return bool(pattern.search(self.text, max(0, place - _LOOK_BACK), place))

    def fiscal_start(self) -> int:
        """The month in which the fiscal year begins that the question speaks of, by the country it names."""
        match = _FISCAL.search(self.text)
        if not match:
            return US_FISCAL_START
        default = "GB" if match[0] == "financial" else DEFAULT_COUNTRY
        return event_table().fiscal_start(self.question, match.start(), default)


def times_said(question: str, day: date) -> tuple[list[Said], bool]:
    """The times that `question`, asked on `day`, is about, and whether it only compares with one ("than last year").

    Dates without a year are the latest that had begun by then, and seasons those of the northern hemisphere.
    """
    asking = _Asking(question, fold(question), min(max(day, EARLIEST), LAST_DAY))
    said = [
        Said(Span(found.period, found.event), frozenset(), found.start, found.start, found.end)
        for found in event_table().find(question, asking.day)
    ]
    times = [time for time in _times(asking) if not any(s.start < time.end and time.start < s.end for s in said)]
    joined = list(_joined(asking, times))
    said += [each for each in joined if each]
    return sorted(said, key=lambda each: each.start), None in joined


def _joined(asking: _Asking, times: list[_Time]) -> Iterator[Said | None]:
    """What `times` mean by the words around and between them; None for one that something is only compared with."""
    i = 0
    while i < len(times):
        time, i = times[i], i + 1
        lead = _LEAD.search(asking.text, max(0, time.start - _LOOK_BACK), time.start)
        start, op, part = (lead.start(), _plain(lead["op"]), lead["part"]) if lead else (time.start, "", None)
        if op in _THAN and time.relative:
            yield None
            continue
        link = _LINK.fullmatch(asking.text, time.end, times[i].start) if i < len(times) else None
        if link:
            time, times[i] = _in_order(time, times[i])
        else:
            time = _turned(asking, time, op)
        named, end, years = _narrowed(time.period, part), time.end, time.years
        ranged = link is not None and (link["word"] in _TO or (link["word"] in _AND and op in _FROM))
        if link and ranged:
            other, i = times[i], i + 1
            named, end = Period(named.first, _narrowed(other.period, link["part"]).last), other.end
            years = named.years if years or other.years else years
        onwards = _ONWARDS.match(asking.text, end)
        period = named if ranged else _opened(named, "since" if onwards else op)
        if years and period != named:
            years = Period(period.first, max(asking.day, named.finish)).years
        said = next((lead.start(group) for group in ("op", "part") if lead and lead[group]), time.start)
        yield Said(Span(period, named), years, start, said, onwards.end() if onwards else end)


def _opened(named: Period, op: str) -> Period:
    """The days that a word like "since" makes of those named."""
    first, last = named
    if op in _SINCE:
        return Period(first, None)
    if op in _AFTER:
        return Period(named.finish + ONE_DAY, None)
    if op in _BEFORE:
        return Period(None, named.begin - ONE_DAY)
    return Period(None, last) if op in _UNTIL else named


def _in_order(first: _Time, second: _Time) -> tuple[_Time, _Time]:
    """Two times that stand together; one without a year takes it from the other."""
    if first.bare:
        return replace(first, period=first.bare(second.period.finish)), second
    if second.bare:
        return first, replace(second, period=second.bare(months_on(first.period.begin, 12) - ONE_DAY))
    return first, second


def _turned(asking: _Asking, time: _Time, op: str) -> _Time:
    """A month without a year that may be one to come: the nearer one for "by" and the like, the next for "will"."""
    if not time.bare:
        return time
    coming = time.bare(months_on(asking.day, 12) - ONE_DAY)
    since, until = asking.day - time.period.finish, coming.begin - asking.day
    nearer = op in _BEFORE | _UNTIL | {"by"} and until < since
    will = _WILL.search(asking.text) and since > timedelta()
    return replace(time, period=coming) if nearer or will else time


def _narrowed(period: Period, part: str | None) -> Period:
    """A part of a period, such as its end."""
    if not part:
        return period
    begin, finish, parts = _PARTS[_plain(part)]
    return Period(
        period.begin + timedelta(days=period.length * begin // parts),
        period.begin + timedelta(days=period.length * finish // parts - 1),
    )


def _times(asking: _Asking) -> list[_Time]:
    """The times that the question names, in order; of two that overlap the one whose kind is looked for first."""
    found: list[_Time] = []
    for time in _candidates(asking):
        if not any(time.start < other.end and other.start < time.end for other in found):
            found.append(time)
    return sorted(found, key=lambda time: time.start)


def _candidates(asking: _Asking) -> Iterator[_Time]:
    for mention in mentions(asking.question, asking.fiscal_start()):
        if min(mention.years) <= asking.day.year + FURTHEST:
            yield _Time(mention.start, mention.end, mention.period, mention.years, relative=False)
    for pattern, resolve in _KINDS:
        for match in pattern.finditer(asking.text):
            try:
                time = resolve(match, asking)
            except (ValueError, OverflowError):  # 31 February, 9,000 years ago
                continue
            if time and time.period.begin >= EARLIEST:
                yield time


def _month_only(match: re.Match[str], asking: _Asking) -> _Time | None:
    name, day = match["month"], asking.day
    first, last = match["day"] or match["day_after"], match["until"] or match["until_after"]
    if not _is_month(match, asking, dated=bool(first)):
        return None

    def latest(reference: date) -> Period:
        for year in range(reference.year, reference.year - LEAP, -1):
            try:
                period = days(year, MONTHS[name], first, last)
            except ValueError:  # 29 February
                continue
            if match["ending"]:
                period = Period(months(year, MONTHS[name] - 11).first, period.last)
            if (period.finish if match["ending"] else period.begin) <= reference:
                return period
        raise ValueError("no such day")

    of_year = match["which_year"] or match["pasado"]
    if of_year:
        return _Time(*match.span(), days(day.year + _OFFSETS[of_year], MONTHS[name], first, last))
    if not match["which"]:
        return _Time(*match.span(), latest(day), bare=latest)
    reference = (date(day.year, 12, 31), months_on(day, 12), day.replace(day=1) - ONE_DAY)[_OFFSETS[match["which"]]]
    return _Time(*match.span(), latest(reference))


def _is_month(match: re.Match[str], asking: _Asking, *, dated: bool) -> bool:
    """Whether it isn't a verb, an adjective or somebody's name."""
    name = match["month"]
    led = (
        bool(match["ending"])
        or asking.behind(_BEFORE_MONTH, match.start())
        or bool(_ANOTHER_MONTH.match(asking.text, match.end()))
    )
    capital = asking.question[match.start("month")].isupper()
    if name in {"may", "march"}:
        politician = name == "may" and _THE_POLITICIAN.search(asking.text)
        if politician or _VERB_BEHIND.match(asking.text, match.end()) or (dated and not led and not capital):
            return False
    if led or dated or match["which"] or match["which_year"] or match["pasado"]:
        return True
    unmistakable = len(name) > 4 and name != "march" and (capital or name != "august")
    return unmistakable and not _A_NAME.match(asking.question, match.start("month"))


def _quarter_only(match: re.Match[str], asking: _Asking) -> _Time | None:
    size = 6 if match["part"] == "half" else 3
    number = int(match["quarter"] or ORDINALS[match["ordinal"]])
    if number * size > 12 or (size == 6 and not match["which"]):
        return None
    offset = _OFFSETS[match["which"] or "this"]
    begin = _fiscal(asking.day, offset, asking.fiscal_start() if match["fiscal"] else 1)[0].begin
    period = months(begin.year, begin.month + size * (number - 1), size)
    if not match["which"] and period.begin > asking.day:
        period = months(begin.year - 1, begin.month + size * (number - 1), size)
    return _Time(*match.span(), period)


def _counted(match: re.Match[str], asking: _Asking) -> _Time:
    if ago := match["back"] or match["atras"]:
        unit = match["ago"] or _UNITS[match["unidad"]]
        period = unit_around(unit, days_back(asking.day, number_of(ago), unit), 0)
    else:
        unit = "year" if match["decade"] else _UNITS.get(match["unit"], match["unit"])
        count = 10 * number_of(match["count"] or "one") if match["decade"] else number_of(match["count"] or "few")
        ahead = match["which"].startswith(("next", "coming", "proxim"))
        ends = sorted((asking.day, days_back(asking.day, -count if ahead else count, unit)))
        period = Period(*ends)
    return _Time(*match.span(), period, period.years if unit == "year" else frozenset())


def _relative(match: re.Match[str], asking: _Asking) -> _Time | None:
    start, end = match.span("the")[0] if match["the"] else match.start(), match.end()
    if match["weekend"] or match["to_date"]:
        unit, which = "weekend" if match["weekend"] else "year", "this"
    elif match["ended"] or match["recent"]:
        unit, which = _plain(match["ended"] or match["recent"]), "last"
    else:
        unit = _plain(match["unit"] or match["unidad"] or match["la_unidad"] or match["whole"])
        which = _plain(match["which"] or match["este"] or match["pasado"] or match["the"])
    unit, offset, day = _UNITS.get(unit, unit), _OFFSETS[which], asking.day
    if which == "past" and unit in {"week", "month", "quarter", "year"}:
        return _Time(start, end, Period(days_back(day, 1, unit), day))
    if unit.endswith(" year"):
        return _Time(start, end, *_fiscal(day, offset, asking.fiscal_start()))
    if unit in SEASONS:
        of_something = offset == 0 and _OF_SOMETHING.match(asking.text, end)
        return None if of_something else _Time(start, end, season_around(unit, day, offset))
    if unit in WEEKDAYS:
        return _Time(start, end, weekday_around(unit, day, offset))
    period = unit_around(unit, day, offset)
    return _Time(start, end, period, period.years if unit == "year" else frozenset())


def _day_named(match: re.Match[str], asking: _Asking) -> _Time:
    if match["weekday"]:
        return _Time(*match.span(), weekday_around(match["weekday"], asking.day + ONE_DAY, -1))
    day = asking.day + timedelta(days=_NAMED_DAYS[match[0]])
    return _Time(*match.span(), Period(day, day))


def _season_only(match: re.Match[str], asking: _Asking) -> _Time | None:
    if not asking.behind(_BEFORE_SEASON, match.start()):
        return None
    period = months(asking.day.year, SEASONS[match["season"]], 3)
    if period.begin > asking.day:
        period = months(asking.day.year - 1, SEASONS[match["season"]], 3)
    return _Time(*match.span(), period)


def _holiday(match: re.Match[str], asking: _Asking) -> _Time | None:
    if not match["which"] and not asking.behind(_BEFORE_HOLIDAY, match.start()):
        return None
    first = date(asking.day.year, 12, 24 if match["christmas"] else 31)
    begun = first <= asking.day
    if match["which"] == "next":
        first = first.replace(year=first.year + begun)
    elif not begun:
        first = first.replace(year=first.year - 1)
    return _Time(*match.span(), Period(first, first + timedelta(days=2 if match["christmas"] else 1)))


def _fiscal(day: date, offset: int, start: int) -> tuple[Period, frozenset[int]]:
    """The fiscal year `offset` after that of `day`, and the year that it is named by."""
    year = day.year + (1 < start <= day.month) + offset
    return fiscal_year(year, start), frozenset({year})


def _plain(words: str | None) -> str:
    return " ".join((words or "").split())


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Asking], _Time | None]], ...] = (
    (_MONTH_ONLY, _month_only),
    (_QUARTER_ONLY, _quarter_only),
    (_COUNTED, _counted),
    (_RELATIVE, _relative),
    (_DAY_NAMED, _day_named),
    (_SEASON_ONLY, _season_only),
    (_HOLIDAY, _holiday),
)
"""What is looked for, in this order, and what it means."""
