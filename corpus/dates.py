"""Publication dates as they are found in the wild."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from corpus.errors import InputError

_EPOCH = re.compile(r"^\d{10}(\d{3})?(\.\d+)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_LABEL = re.compile(r"^(?:published|updated|posted|last (?:updated|modified)|date)\b(?:\s+on)?\s*:?\s*", re.I)
EARLIEST = date(1900, 1, 1)  # older is a parsing accident (epoch zero in another calendar, "0001-01-01")


def check_day(value: date | str | None, of: str = "") -> date | None:
    """The day that a person gave, or None when none was given.

    Args:
        value: what was typed.
        of: what it is the day of, for the message.

    Raises:
        InputError: it can't be read.
    """
    if value is None or value == "":
        return None
    day = parse_date(value)
    if day is None:
        what = f" of {of}" if of else ""
        raise InputError(f"The day {str(value)[:40]!r}{what} can't be read.", "Write it as YYYY-MM-DD.")
    return day


def elapsed(since: date, until: date) -> tuple[int, Literal["day", "week", "month", "year"]]:
    """How long it is from `since` to `until`, in whole units: the largest of which there are at least two.

    So a report of 20 months ago isn't "2 years old", and months and years are those of the calendar. Days where
    nothing larger fits; 0 of them when `until` comes first.
    """
    days = max((until - since).days, 0)
    months = 12 * (until.year - since.year) + until.month - since.month - (until.day < since.day)
    if months >= 24:
        return months // 12, "year"
    if months >= 2:
        return months, "month"
    return (days // 7, "week") if days >= 14 else (days, "day")


def parse_date(value: Any) -> date | None:
    """The day that `value` names, or None when it can't be read.

    Takes dates, datetimes, seconds or milliseconds since 1970, ISO 8601, RFC 2822 and what people write in
    many languages ("6 mai 2024", "May 6, 2024, 10:30 am EDT"). A time zone decides nothing: the day is the one
    that the publisher's text shows. 03/04/2024 is read as month first, the convention of the parser's default
    locale.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _LABEL.sub("", str(value).strip())
    if _EPOCH.match(text):
        seconds = float(text) / (1000 if len(text.split(".")[0]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    for parse in (_parse_iso, _parse_rfc2822, _parse_human):
        day = parse(text)
        if day is not None:
            return day
    return None


def check_publication(value: Any, today: date | None = None) -> tuple[date | None, str]:
    """The publication day in `value` and, when it can't be used, a sentence that says why ("" otherwise).

    A day in the future would make an article the "latest" for ever, so it is refused; one day of slack covers
    time zones ahead of ours.
    """
    if value is None or str(value).strip() == "":
        return None, ""
    day = parse_date(value)
    if day is None:
        return None, f"the date {str(value)[:60]!r} can't be read; write it as YYYY-MM-DD"
    if day > (today or datetime.now(UTC).date()) + timedelta(days=1):
        return None, f"the date {day} lies in the future; correct it and ingest the article again"
    if day < EARLIEST:
        return None, f"the date {day} is too old for news; correct it and ingest the article again"
    return day, ""


def _parse_iso(text: str) -> date | None:
    if match := _COMPACT.match(text):
        text = "-".join(match.groups())
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _parse_rfc2822(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _parse_human(text: str) -> date | None:
    if len(text) > 80 or not any(c.isdigit() for c in text):
        return None  # "yesterday" and the like mean nothing without the day they were written
    import dateparser  # slow to import, and most dates never get here

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own uses of deprecated library calls
        try:
            parsed = dateparser.parse(
                text,
                settings={"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "PREFER_DAY_OF_MONTH": "first"},
            )
        except (ValueError, TypeError, OverflowError):  # it trips over numbers that are no part of a date
            return None
    return parsed.date() if parsed else None
