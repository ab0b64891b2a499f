"""When a question asks about: dates, spans and "the latest", resolved against the day it is asked."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from corpus.dates import EARLIEST
from rag.events import DEFAULT_COUNTRY, event_table
from rag.passage_store import StoredPassage
from rag.retriever import Hit
from rag.selection import Candidate
from rag.years import (
    DAY,
    MONTH,
    MONTHS,
    NUMBER,
    ORDINAL,
    ORDINALS,
    SEASON,
    SEASONS,
    US_FISCAL_START,
    Mention,
    Period,
    about_years,
    days,
    days_back,
    fiscal_year,
    fold,
    mentions,
    months,
    months_on,
    number_of,
    reported,
    season_around,
    unit_around,
    weekday_around,
)

# How much of the fused score, which is at most 1, a passage gains for the time asked about: enough to decide between
# reports on one story, too little to bring up another story.
FIT_BONUS = 0.3
NEWEST_BONUS = 0.3
RECENCY_BONUS = 0.02  # where no time is asked about: decides between near equals
SIMILAR = 0.25  # of the fused score: what lies no further below counts as about as relevant
# How well a passage fits that only was published then, or only names the time in its text; both or a headline: 1.
PUBLISHED_THEN, NAMED_IN_TEXT = 0.7, 0.6
OTHER_HEADLINE = 0.3  # what is left when the headline names another time
REPORTED_WITHIN = timedelta(days=45)  # a month's figures are published in the next one or the one after
HALF_YEAR = 183.0  # days in which news loses half of its newness
RECENCY_HALF = 730.0  # days in which a report loses half of the bonus for being recent
SHORTEST_YEAR = 300  # days; what is longer is told apart by the years that a sentence names
SENTENCE_BONUS = 1.0  # log-odds: about what one more matching word counts

ONE_DAY = timedelta(days=1)
_ALWAYS = Period(None, None)
_LOOK_BACK = 40  # characters before a time that say what of it is meant
FURTHEST = 30  # years ahead that news still speaks of; 2099 is more likely some other number
LEAP = 8  # years within which every day of a year comes round

_LATEST = re.compile(
    r"\b(?:as of (?:today|now)|latest|newest|most recent|recent(?:ly)?|lately|current(?:ly)?|right now|now|nowadays"
    r"|today|at (?:the moment|present)|presently|these days|so far|up[ -]to[ -]date|still|any ?more|yet(?=\W*$)"
    r"|what(?:'s| is) new|was the last time|ahora|hoy|actualmente|mas recientes?|ultim[oa])\b"
)
_NOT_LATEST = re.compile(
    r"\b(?:(?:by|until|till|from|before|to) now|(?:what|which) (?:is|are|was) now"
    r"|now (?:that|famous|known|called)|usa today|as yet)\b|^now,"
)

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
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
_WHICH = r"last|previous|prior|past|this|current|next|coming"
_UNIDAD = r"semana|mes|trimestre|ano"

_FISCAL = re.compile(r"\b(?:fiscal|financial|fy(?=\W?\d)|(?:19|20)\d\d[-/]\d\d\b)")

# Times that say no year, in the order in which they are looked for.
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
_RELATIVE = re.compile(
    rf"\b(?:(?P<which>{_WHICH})\s+(?P<unit>week|weekend|month|quarter|(?:(?:fiscal|financial)\s+)?year|yr|{SEASON}"
    rf"|{'|'.join(_WEEKDAYS)})|(?P<este>este|esta|proxim[oa])\s+(?P<unidad>{_UNIDAD}|{SEASON})"
    rf"|(?P<esta_unidad>{_UNIDAD}|{SEASON})\s+(?P<pasado>pasad[oa]|proxim[oa]|actual|que\s+viene)"
    r"|(?:start|beginning|middle|end|turn|half|rest)\s+of\s+(?P<the>the)\s+(?P<whole>week|month|year)"
    r"|(?P<weekend>(?:over|on|at|during)\s+the\s+weekend)|(?P<to_date>year[\s-]to[\s-]date|ytd)"
    r"|(?:(?P<ended>fiscal|financial)\s+)?year\s+(?:that\s+)?(?:has\s+)?just\s+(?:ended|finished|closed)"
    r"|(?:latest|most\s+recent|last\s+(?:completed|full))\s+(?P<recent>fiscal|financial)\s+year)\b"
)
_COUNTED = re.compile(
    rf"\b(?:(?P<which>last|past|previous|recent|next|coming|ultim[oa]s|proxim[oa]s)\s+(?:(?P<count>{NUMBER})\s+"
    r"(?:of\s+)?)?(?:(?P<unit>hour|day|week|month|quarter|year|dia|semana|mes|ano)(?:s|es)|(?P<decade>decade)s?)"
    rf"|(?:an?\s+(?=few|couple))?(?P<back>{NUMBER})\s+(?:of\s+)?(?P<ago>day|week|month|year)s?\s+ago"
    rf"|hace\s+(?P<atras>{NUMBER})\s+(?P<unidad>dia|semana|mes|ano)(?:s|es)?)\b"
)
_DAY_NAMED = re.compile(
    rf"\b(?:{'|'.join(_NAMED_DAYS)})\b"
    r"|(?<!\bblack )(?<!\bbloody )(?<!\bgood )(?<!\bsuper )(?<!\bevery )(?<!\beach )"
    rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})\b"
)
_SEASON_ONLY = re.compile(rf"\b(?P<season>{SEASON})\b(?!\s+(?:of\s+[a-z]|in\b))")
_HOLIDAY = re.compile(
    r"\b(?:(?P<which>last|this|next)\s+)?(?:(?P<christmas>christmas|xmas|navidad)(?!\s+island)"
    r"|(?<!\blunar )(?<!\bchinese )new\s+year(?:'s)?(?:\s+(?:eve|day))?)\b"
)

# What must stand before a word that can also mean something else.
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
_A_NAME = re.compile(r"[A-Z]\w+\s+[A-Z][a-z]")  # April Jones
_OF_SOMETHING = re.compile(r"\s+(?:in|of)\b")  # "this fall in numbers"
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
    r"\s+(?:onwards?|en\s+adelante)|\s+(?:to|until|till|hasta)\s+(?:now|today|date|the\s+present"
    r"|hoy|ahora)\b"
)
_SINCE = {"since", "ever since", "starting", "desde", "a partir de"}
_AFTER = {"after", "despues de"}
_BEFORE = {"before", "prior to", "antes de"}
_UNTIL = {"until", "till", "up until", "up to", "hasta"}
_THAN = {"than", "compared to", "compared with"}
_FROM, _TO, _AND = (
    {"between", "from", "entre", "desde"},
    {"-", "to", "until", "till", "through", "thru", "al", "a", "hasta"},
    {"and", "y"},
)
_PARTS = {
    **dict.fromkeys(("early", "start", "beginning", "turn", "principios"), (0, 1, 3)),
    **dict.fromkeys(("mid", "middle", "mediados"), (1, 2, 3)),
    **dict.fromkeys(("late", "end", "finales", "fines"), (2, 3, 3)),
    "first half": (0, 1, 2),
    "second half": (1, 2, 2),
}


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
class AskedTime:
    """The time that a question asks about.

    Attributes:
        years: any of these; empty for any. Only what the question itself counts in years: "in 2023", "last year".
        spans: the days asked about; none for any.
        latest: whether the newest report is preferred.
        as_of: the day of the question; what was published later isn't known yet.
        words: how the question says it; "" when it doesn't.
        places: where in the question its time words stand, as pairs of character offsets.
    """

    years: frozenset[int]
    spans: tuple[Span, ...]
    latest: bool
    as_of: date
    words: str = ""
    places: tuple[tuple[int, int], ...] = ()

    @property
    def period(self) -> Period | None:
        """From the first to the last day asked about, None where it is open; None for no time."""
        if not self.spans:
            return None
        firsts = [span.period.first for span in self.spans]
        lasts = [span.period.last for span in self.spans]
        return Period(
            None if None in firsts else min(filter(None, firsts)), None if None in lasts else max(filter(None, lasts))
        )


@dataclass(frozen=True)
class _Time:
    """Words of a question that name a time.

    Attributes:
        relative: whether the time depends on the day of the question.
        bare: for a month without a year, the latest that has begun on a day.
    """

    start: int
    end: int
    period: Period
    years: frozenset[int] = frozenset()
    relative: bool = True
    bare: Callable[[date], Period] | None = None


@dataclass(frozen=True)
class _Said:
    """A span and the words that say it: all of them, and without the prepositions that only lead to them."""

    span: Span
    years: frozenset[int]
    start: int
    end: int
    words_start: int


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


def asked_time(question: str, as_of: date) -> AskedTime:
    """The time that `question`, asked on `as_of`, is about.

    Dates without a year are the latest that had begun by then, and seasons those of the northern hemisphere.
    """
    text = fold(question)
    said = [
        _Said(Span(found.period, found.event), frozenset(), found.start, found.end, found.start)
        for found in event_table().find(question, as_of)
    ]
    asking = _Asking(question, text, as_of)
    times = [time for time in _times(asking) if not any(s.start < time.end and time.start < s.end for s in said)]
    compared = False
    for each in _joined(text, times, as_of):
        if each is None:
            compared = True
        else:
            said.append(each)
    said.sort(key=lambda each: each.start)
    newest = [] if _NOT_LATEST.search(text) else [match.span() for match in _LATEST.finditer(text)]
    newest = [place for place in newest if not any(s.start < place[1] and place[0] < s.end for s in said)]
    latest = all(each.span.period.last is None for each in said) and (bool(newest) or (compared and not said))
    spoken = [(each.words_start, each.end) for each in said] or newest
    return AskedTime(
        years=frozenset().union(*(each.years for each in said)),
        spans=tuple(each.span for each in said),
        latest=latest,
        as_of=as_of,
        words=" and ".join(question[start:end] for start, end in spoken),
        places=tuple(sorted([(each.start, each.end) for each in said] + newest)),
    )


def without_time(question: str, asked: AskedTime) -> str:
    """`question` without the words that say its time; unchanged when no other words would be left."""
    rest = question
    for start, end in reversed(asked.places):
        rest = f"{rest[:start]} {rest[end:]}"
    rest = re.sub(r"\s+(?=[?.!,;])", "", " ".join(rest.split()))
    return rest if re.search(r"\w", rest) else question


def covered(asked: AskedTime, oldest: date | None, newest: date | None) -> bool:
    """Whether articles published from `oldest` to `newest` can be reports of the time asked about.

    What lies outside may still be named by an article: a plan for a coming year, a figure of long ago.
    """
    if not asked.spans or oldest is None or newest is None:
        return True
    return any(
        (first is None or first <= newest) and (last is None or last + REPORTED_WITHIN >= oldest)
        for first, last in (span.period for span in asked.spans)
    )


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


def prefer_candidates(asked: AskedTime, candidates: Sequence[Candidate]) -> list[Candidate]:
    """`candidates` about the years asked about (see `about_years`), those of a shorter or the present time higher."""
    fitting = about_years(asked.years, candidates)
    short = [span for span in asked.spans if span.named.length < SHORTEST_YEAR]
    if not short and not _wants_newest(asked):
        return fitting
    newness = _newness([(c.retrieval, c.passage.published) for c in fitting])
    moved = [
        replace(c, score=c.score + SENTENCE_BONUS * (new if _wants_newest(asked) else _sentence_fit(short, c)))
        for c, new in zip(fitting, newness, strict=True)
    ]
    return sorted(moved, key=lambda candidate: -candidate.score)


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
    return asked.latest or any(span.period.first and span.period.first > asked.as_of for span in asked.spans)


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
    then = PUBLISHED_THEN * published + (1 - PUBLISHED_THEN) * min(published, mentioned)
    return max(named, then, NAMED_IN_TEXT * mentioned)


def _named(asked: Period, found: Sequence[Mention]) -> float:
    """How exactly one of the times `found` names the time `asked`, in [0, 1]."""
    shares = (mention.period.overlap(asked) / mention.period.length for mention in found)
    return math.sqrt(max(shares, default=0.0))


def _published(asked: Period, day: date | None) -> float:
    """How likely a report of the time `asked` was published on `day`, in [0, 1]; it falls off smoothly outside."""
    if day is None:
        return 0.0
    lasted = asked.length
    soon = timedelta(days=min(REPORTED_WITHIN.days, max(3, lasted)))
    early = (asked.first - day).days if asked.first else 0
    late = (day - asked.last - soon).days if asked.last else 0
    return math.exp2(-max(0, early, late) / min(REPORTED_WITHIN.days, max(7, lasted / 2)))


def _over(found: Sequence[Mention], published: date | None) -> bool:
    return published is not None and all(mention.period.last < published for mention in found if mention.period.last)


def _sentence_fit(spans: Sequence[Span], candidate: Candidate) -> float:
    """How well a sentence fits one of the times, in [0, 1]: by the times that it names, else by its passage."""
    own = mentions(candidate.text)
    return max(_named(span.named, own) if own else _fit(span, candidate.passage) for span in spans)


def _joined(text: str, times: list[_Time], day: date) -> Iterator[_Said | None]:
    """What `times` mean by the words around and between them; None for one that something is only compared with."""
    i = 0
    while i < len(times):
        time, i = times[i], i + 1
        lead = _LEAD.search(text, max(0, time.start - _LOOK_BACK), time.start)
        start, op, part = (lead.start(), _plain(lead["op"]), lead["part"]) if lead else (time.start, "", None)
        if op in _THAN and time.relative:
            yield None
            continue
        link = _LINK.fullmatch(text, time.end, times[i].start) if i < len(times) else None
        if link:
            time, times[i] = _in_order(time, times[i])
        elif time.bare:
            time = _turned(text, time, op, day)
        named, end, counted = _narrowed(time.period, part), time.end, time.years
        ranged = link is not None and (_plain(link["word"]) in _TO or (_plain(link["word"]) in _AND and op in _FROM))
        if link and ranged:
            other, i = times[i], i + 1
            named, end = Period(named.first, _narrowed(other.period, link["part"]).last), other.end
            counted = _years_of(named) if counted or other.years else counted
        onwards = _ONWARDS.match(text, end)
        period = named if ranged else _opened(named, "since" if onwards else op)
        if counted and period != named:
            counted = _years_of(Period(period.first, max(day, named.last or day)))
        behind = next((lead.start(group) for group in ("op", "part") if lead and lead[group]), time.start)
        yield _Said(Span(period, named), counted, start, onwards.end() if onwards else end, behind)


def _opened(named: Period, op: str) -> Period:
    """The days that a word like "since" makes of those named."""
    first, last = named
    if op in _SINCE:
        return Period(first, None)
    if op in _AFTER and last:
        return Period(last + ONE_DAY, None)
    if op in _BEFORE and first:
        return Period(None, first - ONE_DAY)
    return Period(None, last) if op in _UNTIL else named


def _in_order(first: _Time, second: _Time) -> tuple[_Time, _Time]:
    """Two times that stand together; one without a year takes it from the other."""
    if first.bare and second.period.last:
        return replace(first, period=first.bare(second.period.last)), second
    if second.bare and first.period.first:
        return first, replace(second, period=second.bare(months_on(first.period.first, 12) - ONE_DAY))
    return first, second


def _turned(text: str, time: _Time, op: str, day: date) -> _Time:
    """A month without a year that may be one to come: the nearer one for "by" and the like, the next for "will"."""
    if not time.bare or not time.period.first or not time.period.last:
        return time
    coming = time.bare(months_on(day, 12) - ONE_DAY)
    nearer = op in _BEFORE | _UNTIL | {"by"} and coming.first and coming.first - day < day - time.period.last
    return replace(time, period=coming) if nearer or (_WILL.search(text) and time.period.last < day) else time


def _narrowed(period: Period, part: str | None) -> Period:
    """A part of a period, such as its end."""
    if not part or not period.first or not period.last:
        return period
    begin, finish, of = _PARTS[_plain(part)]
    length = (period.last - period.first).days + 1
    return Period(
        period.first + timedelta(days=length * begin // of),
        period.first + timedelta(days=length * finish // of - 1),
    )


def _years_of(period: Period) -> frozenset[int]:
    first, last = period
    return frozenset(range(first.year, last.year + 1)) if first and last else frozenset()


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
            if time and (time.period.first or date.max) >= EARLIEST:
                yield time


def _month_only(match: re.Match[str], asking: _Asking) -> _Time | None:
    name, day = match["month"], asking.day
    month = MONTHS[name]
    which = match["which"] or match["which_year"] or match["pasado"]
    first, last = match["day"] or match["day_after"], match["until"] or match["until_after"]
    led = bool(match["ending"]) or asking.behind(_BEFORE_MONTH, match.start())
    led = led or bool(_ANOTHER_MONTH.match(asking.text, match.end()))
    capital = asking.question[match.start("month")].isupper()
    if name in {"may", "march"}:
        politician = name == "may" and _THE_POLITICIAN.search(asking.text)
        if politician or _VERB_BEHIND.match(asking.text, match.end()) or (first and not led and not capital):
            return None
    named = len(name) > 4 and name != "march" and (capital or name != "august")
    if not (which or first or led or (named and not _A_NAME.match(asking.question, match.start("month")))):
        return None

    def latest(reference: date) -> Period:
        for year in range(reference.year, reference.year - LEAP, -1):
            try:
                period = days(year, month, first, last)
            except ValueError:  # 29 February
                continue
            if match["ending"]:
                period = Period(months(year, month - 11).first, period.last)
                if period.last and period.last <= reference:
                    return period
            elif period.first and period.first <= reference:
                return period
        raise ValueError("no such day")

    if match["which_year"] or match["pasado"]:
        year = day.year + _OFFSETS[match["which_year"] or match["pasado"]]
        return _Time(match.start(), match.end(), days(year, month, first, last))
    if match["which"]:
        offset = _OFFSETS[match["which"]]
        reference = {-1: day.replace(day=1) - ONE_DAY, 0: date(day.year, 12, 31)}.get(offset, months_on(day, 12))
        return _Time(match.start(), match.end(), latest(reference))
    return _Time(match.start(), match.end(), latest(day), bare=latest)


def _quarter_only(match: re.Match[str], asking: _Asking) -> _Time | None:
    day = asking.day
    size = 6 if (match["part"] or "") == "half" else 3
    number = int(match["quarter"] or ORDINALS[match["ordinal"]])
    offset = _OFFSETS[match["which"]] if match["which"] else 0
    if number * size > 12 or (size == 6 and not match["which"]):
        return None
    if match["fiscal"]:
        start = asking.fiscal_start()
        begin = _fiscal(day, offset, start)[0].first
        period = months(begin.year, begin.month + size * (number - 1), size) if begin else None
    else:
        period = months(day.year + offset, size * (number - 1) + 1, size)
        if not match["which"] and period.first and period.first > day:
            period = months(day.year - 1, size * (number - 1) + 1, size)
    return _Time(match.start(), match.end(), period) if period else None


def _relative(match: re.Match[str], asking: _Asking) -> _Time | None:
    day = asking.day
    if match["weekend"] or match["to_date"]:
        unit, which = ("weekend" if match["weekend"] else "year"), "this"
    elif match["unit"]:
        unit, which = _plain(match["unit"]), match["which"]
    elif match["unidad"] or match["esta_unidad"] or match["the"]:
        unit = _plain(match["unidad"] or match["esta_unidad"] or match["whole"])
        which = _plain(match["este"] or match["pasado"] or match["the"])
    else:
        unit, which = ("fiscal year" if match["ended"] or match["recent"] else "year"), "last"
    unit, offset = _UNITS.get(unit, unit), _OFFSETS[which]
    years: frozenset[int] = frozenset()
    if which == "past" and unit in _SPANS:
        return _Time(match.start(), match.end(), Period(days_back(day, 1, unit), day))
    if unit in SEASONS:
        if offset == 0 and _OF_SOMETHING.match(asking.text, match.end()):
            return None
        period = season_around(unit, day, offset)
    elif unit in _WEEKDAYS:
        period = weekday_around(_WEEKDAYS.index(unit), day, offset)
    elif unit.endswith(" year"):
        period, years = _fiscal(day, offset, asking.fiscal_start())
    else:
        period = unit_around(unit, day, offset)
        years = frozenset({day.year + offset}) if unit == "year" else years
    return _Time(match.start("the") if match["the"] else match.start(), match.end(), period, years)


def _counted(match: re.Match[str], asking: _Asking) -> _Time:
    day = asking.day
    ago = match["back"] or match["atras"]
    if ago:
        unit = _UNITS.get((match["ago"] or match["unidad"]), (match["ago"] or match["unidad"]))
        period = unit_around(unit, days_back(day, number_of(ago), unit), 0)
        return _Time(match.start(), match.end(), period, _years_of(period) if unit == "year" else frozenset())
    count = number_of(match["count"] or "few") if not match["decade"] else 10 * number_of(match["count"] or "one")
    unit = "year" if match["decade"] else _UNITS.get(match["unit"], match["unit"])
    if match["which"].startswith(("next", "coming", "proxim")):
        period = Period(day, days_back(day, -count, unit))
    else:
        period = Period(days_back(day, count, unit), day)
    return _Time(match.start(), match.end(), period, _years_of(period) if unit == "year" else frozenset())


def _day_named(match: re.Match[str], asking: _Asking) -> _Time:
    day = asking.day
    if match["weekday"]:
        return _Time(match.start(), match.end(), weekday_around(_WEEKDAYS.index(match["weekday"]), day + ONE_DAY, -1))
    on = day + timedelta(days=_NAMED_DAYS[_plain(match[0])])
    return _Time(match.start(), match.end(), Period(on, on))


def _season_only(match: re.Match[str], asking: _Asking) -> _Time | None:
    day = asking.day
    if not asking.behind(_BEFORE_SEASON, match.start()):
        return None
    month = SEASONS[match["season"]]
    period = months(day.year, month, 3)
    if period.first and period.first > day:
        period = months(day.year - 1, month, 3)
    return _Time(match.start(), match.end(), period)


def _holiday(match: re.Match[str], asking: _Asking) -> _Time | None:
    day = asking.day
    if not match["which"] and not asking.behind(_BEFORE_HOLIDAY, match.start()):
        return None
    month_day = (12, 24) if match["christmas"] else (12, 31)
    year = day.year if date(day.year, *month_day) <= day else day.year - 1
    first = date(year + (match["which"] or "").count("next"), *month_day)
    return _Time(match.start(), match.end(), Period(first, first + timedelta(days=2)))


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Asking], _Time | None]], ...] = (
    (_MONTH_ONLY, _month_only),
    (_QUARTER_ONLY, _quarter_only),
    (_COUNTED, _counted),
    (_RELATIVE, _relative),
    (_DAY_NAMED, _day_named),
    (_SEASON_ONLY, _season_only),
    (_HOLIDAY, _holiday),
)
_SPANS = {"week": 7, "month": 0, "quarter": 0, "year": 0, "day": 1, "hour": 1}


def _fiscal(day: date, offset: int, start: int) -> tuple[Period, frozenset[int]]:
    """The fiscal year `offset` after that of `day`, and the year that it is named by."""
    year = day.year + (1 if 1 < start <= day.month else 0) + offset
    return fiscal_year(year, start), frozenset({year})


def _plain(words: str | None) -> str:
    return " ".join((words or "").split())
