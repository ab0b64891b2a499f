"""What the answer log says about some weeks: how much was asked, refused and judged, and how people agree."""

from __future__ import annotations

import json
import math
import sqlite3
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from statistics import median
from typing import Any

from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import cohen_kappa_score

from corpus.database import Database
from rag.answer import Reason
from ui.staff.calibration import Calibration, calibration
from ui.staff.reviews import SentenceVerdict, Verdict

MOST_GAPS = 100
# Refusals that say the articles lack something; the others would stand whatever was read.
_GAPS = (Reason.NOT_COVERED, Reason.TIME_NOT_COVERED)
# Refusals that the confidence decides.
_BY_CONFIDENCE = frozenset((*_GAPS, Reason.FALSE_PREMISE, Reason.OTHER_DOMAIN))


@dataclass(frozen=True)
class Week:
    """One week, Monday to Sunday, UTC.

    Attributes:
        questions: asked.
        served: answered with what staff had signed off.
        refusals: by reason.
        helpful: readers' votes for an answer; `unhelpful` against.
        verdicts: of reviews in force that were made in this week.
        judged_twice: pairs of reviews of one answer by two people, the later made in this week; `agreed` of them
            with the same verdict.
        seconds: median time that a review took; None without one.
    """

    monday: date
    questions: int
    served: int
    refusals: Mapping[str, int]
    helpful: int
    unhelpful: int
    verdicts: Mapping[str, int]
    judged_twice: int
    agreed: int
    seconds: float | None

    @property
    def refused(self) -> int:
        """All refusals."""
        return sum(self.refusals.values())

    @property
    def reviews(self) -> int:
        """All reviews in force."""
        return sum(self.verdicts.values())


@dataclass(frozen=True)
class Agreement:
    """Between reviewers who judged the same answer.

    Attributes:
        pairs: of reviews of one answer by two people, each with their last.
        same: how many of them give the same verdict.
        kappa: Cohen's, over the pairs, the earlier review as first rater; None where it isn't defined.
    """

    pairs: int
    same: int
    kappa: float | None


@dataclass(frozen=True)
class Gap:
    """Questions that were refused for want of articles, and that nothing has answered since.

    Attributes:
        question: in the last wording.
        asked: how often it was refused so.
    """

    answer_id: str
    question: str
    asked: int
    last_at: datetime
    reason: str


