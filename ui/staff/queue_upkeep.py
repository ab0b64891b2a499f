"""Keeps the queue's rows up to date: how bad each group of questions may be, why, and what to look at.

Triggers note which groups changed; this works through them in batches, so that a reader never waits for long.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntFlag

from corpus.database import Database
from rag.answer import Reason
from ui.staff.signing_off import QUEUED_AGAIN

Rows = Callable[[str], Iterator[sqlite3.Row]]
BATCH = 150  # groups in one transaction: about 40 ms
DOUBTFUL = 0.4  # from here on: 1 in 2.5 such answers, or refusals, would be wrong if the confidence is calibrated
OFTEN = 5  # askers from which a group counts as asked often
# Refusals that the confidence decides; the others don't depend on it.
_CLOSE_CALLS = {Reason.NOT_COVERED, Reason.TIME_NOT_COVERED, Reason.FALSE_PREMISE, Reason.OTHER_DOMAIN}
_QUESTIONS = 20  # different wordings of a group that a search finds


class Signal(IntFlag):
    """Why an answer should be looked at."""

    UNHELPFUL = 1
    WITHDRAWN = 2
    DOUBTFUL = 4
    CONFLICT = 8
    STALE = 16
    OFTEN = 32


# What a signal adds to the priority. Somebody complained, or was promised what no longer holds: first of all.
POINTS = {Signal.WITHDRAWN: 5.0, Signal.UNHELPFUL: 4.0, Signal.CONFLICT: 1.5, Signal.STALE: 1.0}
_PER_DOUBLING_OF_COMPLAINTS, _PER_DOUBLING_OF_ASKERS, _DOUBT = 1.0, 0.5, 2.0


@dataclass
class Variant:
    """One of the answers that a group of questions got, with all who got it.

    Attributes:
        answer_id: of the last of them.
        doubt: probability that answering, or refusing, was wrong, by the calibrated confidence.
        unhelpful: negative votes that no review has seen.
        votes: (number of the feedback, useful).
        review: the last that is in force for it: (review_id, the last feedback it had heard of).
    """

    answer_id: str
    words: str
    asked: int
    last_at: str
    refused: bool
    doubt: float
    conflict: bool
    stale: bool
    votes: list[tuple[int, bool]] = field(default_factory=list)
    review: tuple[int, int] | None = None

    @property
    def unhelpful(self) -> int:
        """Negative votes that its review hadn't heard of."""
        heard = self.review[1] if self.review else 0
        return sum(not useful for number, useful in self.votes if number > heard)


@dataclass(frozen=True)
class _Last:
    """The last review in force of any variant; `withdrawn` when what it approved waits to be judged again."""

    review_id: int
    verdict: str
    reviewer: str
    created_at: str
    words: str
    withdrawn: bool


@dataclass
class _Group:
    variants: dict[str, Variant] = field(default_factory=dict)
    first_at: str = ""
    comments: int = 0
    questions: list[str] = field(default_factory=list)
    last: _Last | None = None


def doubt(refused: bool, reason: str | None, confidence: float, support: float | None) -> float:
    """How likely the decision was wrong, in [0, 1]: of an answer its weakest point, of a refusal the confidence."""
    if refused:
        return confidence if reason in _CLOSE_CALLS else 0.0
    return 1 - min(confidence, 1.0 if support is None else support)


def signals(variant: Variant, asked: int, *, withdrawn: bool) -> Signal:
    """Why `variant`, of a group that was asked `asked` times, should be looked at."""
    found = {
        Signal.UNHELPFUL: variant.unhelpful > 0,
        Signal.WITHDRAWN: withdrawn,
        Signal.DOUBTFUL: variant.doubt >= DOUBTFUL,
        Signal.CONFLICT: variant.conflict,
        Signal.STALE: variant.stale,
        Signal.OFTEN: asked >= OFTEN,
    }
    return Signal(sum(signal for signal, holds in found.items() if holds))


def priority(variant: Variant, asked: int, *, withdrawn: bool) -> float:
    """How bad it may be: what the signals add, and more with each doubling of complaints and askers."""
    present = signals(variant, asked, withdrawn=withdrawn)
    points = sum(each for signal, each in POINTS.items() if signal in present)
    points += _PER_DOUBLING_OF_COMPLAINTS * math.log2(max(1, variant.unhelpful))
    points += _PER_DOUBLING_OF_ASKERS * math.log2(max(1, asked))
    return round(points + _DOUBT * variant.doubt, 4)


def refresh(database: Database, budget_s: float = math.inf) -> int:
    """Renew the rows of groups that changed, for about `budget_s` seconds; how many are left."""
    until = time.monotonic() + budget_s
    while True:
        with database.reading() as connection:
            waiting = int(connection.execute("SELECT count(*) FROM queue_stale").fetchone()[0])
        if not waiting or time.monotonic() >= until:
            return waiting
        with database.transaction() as connection:
            rows = connection.execute("SELECT group_id FROM queue_stale LIMIT ?", (BATCH,))
            _renew(connection, [row["group_id"] for row in rows])


def _renew(connection: sqlite3.Connection, group_ids: Sequence[str]) -> None:
    groups = _load(connection, group_ids)
    for group_id in group_ids:
        if groups[group_id].variants:
            _write(connection, group_id, groups[group_id])
        else:
            _forget(connection, group_id)
    connection.executemany("DELETE FROM queue_stale WHERE group_id = ?", [(each,) for each in group_ids])


