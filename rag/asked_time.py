"""When a question asks about, resolved against the day it is asked, and which passages fit that time."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.newest import WHO_HOLDS
from rag.passage_store import StoredPassage
from rag.retriever import Hit
from rag.selection import Candidate
from rag.time_words import Span, times_said
from rag.years import Mention, Period, fold, mentions, reported

# How much of the fused score, which is at most 1, a passage gains for the time asked about: enough to decide between
# reports on one story, too little to bring up another story. Without, the right article comes first for 4 of the 7
# golden time questions (tuning split) and 39 % of 298 questions on made-up series of reports; with 0.25 to 0.4 for
# all 7 and 98 % or more.
FIT_BONUS = 0.3
NEWEST_BONUS = 0.3
RECENCY_BONUS = 0.02  # where the time asked about isn't over, or none is asked about: decides between near equals
SIMILAR = 0.25  # of the fused score: what lies no further below counts as about as relevant
# How well a passage fits that only was published then, or only names the time in its text; both or a headline: 1.
PUBLISHED_THEN, NAMED_IN_TEXT = 0.6, 0.6
OTHER_HEADLINE = 0.3  # what is left of that when the headline names another time
REPORTED_WITHIN = timedelta(days=45)  # half of the reports of a year come by then; of less, within as long as it was
HALF_YEAR = 183.0  # days in which news loses half of its newness
RECENCY_HALF = 730.0  # days in which a report loses half of the bonus for being recent
SHORTEST_YEAR = 300  # days; longer times are told apart by the years that a sentence names
LONGEST_PART = 31  # days of a time that can't be taken for a whole year
PART_PENALTY = 2.0  # times the bonus: a day's figure doesn't answer how many there were in a year
SENTENCE_BONUS = 1.0  # log-odds: about what one more matching word counts

_LATEST = re.compile(
    r"\b(?:as of (?:today|now)|latest|newest|most recent|recent(?:ly)?|lately|current(?:ly)?|right now|now|nowadays"
    r"|today|at (?:the moment|present)|presently|these days|so far|up[ -]to[ -]date|still|any ?more|yet(?=\W*$)"
    r"|what(?:'s| is) new|was the last time|ahora|hoy|actualmente|mas recientes?|ultim[oa])\b"
)
_IN_OFFICE = re.compile(rf"\b(?:who (?:runs|heads|leads|chairs|is in charge of)|{WHO_HOLDS})\b")
_NOT_LATEST = re.compile(
    r"\b(?:(?:by|until|till|from|before|to) now|(?:what|which) (?:is|are|was) now|now (?:that|famous|known|called)"
    r"|usa today|as yet)\b|^now,"
)
_ALWAYS = Period(None, None)


@dataclass(frozen=True)
class AskedTime:
    """The time that a question asks about.

    Attributes:
        years: any of these; empty for any. Only what the question itself counts in years: "in 2023", "last year".
        spans: the days asked about; none for any.
        latest: whether the newest report is preferred.
        as_of: the day of the question; what was published later isn't known yet.
        words: how the question says it; "" when it doesn't.
    """

    years: frozenset[int]
    spans: tuple[Span, ...]
    latest: bool
    as_of: date
    words: str = ""

    @property
    def period(self) -> Period | None:
        """From the first to the last day asked about, None where it is open; None for no time."""
        if not self.spans:
            return None
        first = min(span.period.begin for span in self.spans)
        last = max(span.period.finish for span in self.spans)
        return Period(None if first == date.min else first, None if last == date.max else last)


def asked_time(question: str, as_of: date) -> AskedTime:
    """The time that `question`, asked on `as_of`, is about.

    Dates without a year are the latest that had begun by then, and seasons those of the northern hemisphere.
    """
    said, compares = times_said(question, as_of)
    newest = _newest_words(question) or [match.span() for match in _IN_OFFICE.finditer(fold(question))]
    newest = [(start, end) for start, end in newest if not any(s.start < end and start < s.end for s in said)]
    spoken = [(each.said, each.end) for each in said] or newest
    return AskedTime(
        years=frozenset().union(*(each.years for each in said)),
        spans=tuple(each.span for each in said),
        latest=all(each.span.period.last is None for each in said) and (bool(newest) or (compares and not said)),
        as_of=as_of,
        words=" and ".join(question[start:end] for start, end in spoken),
    )


def says_now(question: str) -> bool:
    """Whether the words of `question` mean the day on which it is asked: "now", "so far", "still", "the latest"."""
    return bool(_newest_words(question))


def windows(asked: AskedTime) -> list[tuple[date, date]]:
    """The first and the last day on which reports of the times asked about were likely published."""
    periods = [span.period for span in asked.spans]
    if not periods and asked.latest:
        periods = [Period(asked.as_of - timedelta(days=HALF_YEAR), asked.as_of)]
    known = [(p.begin, min(p.finish, asked.as_of), _delay(p)) for p in periods]
    return [(first, min(last + delay, asked.as_of)) for first, last, delay in known if first <= asked.as_of]


def covered(asked: AskedTime, oldest: date | None, newest: date | None) -> bool:
    """Whether articles published from `oldest` to `newest` can be reports of the time asked about.

    What lies outside may still be named by an article: a plan for a coming year, a figure of long ago.
    """
    if not asked.spans or oldest is None or newest is None:
        return True
    return any(span.period.begin <= newest and span.period.finish >= oldest - REPORTED_WITHIN for span in asked.spans)


def prefer_hits(asked: AskedTime, hits: Sequence[Hit]) -> list[Hit]:
    """`hits` without what was published after the question, those of the time asked about ranking higher.

    The part `time` of a hit's score is what it gains by that.
    """
    known = [hit for hit in hits if hit.passage.published is None or hit.passage.published <= asked.as_of]
    newness = _newness([(hit.fused, hit.passage.published) for hit in known])
    moved = [
        replace(hit, score=replace(hit.score, time=_bonus(asked, hit.passage, new)))
        for hit, new in zip(known, newness, strict=True)
    ]
    return sorted(moved, key=lambda hit: -hit.fused)


def prefer_candidates(asked: AskedTime, candidates: Sequence[Candidate], total: bool = False) -> list[Candidate]:
    """`candidates`, those of a time asked about that is shorter than a year, or of the present, higher.

    If a `total` over a year is asked for, those that only name days and months of it are lower.
    """
    short = [span for span in asked.spans if span.named.length < SHORTEST_YEAR]
    bonuses: Sequence[float]
    if _wants_newest(asked):
        bonuses = _newness([(c.retrieval, c.passage.published) for c in candidates])
    elif short:
        bonuses = [_sentence_fit(short, c) for c in candidates]
    elif total and asked.spans:
        bonuses = [-PART_PENALTY * _names_part(c.text) for c in candidates]
    else:
        return list(candidates)
    moved = [replace(c, score=c.score + SENTENCE_BONUS * b) for c, b in zip(candidates, bonuses, strict=True)]
    return sorted(moved, key=lambda candidate: -candidate.score)


def _names_part(text: str) -> bool:
    """Whether all times that `text` names are a month or shorter."""
    named = mentions(text)
    return bool(named) and all(mention.period.length <= LONGEST_PART for mention in named)


def _newest_words(question: str) -> list[tuple[int, int]]:
    """Where `question` asks for the newest."""
    text = fold(question)
    return [] if _NOT_LATEST.search(text) else [match.span() for match in _LATEST.finditer(text)]


def _bonus(asked: AskedTime, passage: StoredPassage, newness: float) -> float:
    """What a passage gains for fitting the time asked about, and for being new where that isn't over."""
    bonus = FIT_BONUS * max((_fit(span, passage) for span in asked.spans), default=0.0)
    if _wants_newest(asked):
        return bonus + NEWEST_BONUS * newness
    if passage.published and (asked.period or _ALWAYS).last is None:
        bonus += RECENCY_BONUS * math.exp2(-(asked.as_of - passage.published).days / RECENCY_HALF)
    return bonus