@dataclass(frozen=True)
class Report:
    """Everything about the weeks from `weeks[0].monday` on.

    Attributes:
        confidence: against whether the articles answered the question, by the verdict.
        support: the least of an answer's sentences, against whether all of them were found supported.
    """

    weeks: tuple[Week, ...]
    agreement: Agreement
    confidence: Calibration
    support: Calibration
    gaps: tuple[Gap, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form, dates in ISO 8601."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_iso))
        return values


@dataclass(frozen=True)
class _Judged:
    answer_id: str
    reviewer: str
    monday: date
    verdict: Verdict
    sentences: tuple[str | None, ...]
    seconds: float
    refused: bool
    reason: str | None
    confidence: float
    support: float | None


def report(database: Database, first: date, last: date) -> Report:
    """The report of the weeks that hold the days `first` to `last`."""
    start = monday(first)
    mondays = [start + timedelta(weeks=i) for i in range((monday(last) - start).days // 7 + 1)]
    period = (start.isoformat(), (mondays[-1] + timedelta(weeks=1)).isoformat())
    with database.reading() as connection:
        asked = _asked(connection, period)
        votes = _votes(connection, period)
        every = _judged(connection, period)
        gaps = _gaps(connection, period)
    in_force = list({each.answer_id: each for each in every}.values())
    pairs = _pairs(every)
    reviews: dict[date, list[_Judged]] = defaultdict(list)
    for each in in_force:
        reviews[each.monday].append(each)
    twice: dict[date, list[tuple[_Judged, _Judged]]] = defaultdict(list)
    for pair in pairs:
        twice[pair[1].monday].append(pair)
    return Report(
        tuple(_week(day, asked[day], votes[day], reviews[day], twice[day]) for day in mondays),
        _agreement(pairs),
        calibration(_confidence_outcomes(in_force)),
        calibration(_support_outcomes(in_force)),
        tuple(gaps),
    )


def monday(day: date) -> date:
    """The first day of the week of `day`."""
    return day - timedelta(days=day.weekday())


def _asked(connection: sqlite3.Connection, period: tuple[str, str]) -> dict[date, Counter[str]]:
    """By week: "questions", "served", and each reason of a refusal."""
    found: dict[date, Counter[str]] = defaultdict(Counter)
    rows = connection.execute(
        "SELECT substr(created_at, 1, 10), refused, reason, count(*), count(review_id) FROM answers"
        " WHERE created_at >= ? AND created_at < ? GROUP BY 1, 2, 3",
        period,
    )
    for day, refused, reason, n, served in rows:
        week = found[monday(date.fromisoformat(day))]
        week["questions"] += n
        week["served"] += served
        if refused:
            week[f"refused:{reason or ''}"] += n
    return found


def _votes(connection: sqlite3.Connection, period: tuple[str, str]) -> dict[date, Counter[bool]]:
    found: dict[date, Counter[bool]] = defaultdict(Counter)
    rows = connection.execute(
        "SELECT substr(created_at, 1, 10), useful, count(*) FROM feedback"
        " WHERE created_at >= ? AND created_at < ? GROUP BY 1, 2",
        period,
    )
    for day, useful, n in rows:
        found[monday(date.fromisoformat(day))][bool(useful)] += n
    return found


def _judged(connection: sqlite3.Connection, period: tuple[str, str]) -> list[_Judged]:
    """Reviews that aren't undone, in order, of answers that had any in the period: those made before it, too."""
    rows = connection.execute(
        "SELECT r.answer_id, r.reviewer, r.created_at, r.verdict, r.sentences, r.seconds,"
        " a.refused, a.reason, a.confidence, a.support FROM reviews r JOIN answers a ON a.answer_id = r.answer_id"
        " WHERE r.undone_at IS NULL AND r.created_at < ?2"
        " AND r.answer_id IN (SELECT answer_id FROM reviews WHERE created_at >= ?1 AND created_at < ?2)"
        " ORDER BY r.review_id",
        period,
    )
    return [
        _Judged(
            row["answer_id"],
            row["reviewer"],
            monday(date.fromisoformat(row["created_at"][:10])),
            Verdict(row["verdict"]),
            tuple(json.loads(row["sentences"])),
            row["seconds"],
            bool(row["refused"]),
            row["reason"],
            row["confidence"],
            row["support"],
        )
        for row in rows
    ]


def _gaps(connection: sqlite3.Connection, period: tuple[str, str]) -> list[Gap]:
    rows = connection.execute(
        "SELECT group_id, count(*) AS n, max(created_at) AS last, answer_id, reason FROM answers"
        " WHERE created_at >= ? AND created_at < ? AND refused AND reason IN (?, ?)"
        " GROUP BY group_id ORDER BY n DESC, last DESC",
        (*period, *_GAPS),
    )
    found: list[Gap] = []
    for row in rows.fetchall():
        if len(found) == MOST_GAPS:
            break
        newer = connection.execute(
            "SELECT refused FROM answers WHERE group_id = ? ORDER BY created_at DESC LIMIT 1", (row["group_id"],)
        ).fetchone()
        if newer["refused"]:
            question = connection.execute(
                "SELECT question FROM answers WHERE answer_id = ?", (row["answer_id"],)
            ).fetchone()
            last = datetime.fromisoformat(row["last"])
            found.append(Gap(row["answer_id"], question["question"], row["n"], last, row["reason"]))
    return found


def _week(
    day: date,
    asked: Counter[str],
    votes: Counter[bool],
    reviews: Sequence[_Judged],
    twice: Sequence[tuple[_Judged, _Judged]],
) -> Week:
    times = [each.seconds for each in reviews if each.seconds > 0]
    refusals = {key.removeprefix("refused:"): n for key, n in sorted(asked.items()) if key.startswith("refused:")}
    return Week(
        monday=day,
        questions=asked["questions"],
        served=asked["served"],
        refusals=refusals,
        helpful=votes[True],
        unhelpful=votes[False],
        verdicts=dict(Counter(str(each.verdict) for each in reviews)),
        judged_twice=len(twice),
        agreed=sum(a.verdict is b.verdict for a, b in twice),
        seconds=round(median(times), 1) if times else None,
    )


def _pairs(every: Sequence[_Judged]) -> list[tuple[_Judged, _Judged]]:
    """Reviews of one answer by two people, each with their last, the earlier first."""
    last: dict[str, dict[str, _Judged]] = defaultdict(dict)
    for each in every:
        of_answer = last[each.answer_id]
        of_answer.pop(each.reviewer, None)
        of_answer[each.reviewer] = each  # at the end: they are in the order of their last review
    return [pair for of_answer in last.values() for pair in combinations(of_answer.values(), 2)]


def _agreement(pairs: Sequence[tuple[_Judged, _Judged]]) -> Agreement:
    same = sum(a.verdict is b.verdict for a, b in pairs)
    kappa = math.nan
    if pairs:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)  # both give one verdict throughout: no kappa
            first, second = ([str(each.verdict) for each in raters] for raters in zip(*pairs, strict=True))
            kappa = float(cohen_kappa_score(first, second, labels=list(map(str, Verdict))))
    return Agreement(len(pairs), same, None if math.isnan(kappa) else round(kappa, 3))


def _confidence_outcomes(in_force: Iterable[_Judged]) -> Iterable[tuple[float, bool]]:
    """The confidence that the articles answer the question, and whether a reviewer says that they do."""
    for each in in_force:
        if not each.refused:
            yield each.confidence, each.verdict is Verdict.GOOD
        elif each.reason in _BY_CONFIDENCE and each.verdict in (Verdict.GOOD, Verdict.SHOULD_ANSWER):
            yield each.confidence, each.verdict is Verdict.SHOULD_ANSWER


def _support_outcomes(in_force: Iterable[_Judged]) -> Iterable[tuple[float, bool]]:
    for each in in_force:
        if each.support is not None and each.sentences and None not in each.sentences:
            yield each.support, all(verdict == SentenceVerdict.SUPPORTED for verdict in each.sentences)


def _iso(value: object) -> str:
    assert isinstance(value, date)  # a datetime is one, too
    return value.isoformat()


def today() -> date:
    """The day that weeks are counted to."""
    return datetime.now(UTC).date()