def _load(connection: sqlite3.Connection, group_ids: Sequence[str]) -> dict[str, _Group]:
    marks = ", ".join("?" * len(group_ids))

    def rows(statement: str) -> Iterator[sqlite3.Row]:
        return iter(connection.execute(statement.format(groups=f"({marks})"), tuple(group_ids)))

    groups: dict[str, _Group] = defaultdict(_Group)
    # SQLite takes the columns beside a single max() from the row that has it.
    for row in rows(
        "SELECT group_id, words, count(*) AS asked, max(created_at || answer_id) AS last, created_at, answer_id,"
        " refused, reason, confidence, support, conflict, stale FROM answers WHERE group_id IN {groups}"
        " GROUP BY group_id, words"
    ):
        groups[row["group_id"]].variants[row["words"]] = Variant(
            answer_id=row["answer_id"],
            words=row["words"],
            asked=row["asked"],
            last_at=row["created_at"],
            refused=bool(row["refused"]),
            doubt=doubt(bool(row["refused"]), row["reason"], row["confidence"], row["support"]),
            conflict=bool(row["conflict"]),
            stale=bool(row["stale"]),
        )
    for row in rows(
        "SELECT group_id, question, min(created_at) AS first_at FROM answers WHERE group_id IN {groups}"
        " GROUP BY group_id, question ORDER BY first_at"
    ):
        group = groups[row["group_id"]]
        group.first_at = group.first_at or row["first_at"]
        group.questions.append(row["question"])
    for row in rows(
        "SELECT group_id, words, feedback_id, useful, comment <> '' AS commented FROM answers"
        " JOIN feedback USING (answer_id) WHERE group_id IN {groups}"
    ):
        groups[row["group_id"]].variants[row["words"]].votes.append((row["feedback_id"], bool(row["useful"])))
        groups[row["group_id"]].comments += row["commented"]
    _load_reviews(rows, groups)
    return groups


def _load_reviews(rows: Rows, groups: dict[str, _Group]) -> None:
    """Reviews in force: of the answers themselves, and those whose approved answer was served."""
    for of_answer in ("reviews.answer_id = answers.answer_id", "reviews.review_id = answers.review_id"):
        for row in rows(
            "SELECT DISTINCT answers.group_id, answers.words, reviews.review_id, verdict, reviewer,"
            " reviews.created_at, heard, withdrawn_because FROM answers"
            f" JOIN reviews ON {of_answer} LEFT JOIN signed_off ON signed_off.review_id = reviews.review_id"
            " WHERE answers.group_id IN {groups} AND undone_at IS NULL"
        ):
            group = groups[row["group_id"]]
            variant = group.variants[row["words"]]
            if variant.review is None or row["review_id"] > variant.review[0]:
                variant.review = (row["review_id"], row["heard"])
            if group.last is None or row["review_id"] > group.last.review_id:
                group.last = _Last(
                    review_id=row["review_id"],
                    verdict=row["verdict"],
                    reviewer=row["reviewer"],
                    created_at=row["created_at"],
                    words=row["words"],
                    withdrawn=row["withdrawn_because"] in QUEUED_AGAIN,
                )


def _write(connection: sqlite3.Connection, group_id: str, group: _Group) -> None:
    asked = sum(variant.asked for variant in group.variants.values())
    votes = [useful for variant in group.variants.values() for _, useful in variant.votes]
    withdrawn = group.last is not None and group.last.withdrawn
    waiting = [
        variant
        for variant in group.variants.values()
        if variant.review is None
        or variant.unhelpful
        or (withdrawn and group.last and variant.words == group.last.words)
    ]
    if waiting and withdrawn:  # what is answered now matters, not what was served before
        shown = max(waiting, key=lambda variant: variant.last_at)
    elif waiting:
        shown = max(waiting, key=lambda variant: (priority(variant, asked, withdrawn=False), variant.last_at))
    else:
        assert group.last is not None
        shown = group.variants[group.last.words]
    values = {
        "group_id": group_id,
        "answer_id": shown.answer_id,
        "open": bool(waiting),
        "priority": priority(shown, asked, withdrawn=withdrawn),
        "signals": int(signals(shown, asked, withdrawn=withdrawn)),
        "asked": asked,
        "unhelpful": votes.count(False),
        "helpful": votes.count(True),
        "comments": group.comments,
        "first_at": group.first_at,
        "last_at": max(variant.last_at for variant in group.variants.values()),
        "refused": shown.refused,
        "verdict": group.last and group.last.verdict,
        "reviewed_at": group.last and group.last.created_at,
        "reviewer": group.last and group.last.reviewer,
    }
    names = ", ".join(values)
    updates = ", ".join(f"{name} = excluded.{name}" for name in values)
    queue_id = connection.execute(
        f"INSERT INTO queue ({names}) VALUES ({', '.join('?' * len(values))})"
        f" ON CONFLICT (group_id) DO UPDATE SET {updates} RETURNING queue_id",
        tuple(values.values()),
    ).fetchone()["queue_id"]
    _forget_details(connection, queue_id)
    connection.execute(
        "INSERT INTO queue_outlets SELECT DISTINCT source, ? FROM citations WHERE answer_id = ? AND source <> ''",
        (queue_id, shown.answer_id),
    )
    connection.execute(
        "INSERT INTO queue_fts (rowid, questions, answer) VALUES (?, ?, ?)",
        (queue_id, "\n".join(group.questions[:_QUESTIONS]), shown.words),
    )


def _forget(connection: sqlite3.Connection, group_id: str) -> None:
    row = connection.execute("DELETE FROM queue WHERE group_id = ? RETURNING queue_id", (group_id,)).fetchone()
    if row:
        _forget_details(connection, row["queue_id"])


def _forget_details(connection: sqlite3.Connection, queue_id: int) -> None:
    connection.execute("DELETE FROM queue_outlets WHERE queue_id = ?", (queue_id,))
    connection.execute("DELETE FROM queue_fts WHERE rowid = ?", (queue_id,))
