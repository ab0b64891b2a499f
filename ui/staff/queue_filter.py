"""Which groups of questions the queue lists, as an address of the console says it and as SQL asks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from ui.staff.queue_upkeep import Signal
from ui.staff.reviews import Verdict

State = Literal["open", "judged", "all"]
Outcome = Literal["", "answered", "refused"]
Votes = Literal["", "unhelpful", "helpful", "comment", "none"]
MAX_WORDS = 200  # characters of a search


@dataclass(frozen=True)
class Filter:
    """Which groups of questions are listed.

    Attributes:
        since: asked on that day (UTC) or later.
        until: asked on that day or earlier.
        outlet: cited by the answer.
        words: all of which stand in a question or the answer; the last may be the beginning of a word.
    """

    state: State = "open"
    signal: Signal | None = None
    outcome: Outcome = ""
    verdict: Verdict | None = None
    votes: Votes = ""
    since: date | None = None
    until: date | None = None
    outlet: str = ""
    words: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        return replace(self, state="open") != Filter()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """What the query of an address chooses; what can't be read isn't chosen."""
        return cls(
            state=_one_of(State, query.get("state"), "open"),
            signal=next((each for each in Signal if str(each.name).lower() == query.get("signal")), None),
            outcome=_one_of(Outcome, query.get("outcome"), ""),
            verdict=next((verdict for verdict in Verdict if verdict == query.get("verdict")), None),
            votes=_one_of(Votes, query.get("votes"), ""),
            since=chosen_day(query.get("since", "")),
            until=chosen_day(query.get("until", "")),
            outlet=query.get("outlet", "")[:MAX_WORDS],
            words=query.get("words", "").strip()[:MAX_WORDS],
        )

    def with_(self, **others: Any) -> Filter:
        """The same with other choices; without any, only the state."""
        return replace(self, **others) if others else Filter(state=self.state)

    def query(self, **others: object) -> str:
        """The query of an address that chooses this, with `others` beside it; "" or "?…"."""
        values = {
            "state": self.state if self.state != "open" else "",
            "signal": self.signal.name.lower() if self.signal and self.signal.name else "",
            "outcome": self.outcome,
            "verdict": self.verdict,
            "votes": self.votes,
            "since": self.since,
            "until": self.until,
            "outlet": self.outlet,
            "words": self.words,
        }
        said = urlencode({name: value for name, value in (values | others).items() if value})
        return f"?{said}" if said else ""


@dataclass
class Where:
    """A WHERE clause that grows, with the values for its question marks."""

    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, condition: str, *values: object) -> None:
        """Require `condition`, too."""
        self.conditions.append(condition)
        self.values += values

    def __str__(self) -> str:
        return f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def where_clause(chosen: Filter) -> Where:
    """The condition on `queue q` that `chosen` says."""
    where = Where()
    if chosen.state != "all":
        where.add("q.open = ?", chosen.state == "open")
    if chosen.signal:
        where.add("q.signals & ?", int(chosen.signal))
    if chosen.outcome:
        where.add("q.refused = ?", chosen.outcome == "refused")
    if chosen.verdict:
        where.add("q.verdict = ?", chosen.verdict)
    if chosen.votes:
        where.add(
            {"none": "NOT (q.unhelpful OR q.helpful)", "comment": "q.comments"}.get(chosen.votes, f"q.{chosen.votes}")
        )
    if chosen.since:
        where.add("q.last_at >= ?", chosen.since.isoformat())
    if chosen.until:
        where.add("q.first_at < ?", (chosen.until + timedelta(days=1)).isoformat())
    if chosen.outlet:
        where.add("q.queue_id IN (SELECT queue_id FROM queue_outlets WHERE source = ?)", chosen.outlet)
    if words := re.findall(r"\w+", chosen.words):
        query = " ".join(f'"{word}"' for word in words) + "*"
        where.add("q.queue_id IN (SELECT rowid FROM queue_fts WHERE queue_fts MATCH ?)", query)
    return where


def _one_of(kind: object, value: str | None, otherwise: str) -> Any:
    return value if value in get_args(kind) else otherwise


def chosen_day(text: str) -> date | None:
    """The day that an address names; None where it names none, or the last one there is, which no other follows."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < date.max else None
