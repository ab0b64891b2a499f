"""Dates in a sentence as spans of days, relative ones resolved against the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from rag.claims.date_forms import COUNTS, UNRESOLVED, in_year, readings


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days that a sentence names.

    Attributes:
        first: its first day; the year is `UNRESOLVED` where nothing tells it.
        last: its last day.
        precision: "day", "week", "month", "season", "quarter", "year", "decade" or "span" for one with two ends.
        written_year: whether the year is written and not inferred from the day of publication.
        relation: "before", "until", "after" or "since" where such a word leads it, else "".
        relative: whether the words mean nothing without the day they were written ("last month").
        counted: whether it is reckoned from another date ("two days later").
        start: character offset.
        end: offset behind it.
        text: its words.
    """

    first: date
    last: date
    precision: str
    written_year: bool
    relation: str
    relative: bool
    counted: bool
    start: int
    end: int
    text: str

    def holds(self, other: Period) -> bool:
        """Whether all of `other` lies in this span; the year is left aside where one side doesn't have it."""
        first, last, inner_first, inner_last = self.first, self.last, other.first, other.last
        if not (self._dated or other._dated) and first.year != inner_first.year:
            shift = inner_first.year - first.year  # neither year is more than a guess
            first, last = in_year(first, shift), in_year(last, shift)
        if UNRESOLVED in (first.year, inner_first.year) and first.year != inner_first.year:
            if self.precision in ("year", "decade") or other.precision in ("year", "decade"):
                return False
            shift = inner_first.year - first.year
            first, last = in_year(first, shift), in_year(last, shift)
        if self.precision == "span":  # "from March to May" isn't said by "from March to April"
            whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
            slack = timedelta(days=31 if whole_months and other.precision != "day" else 0)
            return first <= inner_first <= first + slack and last - slack <= inner_last <= last
        return first <= inner_first and inner_last <= last

    @property
    def _dated(self) -> bool:
        """Whether the year is told."""
        return self.written_year or self.relative or self.counted or self.precision not in ("day", "month")

    def overlaps(self, other: Period) -> bool:
        """Whether the spans share a day."""
        if UNRESOLVED in (self.first.year, other.first.year) and self.first.year != other.first.year:
            return self.holds(other) or other.holds(self)
        return self.first <= other.last and other.first <= self.last


_LATER = ("later", "afterwards")
_FROM_ANOTHER = re.compile(
    r"\b(?:the |an? )?(?:(?P<count>one|two|three|four|five|six|seven|eight|nine|ten|\d\d?) )?"
    r"(?P<unit>days?|weeks?|years?) (?P<way>before|earlier|later|afterwards)\b",
    re.I,
)


@lru_cache(maxsize=20_000)
def periods(text: str, published: date | None = None) -> tuple[Period, ...]:
    """The dates of `text` in order.

    Args:
        text: a sentence.
        published: the day it was published, against which "on Monday", "last month" and dates without a year
            are resolved; without it the relative ones are left out.
    """
    found: list[Period] = []
    for match, (first, last, precision, written, relative) in readings(text, published):
        start, end = match.start() + len(match.groupdict().get("lead") or ""), match.end()
        if not any(start < p.end and p.start < end for p in found):
            found.append(
                Period(
                    first,
                    last,
                    precision,
                    written,
                    _relation(text[:start]),
                    relative,
                    False,
                    start,
                    end,
                    text[start:end],
                )
            )
    found.extend(_counted_from(text, sorted(found, key=_start)))
    return tuple(_with_spans(text, _with_years(sorted(found, key=_start))))


def _start(period: Period) -> int:
    return period.start


def _counted_from(text: str, found: Sequence[Period]) -> Iterator[Period]:
    """ "the year before", "two days later": reckoned from the date named last."""
    for match in _FROM_ANOTHER.finditer(text):
        before = [p for p in found if p.end <= match.start() and p.first.year != UNRESOLVED]
        if not before or any(match.start() < p.end and p.start < match.end() for p in found):
            continue
        anchor, count = before[-1], match["count"] or "one"
        number = (1 if match["way"].lower() in _LATER else -1) * (COUNTS.get(count.lower()) or int(count))
        unit = match["unit"].lower().removesuffix("s")
        try:
            if unit == "year":
                year = anchor.first.year + number
                first, last = date(year, 1, 1), date(year, 12, 31)
            elif anchor.precision == "day":
                shift = timedelta(days=number * (7 if unit == "week" else 1))
                first, last = anchor.first + shift, anchor.last + shift
            else:
                continue
        except (ValueError, OverflowError):  # beyond the calendar
            continue
        yield replace(
            anchor,
            first=first,
            last=last,
            precision="year" if unit == "year" else "day",
            relation="",
            counted=True,
            start=match.start(),
            end=match.end(),
            text=match.group(),
        )


def _with_years(ordered: list[Period]) -> list[Period]:
    """A date that lacks its year gets the one of the date right behind ("January and March 2025")."""
    for i in range(len(ordered) - 2, -1, -1):
        one, two = ordered[i], ordered[i + 1]
        near = two.start - one.end <= len(" and ")
        if near and two.written_year and not (one.written_year or one.relative) and one.precision in ("day", "month"):
            earlier = (one.first.month, one.first.day) > (two.first.month, two.first.day)
            shift = two.first.year - earlier - one.first.year
            first, last = in_year(one.first, shift), in_year(one.last, shift)
            ordered[i] = replace(one, first=first, last=last, written_year=True)
    return ordered


def _with_spans(text: str, ordered: Sequence[Period]) -> Iterator[Period]:
    """ "between January and March", "from 1 May to 3 June" made one period."""
    i = 0
    while i < len(ordered):
        one, two = ordered[i], ordered[i + 1] if i + 1 < len(ordered) else None
        joint = text[one.end : two.start].strip().lower() if two else ""
        lead = text[: one.start].rstrip().lower()
        spans = joint in ("to", "until", "–", "-") or (joint == "and" and lead.endswith("between"))
        if two and spans and one.first <= two.last:
            text_of = text[one.start : two.end]
            yield replace(two, first=one.first, precision="span", relation="", start=one.start, text=text_of)
            i += 2
        else:
            yield one
            i += 1


_RELATIONS = (
    ("before", re.compile(r"\bbefore(?: the)?(?: end of)?\s*$", re.I)),
    (
        "until",
        re.compile(
            r"\b(?:until|till|by|through|up to|to)(?: the| at least)?(?: end of| late| early| mid)?\s*$", re.I
        ),
    ),
    ("after", re.compile(r"\bafter(?: the)?(?: end of)?\s*$", re.I)),
    ("since", re.compile(r"\b(?:since|from|starting(?: on| in)?|as of|beginning(?: on| in)?)(?: the)?\s*$", re.I)),
)


def _relation(before: str) -> str:
    return next((name for name, pattern in _RELATIONS if pattern.search(before)), "")
