"""What a reader should know beside an answer: how old it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rag.answer import Citation, Note
from rag.asked_time import AskedTime
from rag.brackets import long_date

STALE = timedelta(days=180)  # after half a year a rule or a figure in the news has often changed


def stale(citations: Sequence[Citation], when: AskedTime) -> list[Note]:
    """A note that says how old the newest source is, when it is old and the question isn't about the past."""
    newest = max((c.published for c in citations if c.published), default=None)
    if newest is None or when.spans or when.as_of - newest < STALE:
        return []
    text = f"The newest report quoted here is from {long_date(newest)}, {age(newest, when.as_of)} old."
    return [Note(kind="stale", text=f"{text} Things may have changed since.")]


def age(published: date, today: date) -> str:
    """How long ago `published` was: "3 days", "4 months", "2 years"."""
    days = (today - published).days
    for unit, length in (("year", 365.25), ("month", 30.44), ("week", 7), ("day", 1)):
        count = int(days / length)
        if count >= (2 if unit != "day" else 0):
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "0 days"
