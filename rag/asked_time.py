"""When a question asks about: years, months and "the latest", resolved against the day it is asked."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.retriever import Hit
from rag.selection import Candidate
from rag.years import about_years, years

# How much of the fused score, which lies in [0, 1], a passage gains for the time asked about: enough to decide
# between reports on one story, too little to bring up another story.
RETRIEVAL_BONUS = 0.15
SENTENCE_BONUS = 1.0  # log-odds: about what one more matching word counts
HALF_YEAR = 183.0  # days in which news loses half of its newness
REPORTED_WITHIN = timedelta(days=45)  # a month's figures are published in the next one or the one after

_LATEST = re.compile(
    r"\b(latest|newest|most recent|recent(ly)?|current(ly)?|now|nowadays|today|at the moment|these days|so far"
    r"|up to date|still)\b",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(r"\b(by|until|till|from|before) now\b|\bnow (that|famous)\b", re.IGNORECASE)
_RELATIVE_YEAR = re.compile(r"\b(last|previous|past|this|next) year\b(?!['’]s\b)", re.IGNORECASE)
_RELATIVE_MONTH = re.compile(r"\b(last|this) month\b", re.IGNORECASE)
_BEFORE = {"last": -1, "previous": -1, "past": -1, "this": 0, "next": 1}


@dataclass(frozen=True)
class AskedTime:
    """The time that a question asks about.

    Attributes:
        years: any of these; empty for any.
        window: days on which a report on it was most likely published, or None.
        latest: whether the newest report is preferred.
        as_of: the day of the question; what was published later isn't known yet.
    """

    years: frozenset[int]
    window: tuple[date, date] | None
    latest: bool
    as_of: date
    words: str = ""


def asked_time(question: str, as_of: date) -> AskedTime:
    """The time that `question`, asked on `as_of`, is about."""
    named = years(question)
    named |= {as_of.year + _BEFORE[match[1].lower()] for match in _RELATIVE_YEAR.finditer(question)}
    window = None
    if month := _RELATIVE_MONTH.search(question):
        first = as_of.replace(day=1)
        if month[1].lower() == "last":
            first = (first - timedelta(days=1)).replace(day=1)
        window = (first, first + timedelta(days=31) + REPORTED_WITHIN)
    latest = not named and bool(_LATEST.search(question)) and not _NOT_NOW.search(question)
    return AskedTime(frozenset(named), window, latest, as_of)


def prefer_hits(asked: AskedTime, hits: Sequence[Hit]) -> list[Hit]:
    """`hits` without what was published after the question, those of the time asked about ranking higher."""
    known = [hit for hit in hits if hit.passage.published is None or hit.passage.published <= asked.as_of]
    newest = max((hit.passage.published for hit in known if hit.passage.published), default=None)
    fitting = [
        replace(hit, score=replace(hit.score, time=RETRIEVAL_BONUS * _fit(asked, hit, newest))) for hit in known
    ]
    return sorted(fitting, key=lambda hit: -hit.fused)


def prefer_candidates(asked: AskedTime, candidates: Sequence[Candidate]) -> list[Candidate]:
    """`candidates` about the years asked about (see `about_years`), the newest higher when it is asked for."""
    fitting = about_years(asked.years, candidates)
    newest = max((c.passage.published for c in fitting if c.passage.published), default=None)
    if not newest or not (asked.latest or asked.window):
        return fitting
    moved = [
        replace(c, score=c.score + SENTENCE_BONUS * _newness_or_window(asked, c.passage.published, newest))
        for c in fitting
    ]
    return sorted(moved, key=lambda candidate: -candidate.score)


def _fit(asked: AskedTime, hit: Hit, newest: date | None) -> float:
    """How well the passage fits the time asked about, in [0, 1]; 0 for all when none is asked about."""
    passage = hit.passage
    if asked.years:
        published = frozenset({passage.published.year} if passage.published else ())
        return float(bool(asked.years & (years(passage.title) or years(passage.text) or published)))
    return _newness_or_window(asked, passage.published, newest) if newest else 0.0


def _newness_or_window(asked: AskedTime, published: date | None, newest: date) -> float:
    if published is None:
        return 0.0
    if asked.window:
        return float(asked.window[0] <= published <= asked.window[1])
    return math.exp2(-(newest - published).days / HALF_YEAR) if asked.latest else 0.0


def covered(asked: AskedTime, oldest: date, newest: date) -> bool:
    """Placeholder until the time helper lands."""
    return not asked.years or any(oldest.year - 1 <= year <= newest.year for year in asked.years)
