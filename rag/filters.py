"""What an answer may be drawn from: a period, outlets, languages, countries and topics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from corpus.dates import check_day
from corpus.errors import InputError

Names = frozenset[str]


@dataclass(frozen=True)
class Filters:
    """Only passages of articles that pass every filter are looked at. Names are compared without regard to case.

    Attributes:
        since: first day of publication; an article without a date passes neither this nor `until`.
        until: last day of publication.
        outlets: any of these.
        languages: any of these, ISO 639-1.
        countries: any of these, as the articles' metadata `country` gives them.
        topics: any of these, as the articles' metadata `topics` (or `topic`) give them.
    """

    since: date | None = None
    until: date | None = None
    outlets: Names = field(default=frozenset())
    languages: Names = field(default=frozenset())
    countries: Names = field(default=frozenset())
    topics: Names = field(default=frozenset())

    def __bool__(self) -> bool:
        return self != Filters()

    @classmethod
    def of(
        cls,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Iterable[str] = (),
        languages: Iterable[str] = (),
        countries: Iterable[str] = (),
        topics: Iterable[str] = (),
    ) -> Filters:
        """Filters from what a person typed.

        Raises:
            InputError: a day can't be read, or the period ends before it begins.
        """
        first, last = check_day(since, "since"), check_day(until, "until")
        if first and last and last < first:
            raise InputError(f"The period ends ({last}) before it begins ({first}).", "Exchange the two days.")
        return cls(first, last, _names(outlets), _names(languages), _names(countries), _names(topics))


EVERYTHING = Filters()


def folded(name: Any) -> str:
    """A name as filters compare it."""
    return " ".join(str(name).split()).casefold()


def _names(values: Iterable[str]) -> Names:
    return frozenset(name for name in map(folded, values) if name)
