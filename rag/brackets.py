"""Makes the relative dates of a quote clear: "last month" becomes "last month [April 2024]".

What stands in such brackets is ours, not the article's, and follows from the day the article was published.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AWAY = {"last": -1, "this": 0, "next": 1}  # months or years
# "the last month", "over the last year", "in the next year" are lengths of time, not months and years.
_RELATIVE = re.compile(
    r"(?<!\bthe )(?<!\bevery )(?<!\[)\b(?:"
    r"(?P<month>last|this|next) month|(?P<year>last|this|next) year|(?P<day>yesterday|tomorrow)"
    rf"|on (?P<weekday>{'|'.join(DAYS)})|(?:on )?last (?P<lastday>{'|'.join(DAYS)})"
    r")(?:['’]s)?\b(?! \[)(?!(?: of)? \d)(?!,? \(?(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
# A day of the week lies behind only where the sentence tells of the past.
_AHEAD = re.compile(
    r"\b(will|would|shall|is due|are due|expected|scheduled|plans?|next|from|until|by|begins?|starts?)\b"
)
_PAST = re.compile(r"\b(was|were|had|did|said|told|\w+ed|came|went|took|began|found|fell|rose|won|lost|left|made)\b")
CUT = " …"
_EVENT = re.compile(r"\[\d{1,2} [A-Z][a-z]+ \d{4}\] ")
_OURS = re.compile(r" \[[^\]\n]{1,40}\]")


def clarify(quote: str, published: date | None) -> str:
    """`quote` with the date after each relative one, in brackets; unchanged without a publication day."""
    if published is None:
        return quote
    told = _PAST.search(quote) is not None and _AHEAD.search(quote) is None

    def add(match: re.Match[str]) -> str:
        meant = _meant(match, published, told=told)
        return f"{match.group()} [{meant}]" if meant else match.group()

    return _RELATIVE.sub(add, quote)


def without_brackets(text: str, quote: str) -> str:
    """`text` without the brackets that `clarify` adds; those that `quote` itself has are kept."""
    return _OURS.sub(lambda match: match.group() if match.group() in quote else "", text)


def without_additions(text: str, quote: str) -> str:
    """`text` without anything of ours: brackets, the day before an event, the dots after what was cut short."""
    event = _EVENT.match(text)
    bare = text[event.end() :] if event and not quote.startswith(event.group()) else text
    if bare.endswith(CUT) and not quote.endswith(CUT):
        bare = bare.removesuffix(CUT)
    return without_brackets(bare, quote)


def long_date(day: date) -> str:
    """ "6 May 2024"."""
    return f"{day.day} {day:%B %Y}"


def _meant(match: re.Match[str], published: date, *, told: bool) -> str:
    resolve: dict[str, Callable[[str], str]] = {
        "month": lambda word: f"{_month(published, _AWAY[word]):%B %Y}",
        "year": lambda word: str(published.year + _AWAY[word]),
        "day": lambda word: long_date(published + timedelta(days=1 if word == "tomorrow" else -1)),
        # "on Monday" in Monday's report is the day itself, "last Monday" never is.
        "weekday": lambda word: long_date(_before(published, DAYS.index(word))) if told else "",
        "lastday": lambda word: long_date(_before(published - timedelta(days=1), DAYS.index(word))),
    }
    name = str(match.lastgroup)
    return resolve[name](match[name].lower())


def _month(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _before(day: date, weekday: int) -> date:
    """The last such day of the week that isn't after `day`."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)
