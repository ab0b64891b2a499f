"""The forms in which a sentence gives a date, and the days they mean."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|october oct"
        "|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {day.lower(): n for n, day in enumerate(calendar.day_name)}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
_MONTH = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?" \
         r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)\b"  # fmt: skip
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_WEEKDAY = r"(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_OTHER_DAY = r"(?:(?P<other>[0-3]?\d)(?:st|nd|rd|th)?(?: to | and | or |[-–]))?"
# "may" is a month only where nothing else can be meant.
_IN_MONTH = (
    r"(?<![\w-])(?P<lead>(?:in|since|until|till|by|from|of|to|and|between|late|early|last|this|next|through"
    rf"|during|before|after|for) )?{_MONTH}"
)

UNRESOLVED = 4  # stands for a year that nothing tells; a leap year, so that it has every day

_FUTURE = re.compile(
    r"\b(?:will|would|shall|due|until|till|by|from|next|plans?|expected|scheduled|may|could|should|must"
    r"|(?:is|are|was|were) to"
    r"|expects?|intends?|coming|wants?|aims?|deadline|take effect|takes effect)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|has|have|\w+ed|came|took|went|fell|rose|got|gave|began|said|met|saw|won|lost|left|held|made"
    r"|told|sent|found|put|cut|hit|ran|led|brought|since)\b",
    re.I,
)
_CLAUSE_EDGE = re.compile(r"[.;:,]| and | but ")
_SINCE = re.compile(r"\bsince(?: (?:early|late|mid))? \S+(?: \S+)?$", re.I)
Reading = tuple[date, date, str, bool, bool]
"""First day, last day, precision, whether the year is written, whether it is relative to the day of publication."""
_Reader = Callable[[re.Match[str], date | None], Reading | None]


def readings(text: str, published: date | None) -> Iterator[tuple[re.Match[str], Reading]]:
    """The dates of `text` with where they stand, the surest form first; later ones may overlap with earlier ones."""
    hints = [hint for hint in (_HAS_MONTH, _HAS_YEAR, _HAS_WORD) if hint.search(text)]
    for hint, pattern, read in _FORMS:
        if hint not in hints:
            continue
        for match in pattern.finditer(text):
            try:
                reading = read(match, published)
            except (ValueError, OverflowError):  # "31 June", or beyond the calendar
                continue
            if reading:
                yield match, reading


def in_year(day: date, shift: int) -> date:
    """`day` so many years later, or the last of its month where that year lacks it."""
    year = max(1, day.year + shift)
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _month_span(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _nearest_year(month: int, day: int, published: date | None, ahead: bool) -> int:
    """The year of a day that is given without one: the last such day, or where it may lie `ahead`, the nearest."""
    if published is None:
        return UNRESOLVED
    years = (published.year - 1, published.year, published.year + 1)
    days = {year: in_year(date(UNRESOLVED, month, day), year - UNRESOLVED) for year in years}
    if not ahead:
        return max(year for year in years if days[year] <= published or year == years[0])
    return min(years, key=lambda year: abs((days[year] - published).days))


def _ahead(match: re.Match[str]) -> bool:
    """Whether the words around a date speak of what is to come."""
    clause = _CLAUSE_EDGE.split(match.string[: match.start()])[-1] + match.group()
    behind = _CLAUSE_EDGE.split(match.string[match.end() :])[0]
    told = clause + behind
    return not _SINCE.search(clause) and (_FUTURE.search(told) is not None or not _PAST.search(told))


def _day(match: re.Match[str], published: date | None) -> Reading | None:
    month = _MONTHS[match["month"].lower().rstrip(".")]
    written = match.groupdict().get("year")
    days = [int(d) for d in (match.groupdict().get("other"), match["day"]) if d]
    year = int(written) if written else _nearest_year(month, min(days[-1], 28), published, _ahead(match))
    first, last = date(year, month, days[0]), date(year, month, days[-1])
    return first, last, "day" if first == last else "span", bool(written), False


def _iso(match: re.Match[str], published: date | None) -> Reading | None:
    day = date(int(match[1]), int(match[2]), int(match[3]))
    return day, day, "day", True, False


def _month_of_year(match: re.Match[str], published: date | None) -> Reading:
    first, last = _month_span(int(match["year"]), _MONTHS[match["month"].lower().rstrip(".")])
    return first, last, "month", True, False


def _month_alone(match: re.Match[str], published: date | None) -> Reading | None:
    lead = (match["lead"] or "").strip().lower()
    if match["month"] == "May" and not lead and (not match.start() or match.string[match.start() - 1] in '"“\n'):
        return None  # at the beginning of a sentence, more likely the verb
    month = _MONTHS[match["month"].lower().rstrip(".")]
    year = _nearest_year(month, 1, published, _ahead(match))
    if published and lead == "last":
        year = published.year - (month >= published.month)
    elif published and lead == "next":
        year = published.year + (month <= published.month)
    first, last = _month_span(year, month)
    return first, last, "month", False, False


def _year_to(match: re.Match[str], published: date | None) -> Reading:
    month = _MONTHS[match["month"].lower().rstrip(".")]
    year = int(match["year"]) if match["year"] else _nearest_year(month, 1, published, _ahead(match))
    last = _month_span(year, month)[1]
    return last - timedelta(days=364), last, "year", bool(match["year"]), False


def _quarter(match: re.Match[str], published: date | None) -> Reading | None:
    """ "the second quarter of 2024", "the first three months of the year"."""
    ordinal, unit, count = match["nth"].lower(), match["unit"].lower(), (match["count"] or "").lower()
    if ordinal == "last" and "of" not in match.group():
        return None  # "the last six months": up to now
    if unit == "months":
        months = COUNTS.get(count) or (int(count) if count.isdigit() else 0)
        if ordinal not in ("first", "last") or not 0 < months < 12:
            return None
        begin, end = (1, months) if ordinal == "first" else (13 - months, 12)
    elif count:
        return None
    else:
        length = 6 if unit == "half" else 3
        n = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 12 // length}[ordinal]
        begin, end = (n - 1) * length + 1, n * length
        if end > 12:
            return None
    year = int(match["year"]) if match["year"] else published.year if published else UNRESOLVED
    return date(year, begin, 1), _month_span(year, end)[1], "quarter", bool(match["year"]), False


def _years(match: re.Match[str], published: date | None) -> Reading | None:
    first = int(match["year"])
    tail = match["tail"]
    last = int(tail) if len(tail) == 4 else first // 100 * 100 + int(tail)
    return (date(first, 7, 1), date(last, 6, 30), "year", True, False) if first < last <= first + 1 else None


def _fiscal(match: re.Match[str], published: date | None) -> Reading:
    year = int(match["year"])
    return date(year - 1, 10, 1), date(year, 9, 30), "year", True, False


def _year(match: re.Match[str], published: date | None) -> Reading:
    year = int(match["year"])
    return date(year, 1, 1), date(year, 12, 31), "year", True, False


def _decade(match: re.Match[str], published: date | None) -> Reading:
    year = int(match[1])
    return date(year, 1, 1), date(year + 9, 12, 31), "decade", True, False


def _weekday(match: re.Match[str], published: date | None) -> Reading | None:
    if published is None:
        return None
    back = (published.weekday() - _WEEKDAYS[match["weekday"].lower() + "day"]) % 7
    day = published - timedelta(days=back)
    around = match.group().lower()
    if "next week" in around:
        day = published + timedelta(days=7 - published.weekday() + _WEEKDAYS[match["weekday"].lower() + "day"])
    elif around.startswith(("next", "coming", "by", "until")):
        day += timedelta(days=7)
    elif "last week" in around:
        day = published + timedelta(days=_WEEKDAYS[match["weekday"].lower() + "day"] - published.weekday() - 7)
    elif around.startswith("last") and back == 0:
        day -= timedelta(days=7)
    return day, day, "day", False, True


def _near_day(match: re.Match[str], published: date | None) -> Reading | None:
    if published is None:
        return None
    day = published + timedelta(days={"yesterday": -1, "tomorrow": 1}.get(match[1].lower(), 0))
    return day, day, "day", False, True


def _relative(match: re.Match[str], published: date | None) -> Reading | None:
    """ "last month", "this year", "next week", "last summer"."""
    if published is None:
        return None
    which, unit = match["which"].lower().split()[-1], match["unit"].lower()
    step = {"last": -1, "previous": -1, "past": -1, "next": 1, "coming": 1}.get(which, 0)
    if unit == "year":
        return date(published.year + step, 1, 1), date(published.year + step, 12, 31), "year", False, True
    if unit == "month":
        months = published.year * 12 + published.month - 1 + step
        first, last = _month_span(months // 12, months % 12 + 1)
        return first, last, "month", False, True
    if unit == "week":
        first = published + timedelta(days=7 * step - published.weekday())
        return first, first + timedelta(days=6), "week", False, True
    begin, end = _SEASONS[unit]
    year = published.year
    if step < 0 and (begin, 1) > (published.month, published.day):
        year -= 1
    elif step > 0 and begin <= published.month:
        year += 1
    last = _month_span(year + (end > 12), (end - 1) % 12 + 1)[1]
    return date(year, begin, 1), last, "season", False, True


def _ago(match: re.Match[str], published: date | None) -> Reading | None:
    count = COUNTS.get(match["count"].lower()) or int(match["count"]) if match["count"] else 0
    if published is None or not count:
        return None
    unit = match["unit"].lower()
    if unit == "day":
        day = published - timedelta(days=count)
        return day, day, "day", False, True
    if unit == "week":
        first = published - timedelta(days=7 * count + published.weekday())
        return first, first + timedelta(days=6), "week", False, True
    if unit == "month":
        months = published.year * 12 + published.month - 1 - count
        first, last = _month_span(months // 12, months % 12 + 1)
        return first, last, "month", False, True
    return date(published.year - count, 1, 1), date(published.year - count, 12, 31), "year", False, True


_HAS_MONTH = re.compile(_MONTH)
_HAS_YEAR = re.compile(r"(?:19|20)\d\d")
_HAS_WORD = re.compile(
    r"day\b|\b(?:last|this|next|previous|past|coming|ago|quarter|half|months|tonight)\b", re.IGNORECASE
)
_FORMS: tuple[tuple[re.Pattern[str], re.Pattern[str], _Reader], ...] = (
    (_HAS_YEAR, re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b"), _iso),
    (
        _HAS_MONTH,
        re.compile(rf"(?<![\d,.]){_OTHER_DAY}{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?", re.IGNORECASE),
        _day,
    ),
    (_HAS_MONTH, re.compile(rf"\b{_MONTH} {_OTHER_DAY}{_DAY}(?![\d,.]?\d)(?:,? {_YEAR})?"), _day),
    (
        _HAS_MONTH,
        re.compile(rf"\byear (?:to|ending(?: in)?|ended(?: in)?) (?:\d\d? )?{_MONTH}(?: {_YEAR})?", re.IGNORECASE),
        _year_to,
    ),
    (
        _HAS_WORD,
        re.compile(
            r"(?<!its )(?<!their )\b(?P<nth>first|second|third|fourth|last) (?:(?P<count>\w+) )?"
            rf"(?P<unit>quarter|half|months)(?: of(?: the)?(?: year)?)?(?: ?{_YEAR})?",
            re.IGNORECASE,
        ),
        _quarter,
    ),
    (_HAS_YEAR, re.compile(rf"\b{_YEAR}\s?[-–/]\s?(?P<tail>(?:19|20)?\d\d)\b"), _years),
    (_HAS_YEAR, re.compile(rf"\b(?:(?:fiscal|financial)(?: year)?|FY) ?{_YEAR}", re.IGNORECASE), _fiscal),
    (_HAS_MONTH, re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}"), _month_of_year),
    (_HAS_YEAR, re.compile(r"\b((?:19|20)\d0)s\b"), _decade),
    (
        _HAS_YEAR,
        re.compile(rf"(?<![\d,.$£€]){_YEAR}(?![,.]?\d|[-–]\w| (?:people|migrants|refugees|euros|dollars|pounds))"),
        _year,
    ),
    (_HAS_YEAR, re.compile(rf"(?<=\b[Ii]n ){_YEAR}(?![,.]?\d|[-–]\w)"), _year),
    (
        _HAS_WORD,
        re.compile(
            rf"\b(?P<lead>(?:last|next|this|coming|by|until|on) )?{_WEEKDAY}(?: (?:next|last) week)?", re.IGNORECASE
        ),
        _weekday,
    ),
    (_HAS_WORD, re.compile(r"\b(yesterday|today|tomorrow|tonight)\b", re.IGNORECASE), _near_day),
    (_HAS_MONTH, re.compile(_IN_MONTH), _month_alone),
    (
        _HAS_WORD,
        re.compile(
            r"\b(?P<which>last|this|next|previous|past|earlier this|later this|the coming) "
            r"(?P<unit>week|month|year|spring|summer|autumn|winter)\b(?! old)",
            re.IGNORECASE,
        ),
        _relative,
    ),
    (
        _HAS_WORD,
        re.compile(rf"\b(?P<count>{'|'.join(COUNTS)}|\d\d?) (?P<unit>day|week|month|year)s? ago", re.IGNORECASE),
        _ago,
    ),
)