def _wants_newest(asked: AskedTime) -> bool:
    """Whether the newest report knows most: of the present and of what is to come."""
    return asked.latest or any(span.period.begin > asked.as_of for span in asked.spans)


def _newness(scored: Sequence[tuple[float, date | None]]) -> list[float]:
    """How new each is, in [0, 1], next to the newest of those that are about as relevant or more so.

    So what is newer, but about something else, doesn't make a report old. Undated ones get 0.

    Args:
        scored: relevance and day of publication.
    """
    dated = sorted(((score, day) for score, day in scored if day), key=lambda pair: -pair[0])
    relevance = [-score for score, _ in dated]
    newest = list(itertools.accumulate((day for _, day in dated), max))
    at_least = [bisect.bisect_right(relevance, SIMILAR - score) - 1 for score, _ in scored]
    return [
        math.exp2(-(newest[i] - day).days / HALF_YEAR) if day else 0.0
        for i, (_, day) in zip(at_least, scored, strict=True)
    ]


def _fit(span: Span, passage: StoredPassage) -> float:
    """How well a passage fits a time asked about, in [0, 1].

    Its headline names it; or it was published then or soon after, and better still its words name it, too; or only
    its words do. When the headline names nothing but other times, which were over, the passage is about those.
    """
    headline = mentions(passage.title)
    named = _named(span.named, headline)
    mentioned = _named(span.named, reported(passage.text, passage.published))
    published = _published(span.period, passage.published)
    if None in span.period:  # most of what it holds isn't named
        return max(named, published, NAMED_IN_TEXT * mentioned)
    if headline and not named and _over(headline, passage.published):
        published, mentioned = OTHER_HEADLINE * published, OTHER_HEADLINE * mentioned
    confirmed = mentioned * (NAMED_IN_TEXT + (1 - NAMED_IN_TEXT) * published)
    return max(named, PUBLISHED_THEN * published, confirmed)


def _named(asked: Period, found: Sequence[Mention]) -> float:
    """How exactly one of the times `found` names the time `asked`, in [0, 1]."""
    shares = (mention.period.overlap(asked) / mention.period.length for mention in found)
    return math.sqrt(max(shares, default=0.0))


def _published(asked: Period, day: date | None) -> float:
    """How likely a report of the time `asked` was published on `day`, in [0, 1]; it falls off smoothly outside."""
    if day is None:
        return 0.0
    outside = max((asked.begin - day).days, (day - asked.finish).days, 0)
    return math.exp2(-outside / _delay(asked).days)


def _delay(asked: Period) -> timedelta:
    """Within which half of the reports of a time come."""
    return min(REPORTED_WITHIN, timedelta(days=max(7, asked.length)))


def _over(found: Sequence[Mention], published: date | None) -> bool:
    return published is not None and all(mention.period.finish < published for mention in found)


def _sentence_fit(spans: Sequence[Span], candidate: Candidate) -> float:
    """How well a sentence fits one of the times, in [0, 1]: by the times that it names, else by its passage."""
    own = mentions(candidate.text)
    return max(_named(span.named, own) if own else _fit(span, candidate.passage) for span in spans)
